package org.llavero

import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.time.Instant
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** An app that gets it wrong: every mistake is an exception, and none ends the process. */
internal class MisuseTest {
    private val person = adult()

    @Test
    fun `a step is taken once`() {
        val (wallet, agency) = filled(copies = 4u)
        val challenge = ask()
        val choices = wallet.consider(challenge.request(), NOW, Language.EN)
        val sheet = choices.sheet()
        for (again in listOf<() -> Any?>(
            { choices.sheet() },
            { choices.queries() },
            { choices.credentialSets() },
            { choices.choose("age", "x") },
            { choices.chooseSet(0u, 0u) },
        )) {
            refused("already_used", again)
        }
        val answer = sheet.approve(wallet, NOW)
        for (again in listOf<() -> Any?>(
            { sheet.approve(wallet, NOW) },
            { sheet.approveUnsigned(wallet, NOW) },
            { sheet.decline() },
        )) {
            refused("already_used", again)
        }
        // What was on the sheet can still be looked at.
        assertEquals("https://bar.example", sheet.contents().clientId)
        challenge.verify(answer, agency.trust, NOW)
        for (again in listOf<() -> Any?>(
            { challenge.verify(answer, agency.trust, NOW) },
            { challenge.request() },
            { challenge.toJson() },
        )) {
            assertTrue(refused("already_used", again) is LlaveroException.Usage)
        }

        val nonce = newNonce()
        val keys = JdkKeys()
        val pending = Wallet.inMemory(keys).beginUnsigned(agency.issuer.identifier(), nonce, 1u, KeyKind.P256, NOW)
        val signatures = pending.toSign().map { keys.sign(it.handle, it.bytes) }
        val proofs = pending.finish(signatures)
        refused("already_used") { pending.finish(signatures) }
        refused("already_used") { pending.toSign() }
        val batch = agency.prepare(person.record(CredentialType.AGE), proofs, nonce)
        batch.sign(agency.key)
        refused("already_used") { batch.sign(agency.key) }
        refused("already_used") { batch.attach(emptyList()) }
        refused("already_used") { batch.signingInputs() }
    }

    @Test
    fun `a failed verification uses the question up`() {
        val (_, agency) = filled()
        val challenge = ask()
        assertFailsWith<LlaveroException.Refused> { challenge.verify("{}", agency.trust, NOW) }
        refused("already_used") { challenge.verify("{}", agency.trust, NOW) }
    }

    @Test
    fun `a closed object says so`() {
        val (wallet, _) = filled()
        wallet.close()
        wallet.close()
        assertFailsWith<IllegalStateException> { wallet.credentials(Language.EN) }
        val challenge = ask()
        challenge.destroy()
        assertFailsWith<IllegalStateException> { challenge.request() }
    }

    @Test
    fun `counts and lengths that cannot be`() {
        val wallet = Wallet.inMemory(null)
        for (count in listOf(0u, 101u, UInt.MAX_VALUE)) {
            refused("batch_size") { wallet.begin("https://agencia.example", "n", count, KeyKind.P256, NOW) }
        }
        val agency = Agency()
        refused("batch_size") { wallet.receive(emptyList(), agency.trust, NOW, Language.EN) }
        for (lifetime in listOf(0u, UInt.MAX_VALUE)) {
            refused("challenge_lifetime") { Challenge(BAR, "Vender", over18(), lifetime, NOW) }
        }
        refused("validity_out_of_range") {
            val name = TypeName(CredentialType.AGE.defaultVct())
            agency.issuer.draft(person.record(CredentialType.AGE), name, 0u, NOW)
        }
        refused("date_range") { SyntheticPerson(60u, 25u, TODAY) }
        val minor = SyntheticPerson(10u, 12u, TODAY)
        assertEquals(null, minor.mrz())
        refused("argument_malformed") { minor.record(CredentialType.INE) }
        for (kind in KeyKind.entries) {
            for (length in listOf(0, 1, 31, 33, 64, 65, 91)) {
                refused("key_format") { PublicKey.fromDevice(kind, ByteArray(length) { 0x7f }) }
            }
        }
        refused("argument_malformed") { Curp.parse(person.curp(), CalendarDate(2026, 2, 30), Differentiator.A_TO_J) }
        refused("argument_malformed") { Curp.parse(person.curp(), CalendarDate(0, 0, 0), Differentiator.A_TO_J) }
    }

