import Foundation
import Llavero
import Testing

/// The table of refusals that all languages share: every code, with a call that leads to it.
struct Refusals: Decodable {
  let now: Int64
  let codes: [String]
  let native: [String]
  let unreachable: [String: String]
  let issuerJwk: String
  let issuerCertificate: String
  let anchorCertificate: String
  let cases: [Case]

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    let error: String
    let call: String
    let input: Input

    var testDescription: String { name }
  }

  struct Input: Decodable, Sendable {
    struct Row: Decodable, Sendable {
      let table: String
      let key: String
      let value: String?
    }

    let answer: String?
    let approveNow: Int64?
    let challenge: String?
    let clientId: String?
    let clientName: String?
    let copies: [String]?
    let count: UInt32?
    let credential: String?
    let credentialType: String?
    let day: Int8?
    let days: UInt16?
    let documents: [String]?
    let drop: [Row]?
    let hex: String?
    let id: String?
    let identifier: String?
    let integrity: String?
    let issuer: String?
    let kind: String?
    let lifetimeSecs: UInt32?
    let lines: [String]?
    let month: Int8?
    let nonce: String?
    let now: Int64?
    let option: UInt32?
    let paths: [String]?
    let proofs: [String]?
    let purpose: String?
    let query: String?
    let request: String?
    let set: UInt32?
    let signatures: [String]?
    let signingJwk: String?
    let store: [Row]?
    let text: String?
    let trust: String?
    let vct: String?
    let vctValues: [String]?
    let year: Int16?
  }

  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../vectors/refusals.json").standardized

  /// Without the table there is nothing to test, and that is a failure.
  static let table: Result<Refusals, any Error> = Result {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: path))
    return try decoder.decode(
      Refusals.self, from: JSONSerialization.data(withJSONObject: spellOut(json)))
  }

  /// Writes out the texts that stand as `{"repeat": "text", "times": n}`.
  private static func spellOut(_ json: Any) -> Any {
    switch json {
    case let list as [Any]:
      return list.map(spellOut)
    case let object as [String: Any]:
      if let text = object["repeat"] as? String, let times = object["times"] as? Int {
        return String(repeating: text, count: times)
      }
      return object.mapValues(spellOut)
    default:
      return json
    }
  }
}

