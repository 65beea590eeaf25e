import Llavero
import SwiftUI

/// Everything a person should know before they decide. It shows what the library says, in its order, and leaves
/// nothing out.
struct ConsentView: View {
  @ObservedObject var model: WalletModel
  let contents: SheetContents

  var body: some View {
    Form {
      Section("consent.who") {
        Text(verbatim: contents.clientId)
        if let name = contents.unverifiedClientName {
          LabeledContent("consent.unverified_name", value: name)
        }
        LabeledContent("consent.unverified_purpose", value: contents.unverifiedPurpose)
      }
      if !contents.warnings.isEmpty {
        Section("consent.warnings") {
          ForEach(contents.warnings.indices, id: \.self) { index in
            Label(contents.warnings[index].text, systemImage: "exclamationmark.triangle")
          }
        }
      }
      ForEach(contents.credentials, id: \.query) { shown in
        Section(shown.credential.label) {
          if shown.revealed.isEmpty {
            Text("consent.reveals_nothing")
          }
          ForEach(shown.revealed, id: \.path) { claim in
            LabeledContent(claim.label, value: claim.value.onScreen).privacySensitive()
          }
        }
        if !shown.implied.isEmpty {
          Section("consent.implied") {
            ForEach(shown.implied, id: \.id) { fact in
              Text(verbatim: fact.label)
            }
          }
        }
        Section("consent.always_visible") {
          ForEach(shown.alwaysVisible, id: \.path) { claim in
            LabeledContent(claim.label, value: claim.value.onScreen).font(.caption)
          }
        }
      }
      Section("consent.not_protected") {
        ForEach(contents.notProtected, id: \.code) { notice in
          Text(verbatim: notice.text).font(.caption)
        }
      }
      // Neither is the default: the person decides.
      Section {
        Button("consent.approve") { Task { await model.approve() } }
        Button("consent.decline", role: .cancel) { model.decline() }
      }
    }
    .disabled(model.isBusy)
    .interactiveDismissDisabled(model.isBusy)
  }
}

extension ClaimValue {
  /// The value as people read it.
  var onScreen: String {
    switch self {
    case .boolean(let yes): yes ? String(localized: "value.yes") : String(localized: "value.no")
    case .integer(let number): String(number)
    case .text(let text): text
    case .json(let json): json
    }
  }
}
