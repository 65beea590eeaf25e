package org.llavero

import org.junit.jupiter.api.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What happens between an agency, a person and those who ask. */
internal class StoryTest {
    private val agency = Agency()
    private val person = adult()
    private val wallet = Wallet.inMemory(null)

    private fun fillAll() = CredentialType.entries.forEach { agency.fill(wallet, person.record(it)) }

    @Test
    fun `an agency issues all three credentials in copies`() {
        fillAll()
        val credentials = wallet.credentials(Language.ES_MX)
        assertEquals(CredentialType.entries.toSet(), credentials.map { it.knownType }.toSet())
        for (credential in credentials) {
            assertEquals(COPIES, credential.copiesLeft)
            assertEquals(COPIES, credential.copiesReceived)
            assertEquals("https://agencia.example", credential.issuer)
            assertEquals("Agencia de Ejemplo", credential.issuerName)
            assertEquals(NOW, credential.receivedAt)
            // Whole days: from the midnight before to the one thirty days later.
            assertEquals(NOW.truncatedTo(java.time.temporal.ChronoUnit.DAYS) + 30, credential.expires)
        }
        val curp = credentials.single { it.knownType == CredentialType.CURP }
        val shown = wallet.show(curp.id, Language.ES_MX).associateBy { it.path }
        assertEquals(person.curp(), shown.getValue("curp").value.asText)
    }

    @Test
    fun `a bar asks for the age and learns nothing else`() {
        fillAll()
        val challenge = ask()
        val sheet = wallet.sheet(challenge, Language.ES_MX)
        val contents = sheet.contents()
        assertEquals("https://bar.example", contents.clientId)
        assertEquals("Bar La Esquina", contents.unverifiedClientName)
        assertEquals("Vender una bebida alcohólica", contents.unverifiedPurpose)
        val shown = contents.credentials.single()
        assertEquals(CredentialType.AGE, shown.credential.knownType)
        assertEquals(listOf("age_equal_or_over.18"), shown.revealed.map { it.path })
        assertEquals(true, shown.revealed.single().value.asBoolean)
        assertTrue(shown.alwaysVisible.isNotEmpty())
        assertContains(contents.warnings.map { it.code }, "requester_unverified")
        assertTrue(contents.notProtected.isNotEmpty())

        val verdict = challenge.verify(sheet.approve(wallet, NOW), agency.trust, NOW)
        assertEquals(NOW, verdict.checkedAt)
        assertEquals(NOW, verdict.trustIssuedAt)
        val credential = assertNotNull(verdict.credential("age"))
        assertEquals(listOf("age_equal_or_over.18"), credential.claims.map { it.path })
        assertEquals(true, credential.value("age_equal_or_over.18")?.asBoolean)
        assertEquals(Revocation.NOT_PROVIDED, credential.revocation)
        assertNotNull(credential.boundAt)
        assertNull(credential.value("curp"))
        assertNull(verdict.credential("other"))
    }

    @Test
    fun `the sheet is in the language of the person`() {
        fillAll()
        val request = ask().request()
        val spanish = wallet.consider(request, NOW, Language.ES_MX).sheet().contents()
        val english = wallet.consider(request, NOW, Language.EN).sheet().contents()
        assertEquals(spanish.warnings.map { it.code }, english.warnings.map { it.code })
        assertNotEquals(spanish.warnings.map { it.text }, english.warnings.map { it.text })
        assertNotEquals(spanish.notProtected.map { it.text }, english.notProtected.map { it.text })
        val label = { sheet: SheetContents -> sheet.credentials.single().revealed.single().label }
        assertNotEquals(label(spanish), label(english))
    }

    @Test
    fun `asking for a CURP warns of what it implies and of what would do`() {
        fillAll()
        val vct = CredentialType.CURP.defaultVct()
        val curp = ask(DcqlQuery.forClaims("curp", listOf(vct), listOf("curp")), BANK)
        val contents = wallet.sheet(curp).contents()
        val shown = contents.credentials.single()
        assertEquals(person.curp(), shown.revealed.single().value.asText)
        assertTrue(shown.implied.any { it.id == "birthdate" }, shown.implied.toString())
        assertContains(contents.warnings.map { it.code }, "high_linkage")

        val birthdate = ask(DcqlQuery.forClaims("curp", listOf(vct), listOf("birthdate")), BANK)
        val warning = wallet.sheet(birthdate).contents().warnings.single { it.code == "smaller_proof" }
        val suggestion = assertNotNull(warning.suggestion)
        assertEquals(CredentialType.AGE, suggestion.credentialType)
        assertEquals(listOf("age_equal_or_over.18"), suggestion.claims)
        assertEquals(suggestion, smallerProof(CredentialType.CURP, listOf("birthdate"), Language.EN))
    }

