import Foundation
import Llavero
import Testing

/// An error of the app's own, with something in it that must not get out.
private struct Canary: Error, CustomStringConvertible, LocalizedError {
  static let secret = "CANARIO-GOMC900517"
  var description: String { Self.secret }
  var errorDescription: String? { Self.secret }
}

extension LlaveroError {
  /// Every text that an app could make of an error.
  fileprivate var everything: String {
    var dumped = ""
    dump(self, to: &dumped)
    return [
      "\(self)", String(reflecting: self), String(describing: self), localizedDescription, dumped,
      reason.code, reason.detail, reason.textEn, reason.textEsMx, "\(reason)",
      reason.query ?? "",
    ].joined(separator: "\n")
  }

  fileprivate func expectNoTrace(sourceLocation: SourceLocation = #_sourceLocation) {
    for trace in [Canary.secret, "Canary", ".swift", "LlaveroTests", "UnexpectedUniFFI"] {
      #expect(!everything.contains(trace), sourceLocation: sourceLocation)
    }
  }
}

/// Callbacks that do what they should not. After each, the wallet is whole.
@Suite struct HostileTests {
  let agency: Agency
  let person: SyntheticPerson
  let app = Hostile()
  let wallet: Wallet

  init() throws {
    agency = try Agency()
    person = try adult()
    wallet = app.wallet(timeout: 1)
    try agency.issue(.age, to: wallet, of: person, count: 5)
  }

  /// Sees a step refused because of what was replaced, and then takes one that works.
  private func refuses<T>(
    _ code: String, sourceLocation: SourceLocation = #_sourceLocation, _ step: () throws -> T
  ) throws {
    let error = refusal(code, .device, sourceLocation: sourceLocation, of: step)
    error?.expectNoTrace(sourceLocation: sourceLocation)
    app.behave()
    try wallet.expectWhole(copies: [5], sourceLocation: sourceLocation)
    let sheet = try wallet.sheet(for: challenge())
    _ = try sheet.approve(wallet: wallet, now: now)
    try wallet.expectWhole(copies: [4], sourceLocation: sourceLocation)
  }

  private func begin() throws -> [String] {
    try wallet.begin(
      issuer: agency.identifier, nonce: "nonce", count: 2, kind: .p256, now: now)
  }

  private func approve() throws -> String {
    app.behave()
    let sheet = try wallet.sheet(for: challenge())
    return try sheet.approve(wallet: wallet, now: now)
  }

  @Test func aKeyStoreThatThrowsWhenItMakesKeys() throws {
    app.replace { $0.create = { _, _ in throw Canary() } }
    try refuses("callback_failed", begin)
  }

  @Test func aKeyStoreThatIsNotThere() throws {
    app.replace { $0.create = { _, _ in throw HolderKeysError.Unavailable } }
    try refuses("signer_unavailable", begin)
  }

  @Test func aPersonWhoDoesNotAgreeToKeys() throws {
    app.replace { $0.create = { _, _ in throw HolderKeysError.Cancelled } }
    try refuses("signer_cancelled", begin)
  }

  @Test func aKeyStoreThatSaysItWasUnexpected() throws {
    app.replace { $0.create = { _, _ in throw HolderKeysError.Unexpected } }
    try refuses("callback_failed", begin)
  }

  @Test func aKeyStoreThatThrowsWhenItSignsAProof() throws {
    app.replace { $0.sign = { _, _ in throw Canary() } }
    try refuses("callback_failed", begin)
  }

  @Test func aKeyStoreThatThrowsAnotherCallbacksError() throws {
    app.replace { $0.sign = { _, _ in throw StoreError.Conflict } }
    try refuses("callback_failed", begin)
  }

  @Test(arguments: [0, 1, 63, 65, 72, 100_000])
  func aSignatureThatIsNone(length: Int) throws {
    app.replace { $0.sign = { _, _ in Data(count: length) } }
    try refuses("callback_malformed", begin)
  }

