import Foundation
import Llavero

/// An agency that does not exist. A real one keeps its key in an HSM and signs with `signingInputs` and `attach`.
struct Agency {
  let issuer: Issuer
  private let key: SigningKey

  init(identifier: String) throws {
    key = try SigningKey.generate(kind: .p256)
    issuer = try Issuer(identifier: identifier, key: key.publicKey())
  }

  /// What wallets and verifiers load while they have a network.
  func trust(at now: Date) throws -> TrustList {
    let types = [CredentialType.age, .curp, .ine].map { $0.defaultVct() }
    return try TrustList(
      issuedAt: now,
      issuers: [
        TrustedIssuer(
          issuer: issuer.identifier(), name: "Agencia de Ejemplo", types: types,
          keys: [TrustedKey(key: issuer.key())])
      ])
  }

  /// One copy for each key of which the wallet proves possession.
  func issue(
    _ type: CredentialType, of person: SyntheticPerson, to wallet: Wallet, copies: UInt32,
    trust: TrustList, now: Date, language: Language
  ) throws -> Receipt {
    let nonce = try newNonce()
    let proofs = try wallet.begin(
      issuer: issuer.identifier(), nonce: nonce, count: copies, kind: .p256, now: now)
    let draft = try issuer.draft(
      record: person.record(credentialType: type), name: TypeName(vct: type.defaultVct()),
      days: 30, now: now)
    let batch = try issuer.prepare(draft: draft, proofs: proofs, nonce: nonce, now: now)
    return try wallet.receive(
      copies: batch.sign(key: key), trust: trust, now: now, language: language)
  }
}
