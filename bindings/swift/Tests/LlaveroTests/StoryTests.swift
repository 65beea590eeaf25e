import Foundation
import Llavero
import Testing

/// From the agency to the verdict, as people live it.
@Suite struct StoryTests {
  @Test func aPersonShowsThatTheyAreAnAdultAndNothingElse() throws {
    let agency = try Agency()
    let person = try adult()
    let wallet = Wallet.inMemory(keys: nil)
    for type in [CredentialType.age, .curp, .ine] {
      let receipt = try agency.issue(type, to: wallet, of: person, count: 3)
      #expect(receipt.credential.knownType == type)
      #expect(receipt.credential.copiesLeft == 3)
      #expect(receipt.credential.issuerName == "Agencia de Ejemplo")
      #expect(receipt.warnings == [])
    }
    let held = try wallet.credentials(language: .en)
    #expect(Set(held.map(\.label)).count == 3)

    let question = try challenge()
    let sheet = try wallet.sheet(for: question)
    let contents = sheet.contents()
    #expect(contents.clientId == "https://bar.example")
    #expect(contents.unverifiedClientName == "Bar La Esquina")
    #expect(contents.unverifiedPurpose == "Vender una bebida")
    let shown = try #require(contents.credentials.first)
    #expect(contents.credentials.count == 1)
    #expect(shown.credential.knownType == .age)
    #expect(shown.revealed.map(\.path) == ["age_equal_or_over.18"])
    #expect(shown.revealed.map(\.value) == [.boolean(value: true)])
    #expect(contents.warnings.contains { $0.code == "requester_unverified" })
    #expect(
      Set(contents.notProtected.map(\.code))
        == ["issuer_with_verifier", "surroundings", "values_shown"])

    let answer = try sheet.approve(wallet: wallet, now: now)
    let verdict = try question.verify(answer: answer, trust: agency.trust(), now: now)
    let credential = try #require(verdict.credential("part"))
    #expect(credential.value("age_equal_or_over.18")?.boolean == true)
    #expect(credential.claims.count == 1)
    #expect(credential.issuer == agency.identifier)
    #expect(credential.issuerName == "Agencia de Ejemplo")
    #expect(credential.credentialType == CredentialType.age.defaultVct())
    #expect(credential.revocation == .notProvided)
    #expect(credential.boundAt != nil)
    #expect(verdict.checkedAt == now)
    #expect(verdict.trustIssuedAt == now)
    for personal in [person.curp(), person.rfc()] {
      #expect(!answer.contains(personal))
    }

