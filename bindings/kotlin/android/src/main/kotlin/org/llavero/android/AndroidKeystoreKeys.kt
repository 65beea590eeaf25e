package org.llavero.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import android.security.keystore.UserNotAuthenticatedException
import org.llavero.HolderKeys
import org.llavero.HolderKeysException
import org.llavero.KeyKind
import org.llavero.NewKey
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.UUID

private const val PROVIDER = "AndroidKeyStore"
private const val ALGORITHM = "SHA256withECDSA"

/**
 * A wallet's keys in the phone's own key store: P-256, made there, never outside of it.
 *
 * The handle of a key is its alias, which is random and says nothing of what the key is for. Making keys takes its time,
 * with StrongBox up to seconds each: give the wallet a `callbackTimeoutSecs` that suits the size of the batch.
 *
 * @param protection when the keys may sign.
 * @param strongBox whether to ask for a chip of its own first. Where there is none the processor's secure part serves.
 * @param prefix how aliases start, so that an app can tell them from its other keys.
 */
public class AndroidKeystoreKeys(
    private val protection: KeyProtection = KeyProtection.DeviceUnlocked,
    private val strongBox: Boolean = true,
    private val prefix: String = "llavero.",
) : HolderKeys {
    /** Once a phone has said that it has none, asking again for every key would only take time. */
    @Volatile
    private var noStrongBox = Build.VERSION.SDK_INT < Build.VERSION_CODES.P

    override fun create(kind: KeyKind, count: UInt): List<NewKey> {
        // Secure hardware has no Ed25519.
        if (kind != KeyKind.P256) throw HolderKeysException.Unavailable()
        val made = mutableListOf<NewKey>()
        var complete = false
        try {
            repeat(count.toInt()) { made += create(prefix + UUID.randomUUID()) }
            complete = true
            return made
        } catch (_: GeneralSecurityException) {
            throw HolderKeysException.Unavailable()
        } catch (_: ProviderException) {
            throw HolderKeysException.Unavailable()
        } finally {
            // All of them or none.
            if (!complete) made.forEach { runCatching { delete(it.handle) } }
        }
    }

    private fun create(alias: String): NewKey {
        val pair = if (strongBox && !noStrongBox) {
            try {
                generate(alias, inStrongBox = true)
            } catch (_: StrongBoxUnavailableException) {
                noStrongBox = true
                generate(alias, inStrongBox = false)
            }
        } else {
            generate(alias, inStrongBox = false)
        }
        return NewKey(alias.toByteArray(), pair.public.encoded)
    }

    private fun generate(alias: String, inStrongBox: Boolean): KeyPair {
        val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, PROVIDER)
        generator.initialize(specification(alias, inStrongBox))
        return generator.generateKeyPair()
    }

    internal fun specification(alias: String, inStrongBox: Boolean): KeyGenParameterSpec {
        val builder = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
            .setDigests(KeyProperties.DIGEST_SHA256)
        if (inStrongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) builder.setIsStrongBoxBacked(true)
        when (protection) {
            is KeyProtection.DeviceUnlocked ->
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) builder.setUnlockedDeviceRequired(true)
            is KeyProtection.AfterPrompt -> builder.authenticated(
                protection.period.seconds.toInt(),
                KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL,
            )
            is KeyProtection.EachSignature -> builder.authenticated(0, KeyProperties.AUTH_BIOMETRIC_STRONG)
        }
        return builder.build()
    }

    private fun KeyGenParameterSpec.Builder.authenticated(seconds: Int, by: Int) {
        setUserAuthenticationRequired(true)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            setUserAuthenticationParameters(seconds, by)
        } else {
            // Before Android 11, -1 meant each use, and only biometrics could do that.
            @Suppress("DEPRECATION")
            setUserAuthenticationValidityDurationSeconds(if (seconds == 0) -1 else seconds)
        }
    }

    override fun sign(handle: ByteArray, message: ByteArray): ByteArray = try {
        signature(handle).run {
            update(message)
            sign()
        }
    } catch (error: GeneralSecurityException) {
        throw refused(error)
    } catch (_: ProviderException) {
        throw HolderKeysException.Unavailable()
    }

    /** A signature that has the key and lacks the message: what a prompt is shown for. */
    internal fun signature(handle: ByteArray): Signature =
        Signature.getInstance(ALGORITHM).apply { initSign(privateKey(handle)) }

    private fun privateKey(handle: ByteArray): PrivateKey =
        keyStore().getKey(alias(handle), null) as? PrivateKey ?: throw HolderKeysException.Unavailable()

    override fun delete(handle: ByteArray) {
        try {
            // Of a key that is not there Android says nothing, as it should.
            keyStore().deleteEntry(alias(handle))
        } catch (_: GeneralSecurityException) {
            throw HolderKeysException.Unavailable()
        } catch (_: ProviderException) {
            throw HolderKeysException.Unavailable()
        }
    }

    /** A handle comes back from storage: it must be one of ours before it names a key of the app. */
    private fun alias(handle: ByteArray): String {
        val alias = String(handle)
        if (!alias.startsWith(prefix)) throw HolderKeysException.Unavailable()
        return alias
    }

    private fun keyStore(): KeyStore = try {
        KeyStore.getInstance(PROVIDER).apply { load(null) }
    } catch (_: IOException) {
        throw HolderKeysException.Unavailable()
    }
}

/** Nobody has shown a fingerprint in time: that is the person's no, and not a fault of the phone. */
internal fun refused(error: GeneralSecurityException): HolderKeysException =
    if (error is UserNotAuthenticatedException) HolderKeysException.Cancelled() else HolderKeysException.Unavailable()
