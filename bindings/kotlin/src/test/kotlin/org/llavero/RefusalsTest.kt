package org.llavero

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeBytes
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The refusals that every language's package shares, in `bindings/vectors`. */
internal class RefusalsTest {
    /** A case of the file. It prints as its name, which is the name of its test. */
    internal class Case(val name: String, val code: String, val error: String, val call: String, val input: JsonObject) {
        override fun toString(): String = name
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    fun `is refused as what it is`(case: Case) {
        // Only the last step may fail: what comes before it is outside of `refused`.
        val error = refused(case.code, lastStep(case.call, case.input))
        assertEquals(case.error, error::class.simpleName)
        for (text in listOf(error.text(Language.ES_MX), error.text(Language.EN))) {
            assertTrue(text.isNotBlank() && text != case.code)
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nativeCodes")
    fun `is brought about by the app`(code: String) {
        val raise = checkNotNull(native[code]) { "no test raises $code" }
        refused(code, raise)
    }

    @Test
    fun `every code is raised or cannot be`() {
        val codes = file.getAsJsonArray("codes").texts().toSet()
        assertTrue(codes.size > 150)
        val unreachable = file.getAsJsonObject("unreachable").keySet()
        val raised = cases().map { it.code }.toSet() + native.keys
        assertEquals(codes, raised + unreachable)
        assertEquals(emptySet(), raised intersect unreachable)
        // The two tests above go over all of these.
        assertEquals(nativeCodes().toSet(), native.keys)
    }

    @TempDir
    lateinit var folder: Path

    private val path get() = folder.resolve("wallet").toString()
    private val key = ByteArray(32) { 9 }

    private fun begin(keys: HolderKeys? = null, store: Store = DictionaryStore(), seconds: UInt = 60u) =
        Wallet.withStore(store, keys, callbackTimeoutSecs = seconds)
            .begin("https://agencia.example", "n", 1u, KeyKind.P256, NOW)

    private fun keysThat(create: () -> List<NewKey>) = object : JdkKeys() {
        override fun create(kind: KeyKind, count: UInt) = create()
    }

    private fun storeThat(commit: () -> Unit) = object : DictionaryStore() {
        override fun commit(changes: List<Change>) = commit()
    }

    private val noRandom = object : Random {
        override fun bytes(count: UInt): ByteArray = throw RandomException.Unavailable()
    }

    private val native: Map<String, () -> Any?> = mapOf(
        "already_used" to { ask().run { runCatching { verify("", Agency().trust, NOW) }; request() } },
        "argument_malformed" to { FileStore.create(path, ByteArray(3)) },
        "callback_failed" to { begin(keysThat { error("broken") }) },
        "callback_malformed" to { begin(keysThat { emptyList() }) },
        "callback_reentered" to {
            var inner: Throwable? = null
            runCatching { begin(keysThat { inner = runCatching { begin() }.exceptionOrNull(); emptyList() }) }
            throw checkNotNull(inner)
        },
        "callback_timed_out" to { begin(keysThat { Thread.sleep(3_000); emptyList() }, seconds = 1u) },
        "random" to { Challenge(BAR, "Vender", over18(), LIFETIME_SECS, NOW, noRandom) },
        "signer_cancelled" to { begin(keysThat { throw HolderKeysException.Cancelled() }) },
        "signer_unavailable" to { begin(keysThat { throw HolderKeysException.Unavailable() }) },
        "store_conflict" to { begin(store = storeThat { throw StoreException.Conflict() }) },
        "store_corrupt" to { begin(store = storeThat { throw StoreException.Corrupt() }) },
        "store_exists" to {
            FileStore.create(path, key).close()
            FileStore.create(path, key)
        },
        "store_locked" to { FileStore.create(path, key).use { FileStore.open(path, key) } },
        "store_missing" to { FileStore.open(path, key) },
        "store_random" to { FileStore.create(path, key, noRandom) },
        "store_unavailable" to { begin(store = storeThat { throw StoreException.Unavailable() }) },
        "store_version" to {
            FileStore.create(path, key).close()
            ofAnotherVersion(folder.resolve("wallet"))
            FileStore.open(path, key)
        },
        "store_wrong_key" to {
            FileStore.create(path, key).close()
            FileStore.open(path, ByteArray(32))
        },
    )

    /** The file's header says twice which format it has, at these places: 3 now, 2 in earlier days. */
    private fun ofAnotherVersion(file: Path) {
        val bytes = file.readBytes()
        for (at in listOf(64, 192)) {
            check(bytes[at] == 3.toByte()) { "no format at $at" }
            bytes[at] = 2
        }
        file.writeBytes(bytes)
    }

    internal companion object {
        private val file: JsonObject by lazy {
            JsonParser.parseString(Path.of(System.getProperty("llavero.vectors"), "refusals.json").readText()).asJsonObject
        }

        @JvmStatic
        fun cases(): List<Case> = file.getAsJsonArray("cases").map { it.asJsonObject }.map {
            Case(
                it["name"].asString,
                it["code"].asString,
                it["error"].asString,
                it["call"].asString,
                it.getAsJsonObject("input"),
            )
        }

        @JvmStatic
        fun nativeCodes(): List<String> = file.getAsJsonArray("native").texts()

        private fun issuer(identifier: String = "https://agencia.example") =
            Issuer(identifier, SigningKey.fromJwk(file["issuer_jwk"].asString).publicKey())

        private fun draft(input: JsonObject): () -> Draft {
            val record = record(input)()
            val document = input["documents"]?.let { input.texts("documents") }
                ?.let { TypeDocument(it.first(), it.drop(1)) }
            val name = TypeName(input.text("vct"), input["integrity"]?.text(), document)
            return { issuer().draft(record, name, input.number("days").toUShort(), input.time("now")) }
        }

        private fun record(input: JsonObject): () -> Record =
            { Record.fromJson(input.type(), input.text("text"), input.time("now")) }

        private fun prepare(input: JsonObject): () -> UnsignedBatch {
            val draft = draft(input)()
            return { issuer().prepare(draft, input.texts("proofs"), input.text("nonce"), input.time("now")) }
        }

        /** Takes every step of a call but the last, and returns that. */
        private fun lastStep(call: String, input: JsonObject): () -> Any? = when (call) {
            "curp" -> ({ Curp.parse(input.text("text"), input.day(), Differentiator.A_TO_J) })
            "ine_mrz" -> ({ IneMrz.parse(input.texts("lines"), input.day()) })
            "clave_elector" -> ({ ClaveElector.parse(input.text("text")) })
            "rfc" -> ({ Rfc.parse(input.text("text")) })
            "record" -> record(input)
            "draft" -> draft(input)
            "prepare" -> prepare(input)
            "sign" -> prepare(input)().let { { it.sign(SigningKey.fromJwk(input.text("signing_jwk"))) } }
            "attach" -> prepare(input)().let { { it.attach(input.bytes("signatures")) } }
            "issuer" -> ({ issuer(input.text("identifier")) })
            "issuer_metadata" -> ({ IssuerMetadata.fromJson(input.text("text"), input.text("identifier")) })
            "public_key_jwk" -> ({ PublicKey.fromJwk(input.text("text")) })
            "signing_key_jwk" -> ({ SigningKey.fromJwk(input.text("text")) })
            "public_key_device" -> ({ PublicKey.fromDevice(input.kind(), hex(input.text("hex"))) })
            "trust_list" -> ({ TrustList.fromJson(input.text("text")) })
            "query" -> ({ DcqlQuery.fromJson(input.text("text")) })
            "query_for_claims" -> ({
                DcqlQuery.forClaims(input.text("id"), input.texts("vct_values"), input.texts("paths"))
            })
            "challenge" -> {
                val query = DcqlQuery.fromJson(input.text("query"))
                val asker = Asker(input.text("client_id"), input["client_name"]?.text());
                { Challenge(asker, input.text("purpose"), query, input.number("lifetime_secs").toUInt(), input.time("now")) }
            }
            "challenge_json" -> ({ Challenge.fromJson(input.text("text")) })
            "verify" -> {
                val challenge = Challenge.fromJson(input.text("challenge"))
                val trust = TrustList.fromJson(input.text("trust"));
                { challenge.verify(input.text("answer"), trust, input.time("now")) }
            }
            "inspect" -> ({ inspect(input.text("text")) })
            else -> lastStepOfWallet(call, input)
        }

        private fun lastStepOfWallet(call: String, input: JsonObject): () -> Any? {
            val store = DictionaryStore()
            for (record in input.getAsJsonArray("store").map { it.asJsonObject }) {
                store.put(record.text("table"), record.text("key"), record.text("value").toByteArray())
            }
            val wallet = Wallet.withStore(store, null)
            val consider = { wallet.consider(input.text("request"), input.time("now"), Language.ES_MX) }
            val begin = {
                wallet.beginUnsigned(
                    input.text("issuer"),
                    input.text("nonce"),
                    input.number("count").toUInt(),
                    input.kind(),
                    input.time("now"),
                )
            }
            return when (call) {
                "credentials" -> ({ wallet.credentials(Language.ES_MX) })
                "show" -> ({ wallet.show(input.text("id"), Language.ES_MX) })
                "remove" -> ({ wallet.remove(input.text("id")) })
                "history" -> ({ wallet.history() })
                "begin" -> ({
                    wallet.begin(
                        input.text("issuer"),
                        input.text("nonce"),
                        input.number("count").toUInt(),
                        input.kind(),
                        input.time("now"),
                    )
                })
                "finish_enrolment" -> begin().let { { it.finish(input.bytes("signatures")) } }
                "receive" -> {
                    val trust = TrustList.fromJson(input.text("trust"));
                    { wallet.receive(input.texts("copies"), trust, input.time("now"), Language.ES_MX) }
                }
                "consider" -> consider
                "choose" -> consider().let { { it.choose(input.text("query"), input.text("credential")) } }
                "choose_set" -> consider().let {
                    { it.chooseSet(input.number("set").toUInt(), input.number("option").toUInt()) }
                }
                "sheet" -> consider().let { { it.sheet() } }
                "approve" -> {
                    val sheet = consider().sheet()
                    for (record in input.getAsJsonArray("drop").orEmpty().map { it.asJsonObject }) {
                        store.drop(record.text("table"), record.text("key"))
                    };
                    { sheet.approve(wallet, input.time("approve_now")) }
                }
                "finish_answer" -> consider().sheet().approveUnsigned(wallet, input.time("now")).let {
                    { it.finish(input.bytes("signatures")) }
                }
                else -> error("no such call: $call")
            }
        }

        private fun JsonArray?.orEmpty(): List<JsonElement> = this?.toList() ?: emptyList()

        /** A text, or one that is written as what it repeats. */
        private fun JsonElement.text(): String = when (this) {
            is JsonObject -> this["repeat"].asString.repeat(this["times"].asInt)
            else -> asString
        }

        private fun JsonArray.texts(): List<String> = map { it.text() }

        private fun JsonObject.text(name: String): String = this[name].text()

        private fun JsonObject.texts(name: String): List<String> = getAsJsonArray(name).texts()

        private fun JsonObject.bytes(name: String): List<ByteArray> = texts(name).map(::hex)

        private fun JsonObject.number(name: String): Long = this[name].asLong

        private fun JsonObject.time(name: String): Instant = Instant.ofEpochSecond(number(name))

        private fun JsonObject.day(): CalendarDate =
            CalendarDate(number("year").toShort(), number("month").toByte(), number("day").toByte())

        private fun JsonObject.kind(): KeyKind = if (text("kind") == "P256") KeyKind.P256 else KeyKind.ED25519

        private fun JsonObject.type(): CredentialType = CredentialType.valueOf(text("credential_type").uppercase())
    }
}
