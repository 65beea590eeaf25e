package org.llavero.android

import java.time.Duration

/** When the keys of a wallet may sign. It is fixed when a key is made. */
public sealed interface KeyProtection {
    /** Whenever the phone is unlocked. No prompt; the wallet's one-step forms do. */
    public data object DeviceUnlocked : KeyProtection

    /**
     * For a while after the person has shown a fingerprint, a face or the screen lock. One prompt, then the one-step
     * forms: a batch of proofs needs no more than one.
     *
     * @property period how long one prompt serves, a second at least.
     */
    public data class AfterPrompt(val period: Duration) : KeyProtection {
        init {
            require(period.seconds in 1..Int.MAX_VALUE) { "a prompt serves for a second at least" }
        }
    }

    /**
     * One prompt for each signature, tied to it by the hardware; biometrics only. The two-step forms and
     * [SigningSession] go with it. An enrolment of twenty copies asks twenty times: choose it for few copies.
     */
    public data object EachSignature : KeyProtection
}
