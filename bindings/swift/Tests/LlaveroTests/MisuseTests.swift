import Foundation
import Llavero
import Testing

/// What an app might pass by mistake: an error with a code each time, and never the end of the process.
@Suite struct MisuseTests {
  /// Texts that are nothing that is asked for anywhere.
  static let texts: [String] = [
    "", " ", "\0", "\u{feff}", "{}", "[]", "null", "\"", "é", "👩🏽‍⚖️",
    // What a lone surrogate and bytes that are no UTF-8 become in Swift.
    String(decoding: [0xd800] as [UInt16], as: UTF16.self),
    String(decoding: [0xff, 0xed, 0xa0, 0x80] as [UInt8], as: UTF8.self),
    String(repeating: "[", count: 100_000),
    String(repeating: "a", count: 2_000_000),
    "\"" + String(repeating: "ñ", count: 1_000_000) + "\"",
  ]

  @Test(arguments: texts.indices)
  func aTextThatIsNothing(index: Int) throws {
    let text = Self.texts[index]
    let agency = try Agency()
    let trust = try agency.trust()
    let wallet = Wallet.inMemory(keys: nil)
    let key = try SigningKey.generate(kind: .p256)
    let steps: [() throws -> Any] = [
      { try Curp.parse(text: text, today: today, differentiator: .aToJ) },
      { try IneMrz.parse(lines: [text, text, text], today: today) },
      { try IneMrz.parse(lines: [], today: today) },
      { try ClaveElector.parse(text: text) },
      { try Rfc.parse(text: text) },
      { try Record.fromJson(credentialType: .ine, text: text, now: now) },
      { try PublicKey.fromJwk(text: text) },
      { try PublicKey.fromDevice(kind: .p256, bytes: Data(text.utf8)) },
      { try PublicKey.fromDevice(kind: .ed25519, bytes: Data(text.utf8)) },
      { try SigningKey.fromJwk(text: text) },
      { try TrustList.fromJson(text: text) },
      { try DcqlQuery.fromJson(text: text) },
      { try Challenge.fromJson(text: text) },
      { try challenge().verify(answer: text, trust: trust, now: now) },
      { try wallet.receive(copies: [text], trust: trust, now: now, language: .en) },
      { try wallet.receive(copies: [], trust: trust, now: now, language: .en) },
      { try wallet.consider(request: text, now: now, language: .en) },
      { try wallet.show(id: text, language: .en) },
      { try wallet.remove(id: text) },
      { try agency.prepare(adult().record(credentialType: .age), proofs: [text], nonce: text) },
    ]
    for (step, attempt) in steps.enumerated() {
      do {
        _ = try attempt()
        Issue.record("step \(step) took it")
      } catch let error as LlaveroError {
        #expect(!error.code().isEmpty)
        // Errors name places, never what stood there.
        #expect(error.reason.detail.count < 500, "step \(step)")
      }
    }
    // These may take it; they may not fall over.
    for attempt in [
      { try inspect(text: text) },
      { try DcqlQuery.forClaims(id: text, vctValues: [text], paths: [text]) },
      { try Issuer(identifier: text, key: key.publicKey()) },
      { try wallet.begin(issuer: text, nonce: text, count: 1, kind: .ed25519, now: now) },
      {
        try agency.issuer.draft(
          record: adult().record(credentialType: .age), name: TypeName(vct: text, integrity: text),
          days: 1, now: now)
      },
      { try curpFaults(text: text, today: today, differentiator: .aToZ) },
      { smallerProof(credentialType: .ine, requested: [text], language: .en) as Any },
      { CredentialType.age.vctUnder(base: text) },
      { try key.sign(message: Data(text.utf8)) },
    ] as [() throws -> Any] {
      do { _ = try attempt() } catch { #expect(error is LlaveroError) }
    }
  }

  /// Times that a clock, a form or a mistake may give.
  static let times: [Date] = [
    Date(timeIntervalSince1970: 0), .distantPast, .distantFuture,
    Date(timeIntervalSince1970: -62_135_596_801), Date(timeIntervalSince1970: 253_402_300_799),
    Date(timeIntervalSince1970: 253_402_300_800), Date(timeIntervalSince1970: 1e18),
    Date(timeIntervalSince1970: -1e18), Date(timeIntervalSince1970: 1e300),
    Date(timeIntervalSince1970: -1e300), Date(timeIntervalSince1970: .infinity),
    Date(timeIntervalSince1970: -.infinity), Date(timeIntervalSince1970: .nan),
    Date(timeIntervalSince1970: 9_223_372_036_854_775_808),
  ]

  @Test(arguments: times.indices)
  func aTimeFarAway(index: Int) throws {
    let time = Self.times[index]
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.age, to: wallet, of: adult())
    let question = try challenge()
    let sheet = try wallet.sheet(for: question)
    for attempt in [
      { try agency.trust(at: time).toJson() },
      { try agency.issue(.curp, to: wallet, of: adult(), at: time) },
      { try challenge(at: time) },
      { try wallet.consider(request: challenge().request(), now: time, language: .en) },
      { try sheet.approve(wallet: wallet, now: time) },
      { try question.verify(answer: "{}", trust: agency.trust(), now: time) },
      {
        try Record.fromJson(credentialType: .age, text: #"{"birthdate":"1990-05-17"}"#, now: time)
      },
      { try wallet.purge(now: time) },
    ] as [() throws -> Any] {
      do { _ = try attempt() } catch { #expect(error is LlaveroError, "\(error)") }
    }
    _ = try wallet.credentials(language: .en)
  }

  @Test func daysThatDoNotExist() throws {
    let person = try adult()
    for (year, month, day) in [
      (2026, 2, 29), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (2026, 1, 32),
      (Int(Int16.max), 1, 1), (Int(Int16.min), 1, 1), (2026, -1, -1),
    ] {
      let date = CalendarDate(year: Int16(year), month: Int8(month), day: Int8(day))
      refusal("argument_malformed", .usage) {
        try Curp.parse(text: person.curp(), today: date, differentiator: .aToJ)
      }
      refusal("argument_malformed", .usage) {
        try SyntheticPerson(youngest: 20, oldest: 30, today: date)
      }
      refusal("argument_malformed", .usage) {
        try curpFaults(text: "", today: date, differentiator: .aToJ)
      }
    }
  }

  @Test func numbersOutOfRange() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    for count in [UInt32(0), 1_000_000, .max] {
      refusal("batch_size", .usage) {
        try wallet.begin(
          issuer: agency.identifier, nonce: "nonce", count: count, kind: .p256, now: now)
      }
    }
    for days in [UInt16(0), .max] {
      refusal("validity_out_of_range", .usage) {
        try agency.issuer.draft(
          record: adult().record(credentialType: .age),
          name: TypeName(vct: CredentialType.age.defaultVct()), days: days, now: now)
      }
    }
    for lifetime in [UInt32(0), .max] {
      refusal("challenge_lifetime", .usage) {
        try Challenge(
          asker: bar, purpose: "Vender una bebida",
          query: .forClaims(id: "part", vctValues: ["v"], paths: ["claim"]),
          lifetimeSecs: lifetime, now: now)
      }
    }
    refusal("date_range", .record) { try SyntheticPerson(youngest: 60, oldest: 25, today: today) }
    let child = try SyntheticPerson(youngest: 5, oldest: 10, today: today)
    refusal("argument_malformed", .usage) { try child.record(credentialType: .ine) }
    #expect(child.mrz() == nil)
  }

  @Test func aWalletWithoutTimeForCallbacks() throws {
    let keys = ForeignKeys()
    let wallet = Wallet.inMemory(keys: keys, callbackTimeoutSecs: 0)
    refusal("callback_timed_out", .device) {
      try wallet.begin(issuer: "iss", nonce: "nonce", count: 1, kind: .p256, now: now)
    }
    try wallet.expectWhole(copies: [])
    // The longest there is does not overflow.
    let patient = Wallet.inMemory(keys: keys, callbackTimeoutSecs: .max)
    #expect(
      try patient.begin(issuer: "iss", nonce: "nonce", count: 1, kind: .p256, now: now).count == 1)
  }

