import Foundation
import Llavero

/// An agency that does not exist, inside the app, so that the sample needs no server. A real app sends the proofs to
/// the agency and gets the copies back, and loads the trust list from somebody it believes.
struct DemoAgency: Sendable {
  static let shared = Result { try DemoAgency() }

  let identifier = "https://agencia.example"
  private let key: SigningKey
  private let issuer: Issuer
  private let person: SyntheticPerson

  private init() throws {
    key = try SigningKey.generate(kind: .p256)
    issuer = try Issuer(identifier: identifier, key: key.publicKey())
    person = try SyntheticPerson(
      youngest: 25, oldest: 60, today: CalendarDate(of: Date(), in: .current))
  }

  func issue(
    _ type: CredentialType, proofs: [String], nonce: String, now: Date
  ) throws -> [String] {
    let draft = try issuer.draft(
      record: person.record(credentialType: type), name: TypeName(vct: type.defaultVct()),
      days: 30, now: now)
    return try issuer.prepare(draft: draft, proofs: proofs, nonce: nonce, now: now).sign(key: key)
  }

  func trust() throws -> TrustList {
    try TrustList(
      issuedAt: Date(),
      issuers: [
        TrustedIssuer(
          issuer: identifier, name: "Agencia de Ejemplo",
          types: [CredentialType.age, .curp, .ine].map { $0.defaultVct() },
          keys: [TrustedKey(key: key.publicKey())])
      ])
  }
}
