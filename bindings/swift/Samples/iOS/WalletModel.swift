import Foundation
import Llavero
import SwiftUI

/// What the citizen's screens show. It stays on the main actor; the library's steps do not.
@MainActor
final class WalletModel: ObservableObject {
  @Published private(set) var credentials: [CredentialSummary] = []
  @Published private(set) var contents: SheetContents?
  @Published private(set) var isBusy = false
  /// The last thing that went wrong, in the person's language.
  @Published private(set) var problem: String?
  /// What the verifier is to get: an answer, or a refusal that says nothing.
  @Published private(set) var answer: String?

  private let language = Language.preferred
  private let keys = SecureEnclaveKeys(protection: .userPresence)
  private var wallet: Wallet?
  private var sheet: ConsentSheet?

  /// Opens the wallet, and tidies it up. Call it once, when the app starts.
  func open() async {
    guard wallet == nil else { return }
    // Without a Secure Enclave the keys are in software, in the sealed file.
    let holderKeys = SecureEnclaveKeys.isAvailable ? keys : nil
    await step {
      let wallet = try await offMainActor {
        let wallet = try Wallet.withFile(file: WalletFile.open(), keys: holderKeys)
        _ = try wallet.purge(now: Date())
        return wallet
      }
      self.wallet = wallet
      try await self.reload(wallet)
    }
  }

  /// Takes a batch from an agency that does not exist, for a person who does not exist.
  func enrol(_ type: CredentialType) async {
    guard let wallet else { return }
    let (keys, language) = (keys, language)
    await step {
      let agency = try await offMainActor { try DemoAgency.shared.get() }
      let nonce = try newNonce()
      let proofs: [String]
      if SecureEnclaveKeys.isAvailable {
        let consent = try await keys.askForConsent(reason: String(localized: "prompt.enrol"))
        defer { consent.end() }
        proofs = try await offMainActor {
          try keys.enrol(
            in: wallet, issuer: agency.identifier, nonce: nonce, count: 5, now: Date(),
            consent: consent)
        }
      } else {
        proofs = try await offMainActor {
          try wallet.begin(
            issuer: agency.identifier, nonce: nonce, count: 5, kind: .p256, now: Date())
        }
      }
      try await offMainActor {
        let copies = try agency.issue(type, proofs: proofs, nonce: nonce, now: Date())
        _ = try wallet.receive(
          copies: copies, trust: agency.trust(), now: Date(), language: language)
      }
      try await self.reload(wallet)
    }
  }

  /// Looks for what could answer, and puts the sheet in front of the person. Nothing is disclosed.
  func consider(_ request: String) async {
    guard let wallet else { return }
    let language = language
    answer = nil
    await step {
      let sheet = try await offMainActor {
        try wallet.consider(request: request, now: Date(), language: language).sheet()
      }
      self.sheet = sheet
      self.contents = sheet.contents()
    }
  }

  /// The person agrees. The prompt comes first: whoever cancels it keeps the sheet and every copy.
  func approve() async {
    guard let wallet, let sheet, let contents else { return }
    let keys = keys
    let reason = String(localized: "prompt.approve \(contents.clientId)")
    await step {
      let answer: String
      if SecureEnclaveKeys.isAvailable {
        let consent = try await keys.askForConsent(reason: reason)
        defer { consent.end() }
        self.close()
        answer = try await offMainActor {
          try keys.approve(sheet, wallet: wallet, now: Date(), consent: consent)
        }
      } else {
        self.close()
        answer = try await offMainActor { try sheet.approve(wallet: wallet, now: Date()) }
      }
      self.answer = answer
    }
    // A copy may be spent even if there is no answer. What was wrong with the answer stays on the screen.
    try? await reload(wallet)
  }

  /// The person does not agree.
  func decline() {
    answer = try? sheet?.decline()
    close()
  }

  private func close() {
    sheet = nil
    contents = nil
  }

  private func reload(_ wallet: Wallet) async throws {
    let language = language
    credentials = try await offMainActor { try wallet.credentials(language: language) }
  }

  /// Runs a step, with a sign that something goes on, and words for what goes wrong.
  private func step(_ body: @MainActor () async throws -> Void) async {
    isBusy = true
    defer { isBusy = false }
    do {
      try await body()
      problem = nil
    } catch HolderKeysError.Cancelled {
      // The person knows.
    } catch {
      problem = error.localizedDescription
    }
  }
}
