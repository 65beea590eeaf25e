#if canImport(CryptoKit) && canImport(LocalAuthentication)
  import CryptoKit
  import Foundation
  import LocalAuthentication
  import Security

  /// The holder's keys in the Secure Enclave, which never lets a private key out.
  ///
  /// The handle of a key is the key itself, sealed by this device's enclave for this device's enclave; the wallet keeps
  /// it in its store. Deleting a key therefore is forgetting the handle, which the wallet does.
  ///
  /// Where a key asks for the person (``Protection/userPresence``, ``Protection/currentBiometry``), take the two-step
  /// forms, ``enrol(in:issuer:nonce:count:now:consent:)`` and ``approve(_:wallet:now:consent:)``: one prompt serves all
  /// signatures of a step, and it comes before a copy is spent. The one-step forms would prompt once for each key, and
  /// a person who takes their time would run into the time limit of the wallet.
  public final class SecureEnclaveKeys: HolderKeys {
    /// What a key asks for before it signs.
    public enum Protection: Sendable {
      /// The device is unlocked.
      case unlockedDevice
      /// A finger, a face, or the passcode.
      case userPresence
      /// One of the fingers or the face that are enrolled now. A key is lost when another is added.
      case currentBiometry
    }

    /// A person who agreed a moment ago. Keys sign through it without asking again.
    ///
    /// An `LAContext` may be used from any thread; only its class does not say so.
    public final class Consent: @unchecked Sendable {
      fileprivate let context: LAContext

      fileprivate init(_ context: LAContext) {
        self.context = context
      }

      /// Makes this consent good for nothing. Call it when the step is done.
      public func end() {
        context.invalidate()
      }
    }

    /// Whether this device has a Secure Enclave.
    public static var isAvailable: Bool { SecureEnclave.isAvailable }

    private let protection: Protection

    /// A key store whose new keys ask for `protection`. Keys that exist keep what they were made with.
    public init(protection: Protection) {
      self.protection = protection
    }

    public func create(kind: KeyKind, count: UInt32) throws -> [NewKey] {
      // The enclave has one kind of key.
      guard kind == .p256, SecureEnclave.isAvailable else { throw HolderKeysError.Unavailable }
      let access = try accessControl()
      return try (0..<count).map { _ in
        let key = try answer {
          try SecureEnclave.P256.Signing.PrivateKey(accessControl: access)
        }
        return NewKey(
          handle: key.dataRepresentation, publicKey: key.publicKey.x963Representation)
      }
    }

    public func sign(handle: Data, message: Data) throws -> Data {
      try sign(handle: handle, message: message, context: nil)
    }

    public func delete(handle: Data) throws {}

    /// Asks the person, once, for everything that a step will sign.
    ///
    /// - Parameters:
    ///   - reason: What the system's prompt says, such as "Mostrar su mayoría de edad a Bar La Esquina".
    /// - Throws: `HolderKeysError.Cancelled` if the person did not agree; nothing has happened then.
    public func askForConsent(reason: String) async throws -> Consent {
      let context = LAContext()
      if protection == .unlockedDevice { return Consent(context) }
      let consent = Consent(context)
      let access = try accessControl()
      try await withCheckedThrowingContinuation {
        (continuation: CheckedContinuation<Void, any Error>) in
        context.evaluateAccessControl(access, operation: .useKeySign, localizedReason: reason) {
          agreed, error in
          if agreed {
            continuation.resume()
          } else {
            continuation.resume(throwing: Self.error(for: error))
          }
        }
      }
      return consent
    }

    /// Signs what a step needs, in its order.
    public func sign(_ items: [ToSign], consent: Consent) throws -> [Data] {
      try items.map {
        try sign(handle: $0.handle, message: $0.bytes, context: consent.context)
      }
    }

    /// Starts an enrolment in two steps, and returns the proofs for the issuer. Do not call it on the main actor.
    public func enrol(
      in wallet: Wallet, issuer: String, nonce: String, count: UInt32, now: Date, consent: Consent
    ) throws -> [String] {
      let pending = try wallet.beginUnsigned(
        issuer: issuer, nonce: nonce, count: count, kind: .p256, now: now)
      return try pending.finish(signatures: sign(pending.toSign(), consent: consent))
    }

    /// Approves a sheet in two steps, and returns the answer for the verifier. Do not call it on the main actor.
    ///
    /// The copies are spent first, as always. So ask for consent first: whoever cancels the prompt loses no copy.
    public func approve(
      _ sheet: ConsentSheet, wallet: Wallet, now: Date, consent: Consent
    ) throws -> String {
      let pending = try sheet.approveUnsigned(wallet: wallet, now: now)
      return try pending.finish(signatures: sign(pending.toSign(), consent: consent))
    }

    private func sign(handle: Data, message: Data, context: LAContext?) throws -> Data {
      try answer {
        let key = try SecureEnclave.P256.Signing.PrivateKey(
          dataRepresentation: handle, authenticationContext: context)
        return try key.signature(for: message).derRepresentation
      }
    }

    private func accessControl() throws -> SecAccessControl {
      let flags: SecAccessControlCreateFlags =
        switch protection {
        case .unlockedDevice: .privateKeyUsage
        case .userPresence: [.privateKeyUsage, .userPresence]
        case .currentBiometry: [.privateKeyUsage, .biometryCurrentSet]
        }
      let access = SecAccessControlCreateWithFlags(
        nil, kSecAttrAccessibleWhenUnlockedThisDeviceOnly, flags, nil)
      guard let access else { throw HolderKeysError.Unavailable }
      return access
    }

    private func answer<T>(_ question: () throws -> T) throws -> T {
      do { return try question() } catch { throw Self.error(for: error) }
    }

    /// What the wallet is told. The system's own error stays here: it names the app and the key.
    private static func error(for error: (any Error)?) -> HolderKeysError {
      switch (error as? LAError)?.code {
      case .userCancel, .appCancel, .systemCancel, .userFallback, .authenticationFailed:
        .Cancelled
      default:
        .Unavailable
      }
    }
  }
#endif
