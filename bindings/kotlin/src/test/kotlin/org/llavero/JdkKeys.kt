package org.llavero

import java.nio.charset.StandardCharsets.UTF_8
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap

/** A key store of Java's own keys, as an app for a Java machine would write it. */
internal open class JdkKeys(private val form: Form = Form.DER) : HolderKeys {
    /** How an ECDSA signature is written. */
    enum class Form(val algorithm: String) {
        DER("SHA256withECDSA"),
        RAW("SHA256withECDSAinP1363Format"),
    }

    val pairs = ConcurrentHashMap<String, KeyPair>()

    override fun create(kind: KeyKind, count: UInt): List<NewKey> = List(count.toInt()) {
        val generator = when (kind) {
            KeyKind.P256 -> KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
            KeyKind.ED25519 -> KeyPairGenerator.getInstance("Ed25519")
        }
        val pair = generator.generateKeyPair()
        val alias = UUID.randomUUID().toString()
        pairs[alias] = pair
        // SubjectPublicKeyInfo, as Android Keystore gives it too.
        NewKey(alias.toByteArray(), pair.public.encoded)
    }

    override fun sign(handle: ByteArray, message: ByteArray): ByteArray {
        val pair = pairs[handle.toString(UTF_8)] ?: throw HolderKeysException.Unavailable()
        val algorithm = if (pair.private.algorithm == "EC") form.algorithm else "Ed25519"
        return Signature.getInstance(algorithm).run {
            initSign(pair.private)
            update(message)
            sign()
        }
    }

    override fun delete(handle: ByteArray) {
        pairs.remove(handle.toString(UTF_8))
    }
}