    @Test
    fun `a person chooses among the credentials that fit`() {
        agency.fill(wallet, person.record(CredentialType.AGE))
        agency.fill(wallet, person.record(CredentialType.AGE), copies = 2u)
        val challenge = ask()
        val choices = wallet.consider(challenge.request(), NOW, Language.EN)
        val query = choices.queries().single()
        assertEquals("age", query.id)
        assertEquals(2, query.options.size)
        val other = query.options[1 - assertNotNull(query.chosen).toInt()].credential.id
        choices.choose("age", other)
        assertEquals(other, choices.queries().single().run { options[chosen!!.toInt()].credential.id })
        assertEquals(emptyList(), choices.credentialSets())
        val sheet = choices.sheet()
        assertEquals(other, sheet.contents().credentials.single().credential.id)
        sheet.approve(wallet, NOW)
        val left = wallet.credentials(Language.EN).single { it.id == other }
        assertEquals(left.copiesReceived - 1u, left.copiesLeft)
    }

    @Test
    fun `a person declines and nothing is spent`() {
        fillAll()
        val before = wallet.left()
        assertEquals(refusal(), wallet.sheet(ask()).decline())
        assertEquals(before, wallet.left())
        assertEquals(emptyList(), wallet.history())
    }

    @Test
    fun `an answer counts once, for one asker, while it is fresh`() {
        fillAll()
        val challenge = ask()
        val kept = challenge.toJson()
        val answer = wallet.sheet(challenge).approve(wallet, NOW)
        challenge.verify(answer, agency.trust, NOW)
        refused("already_used") { challenge.verify(answer, agency.trust, NOW) }
        // The same question from its kept form would be answered again; another question is not.
        Challenge.fromJson(kept).verify(answer, agency.trust, NOW)
        val error = refused("nonce_mismatch") { ask().verify(answer, agency.trust, NOW) }
        assertEquals("age", error.query)
        assertEquals(0u, error.index)
        refused("audience_mismatch") {
            Challenge.fromJson(kept.replace("bar.example", "otro.example")).verify(answer, agency.trust, NOW)
        }
        refused("challenge_closed") { Challenge.fromJson(kept).verify(answer, agency.trust, NOW + 1) }
    }

    @Test
    fun `a stranger in the agency's name is not believed`() {
        fillAll()
        val challenge = ask()
        val answer = wallet.sheet(challenge).approve(wallet, NOW)
        refused("untrusted") { challenge.verify(answer, Agency().trust, NOW) }
    }

    @Test
    fun `copies run out and the wallet says so`() {
        agency.fill(wallet, person.record(CredentialType.AGE), copies = 2u)
        wallet.sheet(ask()).approve(wallet, NOW)
        val last = wallet.sheet(ask())
        assertContains(last.contents().warnings.map { it.code }, "last_copy")
        last.approve(wallet, NOW)
        assertEquals(listOf(0u), wallet.left())
        val error = refused("no_copies_left") { wallet.consider(ask().request(), NOW, Language.EN) }
        assertTrue(error is LlaveroException.Unmet)
        assertNotEquals(error.text(Language.ES_MX), error.text(Language.EN))
        refused("no_copies_left") { wallet.show(wallet.credentials(Language.EN).single().id, Language.EN) }
    }

    @Test
    fun `the history says what was shown to whom, until it is forgotten`() {
        fillAll()
        wallet.sheet(ask()).approve(wallet, NOW)
        val entry = wallet.history().single()
        assertEquals(NOW, entry.at)
        assertEquals("https://bar.example", entry.clientId)
        assertEquals("Bar La Esquina", entry.unverifiedClientName)
        assertEquals(listOf("age_equal_or_over.18"), entry.shown.single().claims)
        wallet.forgetHistory()
        assertEquals(emptyList(), wallet.history())
    }

