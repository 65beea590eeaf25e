package org.llavero.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.StrongBoxUnavailableException
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.ProviderException
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** Stands in for the phone's key store: Java's own keys, under Android's names, with the faults that a test asks for. */
internal object FakeKeystore {
    val keys = sortedMapOf<String, Key>()
    val specifications = mutableListOf<KeyGenParameterSpec>()
    var hasStrongBox = true

    /** After so many more keys the hardware fails. */
    var failAfter = Int.MAX_VALUE

    /** Registers it in place of what Android has, as empty and healthy as a new phone. */
    fun install() {
        keys.clear()
        specifications.clear()
        hasStrongBox = true
        failAfter = Int.MAX_VALUE
        Security.removeProvider(FakeProvider.NAME)
        Security.addProvider(FakeProvider())
    }

    fun takeSpecification(specification: KeyGenParameterSpec) {
        specifications += specification
        if (specification.isStrongBoxBacked && !hasStrongBox) throw StrongBoxUnavailableException()
        if (failAfter-- <= 0) throw ProviderException("the hardware failed")
    }
}

internal class FakeProvider : Provider(NAME, "1", "for tests") {
    init {
        put("KeyPairGenerator.EC", Pairs::class.java.name)
        put("KeyGenerator.AES", Secrets::class.java.name)
        put("KeyStore.$NAME", Entries::class.java.name)
    }

    class Pairs : KeyPairGeneratorSpi() {
        private lateinit var specification: KeyGenParameterSpec

        override fun initialize(keysize: Int, random: SecureRandom?) = throw UnsupportedOperationException()

        override fun initialize(params: AlgorithmParameterSpec, random: SecureRandom?) {
            specification = params as KeyGenParameterSpec
        }

        override fun generateKeyPair(): KeyPair {
            FakeKeystore.takeSpecification(specification)
            val java = KeyPairGenerator.getInstance("EC", "SunEC")
            java.initialize(specification.algorithmParameterSpec)
            return java.generateKeyPair().also { FakeKeystore.keys[specification.keystoreAlias] = it.private }
        }
    }

    class Secrets : KeyGeneratorSpi() {
        private lateinit var specification: KeyGenParameterSpec

        override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()

        override fun engineInit(keysize: Int, random: SecureRandom?) = throw UnsupportedOperationException()

        override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
            specification = params as KeyGenParameterSpec
        }

        override fun engineGenerateKey(): SecretKey {
            FakeKeystore.takeSpecification(specification)
            val java = KeyGenerator.getInstance("AES", "SunJCE").apply { init(specification.keySize) }
            return java.generateKey().also { FakeKeystore.keys[specification.keystoreAlias] = it }
        }
    }

    class Entries : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? = FakeKeystore.keys[alias]

        override fun engineDeleteEntry(alias: String) {
            FakeKeystore.keys.remove(alias)
        }

        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(FakeKeystore.keys.keys)

        override fun engineContainsAlias(alias: String): Boolean = alias in FakeKeystore.keys

        override fun engineSize(): Int = FakeKeystore.keys.size

        override fun engineIsKeyEntry(alias: String): Boolean = alias in FakeKeystore.keys

        override fun engineIsCertificateEntry(alias: String): Boolean = false

        override fun engineGetCertificate(alias: String): Certificate? = null

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCertificateAlias(cert: Certificate): String? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()

        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()

        override fun engineSetCertificateEntry(alias: String, cert: Certificate) = throw UnsupportedOperationException()

        override fun engineStore(stream: OutputStream?, password: CharArray?) = throw UnsupportedOperationException()
    }

    internal companion object {
        const val NAME = "AndroidKeyStore"
    }
}
