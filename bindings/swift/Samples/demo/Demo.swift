import Foundation
import Llavero

/// The whole story, with a person who does not exist: `llavero-demo [--lang es-MX|en]`.
///
/// It ends with an error if anything is not as it says.
@main
struct Demo {
  let screen: Screen
  let agency: Agency
  let trust: TrustList
  let wallet: Wallet
  let now: Date

  static func main() {
    do {
      let language = try language(from: Array(CommandLine.arguments.dropFirst()))
      try Demo(language: language, now: Date()).run()
    } catch let error as LlaveroError {
      fail("\(error.localizedDescription) [\(error)]")
    } catch {
      fail("\(error)")
    }
  }

  private static func fail(_ line: String) -> Never {
    FileHandle.standardError.write(Data("llavero-demo: \(line)\n".utf8))
    exit(1)
  }

  private static func language(from arguments: [String]) throws -> Language {
    switch arguments {
    case []: .preferred
    case ["--lang", "es-MX"]: .esMx
    case ["--lang", "en"]: .en
    default: throw Broken("usage: llavero-demo [--lang es-MX|en]")
    }
  }

  private init(language: Language, now: Date) throws {
    screen = Screen(language: language)
    agency = try Agency(identifier: "https://agencia.example")
    trust = try agency.trust(at: now)
    // Keys in software and a store in memory: a phone has its own, see SecureEnclaveKeys and FileStore.
    wallet = Wallet.inMemory(keys: nil)
    self.now = now
  }

  private func run() throws {
    screen.title(
      "1. Una agencia emite credenciales a una persona inventada",
      "1. An agency issues credentials to a person who does not exist")
    let today = CalendarDate(of: now, in: TimeZone(identifier: "America/Mexico_City") ?? .current)
    let person = try SyntheticPerson(youngest: 25, oldest: 60, today: today)
    for type in [CredentialType.age, .curp, .ine] {
      let receipt = try agency.issue(
        type, of: person, to: wallet, copies: 3, trust: trust, now: now,
        language: screen.language)
      let copies = screen.pick("copias de un solo uso", "single-use copies")
      screen.good("\(receipt.credential.label): \(receipt.credential.copiesLeft) \(copies)")
      try expect(receipt.warnings.isEmpty, "a batch without oddities")
    }

    screen.title("2. Un bar pregunta: ¿mayor de 18?", "2. A bar asks: over 18?")
    let bar = try ask(.bar, .age, "age_equal_or_over.18")
    try expect(bar.value("age_equal_or_over.18")?.boolean == true, "an adult")

    screen.title("3. Un banco pide la CURP", "3. A bank asks for the CURP")
    let bank = try ask(.bank, .curp, "curp")
    try expect(bank.value("curp")?.text == person.curp(), "the CURP of the person")

    screen.title("4. La persona dice que no", "4. The person says no")
    let told = try sheet(for: challenge(.bank, .ine, "cic")).decline()
    try expect(told == refusal(), "a refusal that says nothing")
    screen.good(told)

    screen.title("5. Ataques", "5. Attacks")
    try attacks()

    screen.title("6. Las copias se acaban y no se repiten", "6. Copies run out and are not reused")
    try refused("no_copies_left") {
      while true {
        _ = try sheet(for: challenge(.bar, .age, "age_equal_or_over.18")).approve(
          wallet: wallet, now: now)
      }
    }
    for entry in try wallet.history().reversed() {
      let claims = entry.shown.flatMap(\.claims).joined(separator: ", ")
      print("  \(entry.clientId): \(claims)")
    }

    screen.title(
      "Todo ocurrió sin red: nadie tuvo que ser consultado, nadie pudo anotarlo.",
      "All of it without a network: nobody had to be asked, so nobody could keep a record.")
  }

  private func challenge(
    _ asker: Asker, _ type: CredentialType, _ path: String, at time: Date? = nil
  ) throws -> Challenge {
    let query = try DcqlQuery.forClaims(
      id: "part", vctValues: [type.defaultVct()], paths: [path])
    return try Challenge(
      asker: asker, purpose: screen.pick("Atenderle", "Serve you"), query: query,
      lifetimeSecs: 300, now: time ?? now)
  }

