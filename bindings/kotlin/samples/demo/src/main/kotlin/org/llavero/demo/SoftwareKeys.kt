package org.llavero.demo

import org.llavero.HolderKeys
import org.llavero.HolderKeysException
import org.llavero.KeyKind
import org.llavero.NewKey
import java.security.GeneralSecurityException
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap

/** A key store of Java's own keys, in memory. On a phone it is the phone's: `AndroidKeystoreKeys`. */
internal class SoftwareKeys : HolderKeys {
    private val keys = ConcurrentHashMap<String, PrivateKey>()

    val count: Int get() = keys.size

    override fun create(kind: KeyKind, count: UInt): List<NewKey> {
        if (kind != KeyKind.P256) throw HolderKeysException.Unavailable()
        val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
        return List(count.toInt()) {
            val pair = generator.generateKeyPair()
            val alias = UUID.randomUUID().toString()
            keys[alias] = pair.private
            NewKey(alias.toByteArray(), pair.public.encoded)
        }
    }

    override fun sign(handle: ByteArray, message: ByteArray): ByteArray {
        val key = keys[String(handle)] ?: throw HolderKeysException.Unavailable()
        try {
            return Signature.getInstance("SHA256withECDSA").run {
                initSign(key)
                update(message)
                sign()
            }
        } catch (_: GeneralSecurityException) {
            throw HolderKeysException.Unavailable()
        }
    }

    override fun delete(handle: ByteArray) {
        keys.remove(String(handle))
    }
}
