package org.llavero

/** The credential that answers this part of the query; `null` if none does. */
public fun Verdict.credential(query: String): VerifiedCredential? = credentials.firstOrNull { it.query == query }

/** The values at the path that was asked for, written with dots; empty if that path was not asked for. */
public fun VerifiedCredential.values(path: String): List<ClaimValue> =
    claims.firstOrNull { it.path == path }?.values.orEmpty()

/**
 * The value at the path that was asked for, written with dots; `null` if that path was not asked for.
 *
 * @throws IllegalArgumentException for a path with a wildcard that led to several values: see [values].
 */
public fun VerifiedCredential.value(path: String): ClaimValue? {
    val values = values(path)
    require(values.size <= 1) { "several values at this path" }
    return values.firstOrNull()
}

/** What to call the type, in this language or the next best; `null` if the trust list has no document of it. */
public fun VerifiedCredential.typeName(language: Language): String? = when (language) {
    Language.ES_MX -> typeNameEsMx
    Language.EN -> typeNameEn
}

/** What to call the claim, in this language or the next best; `null` if no document on the trust list has a label for it. */
public fun AskedClaim.label(language: Language): String? = when (language) {
    Language.ES_MX -> labelEsMx
    Language.EN -> labelEn
}