  @Test func aSignatureByAnotherKey() throws {
    let other = try PrivateKey(.p256)
    app.replace { $0.sign = { try other.sign($1, .pointAndRaw) } }
    refusal("signature", .refused, of: begin)?.expectNoTrace()
    app.behave()
    try wallet.expectWhole(copies: [5])
    #expect(try begin().count == 2)
  }

  @Test func tooFewKeys() throws {
    let keys = app.keys
    app.replace { $0.create = { kind, _ in try keys.create(kind: kind, count: 1) } }
    try refuses("callback_malformed", begin)
    // The one that was made is deleted again; those of the five copies, less the one that was spent, are there.
    #expect(keys.count == 4)
  }

  @Test func tooManyKeys() throws {
    let keys = app.keys
    app.replace { $0.create = { kind, count in try keys.create(kind: kind, count: count + 1) } }
    try refuses("callback_malformed", begin)
    #expect(keys.count == 4)
  }

  @Test func noKeysAtAll() throws {
    app.replace { $0.create = { _, _ in [] } }
    try refuses("callback_malformed", begin)
  }

  @Test func oneKeyTwice() throws {
    let keys = app.keys
    app.replace {
      $0.create = { kind, _ in
        let key = try keys.create(kind: kind, count: 1)
        return key + key
      }
    }
    try refuses("callback_malformed", begin)
  }

  @Test func oneHandleForTwoKeys() throws {
    let keys = app.keys
    app.replace {
      $0.create = { kind, count in
        try keys.create(kind: kind, count: count).map {
          NewKey(handle: Data([1]), publicKey: $0.publicKey)
        }
      }
    }
    try refuses("callback_malformed", begin)
  }

  @Test(arguments: [0, 1, 32, 65, 91, 100_000])
  func aPublicKeyThatIsNone(length: Int) throws {
    app.replace {
      $0.create = { _, count in
        (0..<count).map {
          NewKey(handle: Data([UInt8($0)]), publicKey: Data(repeating: 4, count: length))
        }
      }
    }
    try refuses("callback_malformed", begin)
  }

  @Test func aKeyStoreThatHangs() throws {
    app.replace {
      $0.create = { _, _ in
        Thread.sleep(forTimeInterval: 3)
        return []
      }
    }
    try refuses("callback_timed_out", begin)
  }

  @Test func aSignatureThatDoesNotCome() throws {
    let sheet = try wallet.sheet(for: challenge())
    app.replace {
      $0.sign = { _, _ in
        Thread.sleep(forTimeInterval: 3)
        return Data()
      }
    }
    refusal("callback_timed_out", .device) { try sheet.approve(wallet: wallet, now: now) }?
      .expectNoTrace()
    app.behave()
    // The copy is spent: it might have been shown.
    try wallet.expectWhole(copies: [4])
    #expect(try approve().contains("vp_token"))
  }

  @Test func aPersonWhoDoesNotAgreeToASignature() throws {
    let sheet = try wallet.sheet(for: challenge())
    app.replace { $0.sign = { _, _ in throw HolderKeysError.Cancelled } }
    refusal("signer_cancelled", .device) { try sheet.approve(wallet: wallet, now: now) }
    app.behave()
    try wallet.expectWhole(copies: [4])
  }

  @Test func aSignatureThatThrows() throws {
    let sheet = try wallet.sheet(for: challenge())
    app.replace { $0.sign = { _, _ in throw Canary() } }
    refusal("callback_failed", .device) { try sheet.approve(wallet: wallet, now: now) }?
      .expectNoTrace()
    app.behave()
    try wallet.expectWhole(copies: [4])
    #expect(try approve().contains("vp_token"))
  }

  @Test func aKeyThatCannotBeDeleted() throws {
    app.replace { $0.deleteKey = { _ in throw Canary() } }
    let sheet = try wallet.sheet(for: challenge())
    _ = try sheet.approve(wallet: wallet, now: now)
    #expect(app.keys.count == 5)
    app.behave()
    // The wallet remembers, and tries again.
    #expect(try wallet.purge(now: now).spentKeys == 1)
    #expect(app.keys.count == 4)
    try wallet.expectWhole(copies: [4])
  }

