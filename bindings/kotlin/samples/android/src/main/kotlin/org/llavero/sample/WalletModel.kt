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
import org.llavero.ConsentSheet
import org.llavero.CredentialSummary
import org.llavero.HolderKeysException
import org.llavero.LlaveroException
import org.llavero.SheetContents
import org.llavero.ToSign
import org.llavero.Wallet
import org.llavero.refusal
import java.time.Instant

/** Gets signatures from the person: on a phone by a prompt for each. */
fun interface PromptedSigner {
    /** @throws HolderKeysException if there are none. */
    suspend fun sign(toSign: List<ToSign>): List<ByteArray>
}

/** What the person sees. */
sealed interface WalletScreen {
    data object Working : WalletScreen

    data class Credentials(val credentials: List<CredentialSummary>) : WalletScreen

    data class Consent(val contents: SheetContents) : WalletScreen

    /** @property answer what to give to the asker, by whichever channel the request came. */
    data class Answered(val answer: String) : WalletScreen {
        // A presentation is as personal as what it shows.
        override fun toString(): String = "Answered"
    }

    data class Problem(val text: String) : WalletScreen
}

/**
 * What the screens of the wallet show and do. It holds no view and outlives none: keep it in a `ViewModel`, and let [scope]
 * be its `viewModelScope`.
 *
 * Every step of the wallet waits for the disk and for keys, so none runs on the thread that draws.
 */
class WalletModel(
    private val wallet: Wallet,
    private val signer: PromptedSigner,
    private val texts: Texts,
    private val scope: CoroutineScope,
    private val io: CoroutineDispatcher = Dispatchers.IO,
    private val now: () -> Instant = Instant::now,
) {
    private val screens = MutableStateFlow<WalletScreen>(WalletScreen.Working)
    val screen: StateFlow<WalletScreen> = screens.asStateFlow()

    private var sheet: ConsentSheet? = null

    /** Starts with a clean wallet: what has expired is gone, and so are keys without use. */
    fun start(): Job = step {
        wallet.purge(now())
        list()
    }

    fun showCredentials(): Job = step { list() }

    /** A request has come in: by QR code, link or cable. */
    fun consider(request: String): Job = step {
        val choices = wallet.consider(request, now(), texts.language)
        val sheet = choices.sheet()
        this.sheet = sheet
        WalletScreen.Consent(sheet.contents())
    }

    /** The person agrees. The copies are spent first; then the prompt is shown, once for each signature. */
    fun approve(): Job {
        val sheet = taken() ?: return showCredentials()
        screens.value = WalletScreen.Working
        return scope.launch {
            screens.value = described {
                val pending = withContext(io) { sheet.approveUnsigned(wallet, now()) }
                val toSign = withContext(io) { pending.toSign() }
                // The prompt belongs to the thread that draws, where this runs.
                val signatures = signer.sign(toSign)
                WalletScreen.Answered(withContext(io) { pending.finish(signatures) })
            }
        }
    }

    /** The person does not agree. The asker may be told what [refusal] says, and nothing else. */
    fun decline(): Job {
        val sheet = taken() ?: return showCredentials()
        return step {
            sheet.decline()
            list()
        }
    }

    private fun taken(): ConsentSheet? = sheet.also { sheet = null }

    private fun list() = WalletScreen.Credentials(wallet.credentials(texts.language))

    private fun step(step: () -> WalletScreen): Job {
        screens.value = WalletScreen.Working
        return scope.launch { screens.value = described { withContext(io) { step() } } }
    }

    private suspend fun described(step: suspend () -> WalletScreen): WalletScreen = try {
        step()
    } catch (error: LlaveroException) {
        WalletScreen.Problem(error.text(texts.language))
    } catch (_: HolderKeysException.Cancelled) {
        // The person changed their mind at the prompt.
        withContext(io) { list() }
    } catch (_: HolderKeysException) {
        WalletScreen.Problem(texts(R.string.problem_keys))
    }
}
