package org.llavero.demo

import org.llavero.ClaimValue
import org.llavero.SheetContents
import org.llavero.asBoolean
import org.llavero.expose

/** What a person sees before they decide. */
internal fun Page.print(sheet: SheetContents) {
    val name = sheet.unverifiedClientName ?: pick("sin nombre", "no name")
    line(
        "Pide: ${sheet.clientId} «$name», nombre que nadie ha comprobado",
        "Asked by ${sheet.clientId} “$name”, a name that nobody has checked",
    )
    line("Para: «${sheet.unverifiedPurpose}»", "For: “${sheet.unverifiedPurpose}”")
    for (shown in sheet.credentials) {
        line("${shown.credential.label} revela:", "${shown.credential.label} reveals:")
        for (claim in shown.revealed) println("    • ${claim.label}: ${inWords(claim.value)}")
        if (shown.implied.isNotEmpty()) line("y con ello se sabe:", "and that shows:")
        for (fact in shown.implied) println("    ◦ ${fact.label}")
    }
    for (warning in sheet.warnings) println("  ! ${warning.text}")
}

/** A value as people say it. */
internal fun Page.inWords(value: ClaimValue): String = when (value.asBoolean) {
    true -> pick("sí", "yes")
    false -> "no"
    null -> value.expose()
}