  @Test func aStoreThatThrowsWhenItIsRead() throws {
    app.replace { $0.list = { _ in throw Canary() } }
    try refuses("callback_failed") {
      try wallet.credentials(language: .en)
    }
  }

  @Test func aStoreThatThrowsWhenARecordIsRead() throws {
    let id = try wallet.credentials(language: .en)[0].id
    app.replace { $0.get = { _, _ in throw Canary() } }
    try refuses("callback_failed") {
      try wallet.show(id: id, language: .en)
    }
  }

  @Test func aStoreThatThrowsWhenItIsWritten() throws {
    let sheet = try wallet.sheet(for: challenge())
    // Nothing is spent and nothing is signed.
    app.replace {
      $0.commit = { _ in throw Canary() }
      $0.sign = { _, _ in
        Issue.record("signed before the copy was spent")
        return Data()
      }
    }
    try refuses("callback_failed") { try sheet.approve(wallet: wallet, now: now) }
  }

  @Test(arguments: [
    (StoreError.Conflict, "store_conflict"), (.Corrupt, "store_corrupt"),
    (.Unavailable, "store_unavailable"), (.Unexpected, "callback_failed"),
  ])
  func aStoreThatSaysWhy(error: StoreError, code: String) throws {
    let sheet = try wallet.sheet(for: challenge())
    app.replace { $0.commit = { _ in throw error } }
    try refuses(code) {
      try sheet.approve(wallet: wallet, now: now)
    }
  }

  @Test func aStoreThatHangs() throws {
    app.replace {
      $0.list = { _ in
        Thread.sleep(forTimeInterval: 3)
        return []
      }
    }
    try refuses("callback_timed_out") { try wallet.credentials(language: .en) }
  }

