package org.llavero.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import java.io.File
import java.security.KeyStore
import java.security.SecureRandom
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

private const val PROVIDER = "AndroidKeyStore"
private const val TRANSFORMATION = "AES/GCM/NoPadding"
private const val TAG_BITS = 128
private const val NONCE_BYTES = 12
private const val KEY_BYTES = 32

/**
 * The 32 bytes that open a `FileStore`, kept in a file that only this phone's key store can read.
 *
 * ```
 * val key = StoreKey(File(context.noBackupFilesDir, "wallet.key")).bytes()
 * ```
 *
 * Keep both files out of backups: on another phone neither opens, and the credentials' keys are not there either.
 */
public class StoreKey(private val file: File, private val alias: String = "llavero-store") {
    /**
     * The key; a new one the first time. Overwrite it with zeros when the store is open.
     *
     * @throws java.security.GeneralSecurityException if the file was written by another phone, or is damaged.
     * @throws java.io.IOException if it cannot be read or written.
     */
    public fun bytes(): ByteArray = if (file.exists()) read() else write()

    private fun read(): ByteArray {
        val sealed = file.readBytes()
        if (sealed.size < NONCE_BYTES + TAG_BITS / 8) throw AEADBadTagException("the file is cut short")
        val cipher = Cipher.getInstance(TRANSFORMATION)
        val nonce = sealed.copyOf(NONCE_BYTES)
        cipher.init(Cipher.DECRYPT_MODE, wrappingKey(), GCMParameterSpec(TAG_BITS, nonce))
        return cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
    }

    private fun write(): ByteArray {
        val key = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.ENCRYPT_MODE, wrappingKey())
        // Written whole or not at all: half a key would lock the person out.
        val fresh = File(file.path + ".new")
        fresh.writeBytes(cipher.iv + cipher.doFinal(key))
        check(fresh.renameTo(file)) { "the key could not be written" }
        return key
    }

    private fun wrappingKey(): SecretKey {
        val store = KeyStore.getInstance(PROVIDER).apply { load(null) }
        (store.getKey(alias, null) as? SecretKey)?.let { return it }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            try {
                return generate { setIsStrongBoxBacked(true) }
            } catch (_: StrongBoxUnavailableException) {
                // The processor's secure part serves then.
            }
        }
        return generate { this }
    }

    private fun generate(more: KeyGenParameterSpec.Builder.() -> KeyGenParameterSpec.Builder): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val builder = KeyGenParameterSpec.Builder(alias, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BYTES * 8)
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).run {
            init(builder.more().build())
            generateKey()
        }
    }
}