extension Refusals.Input {
  private func date(_ seconds: Int64?) throws -> Date {
    Date(timeIntervalSince1970: TimeInterval(try #require(seconds)))
  }

  private var time: Date { get throws { try date(now) } }

  private var calendarDate: CalendarDate {
    get throws {
      CalendarDate(year: try #require(year), month: try #require(month), day: try #require(day))
    }
  }

  private var type: CredentialType {
    get throws {
      switch credentialType {
      case "Age": .age
      case "Curp": .curp
      case "Ine": .ine
      default: throw Unreadable.credentialType(credentialType)
      }
    }
  }

  private var keyKind: KeyKind {
    get throws {
      switch kind {
      case "P256": .p256
      case "Ed25519": .ed25519
      default: throw Unreadable.kind(kind)
      }
    }
  }

  private enum Unreadable: Error {
    case call(String)
    case credentialType(String?)
    case hex(String)
    case kind(String?)
  }

  static func bytes(_ hex: String) throws -> Data {
    let digits = Array(hex)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    guard bytes.count * 2 == digits.count else { throw Unreadable.hex(hex) }
    return Data(bytes)
  }

  private var signed: [Data] {
    get throws { try #require(signatures).map(Self.bytes) }
  }

  private func record() throws -> Record {
    try Record.fromJson(credentialType: type, text: #require(text), now: time)
  }

  private func draft(_ issuer: Issuer) throws -> Draft {
    let document = try documents.map {
      try TypeDocument(text: #require($0.first), extended: Array($0.dropFirst()))
    }
    return try issuer.draft(
      record: record(),
      name: TypeName(vct: #require(vct), integrity: integrity, document: document),
      days: #require(days), now: time)
  }

  private func prepare(_ issuer: Issuer) throws -> UnsignedBatch {
    try issuer.prepare(
      draft: draft(issuer), proofs: #require(proofs), nonce: #require(nonce), now: time)
  }

  private func filled() throws -> DictionaryStore {
    DictionaryStore(
      try #require(store).map {
        ($0.table, $0.key, Data((try #require($0.value)).utf8))
      })
  }

  private func consider(_ wallet: Wallet) throws -> Choices {
    try wallet.consider(request: #require(request), now: time, language: .en)
  }

  private func begin(_ wallet: Wallet) throws -> PendingEnrolment {
    try wallet.beginUnsigned(
      issuer: #require(issuer), nonce: #require(nonce), count: #require(count), kind: keyKind,
      now: time)
  }

  /// Makes the call. What the table gives wrongly is an error of another type than what the call may give.
  func make(_ call: String, issuerJwk: String) throws {
    func agency() throws -> Issuer {
      try Issuer(
        identifier: "https://agencia.example",
        key: SigningKey.fromJwk(text: issuerJwk).publicKey())
    }
    switch call {
    case "curp":
      _ = try Curp.parse(text: #require(text), today: calendarDate, differentiator: .aToJ)
    case "ine_mrz":
      _ = try IneMrz.parse(lines: #require(lines), today: calendarDate)
    case "clave_elector":
      _ = try ClaveElector.parse(text: #require(text))
    case "rfc":
      _ = try Rfc.parse(text: #require(text))
    case "record":
      _ = try record()
    case "draft":
      _ = try draft(agency())
    case "prepare":
      _ = try prepare(agency())
    case "sign":
      let key = try SigningKey.fromJwk(text: #require(signingJwk))
      _ = try prepare(agency()).sign(key: key)
    case "attach":
      _ = try prepare(agency()).attach(signatures: signed)
    case "issuer":
      _ = try Issuer(
        identifier: #require(identifier), key: SigningKey.fromJwk(text: issuerJwk).publicKey())
    case "issuer_metadata":
      _ = try IssuerMetadata.fromJson(text: #require(text), issuer: #require(identifier))
    case "public_key_jwk":
      _ = try PublicKey.fromJwk(text: #require(text))
    case "signing_key_jwk":
      _ = try SigningKey.fromJwk(text: #require(text))
    case "public_key_device":
      _ = try PublicKey.fromDevice(kind: keyKind, bytes: Self.bytes(#require(hex)))
    case "trust_list":
      _ = try TrustList.fromJson(text: #require(text))
    case "query":
      _ = try DcqlQuery.fromJson(text: #require(text))
    case "query_for_claims":
      _ = try DcqlQuery.forClaims(
        id: #require(id), vctValues: #require(vctValues), paths: #require(paths))
    case "challenge":
      _ = try Challenge(
        asker: Asker(clientId: #require(clientId), clientName: clientName),
        purpose: #require(purpose), query: DcqlQuery.fromJson(text: #require(query)),
        lifetimeSecs: #require(lifetimeSecs), now: time)
    case "challenge_json":
      _ = try Challenge.fromJson(text: #require(text))
    case "verify":
      _ = try Challenge.fromJson(text: #require(challenge)).verify(
        answer: #require(answer), trust: TrustList.fromJson(text: #require(trust)), now: time)
    case "inspect":
      _ = try inspect(text: #require(text))
    default:
      try makeOnWallet(call)
    }
  }

  private func makeOnWallet(_ call: String) throws {
    let store = try filled()
    let wallet = Wallet.withStore(store: store, keys: nil)
    switch call {
    case "credentials":
      _ = try wallet.credentials(language: .en)
    case "show":
      _ = try wallet.show(id: #require(id), language: .en)
    case "remove":
      try wallet.remove(id: #require(id))
    case "history":
      _ = try wallet.history()
    case "begin":
      _ = try wallet.begin(
        issuer: #require(issuer), nonce: #require(nonce), count: #require(count), kind: keyKind,
        now: time)
    case "finish_enrolment":
      _ = try begin(wallet).finish(signatures: signed)
    case "receive":
      _ = try wallet.receive(
        copies: #require(copies), trust: TrustList.fromJson(text: #require(trust)), now: time,
        language: .en)
    case "consider":
      _ = try consider(wallet)
    case "choose":
      try consider(wallet).choose(query: #require(query), credential: #require(credential))
    case "choose_set":
      try consider(wallet).chooseSet(set: #require(set), option: #require(option))
    case "sheet":
      _ = try consider(wallet).sheet()
    case "approve":
      let sheet = try consider(wallet).sheet()
      for row in drop ?? [] { store.drop(table: row.table, key: row.key) }
      _ = try sheet.approve(wallet: wallet, now: date(approveNow))
    case "finish_answer":
      let sheet = try consider(wallet).sheet()
      let pending = try sheet.approveUnsigned(wallet: wallet, now: time)
      _ = try pending.finish(signatures: signed)
    default:
      throw Unreadable.call(call)
    }
  }
}

/// Codes that only an app's own callbacks and files lead to: each with a step that does.
private let nativeRefusals:
  [(code: String, kind: Kind, step: @Sendable (Hostile, URL) throws -> Any)] = [
    (
      "already_used", .usage,
      { _, _ in
        let question = try challenge()
        _ = try? question.verify(
          answer: "{}", trust: TrustList(issuedAt: now, issuers: []), now: now)
        return try question.request()
      }
    ),
    (
      "argument_malformed", .usage,
      { _, folder in try FileStore.create(path: folder.path, key: Data()) }
    ),
    (
      "callback_failed", .device,
      { app, _ in
        app.replace { $0.list = { _ in throw HolderKeysError.Cancelled } }
        return try app.wallet().credentials(language: .en)
      }
    ),
    (
      "callback_malformed", .device,
      { app, _ in
        app.replace { $0.bytes = { _ in Data() } }
        return try challenge(random: app)
      }
    ),
    (
      "callback_reentered", .usage,
      { app, _ in
        let wallet = app.wallet()
        let inside = Locked<(any Error)?>(nil)
        app.replace {
          $0.list = { _ in
            do { _ = try wallet.history() } catch { inside.with { $0 = error } }
            return []
          }
        }
        _ = try wallet.credentials(language: .en)
        if let error = inside.current { throw error }
        return ()
      }
    ),
    (
      "callback_timed_out", .device,
      { app, _ in
        app.replace {
          $0.list = { _ in
            Thread.sleep(forTimeInterval: 2)
            return []
          }
        }
        return try app.wallet(timeout: 1).credentials(language: .en)
      }
    ),
    (
      "random", .device,
      { app, _ in
        app.replace { $0.bytes = { _ in throw RandomError.Unavailable } }
        return try challenge(random: app)
      }
    ),
    (
      "signer_cancelled", .device,
      { app, _ in
        app.replace { $0.create = { _, _ in throw HolderKeysError.Cancelled } }
        return try app.wallet().begin(
          issuer: "iss", nonce: "nonce", count: 1, kind: .p256, now: now)
      }
    ),
    (
      "signer_key_mismatch", .device,
      { _, _ in
        let agency = try Agency()
        let nonce = try newNonce()
        let proofs = try Wallet.inMemory(keys: nil).begin(
          issuer: agency.identifier, nonce: nonce, count: 1, kind: .p256, now: now)
        return try agency.prepare(
          adult().record(credentialType: .age), proofs: proofs, nonce: nonce
        ).sign(key: .generate(kind: .p256))
      }
    ),
    (
      "signer_unavailable", .device,
      { app, _ in
        app.replace { $0.create = { _, _ in throw HolderKeysError.Unavailable } }
        return try app.wallet().begin(
          issuer: "iss", nonce: "nonce", count: 1, kind: .p256, now: now)
      }
    ),
    (
      "store_conflict", .device,
      { app, _ in
        app.replace { $0.commit = { _ in throw StoreError.Conflict } }
        return try app.wallet().begin(
          issuer: "iss", nonce: "nonce", count: 1, kind: .p256, now: now)
      }
    ),
    (
      "store_corrupt", .device,
      { app, _ in
        app.replace { $0.list = { _ in throw StoreError.Corrupt } }
        return try app.wallet().credentials(language: .en)
      }
    ),
    (
      "store_exists", .device,
      { _, folder in
        let path = folder.appendingPathComponent("exists").path
        _ = try FileStore.create(path: path, key: Data(count: 32))
        return try FileStore.create(path: path, key: Data(count: 32))
      }
    ),
    (
      "store_locked", .device,
      { _, folder in
        let path = folder.appendingPathComponent("locked").path
        let file = try FileStore.create(path: path, key: Data(count: 32))
        defer { withExtendedLifetime(file) {} }
        return try FileStore.open(path: path, key: Data(count: 32))
      }
    ),
    (
      "store_missing", .device,
      { _, folder in
        try FileStore.open(
          path: folder.appendingPathComponent("missing").path, key: Data(count: 32))
      }
    ),
    (
      "store_random", .device,
      { app, folder in
        app.replace { $0.bytes = { _ in throw RandomError.Unavailable } }
        return try FileStore.create(
          path: folder.appendingPathComponent("random").path, key: Data(count: 32), random: app)
      }
    ),
    (
      "store_unavailable", .device,
      { app, _ in
        app.replace { $0.list = { _ in throw StoreError.Unavailable } }
        return try app.wallet().credentials(language: .en)
      }
    ),
    (
      "store_version", .device,
      { _, folder in
        let path = folder.appendingPathComponent("version")
        _ = try FileStore.create(path: path.path, key: Data(count: 32))
        // The database's own format, in both of its headers. This one is of long ago.
        var bytes = try Data(contentsOf: path)
        #expect(bytes.prefix(4) == Data("redb".utf8))
        for header in [64, 192] {
          #expect(bytes[header] == 3)
          bytes[header] = 1
        }
        try bytes.write(to: path)
        return try FileStore.open(path: path.path, key: Data(count: 32))
      }
    ),
    (
      "store_wrong_key", .device,
      { _, folder in
        let path = folder.appendingPathComponent("wrong").path
        _ = try FileStore.create(path: path, key: Data(count: 32))
        return try FileStore.open(path: path, key: Data(repeating: 1, count: 32))
      }
    ),
  ]

@Suite struct RefusalTests {
  @Test func thereIsATable() throws {
    let table = try Refusals.table.get()
    #expect(table.cases.count > 50)
    #expect(Set(table.cases.map(\.name)).count == table.cases.count, "names are used once")
  }

  @Test(arguments: (try? Refusals.table.get().cases) ?? [])
  func aCallIsRefusedWithItsCode(refused: Refusals.Case) throws {
    let jwk = try Refusals.table.get().issuerJwk
    let kind = try #require(Kind(rawValue: refused.error))
    refusal(refused.code, kind) { try refused.input.make(refused.call, issuerJwk: jwk) }
  }

  @Test(arguments: nativeRefusals.indices)
  func aCallbackOrAFileIsRefusedWithItsCode(index: Int) throws {
    let native = nativeRefusals[index]
    try withFolder { folder in
      _ = refusal(native.code, native.kind) { try native.step(Hostile(), folder) }
    }
  }

  @Test func everyCodeIsRaised() throws {
    let table = try Refusals.table.get()
    let raised = Set(table.cases.map(\.code)).union(nativeRefusals.map(\.code))
    let missing = Set(table.codes).subtracting(raised).subtracting(table.unreachable.keys)
    #expect(missing == [])
    #expect(raised.subtracting(table.codes) == [], "codes that nobody lists")
    #expect(Set(table.native).subtracting(nativeRefusals.map(\.code)) == [])
  }
}
