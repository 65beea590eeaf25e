package org.llavero

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import org.junit.jupiter.api.Test
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

/** Issuers by certificates, and types that a trust list describes. */
internal class DescribedTest {
    private val wallet = Wallet.inMemory(null)
    private val nonce = newNonce()
    private val record = adult().record(CredentialType.AGE)

    private fun proofs() = wallet.begin("https://agencia.example", nonce, 1u, KeyKind.P256, NOW)

    private fun Issuer.copies(name: TypeName, proofs: List<String>, key: SigningKey): List<String> =
        prepare(draft(record, name, DAYS, NOW), proofs, nonce, NOW).sign(key)

    @Test
    fun `an unknown type is called by the labels of its document`() {
        val agency = Agency()
        val document = TypeDocument(CLUB)
        val listed = agency.trust.issuers().single().copy(types = listOf(document.vct()), requiresTypeMetadata = true)
        val bare = TrustList(NOW, listOf(listed))
        val trust = bare.withTypeDocuments(listOf(CLUB))
        assertEquals(listOf(CLUB), trust.typeDocuments())

        val name = document.typeName()
        assertEquals("urn:example:club:1", name.vct)
        assertEquals(document.integrity(), name.integrity)
        val copies = agency.issuer.copies(name, proofs(), agency.key)
        refused("type_document_missing") { wallet.receive(copies, bare, NOW, Language.ES_MX) }
        val credential = wallet.receive(copies, trust, NOW, Language.ES_MX).credential
        assertEquals("Carnet del club", credential.label)
        assertNull(credential.knownType)

        val challenge = ask(DcqlQuery.forClaims("club", listOf(document.vct()), listOf("age_equal_or_over.18")))
        val answer = wallet.sheet(challenge).approve(wallet, NOW)
        val shown = assertNotNull(challenge.verify(answer, trust, NOW).credential("club"))
        assertEquals("Carnet del club", shown.typeName(Language.ES_MX))
        assertEquals("Club card", shown.typeName(Language.EN))
        assertEquals("Mayoría de edad", shown.claims.single().label(Language.ES_MX))
        assertEquals("Of full age", shown.claims.single().label(Language.EN))
    }

    @Test
    fun `without a document there are no words`() {
        val (wallet, agency) = filled()
        val challenge = ask()
        val verdict = challenge.verify(wallet.sheet(challenge).approve(wallet, NOW), agency.trust, NOW)
        val shown = assertNotNull(verdict.credential("age"))
        assertNull(shown.typeName(Language.EN))
        assertNull(shown.claims.single().label(Language.ES_MX))
    }

    @Test
    fun `a draft that is not as its document says is not issued`() {
        val document = TypeDocument("""{"vct": "urn:example:club:1", "claims": [{"path": ["socio"], "mandatory": true}]}""")
        refused("type_claim_missing") { Agency().issuer.draft(record, document.typeName(), DAYS, NOW) }
    }

    @Test
    fun `an agency is known by its certificates`() {
        val key = SigningKey.fromJwk(vectors["issuer_jwk"].asString)
        val plain = Issuer("https://agencia.example", key.publicKey())
        val certified = plain.withCertificates(listOf(hex(vectors["issuer_certificate"].asString)))
        val name = TypeName(CredentialType.AGE.defaultVct())
        val anchor = hex(vectors["anchor_certificate"].asString)
        val entry = TrustedIssuer(
            plain.identifier(),
            "Agencia de Ejemplo",
            listOf(name.vct),
            certificates = CertificateTrust(listOf(anchor)),
        )
        // What is read from a list makes the same list.
        val trust = TrustList(NOW, TrustList.fromJson(TrustList(NOW, listOf(entry)).toJson()).issuers())
        assertContentEquals(anchor, trust.issuers().single().certificates?.anchors?.single())

        val proofs = proofs()
        refused("certificate") { wallet.receive(plain.copies(name, proofs, key), trust, NOW, Language.EN) }
        wallet.receive(certified.copies(name, proofs, key), trust, NOW, Language.EN)
        val challenge = ask()
        val verdict = challenge.verify(wallet.sheet(challenge).approve(wallet, NOW), trust, NOW)
        assertEquals(true, verdict.credential("age")?.value("age_equal_or_over.18")?.asBoolean)

        val both = entry.copy(keys = listOf(TrustedKey(key.publicKey())))
        refused("argument_malformed") { TrustList(NOW, listOf(both)) }
    }

    @Test
    fun `an agency is listed by the keys that it publishes`() {
        val agency = Agency()
        val issuer = agency.issuer.identifier()
        val key = agency.key.publicKey()
        assertEquals("$issuer/.well-known/jwt-vc-issuer", issuerMetadataUrl(issuer))
        val set = """{"keys": [${key.toJwk()}]}"""
        val document = """{"issuer": "$issuer", "jwks": $set}"""
        assertEquals(key.thumbprint(), IssuerMetadata.fromJson(document, issuer).keys().single().key.thumbprint())
        val elsewhere = IssuerMetadata.fromJson("""{"issuer": "$issuer", "jwks_uri": "$issuer/keys"}""", issuer)
        assertEquals("$issuer/keys", elsewhere.jwksUri())
        assertEquals(key.thumbprint(), elsewhere.keys(set).single().key.thumbprint())
        refused("argument_malformed") { elsewhere.keys() }
        refused("issuer_mismatch") { IssuerMetadata.fromJson(document, "https://otra.example") }
    }

    private companion object {
        val vectors: JsonObject by lazy {
            JsonParser.parseString(Path.of(System.getProperty("llavero.vectors"), "refusals.json").readText()).asJsonObject
        }

        const val CLUB = """{"vct": "urn:example:club:1",
 "display": [{"locale": "es", "name": "Carnet del club"}, {"locale": "en", "name": "Club card"}],
 "claims": [{"path": ["age_equal_or_over", "18"], "sd": "always", "display": [
   {"locale": "es", "label": "Mayoría de edad"}, {"locale": "en", "label": "Of full age"}]}]}"""
    }
}
