import Foundation
import Testing

/// The sample for iPhones, as far as it can be looked at without one.
@Suite struct SampleTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Samples/iOS").standardized

  /// The texts of a language, by key.
  private func strings(_ language: String) throws -> [String: String] {
    let file = Self.folder.appendingPathComponent("\(language).lproj/Localizable.strings")
    var strings: [String: String] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let match = try #require(line.wholeMatch(of: /"([^"]+)" = "([^"]+)";/), "\(line)")
      #expect(strings.updateValue(String(match.2), forKey: String(match.1)) == nil, "\(line)")
    }
    return strings
  }

  /// The keys that the screens name: words with dots, of which the first is a screen.
  private func keys() throws -> Set<String> {
    var keys: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    where file.hasSuffix(".swift") {
      let source = try String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8)
      for match in source.matches(
        of:
          /"((?:answer|consent|credentials|problem|prompt|request|tab|value|verdict|verifier)\.[a-z_]+)(?: \\\((Int)?[^"]*)?"/
      ) {
        let interpolated = match.0.contains(" ")
        keys.insert(match.1 + (interpolated ? (match.2 == nil ? " %@" : " %lld") : ""))
      }
    }
    return keys
  }

  @Test func everyTextStandsInBothLanguages() throws {
    let (spanish, english, keys) = (try strings("es-MX"), try strings("en"), try keys())
    #expect(keys.count > 35)
    #expect(Set(spanish.keys) == keys)
    #expect(Set(english.keys) == keys)
    // "CURP" and "INE" are names; the rest is said anew.
    let alike = keys.filter { spanish[$0] == english[$0] }
    #expect(alike.isSubset(of: ["credentials.get_curp", "credentials.get_ine", "value.no"]))
  }
}
