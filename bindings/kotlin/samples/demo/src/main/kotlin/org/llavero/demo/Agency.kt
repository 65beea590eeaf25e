package org.llavero.demo

import org.llavero.CredentialType
import org.llavero.Issuer
import org.llavero.KeyKind
import org.llavero.Record
import org.llavero.SigningKey
import org.llavero.TrustList
import org.llavero.TrustedIssuer
import org.llavero.TrustedKey
import org.llavero.TypeName
import org.llavero.newNonce
import java.time.Instant

/** An agency that keeps its key in software. A real one signs with an HSM, by `UnsignedBatch.attach`. */
internal class Agency {
    private val key = SigningKey.generate(KeyKind.P256)
    private val issuer = Issuer("https://agencia.example", key.publicKey())

    val identifier: String get() = issuer.identifier()

    fun nonce(): String = newNonce()

    /** One copy per proof, for thirty days. */
    fun issue(record: Record, proofs: List<String>, nonce: String, now: Instant): List<String> {
        val name = TypeName(checkNotNull(record.credentialType()).defaultVct())
        val draft = issuer.draft(record, name, 30u, now)
        return issuer.prepare(draft, proofs, nonce, now).sign(key)
    }

    /** The list by which wallets and verifiers know this agency. */
    fun trust(now: Instant): TrustList {
        val types = CredentialType.entries.map { it.defaultVct() }
        val own = TrustedIssuer(identifier, "Agencia de Ejemplo", types, listOf(TrustedKey(issuer.key())))
        return TrustList(now, listOf(own))
    }
}
