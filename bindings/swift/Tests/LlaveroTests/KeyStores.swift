import Foundation
import Llavero

#if canImport(CryptoKit)
  import CryptoKit
#else
  import COpenSSL
#endif

/// How a key store writes public keys and ECDSA signatures.
enum Form: CaseIterable {
  /// As the Secure Enclave does: an X9.63 point, and whatever form the app asks for; here 64 bytes.
  case pointAndRaw
  /// As Android Keystore does: SubjectPublicKeyInfo and DER.
  case spkiAndDer
}

/// A key store that knows nothing of the library: its keys are OpenSSL's, or CryptoKit's on Apple's systems.
final class ForeignKeys: HolderKeys {
  private let keys = Locked<[Data: PrivateKey]>([:])
  private let form: Form

  init(_ form: Form = .pointAndRaw) {
    self.form = form
  }

  var count: Int { keys.current.count }

  func create(kind: KeyKind, count: UInt32) throws -> [NewKey] {
    try (0..<count).map { _ in
      let key = try PrivateKey(kind)
      let handle = Data(UUID().uuidString.utf8)
      keys.with { $0[handle] = key }
      return NewKey(handle: handle, publicKey: try key.publicKey(form))
    }
  }

  func sign(handle: Data, message: Data) throws -> Data {
    guard let key = keys.current[handle] else { throw HolderKeysError.Unavailable }
    return try key.sign(message, form)
  }

  func delete(handle: Data) throws {
    keys.with { _ = $0.removeValue(forKey: handle) }
  }

  /// What the two-step forms ask for.
  func sign(_ items: [ToSign]) throws -> [Data] {
    try items.map { try sign(handle: $0.handle, message: $0.bytes) }
  }
}

#if canImport(CryptoKit)
  enum PrivateKey {
    case p256(P256.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)

    init(_ kind: KeyKind) throws {
      self = kind == .p256 ? .p256(.init()) : .ed25519(.init())
    }

    func publicKey(_ form: Form) throws -> Data {
      switch (self, form) {
      case (.ed25519(let key), _): key.publicKey.rawRepresentation
      case (.p256(let key), .pointAndRaw): key.publicKey.x963Representation
      case (.p256(let key), .spkiAndDer): key.publicKey.derRepresentation
      }
    }

    func sign(_ message: Data, _ form: Form) throws -> Data {
      switch (self, form) {
      case (.ed25519(let key), _): try key.signature(for: message)
      case (.p256(let key), .pointAndRaw): try key.signature(for: message).rawRepresentation
      case (.p256(let key), .spkiAndDer): try key.signature(for: message).derRepresentation
      }
    }
  }
#else
  struct OpenSSLFailed: Error {}

  /// A key of OpenSSL. It may be used from any thread as long as nobody changes it, and nobody does.
  final class PrivateKey: @unchecked Sendable {
    private let kind: KeyKind
    private let key: OpaquePointer

    init(_ kind: KeyKind) throws {
      self.kind = kind
      let context = EVP_PKEY_CTX_new_id(kind == .p256 ? EVP_PKEY_EC : EVP_PKEY_ED25519, nil)
      defer { EVP_PKEY_CTX_free(context) }
      try expectOne(EVP_PKEY_keygen_init(context))
      if kind == .p256 {
        try expectOne(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1))
      }
      var made: OpaquePointer?
      try expectOne(EVP_PKEY_keygen(context, &made))
      guard let made else { throw OpenSSLFailed() }
      key = made
    }

    deinit {
      EVP_PKEY_free(key)
    }

    func publicKey(_ form: Form) throws -> Data {
      if kind == .ed25519 {
        var bytes = [UInt8](repeating: 0, count: 32)
        var length = bytes.count
        try expectOne(EVP_PKEY_get_raw_public_key(key, &bytes, &length))
        return Data(bytes.prefix(length))
      }
      return try bytes {
        form == .spkiAndDer
          ? Int(i2d_PUBKEY(key, $0)) : EVP_PKEY_get1_encoded_public_key(key, $0)
      }
    }

    func sign(_ message: Data, _ form: Form) throws -> Data {
      let context = EVP_MD_CTX_new()
      defer { EVP_MD_CTX_free(context) }
      let digest = kind == .p256 ? EVP_sha256() : nil
      try expectOne(EVP_DigestSignInit(context, nil, digest, nil, key))
      var signature = [UInt8](repeating: 0, count: 128)
      var length = signature.count
      try message.withUnsafeBytes {
        let start = $0.bindMemory(to: UInt8.self).baseAddress
        try expectOne(EVP_DigestSign(context, &signature, &length, start, $0.count))
      }
      let written = Data(signature.prefix(length))
      return kind == .p256 && form == .pointAndRaw ? try raw(written) : written
    }
  }

  /// The two numbers of a signature in DER, 32 bytes each.
  private func raw(_ der: Data) throws -> Data {
    let signature = der.withUnsafeBytes {
      var start = $0.bindMemory(to: UInt8.self).baseAddress
      return d2i_ECDSA_SIG(nil, &start, $0.count)
    }
    guard let signature else { throw OpenSSLFailed() }
    defer { ECDSA_SIG_free(signature) }
    return try [ECDSA_SIG_get0_r(signature), ECDSA_SIG_get0_s(signature)].reduce(into: Data()) {
      var number = [UInt8](repeating: 0, count: 32)
      guard BN_bn2binpad($1, &number, 32) == 32 else { throw OpenSSLFailed() }
      $0.append(contentsOf: number)
    }
  }

  /// What OpenSSL writes into memory of its own.
  private func bytes(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int) throws
    -> Data
  {
    var start: UnsafeMutablePointer<UInt8>?
    let count = write(&start)
    defer { CRYPTO_free(start, nil, 0) }
    guard let start, count > 0 else { throw OpenSSLFailed() }
    return Data(bytes: start, count: count)
  }

  private func expectOne(_ outcome: Int32) throws {
    guard outcome == 1 else { throw OpenSSLFailed() }
  }
#endif