    private val texts: Map<String, (String) -> Any?> = run {
        val (wallet, agency) = filled()
        mapOf(
            "Challenge.fromJson" to { Challenge.fromJson(it) },
            "Challenge.verify" to { ask().verify(it, agency.trust, NOW) },
            "ClaveElector.parse" to { ClaveElector.parse(it) },
            "Curp.parse" to { Curp.parse(it, TODAY, Differentiator.A_TO_J) },
            "DcqlQuery.forClaims id" to { wallet.consider(ask(DcqlQuery.forClaims(it, listOf("v"), listOf("a"))).request(), NOW, Language.EN) },
            "DcqlQuery.forClaims path" to { wallet.consider(ask(DcqlQuery.forClaims("a", listOf("v"), listOf(it))).request(), NOW, Language.EN) },
            "DcqlQuery.fromJson" to { DcqlQuery.fromJson(it) },
            "FileStore.open" to { FileStore.open(it, ByteArray(32)) },
            "IneMrz.parse" to { IneMrz.parse(listOf(it, it, it), TODAY) },
            "PublicKey.fromJwk" to { PublicKey.fromJwk(it) },
            "Record.fromJson" to { Record.fromJson(CredentialType.AGE, it, NOW) },
            "Rfc.parse" to { Rfc.parse(it) },
            "SigningKey.fromJwk" to { SigningKey.fromJwk(it) },
            "TrustList.fromJson" to { TrustList.fromJson(it) },
            "inspect" to { inspect(it) },
            "Wallet.consider" to { wallet.consider(it, NOW, Language.EN) },
            "Wallet.receive" to { wallet.receive(listOf(it), agency.trust, NOW, Language.EN) },
            "Wallet.remove" to { wallet.remove(it) },
            "Wallet.show" to { wallet.show(it, Language.EN) },
            "Issuer.prepare" to {
                val draft = agency.issuer.draft(person.record(CredentialType.AGE), TypeName("v"), DAYS, NOW)
                agency.issuer.prepare(draft, listOf(it), "nonce", NOW)
            },
        )
    }

    private fun tried(inputs: Map<String, String>, vararg others: Class<out Throwable>): List<DynamicTest> =
        texts.flatMap { (call, read) ->
            inputs.map { (name, text) ->
                dynamicTest("$call of $name") {
                    val error = assertFailsWith<Throwable> { read(text) }
                    val expected = error is LlaveroException || others.any { it.isInstance(error) }
                    assertTrue(expected, error.toString())
                }
            }
        }

    @TestFactory
    fun `texts that nobody should send`(): List<DynamicTest> = tried(
        mapOf(
            "nothing" to "",
            "a space" to " ",
            "NUL" to "\u0000",
            "two megabytes" to "a".repeat(2_000_000),
            "two megabytes of brackets" to "[".repeat(2_000_000),
            "two megabytes of tildes" to "~".repeat(2_000_000),
            "controls and signs" to "\u202e\u2028\u0007\ud83d\ude00",
        ),
    )

    /** Not a text: no UTF-8 stands for it. Kotlin's own exception says so, before the library is reached. */
    @TestFactory
    fun `half a surrogate pair`(): List<DynamicTest> = tried(
        mapOf("a lone surrogate" to "a\ud800b", "the wrong way round" to "\udc00\ud800"),
        java.nio.charset.CharacterCodingException::class.java,
    )

    @TestFactory
    fun `times beyond all calendars`(): List<DynamicTest> {
        val (wallet, agency) = filled()
        val far = listOf(
            Instant.MIN,
            Instant.parse("0000-01-01T00:00:00Z"),
            Instant.EPOCH,
            Instant.parse("9999-12-31T23:59:59Z"),
            Instant.parse("+10000-01-01T00:00:00Z"),
            Instant.MAX,
        )
        return far.map { time ->
            dynamicTest("$time") {
                val calls = listOf<() -> Any?>(
                    { Challenge(BAR, "Vender", over18(), LIFETIME_SECS, time).request() },
                    { wallet.begin("https://agencia.example", "n", 1u, KeyKind.P256, time) },
                    { wallet.consider(ask().request(), time, Language.EN).sheet().approve(wallet, time) },
                    { wallet.purge(Instant.MIN) },
                    { TrustList(time, agency.trust.issuers()).let { it.toJson() to it.issuedAt() } },
                    { agency.issuer.draft(person.record(CredentialType.AGE), TypeName("v"), DAYS, time) },
                    { Record.fromJson(CredentialType.AGE, "{\"birthdate\":\"1990-05-17\"}", time) },
                    { ask().verify("{}", agency.trust, time) },
                )
                for (call in calls) {
                    val error = runCatching(call).exceptionOrNull()
                    assertTrue(error == null || error is LlaveroException, error?.stackTraceToString().orEmpty())
                }
                // A wallet whose clock went wrong still has what it had.
                assertEquals(1, wallet.credentials(Language.EN).size)
            }
        }
    }

    @Test
    fun `names that nobody has are refused and the wallet goes on`() {
        val (wallet, agency) = filled()
        refused("credential_unknown") { wallet.remove("x".repeat(2_000_000)) }
        refused("identifier_malformed") { Issuer("", agency.key.publicKey()) }
        refused("choice_unknown") { wallet.consider(ask().request(), NOW, Language.EN).choose("age", "nobody") }
        refused("choice_unknown") { wallet.consider(ask().request(), NOW, Language.EN).chooseSet(7u, UInt.MAX_VALUE) }
        assertWhole(wallet, agency)
    }
}
