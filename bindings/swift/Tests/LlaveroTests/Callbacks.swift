import Foundation
import Llavero

/// A store of the app's own: dictionaries in memory.
final class DictionaryStore: Store {
  private struct Place: Hashable {
    let table: String
    let key: String
  }

  private let records: Locked<[Place: Data]>

  init(_ records: [(table: String, key: String, value: Data)] = []) {
    let places = records.map { (Place(table: $0.table, key: $0.key), $0.value) }
    self.records = Locked(Dictionary(places) { _, last in last })
  }

  func get(table: String, key: String) throws -> Data? {
    records.current[Place(table: table, key: key)]
  }

  func list(table: String) throws -> [StoredRecord] {
    records.current.filter { $0.key.table == table }
      .map { StoredRecord(key: $0.key.key, value: $0.value) }
  }

  func commit(changes: [Change]) throws {
    try records.with { records in
      var changed = records
      for change in changes {
        switch change {
        case .put(let table, let key, let value):
          changed[Place(table: table, key: key)] = value
        case .delete(let table, let key):
          let gone = changed.removeValue(forKey: Place(table: table, key: key))
          if gone == nil { throw StoreError.Conflict }
        }
      }
      records = changed
    }
  }

  /// Removes a record behind the wallet's back.
  func drop(table: String, key: String) {
    records.with { _ = $0.removeValue(forKey: Place(table: table, key: key)) }
  }

  var tables: Set<String> { Set(records.current.keys.map(\.table)) }

  /// Everything that is stored, to look for what should not be there or to store it elsewhere.
  var contents: [(table: String, key: String, value: Data)] {
    records.current.map { ($0.key.table, $0.key.key, $0.value) }
  }
}

/// A generator of the app's own, which counts what it gave.
final class CountingRandom: Random {
  private let given = Locked(0)
  private let system = Locked(SystemRandomNumberGenerator())

  var bytesGiven: Int { given.current }

  func bytes(count: UInt32) throws -> Data {
    given.with { $0 += Int(count) }
    return system.with { system in
      Data((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &system) })
    }
  }
}

/// Callbacks of which any can be replaced by something hostile while a test goes on.
final class Hostile: HolderKeys, Store, Random {
  struct Replacements: Sendable {
    var create: (@Sendable (KeyKind, UInt32) throws -> [NewKey])?
    var sign: (@Sendable (Data, Data) throws -> Data)?
    var deleteKey: (@Sendable (Data) throws -> Void)?
    var get: (@Sendable (String, String) throws -> Data?)?
    var list: (@Sendable (String) throws -> [StoredRecord])?
    var commit: (@Sendable ([Change]) throws -> Void)?
    var bytes: (@Sendable (UInt32) throws -> Data)?
  }

  let keys: ForeignKeys
  let store = DictionaryStore()
  private let random = CountingRandom()
  private let replaced = Locked(Replacements())

  init(_ form: Form = .pointAndRaw) {
    keys = ForeignKeys(form)
  }

  /// From now on these are called, and the good ones for all others.
  func replace(_ change: (inout Replacements) -> Void) {
    replaced.with {
      $0 = Replacements()
      change(&$0)
    }
  }

  /// From now on all of them are good.
  func behave() {
    replace { _ in }
  }

  func create(kind: KeyKind, count: UInt32) throws -> [NewKey] {
    try (replaced.current.create ?? keys.create)(kind, count)
  }

  func sign(handle: Data, message: Data) throws -> Data {
    try (replaced.current.sign ?? keys.sign(handle:message:))(handle, message)
  }

  func delete(handle: Data) throws {
    try (replaced.current.deleteKey ?? keys.delete)(handle)
  }

  func get(table: String, key: String) throws -> Data? {
    try (replaced.current.get ?? store.get)(table, key)
  }

  func list(table: String) throws -> [StoredRecord] {
    try (replaced.current.list ?? store.list)(table)
  }

  func commit(changes: [Change]) throws {
    try (replaced.current.commit ?? store.commit)(changes)
  }

  func bytes(count: UInt32) throws -> Data {
    try (replaced.current.bytes ?? random.bytes)(count)
  }

  /// A wallet that asks this for everything.
  func wallet(timeout: UInt32 = 60) -> Wallet {
    Wallet.withStore(store: self, keys: self, random: self, callbackTimeoutSecs: timeout)
  }
}
