import Dispatch

/// Takes a step of the library where waiting is allowed, and gives its outcome to whoever awaits it.
///
/// Every step is synchronous: it may wait for the disk, for the app's own key store, or for a person's finger. So it
/// belongs neither on the main actor nor on the few threads of Swift's concurrency, which must not be kept waiting.
///
/// ```swift
/// let credentials = try await offMainActor { try wallet.credentials(language: .esMx) }
/// ```
public func offMainActor<T: Sendable>(
  _ step: @escaping @Sendable () throws -> T
) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global(qos: .userInitiated).async {
      continuation.resume(with: Result(catching: step))
    }
  }
}
