package org.llavero

import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.junit.jupiter.params.provider.EnumSource
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A key store of the app's own: Java's keys behind [HolderKeys]. */
internal class KeysTest {
    private val agency = Agency()

    @ParameterizedTest
    @CsvSource("P256, DER", "P256, RAW", "ED25519, RAW")
    fun `the app's keys sign and are deleted when they have served`(kind: KeyKind, form: JdkKeys.Form) {
        val keys = JdkKeys(form)
        val wallet = Wallet.inMemory(keys)
        agency.fill(wallet, adult().record(CredentialType.AGE), kind = kind)
        assertEquals(COPIES.toInt(), keys.pairs.size)
        assertWhole(wallet, agency)
        assertEquals(COPIES.toInt() - 1, keys.pairs.size)
        wallet.remove(wallet.credentials(Language.EN).single().id)
        assertEquals(0, keys.pairs.size)
    }

    @ParameterizedTest
    @EnumSource(JdkKeys.Form::class)
    fun `in two steps the wallet never calls sign`(form: JdkKeys.Form) {
        val keys = JdkKeys(form)
        val silent = object : HolderKeys by keys {
            override fun sign(handle: ByteArray, message: ByteArray): ByteArray = error("sign must not be called")
        }
        val wallet = Wallet.inMemory(silent)
        val nonce = newNonce()
        val pending = wallet.beginUnsigned(agency.issuer.identifier(), nonce, COPIES, KeyKind.P256, NOW)
        val toSign = pending.toSign()
        assertEquals(COPIES.toInt(), toSign.size)
        refused("signature_count") { pending.finish(emptyList()) }
        refused("key_format") { pending.finish(toSign.map { ByteArray(7) }) }
        val proofs = pending.finish(toSign.map { keys.sign(it.handle, it.bytes) })
        refused("already_used") { pending.toSign() }
        wallet.receive(agency.issue(adult().record(CredentialType.AGE), proofs, nonce), agency.trust, NOW, Language.EN)

        val challenge = ask()
        val answer = wallet.sheet(challenge).approveUnsigned(wallet, NOW)
        // The copy is spent from here on, whatever comes.
        assertEquals(listOf(COPIES - 1u), wallet.left())
        val one = answer.toSign().single()
        assertEquals(PublicKey.fromJwk(one.publicKey).thumbprint().length, 43)
        refused("signature_count") { answer.finish(emptyList()) }
        val text = answer.finish(listOf(keys.sign(one.handle, one.bytes)))
        assertEquals(1, challenge.verify(text, agency.trust, NOW).credentials.size)
        refused("already_used") { answer.finish(emptyList()) }
    }

    @Test
    fun `a signature by another key is refused and nothing is disclosed`() {
        val keys = JdkKeys()
        val wallet = Wallet.inMemory(keys)
        agency.fill(wallet, adult().record(CredentialType.AGE))
        val answer = wallet.sheet(ask()).approveUnsigned(wallet, NOW)
        val other = keys.create(KeyKind.P256, 1u).single()
        refused("signature") { answer.finish(answer.toSign().map { keys.sign(other.handle, it.bytes) }) }
        assertEquals(listOf(COPIES - 1u), wallet.left())
        assertWhole(wallet, agency)
    }

    @Test
    fun `a person who does not agree is told apart from a broken key store`() {
        var refusal: (() -> Nothing)? = null
        val keys = object : JdkKeys() {
            override fun sign(handle: ByteArray, message: ByteArray): ByteArray {
                refusal?.invoke()
                return super.sign(handle, message)
            }
        }
        val wallet = Wallet.inMemory(keys)
        agency.fill(wallet, adult().record(CredentialType.AGE), copies = 4u)
        refusal = { throw HolderKeysException.Cancelled() }
        val cancelled = refused("signer_cancelled") { wallet.sheet(ask()).approve(wallet, NOW) }
        assertTrue(cancelled is LlaveroException.Device)
        refusal = { throw HolderKeysException.Unavailable() }
        refused("signer_unavailable") { wallet.sheet(ask()).approve(wallet, NOW) }
        refusal = null
        assertEquals(listOf(2u), wallet.left())
        assertWhole(wallet, agency)
    }

    @Test
    fun `a key that could not be deleted is deleted later`() {
        var broken = false
        val keys = object : JdkKeys() {
            override fun delete(handle: ByteArray) {
                if (broken) throw HolderKeysException.Unavailable()
                super.delete(handle)
            }
        }
        val wallet = Wallet.inMemory(keys)
        agency.fill(wallet, adult().record(CredentialType.AGE))
        broken = true
        assertWhole(wallet, agency)
        assertEquals(COPIES.toInt(), keys.pairs.size)
        broken = false
        assertEquals(1u, wallet.purge(NOW).spentKeys)
        assertEquals(COPIES.toInt() - 1, keys.pairs.size)
    }
}
