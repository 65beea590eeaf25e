import Dispatch
import Foundation
import Llavero

/// What a call costs, by hand: `swift run -c release llavero-bench`, with the library built for release.
///
/// Each line is the median of the runs, in microseconds. Compare it with `cargo xtask bench`, which times the engine.
@main
struct Benchmark {
  static func main() throws {
    let now = Date(timeIntervalSince1970: 1_790_000_000)
    let today = CalendarDate(of: now, in: TimeZone(secondsFromGMT: 0)!)
    let key = try SigningKey.generate(kind: .p256)
    let issuer = try Issuer(identifier: "https://agencia.example", key: key.publicKey())
    let vct = CredentialType.age.defaultVct()
    let trust = try TrustList(
      issuedAt: now,
      issuers: [
        TrustedIssuer(
          issuer: issuer.identifier(), name: "Agencia", types: [vct],
          keys: [TrustedKey(key: issuer.key())])
      ])
    let person = try SyntheticPerson(youngest: 25, oldest: 60, today: today)
    let query = try DcqlQuery.forClaims(
      id: "part", vctValues: [vct], paths: ["age_equal_or_over.18"])

    func fill(_ wallet: Wallet, copies: UInt32) throws {
      let nonce = try newNonce()
      let proofs = try wallet.begin(
        issuer: issuer.identifier(), nonce: nonce, count: copies, kind: .p256, now: now)
      let draft = try issuer.draft(
        record: person.record(credentialType: .age), name: TypeName(vct: vct), days: 30, now: now)
      let batch = try issuer.prepare(draft: draft, proofs: proofs, nonce: nonce, now: now)
      _ = try wallet.receive(copies: batch.sign(key: key), trust: trust, now: now, language: .en)
    }

    func ask() throws -> Challenge {
      try Challenge(
        asker: Asker(clientId: "https://bar.example"), purpose: "Vender una bebida", query: query,
        lifetimeSecs: 300, now: now)
    }

    // The least that a call can be, with a string back.
    try measure("a call without arguments: refusal()", runs: 10_000) { _ in _ = refusal() }
    let publicKey = key.publicKey()
    try measure("a call with an object: thumbprint()", runs: 10_000) { _ in
      _ = publicKey.thumbprint()
    }

    let list = Wallet.inMemory(keys: nil)
    for _ in 0..<20 { try fill(list, copies: 2) }
    try measure("list 20 credentials", runs: 200) { _ in _ = try list.credentials(language: .en) }
    let app = AppStore()
    let listOfApp = Wallet.withStore(store: app, keys: nil)
    for _ in 0..<20 { try fill(listOfApp, copies: 2) }
    try measure("list 20 credentials from the app's own store", runs: 200) { _ in
      _ = try listOfApp.credentials(language: .en)
    }

    let runs = 100
    let wallet = Wallet.inMemory(keys: nil)
    for _ in 0..<(2 * runs / 100 + 1) { try fill(wallet, copies: 100) }
    let challenges = try (0..<runs).map { _ in try ask() }
    let sheets = try challenges.map {
      try wallet.consider(request: $0.request(), now: now, language: .en).sheet()
    }
    var answers: [String] = []
    try measure("approve in memory: spend, sign", runs: runs) { run in
      answers.append(try sheets[run].approve(wallet: wallet, now: now))
    }
    try measure("verify a presentation", runs: runs) { run in
      _ = try challenges[run].verify(answer: answers[run], trust: trust, now: now)
    }
    try measure("the whole of it: ask, consider, sheet, approve, verify", runs: runs) { _ in
      let challenge = try ask()
      let sheet = try wallet.consider(request: challenge.request(), now: now, language: .en).sheet()
      let answer = try sheet.approve(wallet: wallet, now: now)
      _ = try challenge.verify(answer: answer, trust: trust, now: now)
    }
  }

  static func measure(_ what: String, runs: Int, _ step: (Int) throws -> Void) throws {
    var times: [Double] = []
    for run in 0..<runs {
      let start = DispatchTime.now().uptimeNanoseconds
      try step(run)
      times.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1_000)
    }
    times.sort()
    print(String(format: "%10.1f µs  ", times[runs / 2]) + what)
  }
}

/// A store of the app's own, to see what callbacks cost.
final class AppStore: Store, @unchecked Sendable {
  private let lock = NSLock()
  private var tables: [String: [String: Data]] = [:]

  func get(table: String, key: String) throws -> Data? {
    lock.withLock { tables[table]?[key] }
  }

  func list(table: String) throws -> [StoredRecord] {
    lock.withLock {
      (tables[table] ?? [:]).map { StoredRecord(key: $0.key, value: $0.value) }
    }
  }

  func commit(changes: [Change]) throws {
    try lock.withLock {
      var changed = tables
      for change in changes {
        switch change {
        case .put(let table, let key, let value): changed[table, default: [:]][key] = value
        case .delete(let table, let key):
          if changed[table]?.removeValue(forKey: key) == nil { throw StoreError.Conflict }
        }
      }
      tables = changed
    }
  }
}
