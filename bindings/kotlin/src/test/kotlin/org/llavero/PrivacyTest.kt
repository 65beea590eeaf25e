package org.llavero

import org.junit.jupiter.api.Test
import java.util.HexFormat
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** Nothing of a person, and no secret, is in what objects print. */
internal class PrivacyTest {
    private val person = adult()
    private val agency = Agency()
    private val store = DictionaryStore()
    private val keys = JdkKeys()
    private val printed = mutableListOf<Any?>()

    private fun look(vararg things: Any?) {
        printed.addAll(things)
    }

    /** All that the story touches, from both sides. */
    private fun story() {
        val wallet = Wallet.withStore(store, keys)
        look(wallet, agency.key, agency.issuer, agency.trust, person)
        for (type in CredentialType.entries) {
            val record = person.record(type)
            val nonce = newNonce()
            val pending = wallet.beginUnsigned(agency.issuer.identifier(), nonce, COPIES, KeyKind.P256, NOW)
            val toSign = pending.toSign()
            val proofs = pending.finish(toSign.map { keys.sign(it.handle, it.bytes) })
            val batch = agency.prepare(record, proofs, nonce)
            look(record, pending, toSign, batch)
            look(wallet.receive(batch.sign(agency.key), agency.trust, NOW, Language.ES_MX))
        }
        for (credential in wallet.credentials(Language.ES_MX)) {
            look(credential)
            look(wallet.show(credential.id, Language.ES_MX))
        }
        val query = DcqlQuery.forClaims("curp", listOf(CredentialType.CURP.defaultVct()), listOf("curp", "birthdate", "family_name"))
        val challenge = ask(query, BANK)
        val choices = wallet.consider(challenge.request(), NOW, Language.ES_MX)
        look(choices.queries())
        val sheet = choices.sheet()
        look(query, challenge, choices, sheet, sheet.contents())
        val answer = sheet.approveUnsigned(wallet, NOW)
        look(answer, answer.toSign())
        val verdict = challenge.verify(answer.finish(answer.toSign().map { keys.sign(it.handle, it.bytes) }), agency.trust, NOW)
        val value = assertNotNull(verdict.credential("curp")?.value("curp"))
        assertEquals(person.curp(), value.asText)
        look(verdict, value, wallet.history(), wallet.history().single().shown)
        look(keys.create(KeyKind.P256, 1u))
        for (table in store.tables()) look(store.list(table))
        look(Change.Put("t", "k", person.curp().toByteArray()), Change.Delete("t", person.curp()))
        look(Curp.parse(person.curp(), TODAY, Differentiator.A_TO_J))
        look(Rfc.parse(person.rfc()))
        look(IneMrz.parse(assertNotNull(person.mrz()), TODAY))
        for (wrong in listOf(person.curp().dropLast(1), person.curp() + "X", person.curp().lowercase())) {
            look(runCatching { Curp.parse(wrong, TODAY, Differentiator.A_TO_J) }.exceptionOrNull())
        }
        look(runCatching { Record.fromJson(CredentialType.CURP, "{\"curp\":\"${person.curp()}\"}", NOW) }.exceptionOrNull())
    }

    @Test
    fun `no object and no record prints what it holds`() {
        story()
        val canaries = buildSet {
            val wallet = Wallet.withStore(store, keys)
            for (credential in wallet.credentials(Language.EN)) {
                for (claim in wallet.show(credential.id, Language.EN)) claim.value.asText?.let { add(it) }
            }
            add(person.curp())
            add(person.rfc())
            addAll(person.mrz().orEmpty())
            add("banco.example")
            add(agency.key.toPrivateJwk())
        }
            // What every copy shows, and words too short to mean anything, stand elsewhere for good reasons.
            .filter { it.length >= 4 && it !in agency.trust.toJson() && !it.startsWith("https://agencia") }
        assertTrue(canaries.size > 15, "only ${canaries.size} canaries")
        val handles = keys.pairs.keys.flatMap { listOf(it, it.toByteArray().contentToString()) }
        val records = store.values().map { it.contentToString() }
        // Who asks stands on a sheet for the person to read; the rest of it prints nothing.
        val texts = printed.map { thing ->
            val text = "$thing" + (thing as? Throwable)?.stackTraceToString().orEmpty()
            if (thing is SheetContents) text.replace("https://banco.example", "") else text
        }
        for (text in texts) {
            for (canary in canaries + handles + records) assertFalse(canary in text, "printed: $canary")
        }
        assertTrue(texts.any { "redacted" in it })
    }

    @Test
    fun `records that hold values print as redacted`() {
        for (thing in listOf(
            ClaimValue.Text("JUANA"),
            ClaimValue.Boolean(true),
            ClaimValue.Integer(42),
            ClaimValue.Json("[\"JUANA\"]"),
            ShownClaim("given_name", "Nombre", ClaimValue.Text("JUANA")),
            NewKey(byteArrayOf(42), byteArrayOf(42)),
            ToSign(byteArrayOf(42), "JUANA", byteArrayOf(42)),
            StoredRecord("JUANA", byteArrayOf(42)),
            Change.Put("JUANA", "JUANA", byteArrayOf(42)),
            Change.Delete("JUANA", "JUANA"),
            HistoryEntry(NOW, "JUANA", "JUANA", "JUANA", emptyList()),
            HistoryItem("JUANA", "JUANA", listOf("JUANA")),
        )) {
            for (text in listOf("$thing", String.format("%s", thing), listOf(thing).toString(), StringBuilder().append(thing).toString())) {
                assertTrue("redacted" in text, text)
                assertFalse("JUANA" in text || "42" in text || "true" in text, text)
            }
        }
    }

    @Test
    fun `an error says where and not what`() {
        val canary = "JUANA" + HexFormat.of().formatHex(ByteArray(8) { 0x5a })
        for (call in listOf<() -> Any?>(
            { Record.fromJson(CredentialType.AGE, "{\"birthdate\":\"$canary\"}", NOW) },
            { Record.fromJson(CredentialType.CURP, "{\"given_name\":\"$canary\"}", NOW) },
            { TrustList.fromJson("{\"issued_at\":\"$canary\"}") },
            { Curp.parse(canary, TODAY, Differentiator.A_TO_J) },
            { Rfc.parse(canary) },
            { inspect(canary) },
            { Challenge.fromJson(canary) },
        )) {
            val error = runCatching(call).exceptionOrNull() as LlaveroException
            for (text in listOf(error.toString(), error.message.orEmpty(), error.why.toString(), error.stackTraceToString())) {
                assertFalse(canary in text, text)
            }
        }
    }
}