  private func sheet(for challenge: Challenge) throws -> ConsentSheet {
    try wallet.consider(request: challenge.request(), now: now, language: screen.language).sheet()
  }

  private func ask(
    _ asker: Asker, _ type: CredentialType, _ path: String
  ) throws -> VerifiedCredential {
    let question = try challenge(asker, type, path)
    let sheet = try sheet(for: question)
    screen.show(sheet.contents())
    // With keys that ask for a finger, take `approveUnsigned`, as SecureEnclaveKeys does.
    let answer = try sheet.approve(wallet: wallet, now: now)
    let verdict = try question.verify(answer: answer, trust: trust, now: now)
    screen.show(verdict)
    guard let credential = verdict.credential("part"), credential.claims.count == 1 else {
      throw Broken("one credential with one claim")
    }
    return credential
  }

  private func attacks() throws {
    let path = "age_equal_or_over.18"
    let question = try challenge(.bar, .age, path)
    let answer = try sheet(for: question).approve(wallet: wallet, now: now)
    _ = try question.verify(answer: answer, trust: trust, now: now)
    try refused("nonce_mismatch", "Repetir una respuesta", "Replay an answer") {
      try challenge(.bar, .age, path).verify(answer: answer, trust: trust, now: now)
    }
    try refused("audience_mismatch", "Usarla ante otro", "Use it with somebody else") {
      try challenge(.bank, .age, path).verify(answer: answer, trust: trust, now: now)
    }
    try refused("key_binding_missing", "Quitar la prueba de posesión", "Strip the key binding") {
      guard let end = answer.lastIndex(of: "~") else { throw Broken("a presentation") }
      let stripped = answer[...end] + "\"]}}"
      return try challenge(.bar, .age, path).verify(
        answer: String(stripped), trust: trust, now: now)
    }
    try refused("untrusted", "Falsificar al emisor", "Forge the issuer") {
      let forger = try Agency(identifier: agency.issuer.identifier())
      let theirs = Wallet.inMemory(keys: nil)
      let today = CalendarDate(of: now, in: .current)
      _ = try forger.issue(
        .age, of: SyntheticPerson(youngest: 25, oldest: 60, today: today), to: theirs, copies: 1,
        trust: forger.trust(at: now), now: now, language: screen.language)
      let question = try challenge(.bar, .age, path)
      let forged = try theirs.consider(
        request: question.request(), now: now, language: screen.language
      ).sheet().approve(wallet: theirs, now: now)
      return try question.verify(answer: forged, trust: trust, now: now)
    }
    try refused("expired", "Usar una copia vencida", "Use an expired copy") {
      let late = now.addingTimeInterval(31 * 86_400)
      let question = try challenge(.bar, .age, path, at: late)
      let old = try sheet(for: question).approve(wallet: wallet, now: now)
      return try question.verify(answer: old, trust: trust, now: late)
    }
  }

  private func refused<T>(
    _ code: String, _ spanish: String = "Sin copias", _ english: String = "No copies",
    _ attempt: () throws -> T
  ) throws {
    do {
      _ = try attempt()
    } catch let error as LlaveroError {
      try expect(error.code() == code, "\(code), not \(error.code())")
      screen.good(
        "\(screen.pick(spanish, english)): \(error.text(language: screen.language)) [\(code)]")
      return
    }
    throw Broken("\(code), but it was accepted")
  }

  private func expect(_ holds: Bool, _ what: String) throws {
    if !holds { throw Broken("expected \(what)") }
  }
}

/// The demonstration is not what it says.
struct Broken: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension Asker {
  static let bar = Asker(clientId: "https://bar.example", clientName: "Bar La Esquina")
  static let bank = Asker(clientId: "https://banco.example", clientName: "Banco de Ejemplo")
}
