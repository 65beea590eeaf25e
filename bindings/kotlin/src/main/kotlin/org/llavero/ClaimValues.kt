package org.llavero

/** The yes or no of this value; `null` if it is of another kind. */
public val ClaimValue.asBoolean: Boolean?
    get() = (this as? ClaimValue.Boolean)?.value

/** The whole number of this value; `null` if it is of another kind. */
public val ClaimValue.asLong: Long?
    get() = (this as? ClaimValue.Integer)?.value

/** The text of this value; `null` if it is of another kind. */
public val ClaimValue.asText: String?
    get() = (this as? ClaimValue.Text)?.value

/**
 * The value as a screen can show it: a text as it is, everything else as JSON has it.
 *
 * A claim value prints as nothing, so that logs stay clean. This is the way out for a screen of the person's own.
 */
public fun ClaimValue.expose(): String = when (this) {
    is ClaimValue.Boolean -> value.toString()
    is ClaimValue.Integer -> value.toString()
    is ClaimValue.Json -> text
    is ClaimValue.Text -> value
}
