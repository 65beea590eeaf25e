import Foundation
import Llavero
import Testing

/// The sealed file: what it keeps, and when it does not open.
@Suite struct FileStoreTests {
  let key = Data(repeating: 7, count: 32)

  @Test func aWalletOutlivesTheApp() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("cartera").path
      let agency = try Agency()
      let person = try adult()
      try {
        let wallet = try Wallet.withFile(file: FileStore.create(path: path, key: key), keys: nil)
        try agency.issue(.curp, to: wallet, of: person)
        _ = try wallet.sheet(for: challenge(bank, .curp, ["curp"])).approve(
          wallet: wallet, now: now)
      }()
      let file = try FileStore.open(path: path, key: key)
      try file.compact()
      let wallet = try Wallet.withFile(file: file, keys: nil)
      try wallet.expectWhole(copies: [1])
      #expect(try wallet.history().count == 1)
      let question = try challenge(bank, .curp, ["curp"])
      let answer = try wallet.sheet(for: question).approve(wallet: wallet, now: now)
      let verdict = try question.verify(answer: answer, trust: agency.trust(), now: now)
      #expect(verdict.credential("part")?.value("curp")?.text == person.curp())
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for clear in [person.curp(), "banco.example", agency.identifier] {
        #expect(bytes.range(of: Data(clear.utf8)) == nil)
      }
    }
  }

  @Test func aFileHasOneWallet() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("cartera").path
      let file = try FileStore.create(path: path, key: key)
      try file.changeKey(key: Data(repeating: 8, count: 32))
      let wallet = try Wallet.withFile(file: file, keys: nil)
      refusal("already_used", .usage) { try Wallet.withFile(file: file, keys: nil) }
      refusal("already_used", .usage) { try file.compact() }
      refusal("already_used", .usage) { try file.changeKey(key: key) }
      refusal("already_used", .usage) { try file.changePassphrase(passphrase: "otra") }
      refusal("store_locked", .device) { try FileStore.open(path: path, key: key) }
      try wallet.expectWhole(copies: [])
    }
  }

  @Test func aFileOpensWithItsKeyOnly() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("cartera").path
      let other = Data(repeating: 8, count: 32)
      _ = try FileStore.create(path: path, key: key)
      refusal("store_wrong_key", .device) { try FileStore.open(path: path, key: other) }
      refusal("store_exists", .device) { try FileStore.create(path: path, key: key) }
      try FileStore.open(path: path, key: key).changeKey(key: other)
      refusal("store_wrong_key", .device) { try FileStore.open(path: path, key: key) }
      _ = try FileStore.open(path: path, key: other)
      for length in [0, 16, 31, 33, 64] {
        refusal("argument_malformed", .usage) {
          try FileStore.open(path: path, key: Data(count: length))
        }
      }
    }
  }

  @Test func aPassphraseOpensAFile() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("cartera").path
      _ = try FileStore.createWithPassphrase(path: path, passphrase: "correcto caballo")
      refusal("store_wrong_key", .device) {
        try FileStore.openWithPassphrase(path: path, passphrase: "caballo correcto")
      }
      refusal("store_exists", .device) {
        try FileStore.createWithPassphrase(path: path, passphrase: "correcto caballo")
      }
      let file = try FileStore.openWithPassphrase(path: path, passphrase: "correcto caballo")
      try file.changePassphrase(passphrase: "otra frase")
    }
  }

  @Test func whatIsNoFileOfOursDoesNotOpen() throws {
    try withFolder { folder in
      let missing = folder.appendingPathComponent("nada").path
      refusal("store_missing", .device) { try FileStore.open(path: missing, key: key) }
      let text = folder.appendingPathComponent("texto")
      try Data("no soy una cartera".utf8).write(to: text)
      refusal("store_corrupt", .device) { try FileStore.open(path: text.path, key: key) }

      let path = folder.appendingPathComponent("cartera")
      _ = try FileStore.create(path: path.path, key: key)
      var bytes = try Data(contentsOf: path)
      for position in stride(from: 0, to: bytes.count, by: 97) { bytes[position] ^= 0xff }
      try bytes.write(to: path)
      refusal("store_corrupt", .device) { try FileStore.open(path: path.path, key: key) }

      let nowhere = folder.appendingPathComponent("no/hay/nada").path
      refusal("store_unavailable", .device) { try FileStore.create(path: nowhere, key: key) }
      refusal("store_unavailable", .device) { try FileStore.open(path: folder.path, key: key) }
      // Not even a path.
      for path in ["", "\0", String(repeating: "a", count: 5_000)] {
        #expect(throws: LlaveroError.self) { try FileStore.create(path: path, key: key) }
      }
    }
  }

  @Test func aFileTakesTheAppsGenerator() throws {
    try withFolder { folder in
      let path = folder.appendingPathComponent("cartera").path
      let random = CountingRandom()
      _ = try FileStore.create(path: path, key: key, random: random)
      #expect(random.bytesGiven > 0)
      let hostile = Hostile()
      hostile.replace { $0.bytes = { _ in throw RandomError.Unavailable } }
      let other = folder.appendingPathComponent("otra").path
      refusal("store_random", .device) {
        try FileStore.create(path: other, key: key, random: hostile)
      }
      hostile.replace { $0.bytes = { _ in Data([1]) } }
      refusal("callback_malformed", .device) {
        try FileStore.create(path: other, key: key, random: hostile)
      }
    }
  }
}
