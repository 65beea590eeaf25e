package org.llavero.android

import android.content.Context
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import org.llavero.HolderKeysException
import java.util.concurrent.Executor

/** What a prompt says, in the language of the app. */
public data class PromptTexts(val title: String, val subtitle: String, val cancel: String)

/**
 * Shows the framework's prompt for one signature after the other, until all are there. Android 9 (API 28) or later; an app
 * for earlier ones uses the prompt of androidx.biometric with [SigningSession] in the same way.
 *
 * @param executor where the callbacks run: `context.mainExecutor`, mostly.
 * @param done gets the signatures, or why there are none.
 */
public fun SigningSession.prompt(
    context: Context,
    texts: PromptTexts,
    executor: Executor,
    cancellation: CancellationSignal,
    done: (Result<List<ByteArray>>) -> Unit,
) {
    check(Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) { "the framework's prompt came with Android 9" }
    if (isComplete) return done(Result.success(signatures()))
    val signature = try {
        next()
    } catch (error: HolderKeysException) {
        return done(Result.failure(error))
    }
    val answer = object : BiometricPrompt.AuthenticationCallback() {
        override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult) {
            try {
                complete(result.cryptoObject?.signature ?: throw HolderKeysException.Unavailable())
            } catch (error: HolderKeysException) {
                return done(Result.failure(error))
            }
            prompt(context, texts, executor, cancellation, done)
        }

        override fun onAuthenticationError(code: Int, message: CharSequence) {
            done(Result.failure(failure(code)))
        }
    }
    BiometricPrompt.Builder(context)
        .setTitle(texts.title)
        .setSubtitle(texts.subtitle)
        .setNegativeButton(texts.cancel, executor) { _, _ -> done(Result.failure(HolderKeysException.Cancelled())) }
        .build()
        .authenticate(BiometricPrompt.CryptoObject(signature), cancellation, executor, answer)
}

/** The person's no is told apart from a sensor that does not work. */
internal fun failure(code: Int): HolderKeysException = when (code) {
    BiometricPrompt.BIOMETRIC_ERROR_CANCELED,
    BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED,
    BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT,
    -> HolderKeysException.Cancelled()
    else -> HolderKeysException.Unavailable()
}
