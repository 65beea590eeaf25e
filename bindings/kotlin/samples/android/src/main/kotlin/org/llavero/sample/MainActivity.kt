package org.llavero.sample

import android.os.Bundle
import android.os.CancellationSignal
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import org.llavero.FileStore
import org.llavero.Language
import org.llavero.Wallet
import org.llavero.android.AndroidKeystoreKeys
import org.llavero.android.KeyProtection
import org.llavero.android.PromptTexts
import org.llavero.android.SigningSession
import org.llavero.android.StoreKey
import org.llavero.android.prompt
import java.io.File
import java.time.ZoneId

/** Opens the wallet, and shows it. A request comes in as the text of the link that opened the app. */
class MainActivity : ComponentActivity() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)
    private val keys = AndroidKeystoreKeys(KeyProtection.EachSignature)

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        // What the wallet shows is not for screenshots or the list of recent apps.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        val spanish = resources.configuration.locales[0].language == "es"
        val texts = Texts(if (spanish) Language.ES_MX else Language.EN, ZoneId.systemDefault(), resources::getString)
        scope.launch {
            val wallet = withContext(Dispatchers.IO) { open() }
            val model = WalletModel(wallet, signer(texts), texts, scope)
            val request = intent.getStringExtra(REQUEST)
            if (request == null) model.start() else model.consider(request)
            setContent { WalletApp(model, texts) }
        }
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private fun open(): Wallet {
        val file = File(noBackupFilesDir, "wallet")
        val key = StoreKey(File(noBackupFilesDir, "wallet.key")).bytes()
        try {
            val store = if (file.exists()) FileStore.open(file.path, key) else FileStore.create(file.path, key)
            return Wallet.withFile(store, keys, callbackTimeoutSecs = ENROLMENT_SECS)
        } finally {
            key.fill(0)
        }
    }

    private fun signer(texts: Texts) = PromptedSigner { toSign ->
        suspendCancellableCoroutine { continuation ->
            val cancellation = CancellationSignal()
            continuation.invokeOnCancellation { cancellation.cancel() }
            val prompt = PromptTexts(
                texts(R.string.prompt_title),
                texts(R.string.consent_title),
                texts(R.string.prompt_cancel),
            )
            SigningSession(keys, toSign).prompt(this, prompt, mainExecutor, cancellation) {
                continuation.resumeWith(it)
            }
        }
    }

    companion object {
        const val REQUEST: String = "org.llavero.sample.REQUEST"

        /** StrongBox makes one key in a second or so, and a batch has twenty. */
        private val ENROLMENT_SECS = 180u
    }
}
