package org.llavero

/** What happened, whichever kind of error it is. */
public val LlaveroException.why: Reason
    get() = when (this) {
        is LlaveroException.Device -> reason
        is LlaveroException.Record -> reason
        is LlaveroException.Refused -> reason
        is LlaveroException.Unmet -> reason
        is LlaveroException.Usage -> reason
    }

/** The part of the request that the error is about, if it is about one. */
public val LlaveroException.query: String?
    get() = why.query

/** The position of the copy, proof or presentation that the error is about, counted from 0. */
public val LlaveroException.index: UInt?
    get() = why.index
