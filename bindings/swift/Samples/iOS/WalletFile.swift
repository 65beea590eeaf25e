import Foundation
import Llavero
import Security

/// The wallet's sealed file, and its key in the Keychain of this device.
enum WalletFile {
  struct KeychainFailed: Error {
    let status: OSStatus
  }

  /// Opens the file, or makes it the first time.
  static func open() throws -> FileStore {
    let folder = try FileManager.default.url(
      for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
    var file = folder.appendingPathComponent("wallet.llavero")
    if let key = try storedKey(), FileManager.default.fileExists(atPath: file.path) {
      return try FileStore.open(path: file.path, key: key)
    }
    let store = try FileStore.create(path: file.path, key: storedKey() ?? makeKey())
    // A copy of the file brings spent copies of credentials back; and keys of the enclave do not move.
    var values = URLResourceValues()
    values.isExcludedFromBackup = true
    try file.setResourceValues(values)
    return store
  }

  private static var item: [String: Any] {
    [
      kSecClass as String: kSecClassGenericPassword,
      kSecAttrService as String: "org.llavero.sample",
      kSecAttrAccount as String: "wallet",
    ]
  }

  private static func storedKey() throws -> Data? {
    var query = item
    query[kSecReturnData as String] = true
    var found: CFTypeRef?
    let status = SecItemCopyMatching(query as CFDictionary, &found)
    if status == errSecItemNotFound { return nil }
    guard status == errSecSuccess, let key = found as? Data else {
      throw KeychainFailed(status: status)
    }
    return key
  }

  private static func makeKey() throws -> Data {
    var key = Data(count: 32)
    let made = key.withUnsafeMutableBytes { bytes -> Int32 in
      guard let start = bytes.baseAddress else { return -1 }
      return SecRandomCopyBytes(kSecRandomDefault, bytes.count, start)
    }
    guard made == errSecSuccess else { throw KeychainFailed(status: made) }
    var attributes = item
    attributes[kSecAttrAccessible as String] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
    attributes[kSecValueData as String] = key
    let status = SecItemAdd(attributes as CFDictionary, nil)
    guard status == errSecSuccess else { throw KeychainFailed(status: status) }
    return key
  }
}
