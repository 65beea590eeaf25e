package org.llavero.sample

import org.llavero.CredentialType
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
import org.llavero.HolderKeys
import org.llavero.NewKey
import java.nio.file.Path
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneOffset
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap
import javax.xml.parsers.DocumentBuilderFactory

internal val NOW: Instant = Instant.parse("2026-06-15T18:30:00Z")

/** The strings of one folder of resources, by name. */
internal fun strings(folder: String): Map<String, String> {
    val file = Path.of(System.getProperty("sample.resources"), folder, "strings.xml").toFile()
    val nodes = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).getElementsByTagName("string")
    return (0 until nodes.length).associate { nodes.item(it).run { attributes.getNamedItem("name").nodeValue to textContent } }
}

internal fun texts(language: Language): Texts {
    val strings = strings(if (language == Language.ES_MX) "values" else "values-en")
    val names = R.string::class.java.declaredFields.filter { it.type == Int::class.java }.associate { it.getInt(null) to it.name }
    return Texts(language, ZoneOffset.UTC) { strings.getValue(names.getValue(it)) }
}

/** Java's keys in the place of the phone's. */
internal class PhoneKeys : HolderKeys, PromptedSigner {
    private val keys = ConcurrentHashMap<String, PrivateKey>()
    var prompts = 0
    var refusal: HolderKeysException? = null

    override fun create(kind: KeyKind, count: UInt): List<NewKey> = List(count.toInt()) {
        val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
        val pair = generator.generateKeyPair()
        val alias = UUID.randomUUID().toString()
        keys[alias] = pair.private
        NewKey(alias.toByteArray(), pair.public.encoded)
    }

    override fun sign(handle: ByteArray, message: ByteArray): ByteArray =
        Signature.getInstance("SHA256withECDSA").run {
            initSign(keys.getValue(String(handle)))
            update(message)
            sign()
        }

    override fun delete(handle: ByteArray) {
        keys.remove(String(handle))
    }

    override suspend fun sign(toSign: List<org.llavero.ToSign>): List<ByteArray> = toSign.map {
        prompts++
        refusal?.let { no -> throw no }
        sign(it.handle, it.bytes)
    }
}

/** A wallet with all three credentials, and the list that knows their agency. */
internal class Filled(val keys: PhoneKeys = PhoneKeys(), copies: UInt = 2u) {
    val wallet = Wallet.inMemory(keys)
    val trust: TrustList

    init {
        val key = SigningKey.generate(KeyKind.P256)
        val issuer = Issuer("https://agencia.example", key.publicKey())
        val types = CredentialType.entries.map { it.defaultVct() }
        trust = TrustList(
            NOW,
            listOf(TrustedIssuer(issuer.identifier(), "Agencia de Ejemplo", types, listOf(TrustedKey(issuer.key())))),
        )
        val person = SyntheticPerson(25u, 60u, LocalDate.of(2026, 6, 15).toCalendarDate())
        for (type in CredentialType.entries) {
            val nonce = newNonce()
            val proofs = wallet.begin(issuer.identifier(), nonce, copies, KeyKind.P256, NOW)
            val draft = issuer.draft(person.record(type), TypeName(type.defaultVct()), 30u, NOW)
            wallet.receive(issuer.prepare(draft, proofs, nonce, NOW).sign(key), trust, NOW, Language.EN)
        }
    }
}
