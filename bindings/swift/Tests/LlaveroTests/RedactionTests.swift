import Foundation
import Llavero
import Testing

/// What an app prints by accident holds nothing of a person.
@Suite struct RedactionTests {
  /// Every way to make a text of a value that Swift has.
  private static func texts(of value: Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    var printed = ""
    print(value, to: &printed)
    var debugged = ""
    debugPrint(value, to: &debugged)
    let mirrored = Mirror(reflecting: value).children.map { "\($0.value)" }.joined()
    return [
      dumped, printed, debugged, mirrored, "\(value)", String(reflecting: value),
      String(describing: value), "\([value])", "\(Optional(value) as Any)", "\(["key": value])",
      String(format: "%@", "\(value)"),
    ].joined(separator: "\n")
  }

  private func expectSilence(
    about canaries: [String], in value: Any, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let texts = Self.texts(of: value)
    for canary in canaries {
      #expect(!texts.contains(canary), "\(type(of: value))", sourceLocation: sourceLocation)
    }
  }

  /// The canaries, and how bytes of theirs would be printed.
  private static func spellings(_ canary: String) -> [String] {
    let bytes = canary.utf8.map { "\($0)" }
    let hex = canary.utf8.map { String(format: "%02x", $0) }
    return [
      canary, bytes.joined(separator: ", "), bytes.joined(separator: "\n  - "), hex.joined(),
    ]
  }

  @Test func recordsOfValuesPrintAsNothing() {
    let canary = "CANARIO"
    let text = ClaimValue.text(value: canary)
    let shown = ShownClaim(path: canary, label: canary, value: text)
    let item = HistoryItem(vct: canary, issuer: canary, claims: [canary])
    let bytes = Data(canary.utf8)
    let values: [Any] = [
      text, ClaimValue.json(text: canary), shown, item,
      HistoryEntry(
        at: now, clientId: canary, unverifiedClientName: canary, unverifiedPurpose: canary,
        shown: [item]),
      NewKey(handle: bytes, publicKey: bytes),
      ToSign(handle: bytes, publicKey: canary, bytes: bytes),
      StoredRecord(key: canary, value: bytes),
      Change.put(table: canary, key: canary, value: bytes),
      Change.delete(table: canary, key: canary),
      ClaimValue.integer(value: 987_654_321),
      Fact(id: canary, label: canary),
      SheetContents(
        clientId: canary, unverifiedClientName: canary, unverifiedPurpose: canary, credentials: [],
        warnings: [], notProtected: []),
    ]
    let canaries = Self.spellings(canary) + ["987654321"]
    for value in values {
      expectSilence(about: canaries, in: value)
      #expect(Self.texts(of: value).contains("redacted>"), "\(type(of: value))")
      #expect(Mirror(reflecting: value).children.isEmpty, "\(type(of: value))")
    }
    // Those inside of others, too.
    expectSilence(about: canaries, in: AskedClaim(path: "path", values: [text]))
    #expect("\(shown)" == "<ShownClaim redacted>")
    #expect(Self.texts(of: ClaimValue.boolean(value: true)).contains("true") == false)
    // The same search finds what is not redacted.
    #expect(Self.texts(of: Notice(code: canary, text: "")).contains(canary))
  }

  @Test func everyRecordThatPrintsAsNothingHasNoMembersInAMirror() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Llavero").standardized
    func source(_ name: String) throws -> String {
      try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
    }
    let declared = try source("Llavero.swift").split(separator: "\n")
      .filter { $0.hasPrefix("public ") && $0.contains("CustomDebugStringConvertible") }
      .compactMap { $0.split(separator: ":").first?.split(separator: " ").last }
    #expect(declared.count >= 10)
    let redacted = try source("Redaction.swift")
    for type in declared {
      #expect(redacted.contains("extension \(type): CustomReflectable"), "\(type)")
    }
  }

  @Test func everyObjectOfTheStoryPrintsAsNothing() throws {
    let agency = try Agency()
    let person = try adult()
    let keys = ForeignKeys()
    let wallet = Wallet.inMemory(keys: keys)
    let nonce = try newNonce()
    let record = try person.record(credentialType: .curp)
    let pendingEnrolment = try wallet.beginUnsigned(
      issuer: agency.identifier, nonce: nonce, count: 2, kind: .p256, now: now)
    let toSign = try pendingEnrolment.toSign()
    let proofs = try pendingEnrolment.finish(signatures: keys.sign(toSign))
    let draft = try agency.issuer.draft(
      record: record, name: TypeName(vct: CredentialType.curp.defaultVct()), days: 30, now: now)
    let batch = try agency.prepare(record, proofs: proofs, nonce: nonce)
    let copies = try batch.sign(key: agency.key)
    let receipt = try wallet.receive(
      copies: copies, trust: agency.trust(), now: now, language: .esMx)
    let claims = try wallet.show(id: receipt.credential.id, language: .esMx)
    let question = try challenge(bank, .curp, ["curp", "birthdate", "given_name"])
    let choices = try wallet.consider(request: question.request(), now: now, language: .esMx)
    let queries = try choices.queries()
    let sheet = try choices.sheet()
    let contents = sheet.contents()
    let pendingAnswer = try sheet.approveUnsigned(wallet: wallet, now: now)
    let asked = try pendingAnswer.toSign()
    let answer = try pendingAnswer.finish(signatures: keys.sign(asked))
    let verdict = try question.verify(answer: answer, trust: agency.trust(), now: now)
    let curp = try Curp.parse(text: person.curp(), today: today, differentiator: .aToJ)
    let lines = try #require(person.mrz())
    let mrz = try IneMrz.parse(lines: lines, today: today)
    let rfc = try Rfc.parse(text: person.rfc())

    // Every text of the person's that is long enough not to stand anywhere by chance.
    var canaries = lines + [person.curp(), person.rfc(), agency.key.toPrivateJwk(), mrz.cic()]
    let open = [agency.identifier, CredentialType.curp.defaultVct()]
    canaries += claims.compactMap(\.value.text).filter { $0.count > 7 && !open.contains($0) }
    canaries += copies + proofs + [nonce]
    canaries += toSign.map { $0.bytes.base64EncodedString() }
    #expect(canaries.count > 12)

    let values: [Any] = [
      agency.issuer, agency.key, agency.key.publicKey(), person, record, draft, batch, wallet,
      pendingEnrolment, toSign, receipt, claims, question, choices, queries, sheet, contents,
      pendingAnswer, asked, verdict, verdict.credentials, try wallet.history(),
      try wallet.credentials(language: .esMx), curp, mrz, rfc, try agency.trust(),
    ]
    for value in values {
      expectSilence(about: canaries, in: value)
    }
    // And yet they are there for who asks.
    #expect(claims.contains { $0.value.text == person.curp() })
    #expect(verdict.credential("part")?.value("curp")?.text == person.curp())
    #expect(curp.expose() == person.curp())
  }

  @Test func errorsHoldNothingOfWhatWasTyped() throws {
    let person = try adult()
    let wrong = person.curp().dropLast() + (person.curp().hasSuffix("0") ? "1" : "0")
    let error = refusal("curp_check_digit", .record) {
      try Curp.parse(text: String(wrong), today: today, differentiator: .aToJ)
    }
    expectSilence(about: [String(wrong), String(wrong.prefix(10))], in: try #require(error))
  }
}