  @Test(arguments: ["", "{", "null", "[]", #"{"version":1}"#, "\u{0}\u{fffd}"])
  func aStoreThatReturnsRubbish(rubbish: String) throws {
    app.replace { $0.list = { _ in [StoredRecord(key: "key", value: Data(rubbish.utf8))] } }
    try refuses("record_corrupt") { try wallet.credentials(language: .en) }
  }

  @Test func aStoreThatReturnsNoText() throws {
    app.replace { $0.list = { _ in [StoredRecord(key: "key", value: Data([0xff, 0xfe, 0x00]))] } }
    try refuses("record_corrupt") { try wallet.credentials(language: .en) }
  }

  @Test func twoWalletsOnOneStoreNeverSpendOneCopyTwice() throws {
    let app = Hostile()
    let (wallet, other) = (app.wallet(), Wallet.withStore(store: app.store, keys: app.keys))
    try agency.issue(.age, to: wallet, of: person, count: 1)
    let theirs = try other.sheet(for: challenge())
    let ours = try wallet.sheet(for: challenge())
    let answers = Locked<[String]>([])
    // The other wallet is faster by a moment.
    app.replace { [store = app.store] in
      $0.commit = { changes in
        if answers.current.isEmpty {
          onThreads(1) { _ in
            let answer = try? theirs.approve(wallet: other, now: now)
            answers.with { $0.append(answer ?? "none") }
          }
        }
        try store.commit(changes: changes)
      }
    }
    refusal("store_conflict", .device) { try ours.approve(wallet: wallet, now: now) }
    #expect(answers.current.allSatisfy { $0.contains("vp_token") })
    #expect(answers.current.count == 1)
    app.behave()
    try wallet.expectWhole(copies: [0])
    try other.expectWhole(copies: [0])
  }

  @Test func aGeneratorThatThrows() throws {
    app.replace { $0.bytes = { _ in throw Canary() } }
    try refuses("callback_failed") {
      try agency.issue(.age, to: wallet, of: person)
    }
  }

  @Test func aGeneratorThatHasNothing() throws {
    app.replace { $0.bytes = { _ in throw RandomError.Unavailable } }
    try refuses("random") {
      try agency.issue(.age, to: wallet, of: person)
    }
  }

  @Test(arguments: [0, 1, 31, 1_000])
  func aGeneratorThatGivesAnotherNumber(length: Int) throws {
    app.replace { $0.bytes = { _ in Data(count: length) } }
    try refuses("callback_malformed") {
      try agency.issue(.age, to: wallet, of: person)
    }
  }

  @Test func aGeneratorOfAnAgencyOrAVerifier() throws {
    app.replace { $0.bytes = { _ in throw Canary() } }
    refusal("callback_failed", .device) { try challenge(random: app) }?.expectNoTrace()
    let keys = ForeignKeys()
    let nonce = try newNonce()
    let proofs = try Wallet.inMemory(keys: keys).begin(
      issuer: agency.identifier, nonce: nonce, count: 1, kind: .p256, now: now)
    refusal("callback_failed", .device) {
      try agency.prepare(
        person.record(credentialType: .age), proofs: proofs, nonce: nonce, random: app)
    }?.expectNoTrace()
    app.replace { $0.bytes = { _ in throw RandomError.Unavailable } }
    refusal("random", .device) { try challenge(random: app) }
    app.replace { $0.bytes = { _ in Data() } }
    refusal("callback_malformed", .device) { try challenge(random: app) }
    app.behave()
    _ = try challenge(random: app)
  }

  @Test func aCallbackThatCallsTheWallet() throws {
    let heard = Locked<[String]>([])
    let wallet = wallet
    app.replace {
      $0.list = { _ in
        do {
          _ = try wallet.credentials(language: .en)
        } catch let error as LlaveroError {
          heard.with { $0.append(error.code()) }
          throw error
        }
        return []
      }
    }
    refusal("callback_failed", .device) { try wallet.credentials(language: .en) }?.expectNoTrace()
    #expect(heard.current == ["callback_reentered"])
    app.behave()
    try wallet.expectWhole(copies: [5])
  }

  @Test func aCallbackThatCallsAnythingThatWouldWait() throws {
    let codes = Locked<[String]>([])
    let sheet = try wallet.sheet(for: challenge())
    let (wallet, question) = (wallet, try challenge())
    let pending = try wallet.sheet(for: question).approveUnsigned(wallet: wallet, now: now)
    let signatures = try app.keys.sign(pending.toSign())
    let steps: [@Sendable () throws -> Any] = [
      { try wallet.history() },
      { try wallet.purge(now: now) },
      { try wallet.sheet(for: challenge()) },
      { try sheet.approve(wallet: wallet, now: now) },
      { try pending.finish(signatures: signatures) },
      { try challenge(random: CountingRandom()) },
      { try FileStore.create(path: "/", key: Data(count: 32)) },
    ]
    app.replace {
      $0.list = { _ in
        for step in steps {
          do {
            _ = try step()
            codes.with { $0.append("nothing thrown") }
          } catch {
            codes.with { $0.append((error as? LlaveroError)?.code() ?? "another error") }
          }
        }
        throw StoreError.Unavailable
      }
    }
    refusal("store_unavailable", .device) { try wallet.credentials(language: .en) }
    #expect(codes.current == steps.map { _ in "callback_reentered" })
    app.behave()
    try wallet.expectWhole(copies: [4])
  }

  @Test func aCallbackThatWaitsForAnotherThreadInTheWallet() throws {
    // It cannot be told from one that hangs, and ends like it.
    let wallet = wallet
    app.replace {
      $0.list = { _ in
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
          _ = try? wallet.history()
          done.signal()
        }
        done.wait()
        throw Canary()
      }
    }
    refusal("callback_timed_out", .device) { try wallet.credentials(language: .en) }?
      .expectNoTrace()
    app.behave()
    try wallet.expectWhole(copies: [5])
  }
}