    let history = try wallet.history()
    #expect(history.map(\.clientId) == ["https://bar.example"])
    #expect(history.first?.shown.map(\.claims) == [["age_equal_or_over.18"]])
    let left = try wallet.credentials(language: .esMx).first { $0.knownType == .age }
    #expect(left?.copiesLeft == 2)
  }

  @Test func aSheetSpeaksBothLanguages() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.curp, to: wallet, of: adult())
    func contents(_ language: Language) throws -> SheetContents {
      let question = try challenge(bank, .curp, ["curp", "birthdate"])
      return try wallet.sheet(for: question, language: language).contents()
    }
    let (spanish, english) = (try contents(.esMx), try contents(.en))
    let birth = spanish.credentials[0].revealed.first { $0.path == "birthdate" }
    #expect(birth?.label == "Fecha de nacimiento")
    let born = english.credentials[0].revealed.first { $0.path == "birthdate" }
    #expect(born?.label == "Date of birth")
    #expect(spanish.warnings.map(\.code) == english.warnings.map(\.code))
    #expect(spanish.warnings.map(\.text) != english.warnings.map(\.text))
    #expect(spanish.warnings.contains { $0.code == "high_linkage" })
  }

  @Test func aSheetSaysWhatFollowsAndWhatWouldDo() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.curp, to: wallet, of: adult())
    let question = try challenge(bar, .curp, ["birthdate"])
    let contents = try wallet.sheet(for: question, language: .en).contents()
    #expect(!contents.credentials[0].implied.isEmpty)
    #expect(contents.warnings.contains { $0.code == "implied_beyond_asked" })
    let smaller = try #require(contents.warnings.first { $0.code == "smaller_proof" })
    #expect(smaller.suggestion?.credentialType == .age)
    #expect(smaller.suggestion?.why == smaller.text)

    let offer = smallerProof(credentialType: .curp, requested: ["birthdate"], language: .en)
    #expect(offer == smaller.suggestion)
    #expect(
      smallerProof(credentialType: .age, requested: ["age_equal_or_over.18"], language: .en)
        == nil)
  }

  @Test func whoeverDeclinesTellsNothing() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.age, to: wallet, of: adult())
    let sheet = try wallet.sheet(for: challenge())
    let told = try sheet.decline()
    #expect(told == refusal())
    #expect(!told.contains("age"))
    refusal("already_used", .usage) { try sheet.approve(wallet: wallet, now: now) }
    try wallet.expectWhole(copies: [2])
    #expect(try wallet.history().isEmpty)
  }

  @Test func copiesRunOutAndAreNotUsedAgain() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.age, to: wallet, of: adult(), count: 2)
    for left in [UInt32(1), 0] {
      let sheet = try wallet.sheet(for: challenge())
      let last = sheet.contents().warnings.contains { $0.code == "last_copy" }
      #expect(last == (left == 0))
      _ = try sheet.approve(wallet: wallet, now: now)
      try wallet.expectWhole(copies: [left])
    }
    refusal("no_copies_left", .unmet) { try wallet.sheet(for: challenge()) }
    let id = try wallet.credentials(language: .en)[0].id
    refusal("no_copies_left", .unmet) { try wallet.show(id: id, language: .en) }
    #expect(try wallet.history().count == 2)
    try wallet.forgetHistory()
    #expect(try wallet.history().isEmpty)
  }

  @Test func theHolderSeesWhatTheyHold() throws {
    let agency = try Agency()
    let person = try adult()
    let wallet = Wallet.inMemory(keys: nil)
    let receipt = try agency.issue(.curp, to: wallet, of: person)
    let claims = try wallet.show(id: receipt.credential.id, language: .esMx)
    #expect(claims.first { $0.path == "curp" }?.value.text == person.curp())
    #expect(claims.allSatisfy { !$0.label.isEmpty })
    try wallet.remove(id: receipt.credential.id)
    try wallet.expectWhole(copies: [])
    refusal("credential_unknown", .unmet) {
      try wallet.show(id: receipt.credential.id, language: .esMx)
    }
  }

  @Test func theHolderChoosesAmongCredentials() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    let first = try agency.issue(.age, to: wallet, of: adult()).credential.id
    let second = try agency.issue(.age, to: wallet, of: adult()).credential.id
    let request = try challenge().request()
    for wanted in [first, second] {
      let choices = try wallet.consider(request: request, now: now, language: .en)
      let part = try #require(choices.queries().first)
      #expect(Set(part.options.map(\.credential.id)) == [first, second])
      #expect(try choices.credentialSets().isEmpty)
      try choices.choose(query: "part", credential: wanted)
      let chosen = try #require(choices.queries().first?.chosen)
      #expect(part.options[Int(chosen)].credential.id == wanted)
      refusal("choice_unknown", .usage) {
        try choices.choose(query: "part", credential: "another")
      }
      let contents = try choices.sheet().contents()
      #expect(contents.credentials.map(\.credential.id) == [wanted])
    }
  }

  @Test func aRequestCanOfferCombinations() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    let person = try adult()
    try agency.issue(.age, to: wallet, of: person)
    try agency.issue(.curp, to: wallet, of: person)
    let part = { (id: String, type: CredentialType, claim: String) in
      """
      {"id":"\(id)","format":"dc+sd-jwt","meta":{"vct_values":["\(type.defaultVct())"]},
       "claims":[{"path":\(claim)}]}
      """
    }
    let query = try DcqlQuery.fromJson(
      text: """
        {"credentials":[\(part("age", .age, #"["age_equal_or_over","18"]"#)),
         \(part("curp", .curp, #"["birthdate"]"#))],
         "credential_sets":[{"options":[["age"],["curp"]]}]}
        """)
    let question = try Challenge(
      asker: bar, purpose: "Vender una bebida", query: query, lifetimeSecs: 300, now: now)
    let choices = try wallet.consider(request: question.request(), now: now, language: .en)
    #expect(try choices.credentialSets() == [[["age"], ["curp"]]])
    refusal("choice_unknown", .usage) { try choices.chooseSet(set: 0, option: 2) }
    refusal("choice_unknown", .usage) { try choices.chooseSet(set: .max, option: .max) }
    try choices.chooseSet(set: 0, option: 1)
    let sheet = try choices.sheet()
    #expect(sheet.contents().credentials.map(\.query) == ["curp"])
    let verdict = try question.verify(
      answer: sheet.approve(wallet: wallet, now: now), trust: agency.trust(), now: now)
    #expect(verdict.credential("curp")?.value("birthdate")?.text?.count == 10)
    #expect(verdict.credential("age") == nil)
  }

  @Test func aVerifierMayForgetBetweenQuestionAndAnswer() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.age, to: wallet, of: adult())
    let asked = try challenge()
    let kept = try asked.toJson()
    let answer = try wallet.sheet(for: asked).approve(wallet: wallet, now: now)
    let verdict = try Challenge.fromJson(text: kept).verify(
      answer: answer, trust: TrustList.fromJson(text: agency.trust().toJson()), now: now)
    #expect(verdict.credential("part")?.value("age_equal_or_over.18")?.boolean == true)
  }
}

