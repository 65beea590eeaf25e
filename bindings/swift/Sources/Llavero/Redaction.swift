// What these records hold is nobody's to log. They print as `<… redacted>`; without the following, `dump`, Xcode's
// variables view and whatever else looks through a `Mirror` would still show their members.

extension CalendarDate: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension Change: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension ClaimValue: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension Fact: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension HistoryEntry: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension HistoryItem: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension NewKey: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension SheetContents: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension ShownClaim: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension StoredRecord: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension ToSign: CustomReflectable {
  public var customMirror: Mirror { .redacted(self) }
}

extension Mirror {
  fileprivate static func redacted(_ subject: some Any) -> Mirror {
    Mirror(subject, children: [] as [Mirror.Child])
  }
}
