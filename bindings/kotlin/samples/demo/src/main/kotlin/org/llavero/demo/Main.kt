package org.llavero.demo

import org.llavero.Asker
import org.llavero.Challenge
import org.llavero.CredentialType
import org.llavero.DcqlQuery
import org.llavero.KeyKind
import org.llavero.Language
import org.llavero.LlaveroException
import org.llavero.SyntheticPerson
import org.llavero.TrustList
import org.llavero.Wallet
import org.llavero.credential
import org.llavero.refusal
import org.llavero.smallerProof
import org.llavero.toCalendarDate
import org.llavero.value
import java.time.Instant
import java.time.ZoneOffset
import kotlin.system.exitProcess

private const val COPIES: UInt = 4u
private const val LIFETIME_SECS: UInt = 300u

/** The whole story, with a person who does not exist: an agency issues, a person shows, somebody verifies. */
fun main(arguments: Array<String>) {
    val language = when (arguments.firstOrNull()) {
        "es-MX", null -> Language.ES_MX
        "en" -> Language.EN
        else -> {
            System.err.println("es-MX | en")
            exitProcess(2)
        }
    }
    try {
        Story(Page(language), Instant.now()).tell()
    } catch (error: LlaveroException) {
        System.err.println("${error.code()}: ${error.text(language)}")
        exitProcess(1)
    }
}

/** What the program prints, in one of the two languages. */
internal class Page(val language: Language) {
    fun pick(es: String, en: String): String = if (language == Language.ES_MX) es else en

    fun title(es: String, en: String) = println("\n${pick(es, en)}")

    fun line(es: String, en: String) = println("  ${pick(es, en)}")
}

private class Story(private val page: Page, private val now: Instant) {
    private val agency = Agency()
    private val keys = SoftwareKeys()

    fun tell() = Wallet.inMemory(keys).use { wallet ->
        page.title(
            "1. Una agencia emite credenciales a una persona inventada",
            "1. An agency issues credentials to a person who does not exist",
        )
        val person = SyntheticPerson(25u, 60u, now.atZone(ZoneOffset.UTC).toLocalDate().toCalendarDate())
        for (type in CredentialType.entries) enrol(wallet, person, type)
        check(keys.count == 3 * COPIES.toInt()) { "one key per copy" }

        page.title("2. Un bar pregunta: ¿mayor de 18?", "2. A bar asks: over 18?")
        val bar = Asker("https://bar.example", "Bar La Esquina")
        val over18 = query(CredentialType.AGE, "age_equal_or_over.18")
        val drink = page.pick("Vender una bebida alcohólica", "Sell an alcoholic drink")
        val answer = show(wallet, bar, drink, over18)

        page.title("3. Un banco pide la CURP", "3. A bank asks for the CURP")
        val bank = Asker("https://banco.example", "Banco de Ejemplo")
        show(wallet, bank, page.pick("Abrir una cuenta", "Open an account"), query(CredentialType.CURP, "curp"))

        page.title("4. Una tienda pide de más, y la persona no acepta", "4. A shop asks for too much, and the person declines")
        decline(wallet)

        page.title("5. Ataques", "5. Attacks")
        refuse("repetir una respuesta", "replay an answer", "nonce_mismatch") {
            ask(bar, drink, over18).verify(answer, agency.trust(now), now)
        }
        refuse("un emisor que nadie conoce", "an issuer that nobody knows", "untrusted") {
            val challenge = ask(bar, drink, over18)
            val shown = wallet.consider(challenge.request(), now, page.language).sheet().approve(wallet, now)
            challenge.verify(shown, TrustList(now, emptyList()), now)
        }
        refuse("usar una copia dos veces", "use a copy twice", "no_copies_left") {
            repeat(COPIES.toInt()) { show(wallet, bar, drink, over18, quietly = true) }
        }

        page.title("6. Lo que la persona puede revisar", "6. What the person can look up")
        val history = wallet.history()
        for (entry in history) {
            println("  ${entry.unverifiedClientName}: ${entry.shown.flatMap { it.claims }}")
        }
        // Each copy has served once, and its key with it: four ages and one CURP.
        check(history.size == COPIES.toInt() + 1 && keys.count == 3 * COPIES.toInt() - history.size) { "a copy is used once" }
        page.title(
            "Todo ocurrió sin red: nadie tuvo que ser consultado, nadie pudo anotarlo.",
            "All of it without a network: nobody had to be asked, so nobody could keep a record.",
        )
    }

    private fun enrol(wallet: Wallet, person: SyntheticPerson, type: CredentialType) {
        val nonce = agency.nonce()
        val proofs = wallet.begin(agency.identifier, nonce, COPIES, KeyKind.P256, now)
        val copies = agency.issue(person.record(type), proofs, nonce, now)
        val credential = wallet.receive(copies, agency.trust(now), now, page.language).credential
        page.line(
            "${credential.label}: ${credential.copiesLeft} copias de un solo uso, cada una con su propia llave",
            "${credential.label}: ${credential.copiesLeft} single-use copies, each with its own key",
        )
    }

    private fun query(type: CredentialType, claim: String): DcqlQuery =
        DcqlQuery.forClaims("shown", listOf(type.defaultVct()), listOf(claim))

    private fun ask(asker: Asker, purpose: String, query: DcqlQuery): Challenge =
        Challenge(asker, purpose, query, LIFETIME_SECS, now)

    /** From the question to the verdict; both sides are here, which in life they are not. */
    private fun show(wallet: Wallet, asker: Asker, purpose: String, query: DcqlQuery, quietly: Boolean = false): String {
        val challenge = ask(asker, purpose, query)
        val sheet = wallet.consider(challenge.request(), now, page.language).sheet()
        if (!quietly) page.print(sheet.contents())
        val answer = sheet.approve(wallet, now)
        val verdict = challenge.verify(answer, agency.trust(now), now)
        val credential = checkNotNull(verdict.credential("shown"))
        if (!quietly) {
            page.line("La persona acepta. Quien pregunta sabe ahora:", "The person agrees. The asker now knows:")
            for (claim in credential.claims) {
                val value = page.inWords(checkNotNull(credential.value(claim.path)))
                println("    ${claim.path}: $value (${credential.issuerName})")
            }
        }
        return answer
    }

    private fun decline(wallet: Wallet) {
        val shop = Asker("https://tienda.example")
        val challenge = ask(shop, page.pick("Un descuento", "A discount"), query(CredentialType.CURP, "birthdate"))
        val sheet = wallet.consider(challenge.request(), now, page.language).sheet()
        page.print(sheet.contents())
        val less = checkNotNull(smallerProof(CredentialType.CURP, listOf("birthdate"), page.language))
        check(less.claims == listOf("age_equal_or_over.18")) { "there is a smaller proof" }
        check(sheet.decline() == refusal()) { "a refusal says nothing" }
        page.line("La tienda solo sabe que no hay respuesta.", "The shop knows only that there is no answer.")
    }

    /** Something that must be refused with this code. */
    private fun refuse(es: String, en: String, code: String, attack: () -> Unit) {
        val error = try {
            attack()
            null
        } catch (error: LlaveroException) {
            error
        }
        check(error?.code() == code) { "$en: ${error?.code() ?: "accepted"} where $code was due" }
        page.line("$es: rechazado [$code]", "$en: refused [$code]")
        println("    ${error.text(page.language)}")
    }
}
