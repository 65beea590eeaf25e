import Foundation

extension CalendarDate {
  /// The day that a calendar on the wall shows at `time` in `timeZone`.
  ///
  /// Credentials count days in UTC; a person's age and the date on a card are read where the person is.
  public init(of time: Date, in timeZone: TimeZone) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let parts = calendar.dateComponents([.year, .month, .day], from: time)
    // A year that does not fit becomes one that no calendar has, and is refused where the day is used.
    self = CalendarDate(parts) ?? CalendarDate(year: .max, month: 1, day: 1)
  }

  /// The day that `parts` name; `nil` if the year, the month or the day is missing or far out of range.
  ///
  /// Whether there is such a day is checked where it is used: 31 February is refused as `argument_malformed`.
  public init?(_ parts: DateComponents) {
    guard let year = parts.year.flatMap(Int16.init(exactly:)),
      let month = parts.month.flatMap(Int8.init(exactly:)),
      let day = parts.day.flatMap(Int8.init(exactly:))
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The year, the month and the day, such as for a `DatePicker` or a `Calendar`.
  public var dateComponents: DateComponents {
    DateComponents(year: Int(year), month: Int(month), day: Int(day))
  }
}
