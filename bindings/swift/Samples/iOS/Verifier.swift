import Foundation
import Llavero
import SwiftUI

/// Somebody who asks whether a person is an adult, without a network.
@MainActor
final class VerifierModel: ObservableObject {
  @Published private(set) var request: String?
  @Published private(set) var verdict: Verdict?
  @Published private(set) var problem: String?

  private var challenge: Challenge?

  /// A new question. A real verifier shows it as a QR code.
  func ask() async {
    await step {
      let challenge = try await offMainActor {
        try Challenge(
          asker: Asker(clientId: "https://bar.example", clientName: "Bar La Esquina"),
          purpose: String(localized: "verifier.purpose"),
          query: DcqlQuery.forClaims(
            id: "age", vctValues: [CredentialType.age.defaultVct()],
            paths: ["age_equal_or_over.18"]),
          lifetimeSecs: 300, now: Date())
      }
      self.challenge = challenge
      self.request = try challenge.request()
    }
  }

  /// Checks what came back. The question is used up, whatever comes of it.
  func verify(_ answer: String) async {
    guard let challenge else { return }
    self.challenge = nil
    request = nil
    await step {
      self.verdict = try await offMainActor {
        try challenge.verify(answer: answer, trust: DemoAgency.shared.get().trust(), now: Date())
      }
    }
  }

  private func step(_ body: @MainActor () async throws -> Void) async {
    verdict = nil
    do {
      try await body()
      problem = nil
    } catch {
      problem = error.localizedDescription
    }
  }
}

struct VerifierView: View {
  @ObservedObject var model: VerifierModel
  @State private var answer = ""

  var body: some View {
    NavigationStack {
      List {
        Section {
          Button("verifier.ask") { Task { await model.ask() } }
        }
        if let request = model.request {
          Section("verifier.request") {
            Text(verbatim: request).font(.caption).textSelection(.enabled)
          }
          Section("verifier.answer") {
            TextEditor(text: $answer)
            Button("verifier.verify") { Task { await model.verify(answer) } }
          }
        }
        if let verdict = model.verdict {
          VerdictSection(verdict: verdict)
        }
        if let problem = model.problem {
          Section("problem.title") { Text(verbatim: problem) }
        }
      }
      .navigationTitle("verifier.title")
    }
  }
}

/// What the verifier may rely on, and as of when.
struct VerdictSection: View {
  let verdict: Verdict

  var body: some View {
    Section("verdict.title") {
      if let credential = verdict.credential("age") {
        if credential.value("age_equal_or_over.18")?.boolean == true {
          Label("verdict.adult", systemImage: "checkmark.circle")
        } else {
          Label("verdict.not_adult", systemImage: "xmark.circle")
        }
        LabeledContent("verdict.issuer", value: credential.issuerName)
        if credential.revocation == .notChecked {
          Text("verdict.revocation_not_checked")
        }
      }
      LabeledContent("verdict.trust_as_of", value: verdict.trustIssuedAt.formatted())
    }
  }
}
