import Foundation
import Llavero
import Testing

/// What the package adds by hand.
@Suite struct SugarTests {
  @Test func aDayCrossesAsTheSystemsParts() {
    let date = CalendarDate(year: 1990, month: 5, day: 17)
    #expect(date.dateComponents == DateComponents(year: 1990, month: 5, day: 17))
    #expect(CalendarDate(date.dateComponents) == date)
    let later = DateComponents(year: 2026, month: 11, day: 22, hour: 23, minute: 59)
    #expect(CalendarDate(later) == CalendarDate(year: 2026, month: 11, day: 22))
    #expect(CalendarDate(DateComponents(year: 1990, month: 5)) == nil)
    #expect(CalendarDate(DateComponents(month: 5, day: 17)) == nil)
    #expect(CalendarDate(DateComponents(year: 1990, day: 17)) == nil)
    #expect(CalendarDate(DateComponents(year: 100_000, month: 1, day: 1)) == nil)
    #expect(CalendarDate(DateComponents(year: 1990, month: 1_000, day: 1)) == nil)
  }

  @Test func aTimeIsADayInATimeZone() throws {
    // 2026-01-01 03:00 UTC, which in Mexico City is still the year before.
    let time = Date(timeIntervalSince1970: 1_767_236_400)
    #expect(CalendarDate(of: time, in: .gmt) == CalendarDate(year: 2026, month: 1, day: 1))
    let mexico = try #require(TimeZone(secondsFromGMT: -6 * 3_600))
    #expect(CalendarDate(of: time, in: mexico) == CalendarDate(year: 2025, month: 12, day: 31))
    let far = CalendarDate(of: Date(timeIntervalSince1970: 1e13), in: .gmt)
    refusal("argument_malformed", .usage) {
      try SyntheticPerson(youngest: 20, oldest: 30, today: far)
    }
  }

  @Test func aValueIsReadByItsType() {
    let values: [ClaimValue] = [
      .boolean(value: false), .integer(value: 7), .text(value: "siete"), .json(text: "[7]"),
    ]
    #expect(values.map(\.boolean) == [false, nil, nil, nil])
    #expect(values.map(\.integer) == [nil, 7, nil, nil])
    #expect(values.map(\.text) == [nil, nil, "siete", nil])
    #expect(values.map(\.json) == [nil, nil, nil, "[7]"])
  }

  @Test func aVerdictIsReadByPartAndPath() {
    let credential = VerifiedCredential(
      query: "part", issuer: "https://agencia.example", issuerName: "Agencia",
      credentialType: "type",
      claims: [
        AskedClaim(path: "one", values: [.integer(value: 1)]),
        AskedClaim(path: "many", values: [.integer(value: 1), .integer(value: 2)]),
        AskedClaim(path: "none", values: []),
      ], expires: nil, boundAt: nil, revocation: .notProvided)
    let verdict = Verdict(credentials: [credential], checkedAt: now, trustIssuedAt: now)
    #expect(verdict.credential("part") == credential)
    #expect(verdict.credential("other") == nil)
    #expect(credential.value("one")?.integer == 1)
    #expect(credential.value("many") == nil)
    #expect(credential.values("many").count == 2)
    #expect(credential.value("none") == nil)
    #expect(credential.value("other") == nil)
    #expect(credential.values("other") == [])
  }

  @Test func aLocaleIsOneOfTwoLanguages() {
    for spanish in ["es", "es_MX", "es-MX", "es_ES", "es-419", "ES"] {
      #expect(Language(Locale(identifier: spanish)) == .esMx, "\(spanish)")
    }
    for other in ["en", "en_US", "fr_CA", "est", "", "nah"] {
      #expect(Language(Locale(identifier: other)) == .en, "\(other)")
    }
  }

  @Test func anErrorSpeaksToPeopleAndToDevelopers() throws {
    let error = try #require(
      refusal("store_missing", .device) {
        try FileStore.open(path: "/no/hay/nada", key: Data(count: 32))
      })
    let sentence = error.text(language: .preferred)
    #expect(error.localizedDescription == sentence)
    #expect((error as any Error).localizedDescription == sentence)
    #expect(error.reason.textEsMx == error.text(language: .esMx))
    #expect(error.reason.textEn == error.text(language: .en))
    #expect(error.reason.textEsMx != error.reason.textEn)
    #expect("\(error)" == "store_missing: \(error.reason.detail)")
    #expect("\(error as any Error)" == "\(error)")
    #expect(String(reflecting: error) == "\(error)")
    #expect("\(HolderKeysError.Cancelled)" == "the person did not agree")
    #expect("\(RandomError.Unavailable)" == "no random bytes to be had")
    #expect("\(StoreError.Conflict)" == "the store has changed meanwhile")
  }

  @Test func documentationCameThrough() throws {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../..").standardized
    let source = try String(
      contentsOf: package.appendingPathComponent("Sources/Llavero/Llavero.swift"),
      encoding: .utf8)
    for (comment, declaration) in [
      ("Credentials of one person, over a store", "public protocol WalletProtocol"),
      ("Returns exactly `count` bytes that nobody can foresee", "func bytes(count: UInt32)"),
      ("Reads a CURP and makes every check that needs no registry", "public static func parse"),
      ("How often it can still be shown", "public let copiesLeft: UInt32"),
      ("The person did not agree", "case Cancelled"),
      ("What a verifier may be told when it gets no answer", "public func refusal()"),
    ] {
      let start = try #require(source.range(of: comment), "\(comment)")
      let rest = source[start.upperBound...].prefix(1_200)
      #expect(rest.contains(declaration), "\(comment) stands before \(declaration)")
    }
  }
}
