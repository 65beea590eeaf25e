import Llavero
import SwiftUI

/// What the person holds, and how often each can still be shown.
struct CredentialsView: View {
  @ObservedObject var model: WalletModel
  @State private var request = ""

  var body: some View {
    NavigationStack {
      List {
        Section("credentials.held") {
          ForEach(model.credentials, id: \.id) { credential in
            VStack(alignment: .leading) {
              Text(verbatim: credential.label).font(.headline)
              Text(verbatim: credential.issuerName)
              // None left: the agency has more, and the wallet does not use one twice.
              if credential.copiesLeft == 0 {
                Text("credentials.no_copies")
              } else {
                Text("credentials.copies \(Int(credential.copiesLeft))").foregroundStyle(.secondary)
              }
            }
          }
        }
        Section("credentials.get") {
          Button("credentials.get_age") { Task { await model.enrol(.age) } }
          Button("credentials.get_curp") { Task { await model.enrol(.curp) } }
          Button("credentials.get_ine") { Task { await model.enrol(.ine) } }
        }
        // A real app reads the request from a QR code or a link.
        Section("request.title") {
          TextEditor(text: $request)
          Button("request.consider") { Task { await model.consider(request) } }
        }
        if let answer = model.answer {
          Section("answer.title") {
            Text(verbatim: answer).font(.caption).textSelection(.enabled)
          }
        }
        if let problem = model.problem {
          Section("problem.title") { Text(verbatim: problem) }
        }
        if model.isBusy {
          ProgressView()
        }
      }
      .disabled(model.isBusy)
      .navigationTitle("credentials.title")
      .sheet(isPresented: isAsked) {
        if let contents = model.contents {
          ConsentView(model: model, contents: contents)
        }
      }
    }
  }

  /// A sheet that is swept away is a no.
  private var isAsked: Binding<Bool> {
    Binding(
      get: { model.contents != nil },
      set: { if !$0 && model.contents != nil { model.decline() } })
  }
}
