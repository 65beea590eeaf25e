package org.llavero.android

import org.llavero.HolderKeysException
import org.llavero.ToSign
import java.security.GeneralSecurityException
import java.security.ProviderException
import java.security.Signature

/**
 * The signatures of a two-step form, one prompt each: `PendingAnswer.toSign()` goes in, what its `finish` takes comes out.
 *
 * ```
 * val session = SigningSession(keys, answer.toSign())
 * while (!session.isComplete) {
 *     val signature = session.next()
 *     // Show a BiometricPrompt for CryptoObject(signature); when it has succeeded:
 *     session.complete(signature)
 * }
 * val text = answer.finish(session.signatures())
 * ```
 *
 * It works with the prompt of the framework ([prompt] shows that one) and with that of androidx.biometric, each of which
 * has a `CryptoObject` of its own. Use it from one thread.
 */
public class SigningSession(private val keys: AndroidKeystoreKeys, private val toSign: List<ToSign>) {
    private val made = mutableListOf<ByteArray>()
    private var waiting: Signature? = null

    /** How many signatures are still to come. */
    public val remaining: Int get() = toSign.size - made.size

    /** Whether every signature is there. */
    public val isComplete: Boolean get() = remaining == 0

    /**
     * The next signature, with its key and without its message, to be put into a `CryptoObject`.
     *
     * @throws IllegalStateException if none is left.
     * @throws HolderKeysException if the key is gone, for instance because a fingerprint was added.
     */
    @Throws(HolderKeysException::class)
    public fun next(): Signature {
        check(!isComplete) { "every signature is there" }
        val signature = guarded { keys.signature(toSign[made.size].handle) }
        waiting = signature
        return signature
    }

    /**
     * Signs with what the prompt gives back.
     *
     * @throws IllegalStateException for another signature than the one that [next] gave last.
     * @throws HolderKeysException if the person was not recognised after all.
     */
    @Throws(HolderKeysException::class)
    public fun complete(authenticated: Signature) {
        check(waiting != null && authenticated === waiting) { "not the signature that was asked for" }
        waiting = null
        made += guarded {
            authenticated.update(toSign[made.size].bytes)
            authenticated.sign()
        }
    }

    /**
     * All signatures, in the order in which `finish` takes them.
     *
     * @throws IllegalStateException if some are missing.
     */
    public fun signatures(): List<ByteArray> {
        check(isComplete) { "signatures are missing" }
        return made.toList()
    }

    private fun <T> guarded(step: () -> T): T = try {
        step()
    } catch (error: GeneralSecurityException) {
        throw refused(error)
    } catch (_: ProviderException) {
        throw HolderKeysException.Unavailable()
    }
}
