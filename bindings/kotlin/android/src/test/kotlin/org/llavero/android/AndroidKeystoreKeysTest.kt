package org.llavero.android

import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.llavero.Asker
import org.llavero.Challenge
import org.llavero.CredentialType
import org.llavero.DcqlQuery
import org.llavero.HolderKeys
import org.llavero.HolderKeysException
import org.llavero.Issuer
import org.llavero.KeyKind
import org.llavero.Language
import org.llavero.SigningKey
import org.llavero.SyntheticPerson
import org.llavero.TrustList
import org.llavero.TrustedIssuer
import org.llavero.TrustedKey
import org.llavero.TypeName
import org.llavero.Wallet
import org.llavero.newNonce
import org.llavero.toCalendarDate
import java.security.InvalidKeyException
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

private val NOW = Instant.parse("2026-06-15T18:30:00Z")

/** The phone's key store, played by Java's own keys under Android's names. */
internal class AndroidKeystoreKeysTest {
    @BeforeEach
    fun newPhone() = FakeKeystore.install()

    @AfterEach
    fun today() {
        Build.VERSION.SDK_INT = Build.VERSION_CODES.UPSIDE_DOWN_CAKE
    }

    private val agencyKey = SigningKey.generate(KeyKind.P256)
    private val issuer = Issuer("https://agencia.example", agencyKey.publicKey())
    private val vct = CredentialType.AGE.defaultVct()
    private val trust = TrustList(
        NOW,
        listOf(TrustedIssuer(issuer.identifier(), "Agencia de Ejemplo", listOf(vct), listOf(TrustedKey(issuer.key())))),
    )

    private fun issue(proofs: List<String>, nonce: String): List<String> {
        val person = SyntheticPerson(25u, 60u, LocalDate.of(2026, 6, 15).toCalendarDate())
        val draft = issuer.draft(person.record(CredentialType.AGE), TypeName(vct), 30u, NOW)
        return issuer.prepare(draft, proofs, nonce, NOW).sign(agencyKey)
    }

    private fun ask(): Challenge {
        val query = DcqlQuery.forClaims("age", listOf(vct), listOf("age_equal_or_over.18"))
        return Challenge(Asker("https://bar.example"), "Vender una bebida", query, 300u, NOW)
    }

    @Test
    fun `a wallet works with the phone's keys`() {
        val wallet = Wallet.inMemory(AndroidKeystoreKeys())
        val nonce = newNonce()
        val proofs = wallet.begin(issuer.identifier(), nonce, 3u, KeyKind.P256, NOW)
        wallet.receive(issue(proofs, nonce), trust, NOW, Language.EN)
        assertEquals(3, FakeKeystore.keys.size)
        assertTrue(FakeKeystore.keys.keys.all { it.startsWith("llavero.") && it.length == "llavero.".length + 36 })
        val challenge = ask()
        val answer = wallet.consider(challenge.request(), NOW, Language.EN).sheet().approve(wallet, NOW)
        assertEquals(1, challenge.verify(answer, trust, NOW).credentials.size)
        assertEquals(2, FakeKeystore.keys.size)
    }

    @Test
    fun `a wallet works with a prompt for each signature`() {
        val keys = AndroidKeystoreKeys(KeyProtection.EachSignature)
        val silent = object : HolderKeys by keys {
            override fun sign(handle: ByteArray, message: ByteArray): ByteArray = error("sign must not be called")
        }
        val wallet = Wallet.inMemory(silent)
        val nonce = newNonce()
        val pending = wallet.beginUnsigned(issuer.identifier(), nonce, 2u, KeyKind.P256, NOW)
        val proofs = pending.finish(signAll(SigningSession(keys, pending.toSign())))
        wallet.receive(issue(proofs, nonce), trust, NOW, Language.EN)
        val challenge = ask()
        val answer = wallet.consider(challenge.request(), NOW, Language.EN).sheet().approveUnsigned(wallet, NOW)
        val text = answer.finish(signAll(SigningSession(keys, answer.toSign())))
        assertEquals(1, challenge.verify(text, trust, NOW).credentials.size)
    }

    private fun signAll(session: SigningSession): List<ByteArray> {
        while (!session.isComplete) session.complete(session.next())
        return session.signatures()
    }

    @Test
    fun `a session takes its steps in order`() {
        val keys = AndroidKeystoreKeys(KeyProtection.EachSignature)
        val wallet = Wallet.inMemory(keys)
        val toSign = wallet.beginUnsigned(issuer.identifier(), newNonce(), 2u, KeyKind.P256, NOW).toSign()
        val session = SigningSession(keys, toSign)
        assertEquals(2, session.remaining)
        assertFailsWith<IllegalStateException> { session.signatures() }
        val abandoned = session.next()
        val asked = session.next()
        assertFailsWith<IllegalStateException> { session.complete(abandoned) }
        session.complete(asked)
        assertFailsWith<IllegalStateException> { session.complete(asked) }
        assertEquals(1, session.remaining)
        // A fingerprint was added, say, and the key is gone.
        FakeKeystore.keys.clear()
        assertFailsWith<HolderKeysException.Unavailable> { session.next() }
    }

