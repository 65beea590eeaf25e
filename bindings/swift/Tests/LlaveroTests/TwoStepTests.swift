import Foundation
import Llavero
import Testing

/// Key stores that know nothing of the library, in one step and in two.
@Suite struct KeyStoreTests {
  @Test(arguments: Form.allCases, [KeyKind.p256, .ed25519])
  func aForeignKeyStoreServesTheWholeStory(form: Form, kind: KeyKind) throws {
    let agency = try Agency()
    let keys = ForeignKeys(form)
    let store = DictionaryStore()
    let random = CountingRandom()
    let wallet = Wallet.withStore(store: store, keys: keys, random: random)
    try agency.issue(.age, to: wallet, of: adult(), count: 3, kind: kind)
    #expect(keys.count == 3)
    #expect(random.bytesGiven > 0)
    #expect(!store.tables.isEmpty)

    let question = try challenge(random: random)
    let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
    let verdict = try question.verify(answer: answer, trust: agency.trust(), now: now)
    #expect(verdict.credential("part")?.value("age_equal_or_over.18")?.boolean == true)
    // The key of a spent copy goes with it.
    #expect(keys.count == 2)

    let id = try wallet.credentials(language: .en)[0].id
    try wallet.remove(id: id)
    #expect(keys.count == 0)
  }

  @Test(arguments: Form.allCases, [KeyKind.p256, .ed25519])
  func signaturesMayComeInASecondStep(form: Form, kind: KeyKind) throws {
    let agency = try Agency()
    let keys = ForeignKeys(form)
    let wallet = Wallet.inMemory(keys: keys)
    let nonce = try newNonce()
    let pending = try wallet.beginUnsigned(
      issuer: agency.identifier, nonce: nonce, count: 2, kind: kind, now: now)
    let toSign = try pending.toSign()
    #expect(toSign.count == 2)
    #expect(try toSign.allSatisfy { try PublicKey.fromJwk(text: $0.publicKey).thumbprint() != "" })
    refusal("signature_count", .usage) { try pending.finish(signatures: []) }
    refusal("key_format", .device) { try pending.finish(signatures: [Data(), Data([1, 2])]) }
    let proofs = try pending.finish(signatures: keys.sign(toSign))
    refusal("already_used", .usage) { try pending.toSign() }
    refusal("already_used", .usage) { try pending.finish(signatures: []) }

    let batch = try agency.prepare(
      adult().record(credentialType: .age), proofs: proofs, nonce: nonce)
    _ = try wallet.receive(
      copies: batch.sign(key: agency.key), trust: agency.trust(), now: now, language: .en)

    let question = try challenge()
    let sheet = try wallet.sheet(for: question)
    let answer = try sheet.approveUnsigned(wallet: wallet, now: now)
    #expect(try wallet.credentials(language: .en).map(\.copiesLeft) == [1])
    let asked = try answer.toSign()
    #expect(asked.count == 1)
    refusal("signature_count", .usage) { try answer.finish(signatures: []) }
    let signatures = try keys.sign(asked)
    let text = try answer.finish(signatures: signatures)
    refusal("already_used", .usage) { try answer.toSign() }
    refusal("already_used", .usage) { try answer.finish(signatures: signatures) }
    let verdict = try question.verify(answer: text, trust: agency.trust(), now: now)
    #expect(verdict.credentials.count == 1)
    // The key of the copy goes when the answer is finished.
    #expect(keys.count == 1)
  }

  @Test func purgingClearsUpAfterAnAnswerThatNeverCame() throws {
    let agency = try Agency()
    let keys = ForeignKeys()
    let wallet = Wallet.inMemory(keys: keys)
    try agency.issue(.age, to: wallet, of: adult(), count: 2)
    let pending = try wallet.sheet(for: challenge()).approveUnsigned(wallet: wallet, now: now)
    let asked = try pending.toSign()
    #expect(keys.count == 2)
    #expect(try wallet.purge(now: now).spentKeys == 1)
    #expect(keys.count == 1)
    #expect(throws: HolderKeysError.Unavailable) { try keys.sign(asked) }
    try wallet.expectWhole(copies: [1])
  }

  @Test func aSignatureByAnotherKeyIsRefused() throws {
    let agency = try Agency()
    let keys = ForeignKeys()
    let wallet = Wallet.inMemory(keys: keys)
    let pending = try wallet.beginUnsigned(
      issuer: agency.identifier, nonce: "nonce", count: 2, kind: .p256, now: now)
    let signatures = try keys.sign(pending.toSign())
    refusal("signature", .refused) { try pending.finish(signatures: signatures.reversed()) }
    refusal("already_used", .usage) { try pending.finish(signatures: signatures) }
  }

  @Test(arguments: Form.allCases)
  func anAgencysSignaturesMayComeFromElsewhere(form: Form) throws {
    // A key of OpenSSL or CryptoKit in the place of an HSM.
    let hsm = try PrivateKey(.p256)
    let publicKey = try PublicKey.fromDevice(kind: .p256, bytes: hsm.publicKey(form))
    let issuer = try Issuer(identifier: "https://agencia.example", key: publicKey)
    let trust = try TrustList(
      issuedAt: now,
      issuers: [
        TrustedIssuer(
          issuer: issuer.identifier(), name: "Agencia", types: [CredentialType.ine.defaultVct()],
          keys: [TrustedKey(key: issuer.key())])
      ])
    let wallet = Wallet.inMemory(keys: nil)
    let nonce = try newNonce()
    let proofs = try wallet.begin(
      issuer: issuer.identifier(), nonce: nonce, count: 3, kind: .p256, now: now)
    let record = try adult().record(credentialType: .ine)
    let draft = try issuer.draft(
      record: record, name: TypeName(vct: CredentialType.ine.defaultVct()), days: 10, now: now)
    let batch = try issuer.prepare(draft: draft, proofs: proofs, nonce: nonce, now: now)
    let inputs = try batch.signingInputs()
    #expect(inputs.count == 3)
    let signatures = try inputs.map { try hsm.sign($0, form) }
    refusal("key_format", .device) { try batch.attach(signatures: [Data([0])]) }
    let copies = try batch.attach(signatures: signatures)
    refusal("already_used", .usage) { try batch.attach(signatures: signatures) }
    refusal("already_used", .usage) { try batch.signingInputs() }
    let receipt = try wallet.receive(copies: copies, trust: trust, now: now, language: .en)
    #expect(receipt.credential.copiesLeft == 3)
  }

  @Test func keysCrossAsTheyAre() throws {
    let key = try SigningKey.generate(kind: .ed25519)
    let again = try SigningKey.fromJwk(text: key.toPrivateJwk())
    #expect(again.publicKey().thumbprint() == key.publicKey().thumbprint())
    #expect(try key.sign(message: Data("hola".utf8)).count == 64)
    let foreign = try PrivateKey(.p256)
    let point = try PublicKey.fromDevice(kind: .p256, bytes: foreign.publicKey(.pointAndRaw))
    let spki = try PublicKey.fromDevice(kind: .p256, bytes: foreign.publicKey(.spkiAndDer))
    #expect(point.toJwk() == spki.toJwk())
    #expect(!point.toJwk().contains(#""d""#))
  }
}
