// See README.md.
import Foundation
import LocalAuthentication
import Security

public enum P256 {
  public enum Signing {
    public struct PublicKey: Sendable {
      public var derRepresentation: Data { fatalError() }
      public var rawRepresentation: Data { fatalError() }
      public var x963Representation: Data { fatalError() }
    }

    public struct ECDSASignature: Sendable {
      public var derRepresentation: Data { fatalError() }
      public var rawRepresentation: Data { fatalError() }
    }

    public struct PrivateKey: Sendable {
      public init(compactRepresentable: Bool = true) { fatalError() }
      public var publicKey: PublicKey { fatalError() }
      public func signature<D: DataProtocol>(for data: D) throws -> ECDSASignature { fatalError() }
    }
  }
}

public enum Curve25519 {
  public enum Signing {
    public struct PublicKey: Sendable {
      public var rawRepresentation: Data { fatalError() }
    }

    public struct PrivateKey: Sendable {
      public init() { fatalError() }
      public var publicKey: PublicKey { fatalError() }
      public func signature<D: DataProtocol>(for data: D) throws -> Data { fatalError() }
    }
  }
}

public enum SecureEnclave {
  public static var isAvailable: Bool { fatalError() }

  public enum P256 {
    public enum Signing {
      public struct PrivateKey {
        public init(
          compactRepresentable: Bool = true, accessControl: SecAccessControl = SecAccessControl.any,
          authenticationContext: LAContext? = nil
        ) throws { fatalError() }
        public init(dataRepresentation: Data, authenticationContext: LAContext? = nil) throws {
          fatalError()
        }
        public var dataRepresentation: Data { fatalError() }
        public var publicKey: CryptoKit.P256.Signing.PublicKey { fatalError() }
        public func signature<D: DataProtocol>(
          for data: D
        ) throws -> CryptoKit.P256.Signing.ECDSASignature { fatalError() }
      }
    }
  }
}

extension SecAccessControl {
  /// Stands for a default that no name is known of.
  public static var any: SecAccessControl { fatalError() }
}