    @Test
    fun `credentials can be removed, and expire`() {
        fillAll()
        wallet.remove(wallet.credentials(Language.EN).single { it.knownType == CredentialType.AGE }.id)
        assertEquals(2, wallet.credentials(Language.EN).size)
        refused("credential_expired") {
            val query = DcqlQuery.forClaims("curp", listOf(CredentialType.CURP.defaultVct()), listOf("curp"))
            wallet.consider(ask(query, now = NOW + 31).request(), NOW + 31, Language.EN)
        }
        assertEquals(2u, wallet.purge(NOW + 31).credentials)
        assertEquals(emptyList(), wallet.credentials(Language.EN))
    }

    @Test
    fun `an agency may sign elsewhere, an HSM say`() {
        val hsm = JdkKeys(JdkKeys.Form.DER)
        val (handle, publicKey) = hsm.create(KeyKind.P256, 1u).single()
        val issuer = Issuer("https://agencia.example", PublicKey.fromDevice(KeyKind.P256, publicKey))
        val trust = TrustList(
            NOW,
            listOf(
                TrustedIssuer(
                    issuer.identifier(),
                    "Agencia de Ejemplo",
                    listOf(CredentialType.AGE.defaultVct()),
                    listOf(TrustedKey(issuer.key(), notBefore = NOW, notAfter = NOW + 365)),
                ),
            ),
        )
        val nonce = newNonce()
        val proofs = wallet.begin(issuer.identifier(), nonce, COPIES, KeyKind.ED25519, NOW)
        val name = TypeName(CredentialType.AGE.defaultVct())
        val draft = issuer.draft(person.record(CredentialType.AGE), name, DAYS, NOW)
        val batch = issuer.prepare(draft, proofs, nonce, NOW)
        val inputs = batch.signingInputs()
        assertEquals(COPIES.toInt(), inputs.size)
        // Something that is no signature at all may be corrected; the batch waits.
        refused("key_format") { batch.attach(inputs.map { ByteArray(3) }) }
        val copies = batch.attach(inputs.map { hsm.sign(handle, it) })
        val receipt = wallet.receive(copies, trust, NOW, Language.EN)
        assertEquals(COPIES, receipt.credential.copiesLeft)
        assertEquals(emptyList(), receipt.warnings)
    }

    @Test
    fun `lists, requests and queries survive being written and read`() {
        assertEquals(agency.trust.toJson(), TrustList.fromJson(agency.trust.toJson()).toJson())
        assertEquals(agency.key.publicKey().thumbprint(), agency.trust.issuers().single().keys.single().key.thumbprint())
        assertEquals(NOW, agency.trust.issuedAt())
        assertEquals(over18().toJson(), DcqlQuery.fromJson(over18().toJson()).toJson())
        val key = SigningKey.fromJwk(agency.key.toPrivateJwk())
        assertEquals(agency.key.publicKey().toJwk(), key.publicKey().toJwk())
        assertContains(inspect(ask().request()), "bar.example")
    }

    @Test
    fun `identifiers are read and taken apart`() {
        val curp = Curp.parse(person.curp(), TODAY, Differentiator.A_TO_J)
        assertEquals(person.curp(), curp.expose())
        assertEquals(curp.birthdate(), curp.birthdate().toLocalDate().toCalendarDate())
        assertEquals(person.curp().substring(11, 13), curp.entidad().curpCode)
        assertEquals(person.rfc(), Rfc.parse(person.rfc()).expose())
        val mrz = IneMrz.parse(assertNotNull(person.mrz()), TODAY)
        assertEquals(curp.birthdate(), mrz.birthdate())
        assertEquals(9, mrz.cic().length)
        assertEquals(emptyList(), curpFaults(person.curp(), TODAY, Differentiator.A_TO_J))
        assertTrue(curpFaults("NO", TODAY, Differentiator.A_TO_J).isNotEmpty())
        for (type in CredentialType.entries) {
            assertEquals("https://agencia.example/vct", type.vctUnder("https://agencia.example/vct").substring(0, 27))
            assertNotEquals("", type.label(Language.ES_MX))
            assertTrue(type.claims(Language.EN).isNotEmpty())
        }
    }
}
