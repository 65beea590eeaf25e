extension ClaimValue {
  /// The value, if it is yes or no.
  public var boolean: Bool? {
    if case .boolean(let value) = self { value } else { nil }
  }

  /// The value, if it is a whole number.
  public var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The value, if it is a text.
  public var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  /// The value as JSON text, if it is neither yes or no, nor a whole number, nor a text.
  public var json: String? {
    if case .json(let text) = self { text } else { nil }
  }
}

extension Verdict {
  /// The first credential that answers the part of the query with this identifier.
  public func credential(_ query: String) -> VerifiedCredential? {
    credentials.first { $0.query == query }
  }
}

extension AskedClaim {
  /// What to call it, in this language or the next best; `nil` if no document on the trust list has a label for it.
  public func label(_ language: Language) -> String? {
    language == .esMx ? labelEsMx : labelEn
  }
}

extension VerifiedCredential {
  /// What to call the type, in this language or the next best; `nil` if the trust list has no document of it.
  public func typeName(_ language: Language) -> String? {
    language == .esMx ? typeNameEsMx : typeNameEn
  }

  /// The value of a claim that was asked for by this path, with dots; `nil` if it was not asked for, not shown, or has
  /// several values.
  public func value(_ path: String) -> ClaimValue? {
    let values = values(path)
    return values.count == 1 ? values.first : nil
  }

  /// All values of a claim that was asked for by this path: several if the path has a wildcard.
  public func values(_ path: String) -> [ClaimValue] {
    claims.first { $0.path == path }?.values ?? []
  }
}
