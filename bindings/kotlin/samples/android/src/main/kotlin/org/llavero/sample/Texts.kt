package org.llavero.sample

import org.llavero.ClaimValue
import org.llavero.CredentialType
import org.llavero.Language
import org.llavero.asBoolean
import org.llavero.expose
import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.util.Locale

/** The strings of the app, and everything else that depends on the person's language. */
class Texts(val language: Language, private val zone: ZoneId, private val find: (Int) -> String) {
    private val locale: Locale = Locale.forLanguageTag(if (language == Language.ES_MX) "es-MX" else "en")
    private val days = DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale).withZone(zone)

    private val labels: Map<String, String> by lazy {
        CredentialType.entries.flatMap { it.claims(language) }.associate { it.name to it.label }
    }

    operator fun invoke(id: Int, vararg arguments: Any): String = String.format(locale, find(id), *arguments)

    fun day(time: Instant): String = days.format(time)

    /** What to call a claim in front of people; its path, if nothing better is known. */
    fun claim(path: String): String = labels[path] ?: path

    fun value(value: ClaimValue): String = when (value.asBoolean) {
        true -> find(R.string.yes)
        false -> find(R.string.no)
        null -> value.expose()
    }
}