/// What somebody might try with an answer, and why it is refused.
@Suite struct AttackTests {
  let agency: Agency
  let wallet = Wallet.inMemory(keys: nil)

  init() throws {
    agency = try Agency()
    try agency.issue(.age, to: wallet, of: adult(), count: 3)
  }

  @Test func anAnswerIsGoodOnce() throws {
    let question = try challenge()
    let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
    _ = try question.verify(answer: answer, trust: agency.trust(), now: now)
    refusal("already_used", .usage) {
      try question.verify(answer: answer, trust: agency.trust(), now: now)
    }
    refusal("nonce_mismatch", .refused) {
      try challenge().verify(answer: answer, trust: agency.trust(), now: now)
    }
  }

  @Test func anAnswerIsGoodForOneAsker() throws {
    let answer = try wallet.sheet(for: challenge()).approve(wallet: wallet, now: now)
    let error = refusal("audience_mismatch", .refused) {
      try challenge(bank).verify(answer: answer, trust: agency.trust(), now: now)
    }
    #expect(error?.reason.query == "part")
    #expect(error?.reason.index == 0)
  }

  @Test func aDisclosureCannotBeSwapped() throws {
    let question = try challenge()
    let good = try presentation(
      of: wallet.sheet(for: question).approve(wallet: wallet, now: now))
    var parts = good.split(separator: "~").map(String.init)
    let base64 = parts[1].replacingOccurrences(of: "-", with: "+")
      .replacingOccurrences(of: "_", with: "/")
    let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
    let disclosure = String(decoding: try #require(Data(base64Encoded: padded)), as: UTF8.self)
    #expect(disclosure.contains("true"))
    let forged = disclosure.replacingOccurrences(of: "true", with: "null")
    parts[1] = Data(forged.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    refusal("disclosure_unreferenced", .refused) {
      try question.verify(
        answer: answer(with: parts.joined(separator: "~")), trust: agency.trust(), now: now)
    }
  }

  @Test func theProofOfPossessionCannotBeLeftOut() throws {
    let question = try challenge()
    let good = try presentation(
      of: wallet.sheet(for: question).approve(wallet: wallet, now: now))
    let end = try #require(good.lastIndex(of: "~"))
    refusal("key_binding_missing", .refused) {
      try question.verify(
        answer: answer(with: String(good[...end])), trust: agency.trust(), now: now)
    }
  }

  @Test func nobodyElseCanBeTheIssuer() throws {
    let forger = try Agency()
    let forged = Wallet.inMemory(keys: nil)
    try forger.issue(.age, to: forged, of: adult())
    let question = try challenge()
    let answer = try forged.sheet(for: question).approve(wallet: forged, now: now)
    refusal("untrusted", .refused) {
      try question.verify(answer: answer, trust: agency.trust(), now: now)
    }
  }

  @Test func aCredentialEnds() throws {
    let late = now.addingTimeInterval(31 * 86_400)
    refusal("credential_expired", .unmet) { try wallet.sheet(for: challenge(at: late), at: late) }
    // A holder whose clock is wrong, or who says so.
    let question = try challenge(at: late)
    let answer = try wallet.consider(request: question.request(), now: now, language: .en).sheet()
      .approve(wallet: wallet, now: now)
    refusal("expired", .refused) {
      try question.verify(answer: answer, trust: agency.trust(), now: late)
    }
  }
}
