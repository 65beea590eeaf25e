package org.llavero.sample

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.llavero.Asker
import org.llavero.Challenge
import org.llavero.DcqlQuery
import org.llavero.Language
import org.llavero.LlaveroException
import org.llavero.TrustList
import org.llavero.Verdict
import java.time.Instant

private const val LIFETIME_SECS: UInt = 300u

/** What whoever asks sees. */
sealed interface VerifierScreen {
    data object Ready : VerifierScreen

    /** @property request what to show to the wallet, as a QR code say. */
    data class Asking(val request: String) : VerifierScreen

    data class Accepted(val verdict: Verdict) : VerifierScreen

    data class Refused(val text: String) : VerifierScreen
}

/** Asks one question at a time and judges its answer, without a network. */
class VerifierModel(
    private val asker: Asker,
    private val trust: TrustList,
    private val language: Language,
    private val scope: CoroutineScope,
    private val io: CoroutineDispatcher = Dispatchers.IO,
    private val now: () -> Instant = Instant::now,
) {
    private val screens = MutableStateFlow<VerifierScreen>(VerifierScreen.Ready)
    val screen: StateFlow<VerifierScreen> = screens.asStateFlow()

    private var challenge: Challenge? = null

    fun ask(purpose: String, query: DcqlQuery): Job = step {
        val challenge = Challenge(asker, purpose, query, LIFETIME_SECS, now())
        this.challenge = challenge
        VerifierScreen.Asking(challenge.request())
    }

    fun verify(answer: String): Job = step {
        val challenge = checkNotNull(challenge) { "nothing was asked" }
        VerifierScreen.Accepted(challenge.verify(answer, trust, now()))
    }

    private fun step(step: () -> VerifierScreen): Job = scope.launch {
        screens.value = try {
            withContext(io) { step() }
        } catch (error: LlaveroException) {
            VerifierScreen.Refused(error.text(language))
        }
    }
}
