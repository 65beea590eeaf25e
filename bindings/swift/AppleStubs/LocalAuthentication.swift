// See README.md.
import Foundation
import Security

public enum LAAccessControlOperation: Int, Sendable {
  case createItem, useItem, createKey, useKeySign, useKeyDecrypt, useKeyKeyExchange
}

/// Not `Sendable`, as the real one.
open class LAContext {
  public init() {}
  open func invalidate() { fatalError() }
  open func evaluateAccessControl(
    _ accessControl: SecAccessControl, operation: LAAccessControlOperation,
    localizedReason: String, reply: @escaping @Sendable (Bool, (any Error)?) -> Void
  ) { fatalError() }
}

public struct LAError: Error {
  public enum Code: Int, Sendable {
    case authenticationFailed = -1
    case userCancel = -2
    case userFallback = -3
    case systemCancel = -4
    case passcodeNotSet = -5
    case biometryLockout = -8
    case appCancel = -9
    case invalidContext = -10
  }
  public let code: Code
}
