import Llavero

/// What the demonstration prints, in one of the two languages.
struct Screen {
  let language: Language

  func pick(_ spanish: String, _ english: String) -> String {
    language == .esMx ? spanish : english
  }

  func title(_ spanish: String, _ english: String) {
    print("\n\(pick(spanish, english))")
  }

  func good(_ line: String) {
    print("✓ \(line)")
  }

  /// A value of the invented person. An app shows it and never logs it.
  private func show(_ value: ClaimValue) -> String {
    switch value {
    case .boolean(let yes): yes ? pick("sí", "yes") : "no"
    case .integer(let number): "\(number)"
    case .text(let text): text
    case .json(let json): json
    }
  }

  func show(_ contents: SheetContents) {
    let name = contents.unverifiedClientName ?? "—"
    let unchecked = pick("nombre que nadie ha comprobado", "a name that nobody has checked")
    print("  \(pick("Pide:", "Asked by")) «\(name)» (\(contents.clientId)), \(unchecked)")
    print("  \(pick("Para:", "For:")) «\(contents.unverifiedPurpose)»")
    for credential in contents.credentials {
      print("  \(credential.credential.label) \(pick("revela:", "reveals:"))")
      for claim in credential.revealed {
        print("    • \(claim.label): \(show(claim.value))")
      }
      for fact in credential.implied {
        print("    ◦ \(pick("con ello se sabe:", "and that shows:")) \(fact.label)")
      }
    }
    for warning in contents.warnings {
      print("  ! \(warning.text)")
    }
    for notice in contents.notProtected {
      print("  · \(notice.text)")
    }
  }

  func show(_ verdict: Verdict) {
    for credential in verdict.credentials {
      good("\(pick("Verificado:", "Verified:")) \(credential.issuerName)")
      for claim in credential.claims {
        print("    \(claim.path): \(claim.values.map(show).joined(separator: ", "))")
      }
    }
  }
}
