import Foundation
import Llavero
import Testing

/// Many threads at once: one of them wins, none waits for ever.
@Suite(.serialized) struct ThreadTests {
  /// What a step came to: nothing, or a code.
  private static func outcome(of step: () throws -> Void) -> String {
    do {
      try step()
      return "done"
    } catch let error as LlaveroError {
      return error.code()
    } catch {
      return "\(error)"
    }
  }

  private static func count(_ outcomes: [String]) -> [String: Int] {
    outcomes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  @Test func aSheetIsApprovedOnce() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: ForeignKeys())
    try agency.issue(.age, to: wallet, of: adult(), count: 3)
    let sheet = try wallet.sheet(for: challenge())
    let outcomes = Locked<[String]>([])
    onThreads(16) { index in
      let outcome = Self.outcome {
        switch index % 3 {
        case 0: _ = try sheet.approve(wallet: wallet, now: now)
        case 1: _ = try sheet.approveUnsigned(wallet: wallet, now: now)
        default: _ = try sheet.decline()
        }
      }
      outcomes.with { $0.append(outcome) }
    }
    #expect(Self.count(outcomes.current) == ["done": 1, "already_used": 15])
    let left = try #require(wallet.credentials(language: .en).first?.copiesLeft)
    #expect([2, 3].contains(left))
  }

  @Test func aChallengeIsAnsweredOnce() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.age, to: wallet, of: adult())
    let question = try challenge()
    let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
    let trust = try agency.trust()
    let outcomes = Locked<[String]>([])
    onThreads(16) { _ in
      let outcome = Self.outcome { _ = try question.verify(answer: answer, trust: trust, now: now) }
      outcomes.with { $0.append(outcome) }
    }
    #expect(Self.count(outcomes.current) == ["done": 1, "already_used": 15])
  }

  @Test func everyCopyIsSpentOnce() throws {
    let agency = try Agency()
    let app = Hostile(.spkiAndDer)
    let wallet = app.wallet()
    try agency.issue(.age, to: wallet, of: adult(), count: 10)
    let trust = try agency.trust()
    let shown = Locked<[String]>([])
    let outcomes = Locked<[String]>([])
    onThreads(24) { _ in
      let outcome = Self.outcome {
        let question = try challenge()
        let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
        _ = try question.verify(answer: answer, trust: trust, now: now)
        shown.with { $0.append(answer) }
      }
      outcomes.with { $0.append(outcome) }
    }
    let counts = Self.count(outcomes.current)
    // Two sheets may have been made for one copy; then one of them finds another copy or none.
    #expect(counts["done"] == 10)
    let refused = counts.filter { $0.key != "done" }
    #expect(Set(refused.keys).isSubset(of: ["no_copies_left"]))
    #expect(refused.values.reduce(0, +) == 14)
    // No two answers have the issuer's signature in common.
    let signed = try shown.current.map { try presentation(of: $0).split(separator: "~")[0] }
    #expect(Set(signed).count == 10)
    try wallet.expectWhole(copies: [0])
    #expect(app.keys.count == 0)
  }

  @Test func aWalletServesManyThreads() throws {
    let agency = try Agency()
    let wallet = Hostile().wallet()
    let person = try adult()
    let trust = try agency.trust()
    let failures = Locked<[String]>([])
    onThreads(12) { index in
      do {
        for _ in 0..<4 {
          switch index % 4 {
          case 0: try agency.issue(.age, to: wallet, of: person, count: 2)
          case 1: _ = try wallet.credentials(language: .esMx)
          case 2: _ = try wallet.history() + [] + (try wallet.history())
          default:
            _ = try wallet.purge(now: now)
            _ = trust.toJson()
          }
        }
      } catch {
        failures.with { $0.append("\(error)") }
      }
    }
    #expect(failures.current == [])
    #expect(try wallet.credentials(language: .en).count == 12)
    #expect(try wallet.credentials(language: .en).allSatisfy { $0.copiesLeft == 2 })
  }

  @Test func aBatchIsSignedOnce() throws {
    let agency = try Agency()
    let nonce = try newNonce()
    let proofs = try Wallet.inMemory(keys: nil).begin(
      issuer: agency.identifier, nonce: nonce, count: 2, kind: .p256, now: now)
    let batch = try agency.prepare(
      adult().record(credentialType: .age), proofs: proofs, nonce: nonce)
    let outcomes = Locked<[String]>([])
    onThreads(8) { _ in
      let outcome = Self.outcome { _ = try batch.sign(key: agency.key) }
      outcomes.with { $0.append(outcome) }
    }
    #expect(Self.count(outcomes.current) == ["done": 1, "already_used": 7])
  }

  @Test func objectsAreFreedFromAnyThread() throws {
    let keys = ForeignKeys()
    onThreads(8) { _ in
      for _ in 0..<200 {
        let wallet = Wallet.inMemory(keys: keys)
        _ = try? wallet.credentials(language: .en)
        _ = try? SigningKey.generate(kind: .ed25519).publicKey().thumbprint()
      }
    }
  }

  @MainActor @Test func aStepIsTakenWhereWaitingIsAllowed() async throws {
    let wallet = Wallet.inMemory(keys: nil)
    let credentials = try await offMainActor {
      #expect(!Thread.isMainThread)
      // Nor on a thread of Swift's concurrency, on which there would be a task.
      withUnsafeCurrentTask { #expect($0 == nil) }
      return try wallet.credentials(language: .en)
    }
    #expect(credentials == [])
    await #expect(throws: LlaveroError.self) {
      try await offMainActor { try wallet.remove(id: "nothing") }
    }
  }
}