  @Test func stepsThatAreTakenTwice() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    try agency.issue(.age, to: wallet, of: adult(), count: 3)

    let choices = try wallet.consider(request: challenge().request(), now: now, language: .en)
    let sheet = try choices.sheet()
    for attempt in [
      { try choices.sheet() },
      { try choices.queries() },
      { try choices.credentialSets() },
      { try choices.choose(query: "part", credential: "any") },
      { try choices.chooseSet(set: 0, option: 0) },
    ] as [() throws -> Any] {
      refusal("already_used", .usage, of: attempt)
    }

    _ = try sheet.approve(wallet: wallet, now: now)
    for attempt in [
      { try sheet.approve(wallet: wallet, now: now) },
      { try sheet.approveUnsigned(wallet: wallet, now: now) },
      { try sheet.decline() },
    ] as [() throws -> Any] {
      refusal("already_used", .usage, of: attempt)
    }
    // What it showed may still be looked at.
    #expect(sheet.contents().credentials.count == 1)

    let question = try challenge()
    _ = try? question.verify(answer: "{}", trust: agency.trust(), now: now)
    for attempt in [
      { try question.verify(answer: "{}", trust: agency.trust(), now: now) },
      { try question.request() },
      { try question.toJson() },
    ] as [() throws -> Any] {
      refusal("already_used", .usage, of: attempt)
    }
  }

  @Test func aSheetOfAnotherWallet() throws {
    let agency = try Agency()
    let wallet = Wallet.inMemory(keys: nil)
    let other = Wallet.inMemory(keys: nil)
    try agency.issue(.age, to: wallet, of: adult())
    try agency.issue(.age, to: other, of: adult())
    let sheet = try wallet.sheet(for: challenge())
    refusal("credential_unknown", .unmet) { try sheet.approve(wallet: other, now: now) }
    try wallet.expectWhole(copies: [2])
    try other.expectWhole(copies: [2])
  }

  @Test func anotherKeyThanTheIssuers() throws {
    let agency = try Agency()
    let nonce = try newNonce()
    let proofs = try Wallet.inMemory(keys: nil).begin(
      issuer: agency.identifier, nonce: nonce, count: 1, kind: .p256, now: now)
    let batch = try agency.prepare(
      adult().record(credentialType: .age), proofs: proofs, nonce: nonce)
    refusal("signer_key_mismatch", .device) { try batch.sign(key: .generate(kind: .p256)) }
    refusal("already_used", .usage) { try batch.sign(key: agency.key) }
  }
}
