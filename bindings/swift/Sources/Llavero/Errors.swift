import Foundation

extension Language {
  /// The one of the two that a person with this locale reads: Spanish for every kind of Spanish, else English.
  public init(_ locale: Locale) {
    // The first part of the identifier, with `_` or `-` after it, is the language.
    let language = locale.identifier.prefix { $0.isLetter }
    self = language.lowercased() == "es" ? .esMx : .en
  }

  /// What the app speaks: the language that the system chose from the person's list and the app's own.
  public static var preferred: Language {
    Language(
      Locale(identifier: Bundle.main.preferredLocalizations.first ?? Locale.current.identifier))
  }
}

extension LlaveroError {
  /// What happened: the code, the texts, the detail, and the part of a request or batch that it is about.
  public var reason: Reason {
    switch self {
    case .Device(let reason), .Record(let reason), .Refused(let reason), .Unmet(let reason),
      .Usage(let reason):
      reason
    }
  }
}

/// `localizedDescription` is the sentence for people, in the language of the app.
extension LlaveroError: LocalizedError {
  public var errorDescription: String? { text(language: .preferred) }
}

/// Printed, it is the code and the detail, which is for developers and holds no value of a person.
extension LlaveroError: CustomStringConvertible {}

extension HolderKeysError: CustomStringConvertible {}
extension RandomError: CustomStringConvertible {}
extension StoreError: CustomStringConvertible {}
