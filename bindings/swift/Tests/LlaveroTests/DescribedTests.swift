import Foundation
import Llavero
import Testing

/// Issuers by certificates, and types that a trust list describes.
@Suite struct DescribedTests {
  private let wallet = Wallet.inMemory(keys: nil)
  private let nonce = "a-nonce-of-the-agency"

  private func proofs() throws -> [String] {
    try wallet.begin(
      issuer: "https://agencia.example", nonce: nonce, count: 1, kind: .p256, now: now)
  }

  private func copies(
    of issuer: Issuer, _ name: TypeName, _ proofs: [String], signedWith key: SigningKey
  ) throws -> [String] {
    let draft = try issuer.draft(
      record: adult().record(credentialType: .age), name: name, days: 30, now: now)
    return try issuer.prepare(draft: draft, proofs: proofs, nonce: nonce, now: now).sign(key: key)
  }

  private static let club = """
    {"vct": "urn:example:club:1",
     "display": [{"locale": "es", "name": "Carnet del club"}, {"locale": "en", "name": "Club card"}],
     "claims": [{"path": ["age_equal_or_over", "18"], "sd": "always", "display": [
       {"locale": "es", "label": "Mayoría de edad"}, {"locale": "en", "label": "Of full age"}]}]}
    """

  @Test func anUnknownTypeIsCalledByTheLabelsOfItsDocument() throws {
    let agency = try Agency()
    let document = try TypeDocument(text: Self.club)
    let entry = TrustedIssuer(
      issuer: agency.identifier, name: "Agencia de Ejemplo", types: [document.vct()],
      keys: [TrustedKey(key: agency.key.publicKey())], requiresTypeMetadata: true)
    let bare = try TrustList(issuedAt: now, issuers: [entry])
    let trust = try bare.withTypeDocuments(documents: [Self.club])
    #expect(trust.typeDocuments() == [Self.club])

    let name = document.typeName()
    #expect(name.vct == "urn:example:club:1")
    #expect(name.integrity == document.integrity())
    let batch = try copies(of: agency.issuer, name, proofs(), signedWith: agency.key)
    refusal("type_document_missing", .refused) {
      try wallet.receive(copies: batch, trust: bare, now: now, language: .esMx)
    }
    let receipt = try wallet.receive(copies: batch, trust: trust, now: now, language: .esMx)
    #expect(receipt.credential.label == "Carnet del club")
    #expect(receipt.credential.knownType == nil)

    let query = try DcqlQuery.forClaims(
      id: "part", vctValues: [document.vct()], paths: ["age_equal_or_over.18"])
    let question = try Challenge(
      asker: bar, purpose: "Entrar", query: query, lifetimeSecs: 300, now: now)
    let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
    let verdict = try question.verify(answer: answer, trust: trust, now: now)
    let shown = try #require(verdict.credential("part"))
    #expect(shown.typeName(.esMx) == "Carnet del club")
    #expect(shown.typeName(.en) == "Club card")
    #expect(shown.claims.map { $0.label(.esMx) } == ["Mayoría de edad"])
    #expect(shown.claims.map { $0.label(.en) } == ["Of full age"])
  }

  @Test func withoutADocumentThereAreNoWords() throws {
    let agency = try Agency()
    try agency.issue(.age, to: wallet, of: adult())
    let question = try challenge()
    let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
    let verdict = try question.verify(answer: answer, trust: agency.trust(), now: now)
    let shown = try #require(verdict.credential("part"))
    #expect(shown.typeName(.en) == nil)
    #expect(shown.claims.map { $0.label(.esMx) } == [nil])
  }

  @Test func aDraftThatIsNotAsItsDocumentSaysIsNotIssued() throws {
    let agency = try Agency()
    let document = try TypeDocument(
      text: #"{"vct": "urn:example:club:1", "claims": [{"path": ["socio"], "mandatory": true}]}"#)
    refusal("type_claim_missing", .record) {
      try copies(of: agency.issuer, document.typeName(), proofs(), signedWith: agency.key)
    }
  }

  @Test func anAgencyIsKnownByItsCertificates() throws {
    let vectors = try Refusals.table.get()
    let key = try SigningKey.fromJwk(text: vectors.issuerJwk)
    let plain = try Issuer(identifier: "https://agencia.example", key: key.publicKey())
    let certified = try plain.withCertificates(
      certificates: [Refusals.Input.bytes(vectors.issuerCertificate)])
    let name = TypeName(vct: CredentialType.age.defaultVct())
    let anchor = try Refusals.Input.bytes(vectors.anchorCertificate)
    let entry = TrustedIssuer(
      issuer: plain.identifier(), name: "Agencia de Ejemplo", types: [name.vct],
      certificates: CertificateTrust(anchors: [anchor]))
    // What is read from a list makes the same list.
    let made = try TrustList(issuedAt: now, issuers: [entry])
    let trust = try TrustList(
      issuedAt: now, issuers: TrustList.fromJson(text: made.toJson()).issuers())
    #expect(trust.issuers().map(\.certificates) == [CertificateTrust(anchors: [anchor])])

    let offered = try proofs()
    let uncertified = try copies(of: plain, name, offered, signedWith: key)
    refusal("certificate", .refused) {
      try wallet.receive(copies: uncertified, trust: trust, now: now, language: .en)
    }
    let batch = try copies(of: certified, name, offered, signedWith: key)
    _ = try wallet.receive(copies: batch, trust: trust, now: now, language: .en)
    let question = try challenge()
    let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
    let verdict = try question.verify(answer: answer, trust: trust, now: now)
    #expect(verdict.credential("part")?.value("age_equal_or_over.18")?.boolean == true)

    let both = TrustedIssuer(
      issuer: entry.issuer, name: entry.name, types: entry.types,
      keys: [TrustedKey(key: key.publicKey())], certificates: entry.certificates)
    refusal("argument_malformed", .usage) { try TrustList(issuedAt: now, issuers: [both]) }
  }

  @Test func anAgencyIsListedByTheKeysThatItPublishes() throws {
    let agency = try Agency()
    let issuer = agency.identifier
    let key = agency.key.publicKey()
    #expect(try issuerMetadataUrl(issuer: issuer) == "\(issuer)/.well-known/jwt-vc-issuer")
    let set = "{\"keys\": [\(key.toJwk())]}"
    let document = "{\"issuer\": \"\(issuer)\", \"jwks\": \(set)}"
    let inside = try IssuerMetadata.fromJson(text: document, issuer: issuer).keys()
    #expect(inside.map { $0.key.thumbprint() } == [key.thumbprint()])
    let elsewhere = try IssuerMetadata.fromJson(
      text: "{\"issuer\": \"\(issuer)\", \"jwks_uri\": \"\(issuer)/keys\"}", issuer: issuer)
    #expect(elsewhere.jwksUri() == "\(issuer)/keys")
    #expect(try elsewhere.keys(jwkSet: set).map { $0.key.thumbprint() } == [key.thumbprint()])
    refusal("argument_malformed", .usage) { try elsewhere.keys() }
    refusal("issuer_mismatch", .refused) {
      try IssuerMetadata.fromJson(text: document, issuer: "https://otra.example")
    }
  }
}
