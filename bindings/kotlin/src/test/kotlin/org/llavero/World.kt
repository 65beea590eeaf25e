package org.llavero

import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.util.HexFormat
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** The time at which the tests play. */
internal val NOW: Instant = Instant.parse("2026-06-15T18:30:00Z")

internal val TODAY: CalendarDate = LocalDate.of(2026, 6, 15).toCalendarDate()

internal const val DAYS: UShort = 30u
internal const val COPIES: UInt = 3u
internal const val LIFETIME_SECS: UInt = 300u

internal val BAR = Asker("https://bar.example", "Bar La Esquina")
internal val BANK = Asker("https://banco.example", "Banco de Ejemplo")

internal operator fun Instant.plus(days: Int): Instant = plus(Duration.ofDays(days.toLong()))

internal fun hex(text: String): ByteArray = HexFormat.of().parseHex(text)

/** An agency with its key in software. */
internal class Agency(kind: KeyKind = KeyKind.P256, identifier: String = "https://agencia.example") {
    val key = SigningKey.generate(kind)
    val issuer = Issuer(identifier, key.publicKey())
    val trust = TrustList(
        NOW,
        listOf(
            TrustedIssuer(
                identifier,
                "Agencia de Ejemplo",
                CredentialType.entries.map { it.defaultVct() },
                listOf(TrustedKey(issuer.key())),
            ),
        ),
    )

    /** One copy per proof, still without the agency's signatures. */
    fun prepare(record: Record, proofs: List<String>, nonce: String, days: UShort = DAYS): UnsignedBatch {
        val vct = checkNotNull(record.credentialType()).defaultVct()
        val draft = issuer.draft(record, TypeName(vct), days, NOW)
        return issuer.prepare(draft, proofs, nonce, NOW)
    }

    fun issue(record: Record, proofs: List<String>, nonce: String, days: UShort = DAYS): List<String> =
        prepare(record, proofs, nonce, days).sign(key)

    /** The whole issuance to this wallet. */
    fun fill(
        wallet: Wallet,
        record: Record,
        copies: UInt = COPIES,
        kind: KeyKind = KeyKind.P256,
        days: UShort = DAYS,
    ): Receipt {
        val nonce = newNonce()
        val proofs = wallet.begin(issuer.identifier(), nonce, copies, kind, NOW)
        return wallet.receive(issue(record, proofs, nonce, days), trust, NOW, Language.EN)
    }
}

internal fun adult(): SyntheticPerson = SyntheticPerson(25u, 60u, TODAY)

/** A wallet with copies of one age credential, and the agency that issued them. */
internal fun filled(wallet: Wallet = Wallet.inMemory(null), copies: UInt = COPIES): Pair<Wallet, Agency> {
    val agency = Agency()
    agency.fill(wallet, adult().record(CredentialType.AGE), copies)
    return wallet to agency
}

internal fun over18(): DcqlQuery =
    DcqlQuery.forClaims("age", listOf(CredentialType.AGE.defaultVct()), listOf("age_equal_or_over.18"))

internal fun ask(query: DcqlQuery = over18(), asker: Asker = BAR, now: Instant = NOW): Challenge =
    Challenge(asker, "Vender una bebida alcohólica", query, LIFETIME_SECS, now)

internal fun Wallet.sheet(challenge: Challenge, language: Language = Language.EN, now: Instant = NOW): ConsentSheet =
    consider(challenge.request(), now, language).sheet()

internal fun Wallet.left(): List<UInt> = credentials(Language.EN).map { it.copiesLeft }

/** Runs [step], which must be refused with this code. */
internal fun refused(code: String, step: () -> Any?): LlaveroException {
    val error = assertFailsWith<LlaveroException> { step() }
    assertEquals(code, error.code(), "another code, of $error")
    return error
}

/** Whether the wallet still does everything after something went wrong. */
internal fun assertWhole(wallet: Wallet, agency: Agency) {
    val before = wallet.left()
    wallet.history()
    val challenge = ask()
    val answer = wallet.sheet(challenge).approve(wallet, NOW)
    assertEquals(1, challenge.verify(answer, agency.trust, NOW).credentials.size)
    assertEquals(before.sum() - 1u, wallet.left().sum())
}
