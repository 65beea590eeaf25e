import Foundation
import Llavero
import Testing

/// The time of every test that does not say otherwise.
let now = Date(timeIntervalSince1970: 1_790_000_000)
let today = CalendarDate(of: now, in: .gmt)

extension TimeZone {
  static let gmt = TimeZone(secondsFromGMT: 0)!
}

/// An agency that does not exist, which issues to people who do not exist.
struct Agency {
  var identifier = "https://agencia.example"
  let key: SigningKey
  let issuer: Issuer

  init() throws {
    key = try SigningKey.generate(kind: .p256)
    issuer = try Issuer(identifier: identifier, key: key.publicKey())
  }

  func trust(at time: Date = now) throws -> TrustList {
    let types = [CredentialType.age, .curp, .ine].map { $0.defaultVct() }
    return try TrustList(
      issuedAt: time,
      issuers: [
        TrustedIssuer(
          issuer: identifier, name: "Agencia de Ejemplo", types: types,
          keys: [TrustedKey(key: key.publicKey())])
      ])
  }

  /// A batch that waits for signatures, one copy for each proof.
  func prepare(
    _ record: Record, proofs: [String], nonce: String, days: UInt16 = 30, at time: Date = now,
    random: Random? = nil
  ) throws -> UnsignedBatch {
    let name = TypeName(vct: try #require(record.credentialType()).defaultVct())
    let draft = try issuer.draft(record: record, name: name, days: days, now: time)
    return try issuer.prepare(draft: draft, proofs: proofs, nonce: nonce, now: time, random: random)
  }

  /// The whole of an issuance in one step.
  @discardableResult
  func issue(
    _ type: CredentialType, to wallet: Wallet, of person: SyntheticPerson, count: UInt32 = 2,
    kind: KeyKind = .p256, at time: Date = now, language: Language = .esMx
  ) throws -> Receipt {
    let nonce = try newNonce()
    let proofs = try wallet.begin(
      issuer: identifier, nonce: nonce, count: count, kind: kind, now: time)
    let batch = try prepare(
      person.record(credentialType: type), proofs: proofs, nonce: nonce, at: time)
    return try wallet.receive(
      copies: batch.sign(key: key), trust: trust(at: time), now: time, language: language)
  }
}

let bar = Asker(clientId: "https://bar.example", clientName: "Bar La Esquina")
let bank = Asker(clientId: "https://banco.example", clientName: "Banco de Ejemplo")

func adult() throws -> SyntheticPerson {
  try SyntheticPerson(youngest: 25, oldest: 60, today: today)
}

/// A question for some claims of one credential; its part is called like the type.
func challenge(
  _ asker: Asker = bar, _ type: CredentialType = .age, _ paths: [String] = ["age_equal_or_over.18"],
  at time: Date = now, random: Random? = nil
) throws -> Challenge {
  let query = try DcqlQuery.forClaims(
    id: "part", vctValues: [type.defaultVct()], paths: paths)
  return try Challenge(
    asker: asker, purpose: "Vender una bebida", query: query, lifetimeSecs: 300, now: time,
    random: random)
}

extension Wallet {
  /// The sheet for a question, with the choices as they come.
  func sheet(
    for challenge: Challenge, at time: Date = now, language: Language = .esMx
  ) throws -> ConsentSheet {
    try consider(request: challenge.request(), now: time, language: language).sheet()
  }

  /// What everything that failed must have left behind: the credentials, and a next step that works.
  func expectWhole(
    copies: [UInt32], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let left = try credentials(language: .en).map(\.copiesLeft)
    #expect(left == copies, sourceLocation: sourceLocation)
    _ = try purge(now: now)
    _ = try history()
  }
}

/// Who can do something about an error.
enum Kind: String {
  case device = "Device"
  case record = "Record"
  case refused = "Refused"
  case unmet = "Unmet"
  case usage = "Usage"

  init(_ error: LlaveroError) {
    switch error {
    case .Device: self = .device
    case .Record: self = .record
    case .Refused: self = .refused
    case .Unmet: self = .unmet
    case .Usage: self = .usage
    }
  }
}

/// The error that a step gives; a step that gives none, or one of another type, is a failure of the test.
@discardableResult
func refusal<T>(
  _ code: String, _ kind: Kind, sourceLocation: SourceLocation = #_sourceLocation,
  of step: () throws -> T
) -> LlaveroError? {
  do {
    _ = try step()
    Issue.record("expected \(code), but nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as LlaveroError {
    #expect(error.code() == code, sourceLocation: sourceLocation)
    #expect(Kind(error) == kind, "\(code)", sourceLocation: sourceLocation)
    #expect(error.reason.code == code, sourceLocation: sourceLocation)
    #expect(!error.text(language: .esMx).isEmpty, sourceLocation: sourceLocation)
    #expect(!error.text(language: .en).isEmpty, sourceLocation: sourceLocation)
    return error
  } catch {
    Issue.record(error, "expected \(code)", sourceLocation: sourceLocation)
  }
  return nil
}

/// A value that several threads change.
final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) {
    self.value = value
  }

  func with<T>(_ change: (inout Value) throws -> T) rethrows -> T {
    lock.lock()
    defer { lock.unlock() }
    return try change(&value)
  }

  var current: Value { with { $0 } }
}

/// Runs `step` on so many threads of its own at once, and waits for all of them.
func onThreads(_ count: Int, _ step: @escaping @Sendable (Int) -> Void) {
  let group = DispatchGroup()
  for index in 0..<count {
    group.enter()
    Thread.detachNewThread {
      step(index)
      group.leave()
    }
  }
  #expect(group.wait(timeout: .now() + 120) == .success, "threads wait for each other")
}

/// A folder that is gone when the test is over.
func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("llavero-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// An object in JSON text.
func object(_ text: String) throws -> [String: Any] {
  try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

/// The only presentation of an answer, and the answer with another one in its place.
func presentation(of answer: String) throws -> String {
  let token = try #require(object(answer)["vp_token"] as? [String: [String]])
  return try #require(token["part"]?.first)
}

func answer(with presentation: String) throws -> String {
  let answer = ["vp_token": ["part": [presentation]]]
  return String(decoding: try JSONSerialization.data(withJSONObject: answer), as: UTF8.self)
}