    @Test
    fun `without a chip of its own the phone's processor serves`() {
        FakeKeystore.hasStrongBox = false
        val keys = AndroidKeystoreKeys()
        assertEquals(3, keys.create(KeyKind.P256, 3u).size)
        // It is asked for once.
        assertEquals(listOf(true, false, false, false), FakeKeystore.specifications.map { it.isStrongBoxBacked })
        FakeKeystore.install()
        AndroidKeystoreKeys(strongBox = false).create(KeyKind.P256, 1u)
        assertFalse(FakeKeystore.specifications.single().isStrongBoxBacked)
    }

    @Test
    fun `all keys are made or none`() {
        FakeKeystore.failAfter = 3
        assertFailsWith<HolderKeysException.Unavailable> { AndroidKeystoreKeys().create(KeyKind.P256, 5u) }
        assertEquals(0, FakeKeystore.keys.size)
        assertFailsWith<HolderKeysException.Unavailable> { AndroidKeystoreKeys().create(KeyKind.ED25519, 1u) }
    }

    @Test
    fun `keys are for signing SHA-256 with P-256`() {
        val specification = AndroidKeystoreKeys().specification("llavero.a", inStrongBox = true)
        assertEquals(KeyProperties.PURPOSE_SIGN, specification.purposes)
        assertEquals(listOf(KeyProperties.DIGEST_SHA256), specification.digests.toList())
        assertTrue(specification.isUnlockedDeviceRequired)
        assertFalse(specification.isUserAuthenticationRequired)
    }

    @Test
    fun `keys ask for the person as they were told to`() {
        val often = AndroidKeystoreKeys(KeyProtection.EachSignature).specification("llavero.a", inStrongBox = false)
        assertTrue(often.isUserAuthenticationRequired)
        assertTrue(often.isInvalidatedByBiometricEnrollment)
        assertEquals(0, often.userAuthenticationValidityDurationSeconds)
        assertEquals(KeyProperties.AUTH_BIOMETRIC_STRONG, often.userAuthenticationType)
        val period = KeyProtection.AfterPrompt(Duration.ofSeconds(30))
        val once = AndroidKeystoreKeys(period).specification("llavero.a", inStrongBox = false)
        assertEquals(30, once.userAuthenticationValidityDurationSeconds)
        assertEquals(
            KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL,
            once.userAuthenticationType,
        )
        assertFailsWith<IllegalArgumentException> { KeyProtection.AfterPrompt(Duration.ZERO) }
    }

    @ParameterizedTest
    @ValueSource(ints = [26, 28, 30, 34])
    fun `every Android from 8 on gets what it knows`(sdk: Int) {
        Build.VERSION.SDK_INT = sdk
        for (protection in listOf(
            KeyProtection.DeviceUnlocked,
            KeyProtection.AfterPrompt(Duration.ofSeconds(5)),
            KeyProtection.EachSignature,
        )) {
            FakeKeystore.install()
            val keys = AndroidKeystoreKeys(protection)
            val made = keys.create(KeyKind.P256, 1u).single()
            assertTrue(keys.sign(made.handle, byteArrayOf(1)).isNotEmpty())
            val specification = FakeKeystore.specifications.single()
            assertEquals(sdk >= 28, specification.isStrongBoxBacked)
            assertEquals(sdk >= 28 && protection == KeyProtection.DeviceUnlocked, specification.isUnlockedDeviceRequired)
            assertEquals(protection != KeyProtection.DeviceUnlocked, specification.isUserAuthenticationRequired)
            if (protection == KeyProtection.EachSignature) {
                // The framework turns the -1 of earlier Androids into this.
                assertEquals(0, specification.userAuthenticationValidityDurationSeconds)
                assertEquals(KeyProperties.AUTH_BIOMETRIC_STRONG, specification.userAuthenticationType)
            }
        }
    }

    @Test
    fun `a handle that is not ours names no key of the app`() {
        val keys = AndroidKeystoreKeys()
        AndroidKeystoreKeys(prefix = "app.").create(KeyKind.P256, 1u)
        val foreign = FakeKeystore.keys.keys.single().toByteArray()
        assertFailsWith<HolderKeysException.Unavailable> { keys.sign(foreign, byteArrayOf(1)) }
        assertFailsWith<HolderKeysException.Unavailable> { keys.delete(foreign) }
        assertEquals(1, FakeKeystore.keys.size)
        assertFailsWith<HolderKeysException.Unavailable> { keys.sign("llavero.gone".toByteArray(), byteArrayOf(1)) }
        keys.delete("llavero.gone".toByteArray())
    }

    @Test
    fun `nobody there is told apart from a broken phone`() {
        assertTrue(refused(UserNotAuthenticatedException()) is HolderKeysException.Cancelled)
        assertTrue(refused(InvalidKeyException()) is HolderKeysException.Unavailable)
        assertTrue(failure(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED) is HolderKeysException.Cancelled)
        assertTrue(failure(BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT) is HolderKeysException.Cancelled)
        assertTrue(failure(BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT) is HolderKeysException.Unavailable)
    }
}
