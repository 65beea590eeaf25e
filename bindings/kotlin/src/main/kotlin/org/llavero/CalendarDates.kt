package org.llavero

import java.time.LocalDate

/**
 * The same day in Java's type.
 *
 * @throws java.time.DateTimeException if the calendar has no such day.
 */
public fun CalendarDate.toLocalDate(): LocalDate = LocalDate.of(year.toInt(), month.toInt(), day.toInt())

/**
 * The same day in the library's type.
 *
 * @throws IllegalArgumentException for a year that the library's type has no room for.
 */
public fun LocalDate.toCalendarDate(): CalendarDate {
    require(year in Short.MIN_VALUE..Short.MAX_VALUE) { "the year is out of range" }
    return CalendarDate(year.toShort(), monthValue.toByte(), dayOfMonth.toByte())
}
