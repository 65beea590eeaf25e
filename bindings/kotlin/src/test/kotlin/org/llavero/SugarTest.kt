package org.llavero

import org.junit.jupiter.api.Test
import java.time.DateTimeException
import java.time.LocalDate
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull

/** What is written by hand on top of the generated source. */
internal class SugarTest {
    @Test
    fun `days go both ways`() {
        for (day in listOf(LocalDate.of(2024, 2, 29), LocalDate.of(1900, 1, 1), LocalDate.of(9999, 12, 31))) {
            assertEquals(day, day.toCalendarDate().toLocalDate())
        }
        assertFailsWith<IllegalArgumentException> { LocalDate.MAX.toCalendarDate() }
        assertFailsWith<DateTimeException> { CalendarDate(2026, 2, 30).toLocalDate() }
    }

    @Test
    fun `values are of one kind`() {
        val values = listOf(ClaimValue.Boolean(true), ClaimValue.Integer(7), ClaimValue.Json("[1]"), ClaimValue.Text("a"))
        assertEquals(listOf(true, null, null, null), values.map { it.asBoolean })
        assertEquals(listOf(null, 7L, null, null), values.map { it.asLong })
        assertEquals(listOf(null, null, null, "a"), values.map { it.asText })
        assertEquals(listOf("true", "7", "[1]", "a"), values.map { it.expose() })
    }

    @Test
    fun `errors of every kind give their reason`() {
        val reason = Reason("code", "es", "en", "detail", "query", 3u)
        for (error in listOf(
            LlaveroException.Device(reason),
            LlaveroException.Record(reason),
            LlaveroException.Refused(reason),
            LlaveroException.Unmet(reason),
            LlaveroException.Usage(reason),
        )) {
            assertEquals(reason, error.why)
            assertEquals("query", error.query)
            assertEquals(3u, error.index)
            assertEquals("es", error.text(Language.ES_MX))
        }
    }

    @Test
    fun `claims are found by their path`() {
        val claims = listOf(
            AskedClaim("a.b", listOf(ClaimValue.Integer(1))),
            AskedClaim("many.*", listOf(ClaimValue.Integer(1), ClaimValue.Integer(2))),
        )
        val shown = VerifiedCredential("q", "i", "n", "t", claims, null, null, Revocation.NOT_PROVIDED)
        val verdict = Verdict(listOf(shown), NOW, NOW)
        assertEquals(1L, verdict.credential("q")?.value("a.b")?.asLong)
        assertNull(shown.value("a"))
        assertEquals(2, shown.values("many.*").size)
        assertFailsWith<IllegalArgumentException> { shown.value("many.*") }
        assertNull(verdict.credential("other"))
    }
}
