// Drives two implementations for the JVM over the protocol of ../../README.md: one JSON command per line on standard
// input, one JSON answer per line on standard output. The argument says which: `eudi` or `authlete`.

import com.authlete.sd.SDJWT
import com.authlete.sd.SDObjectDecoder
import com.google.gson.GsonBuilder
import com.nimbusds.jose.JOSEObjectType
import com.nimbusds.jose.JWSVerifier
import com.nimbusds.jose.crypto.ECDSAVerifier
import com.nimbusds.jose.crypto.Ed25519Verifier
import com.nimbusds.jose.jwk.ECKey
import com.nimbusds.jose.jwk.JWK
import com.nimbusds.jose.jwk.OctetKeyPair
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier
import com.nimbusds.jose.proc.SecurityContext
import com.nimbusds.jwt.JWTClaimsSet
import com.nimbusds.jwt.SignedJWT
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier
import eu.europa.ec.eudi.sdjwt.JwtSignatureVerifier
import eu.europa.ec.eudi.sdjwt.KeyBindingVerifier
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps.mustBePresentAndValid
import java.io.PrintStream
import java.util.Date
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.put

/** The command asks for something the library cannot do. */
class Unsupported(what: String) : Exception(what)

/** The library, or what it is built on, said no. */
class Refused(why: String) : Exception(why)

private val keys = HashMap<String, JWSVerifier>()

/** A verifier bound to a key, never to what a token says of itself. */
private fun verifier(jwk: String): JWSVerifier = keys[jwk] ?: decoded(jwk).also {
    // A token can bring a key of its own: those are not kept for ever.
    if (keys.size < 64) keys[jwk] = it
}

private fun decoded(jwk: String): JWSVerifier = when (val key = JWK.parse(jwk)) {
    is ECKey -> ECDSAVerifier(key.toPublicJWK())
    is OctetKeyPair -> Ed25519Verifier(key.toPublicJWK())
    else -> throw Unsupported("key type ${key.keyType}")
}

/** Nimbus's check of claims, with the time of the command in place of the system's. */
private class Claims(
    exact: JWTClaimsSet,
    required: Set<String>,
    private val now: Long?,
) : DefaultJWTClaimsVerifier<SecurityContext>(exact, required) {
    override fun currentTime(): Date = now?.let { Date(it * 1000) } ?: Date()
}

private val anything: JWTClaimsSet = JWTClaimsSet.Builder().build()

private fun checked(jwt: SignedJWT, key: JWSVerifier, claims: Claims): SignedJWT {
    if (!jwt.verify(key)) throw Refused("signature")
    claims.verify(jwt.jwtClaimsSet, null)
    return jwt
}

private class Command(json: JsonObject) {
    val issuer: JWSVerifier = verifier(json.getValue("issuer_jwk").toString())
    val presentation: String = json.text("presentation")!!
    val now: Long? = json["now"]?.takeIf { it !is JsonNull }?.jsonPrimitive?.long
    val aud: String? = json.text("aud")
    val nonce: String? = json.text("nonce")
}

private fun JsonObject.text(name: String): String? = (this[name] as? JsonPrimitive)?.takeIf { it.isString }?.content

/**
 * The library's own reader of SD-JWT VC wants a network or certificates to find the issuer's key. What it checks of
 * the issuer's JWT besides, `typ`, `iss`, `vct` and the dates, is checked here with the same class and settings.
 */
private fun eudi(command: Command): String = runBlocking {
    val types = DefaultJOSEObjectTypeVerifier<SecurityContext>(JOSEObjectType("vc+sd-jwt"), JOSEObjectType("dc+sd-jwt"))
    val claims = Claims(anything, setOf("iss", "vct"), command.now)
    val issuer = JwtSignatureVerifier { text ->
        val jwt = SignedJWT.parse(text)
        types.verify(jwt.header.type, null)
        checked(jwt, command.issuer, claims)
    }
    with(NimbusSdJwtOps) {
        val sdJwt = if (command.aud == null) {
            verify(issuer, command.presentation).getOrThrow()
        } else {
            val challenge = buildJsonObject { put("aud", command.aud); put("nonce", command.nonce) }
            val holder = KeyBindingVerifier.mustBePresentAndValid(HolderPubKeyInConfirmationClaim, challenge)
            verify(issuer, holder, command.presentation).getOrThrow().sdJwt
        }
        sdJwt.recreateClaims(null).toString()
    }
}

private val gson = GsonBuilder().serializeNulls().disableHtmlEscaping().create()

/** The library has no code for JWTs: signatures, `typ`, `aud`, `nonce` and dates are Nimbus's, as its readme has it. */
private fun authlete(command: Command): String {
    val sdJwt = SDJWT.parse(command.presentation)
    val jwt = checked(SignedJWT.parse(sdJwt.credentialJwt), command.issuer, Claims(anything, setOf(), command.now))
    val payload = jwt.payload.toJSONObject()
    val binding = sdJwt.bindingJwt
    if (command.aud != null) {
        if (binding == null) throw Refused("no key binding")
        val cnf = payload["cnf"] as? Map<*, *> ?: throw Refused("no cnf")
        val key = verifier(gson.toJson(cnf["jwk"]))
        val kb = SignedJWT.parse(binding)
        DefaultJOSEObjectTypeVerifier<SecurityContext>(JOSEObjectType("kb+jwt")).verify(kb.header.type, null)
        val exact = JWTClaimsSet.Builder().audience(command.aud).claim("nonce", command.nonce)
            .claim("sd_hash", sdJwt.sdHash).build()
        checked(kb, key, Claims(exact, setOf("iat"), command.now))
    } else if (binding != null) {
        throw Refused("key binding not asked for")
    }
    return gson.toJson(SDObjectDecoder().decode(payload, sdJwt.disclosures))
}

private fun answer(line: String, verify: (Command) -> String): String {
    val command = Json.parseToJsonElement(line).jsonObject
    return try {
        if (command.text("op") != "verify") throw Unsupported("${command.text("op")}")
        """{"ok":true,"claims":${verify(Command(command))}}"""
    } catch (unsupported: Unsupported) {
        buildJsonObject { put("ok", false); put("unsupported", unsupported.message) }.toString()
    } catch (error: Exception) {
        // The libraries refuse with whatever exception they ran into.
        buildJsonObject { put("ok", false); put("error", "$error") }.toString()
    } catch (error: StackOverflowError) {
        buildJsonObject { put("ok", false); put("error", "$error") }.toString()
    }
}

fun main(arguments: Array<String>) {
    val verify = when (arguments.single()) {
        "eudi" -> ::eudi
        "authlete" -> ::authlete
        else -> throw IllegalArgumentException(arguments.single())
    }
    val out = PrintStream(java.io.FileOutputStream(java.io.FileDescriptor.out), false, Charsets.UTF_8)
    for (line in System.`in`.bufferedReader(Charsets.UTF_8).lineSequence()) {
        out.print(answer(line, verify))
        out.print('\n')
        out.flush()
    }
}
