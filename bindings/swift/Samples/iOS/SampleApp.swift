import SwiftUI

/// A wallet and a verifier in one app, with an agency that does not exist.
@main
struct SampleApp: App {
  @StateObject private var wallet = WalletModel()
  @StateObject private var verifier = VerifierModel()

  var body: some Scene {
    WindowGroup {
      TabView {
        CredentialsView(model: wallet)
          .tabItem { Label("tab.wallet", systemImage: "wallet.pass") }
        VerifierView(model: verifier)
          .tabItem { Label("tab.verifier", systemImage: "checkmark.shield") }
      }
      .task { await wallet.open() }
    }
  }
}
