package org.llavero

import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

private const val CANARY = "canary-4f9a"

/** An exception that the library has never heard of. */
private class AppException : RuntimeException("$CANARY: row 7 of table people")

/** Callbacks that do everything except what they should. */
internal class HostileCallbacksTest {
    /** What happens in place of a callback, by its name; and which were called. */
    private class Script {
        @Volatile
        var act: Map<String, () -> Any?> = emptyMap()
        val seen = java.util.concurrent.ConcurrentHashMap.newKeySet<String>()

        @Suppress("UNCHECKED_CAST")
        fun <T> run(name: String, honest: () -> T): T {
            seen += name
            return (act[name] ?: return honest())() as T
        }
    }

    private class Keys(private val script: Script, private val keys: JdkKeys = JdkKeys()) : HolderKeys {
        override fun create(kind: KeyKind, count: UInt) = script.run("create") { keys.create(kind, count) }

        override fun sign(handle: ByteArray, message: ByteArray) = script.run("sign") { keys.sign(handle, message) }

        override fun delete(handle: ByteArray) = script.run("delete") { keys.delete(handle) }
    }

    private class Records(private val script: Script, private val store: DictionaryStore = DictionaryStore()) : Store {
        override fun get(table: String, key: String) = script.run("get") { store.get(table, key) }

        override fun list(table: String) = script.run("list") { store.list(table) }

        override fun commit(changes: List<Change>) = script.run("commit") { store.commit(changes) }
    }

    private class Bytes(private val script: Script) : Random {
        private val generator = java.security.SecureRandom()

        override fun bytes(count: UInt) = script.run("bytes") { ByteArray(count.toInt()).also(generator::nextBytes) }
    }

    /** A wallet over such callbacks, with a few copies. */
    private class Scene {
        val script = Script()
        val agency = Agency()
        val wallet = Wallet.withStore(Records(script), Keys(script), Bytes(script), callbackTimeoutSecs = 1u)
        val steps = mapOf<String, () -> Any?>(
            "begin" to { wallet.begin(agency.issuer.identifier(), newNonce(), 2u, KeyKind.P256, NOW) },
            "receive" to { agency.fill(wallet, adult().record(CredentialType.AGE)) },
            "credentials" to { wallet.credentials(Language.EN) },
            "approve" to { wallet.sheet(ask()).approve(wallet, NOW) },
            "remove" to { wallet.remove(wallet.credentials(Language.EN).first().id) },
            "history" to { wallet.history() },
            "purge" to { wallet.purge(NOW) },
        )

        init {
            agency.fill(wallet, adult().record(CredentialType.AGE), copies = 8u)
        }

        fun take(step: String): Any? = steps.getValue(step)()

        /** Replaces callbacks during one step. */
        fun <T> with(vararg act: Pair<String, () -> Any?>, step: Scene.() -> T): T {
            script.act = act.toMap()
            script.seen.clear()
            try {
                return step()
            } finally {
                script.act = emptyMap()
            }
        }

        fun assertWhole() = assertWhole(wallet, agency)
    }

    private val scene = Scene()

    private fun assertSilent(error: Throwable) {
        val reason = (error as LlaveroException).why
        val told = listOf(
            error.toString(),
            error.message.orEmpty(),
            error.text(Language.EN),
            error.text(Language.ES_MX),
            reason.toString(),
            reason.detail,
            error.stackTraceToString(),
            error.cause.toString(),
        )
        for (text in told) {
            assertFalse(CANARY in text, text)
            assertFalse("AppException" in text, text)
        }
        assertFalse("\tat " in reason.detail + reason.textEn + reason.textEsMx)
    }

    /** Every step with every callback that it makes, each throwing something of its own. */
    @TestFactory
    fun `throws at each step`(): List<DynamicTest> {
        val pairs = scene.steps.keys.flatMap { step ->
            val fresh = Scene()
            fresh.with { take(step) }
            // A key that is not deleted is no reason to fail: the wallet tries again later.
            (fresh.script.seen - "delete").map { step to it }
        }
        assertEquals(setOf("create", "sign", "get", "list", "commit", "bytes"), pairs.map { it.second }.toSet())
        assertEquals(scene.steps.keys, pairs.map { it.first }.toSet())
        return pairs.map { (step, callback) ->
            dynamicTest("$step when $callback throws") {
                val scene = Scene()
                val error = scene.with(callback to { throw AppException() }) { refused("callback_failed") { take(step) } }
                assertTrue(error is LlaveroException.Device)
                assertSilent(error)
                scene.assertWhole()
            }
        }
    }

    /** What is thrown need not be an Exception: a missing class, an assertion and `TODO()` are Errors. */
    @TestFactory
    fun `throws an Error`(): List<DynamicTest> = listOf(
        "begin" to "create",
        "begin" to "commit",
        "credentials" to "list",
        "approve" to "commit",
        "approve" to "sign",
        "approve" to "bytes",
    ).map { (step, callback) ->
        dynamicTest("$step when $callback throws an Error") {
            val scene = Scene()
            val error = scene.with(callback to { throw NotImplementedError(CANARY) }) {
                refused("callback_failed") { take(step) }
            }
            assertSilent(error)
            scene.assertWhole()
        }
    }

    @Test
    fun `a key store that fails to delete does not undo an answer`() {
        val challenge = ask()
        val answer = scene.with("delete" to { throw AppException() }) { wallet.sheet(challenge).approve(wallet, NOW) }
        assertTrue("delete" in scene.script.seen)
        challenge.verify(answer, scene.agency.trust, NOW)
        assertEquals(1u, scene.wallet.purge(NOW).spentKeys)
        scene.assertWhole()
    }

    @ParameterizedTest
    @ValueSource(strings = ["create", "sign", "get", "list", "commit", "bytes"])
    fun `hangs`(callback: String) {
        val release = CountDownLatch(1)
        val started = System.nanoTime()
        try {
            val error = scene.with(callback to { release.await(20, TimeUnit.SECONDS); throw AppException() }) {
                refused("callback_timed_out") {
                    // Both together make every callback there is.
                    take("begin")
                    take("approve")
                }
            }
            assertTrue(error is LlaveroException.Device)
            val waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)
            assertTrue(waited in 900..15_000, "waited $waited ms")
            // The one that hangs is left behind; the wallet goes on with another thread.
            scene.assertWhole()
        } finally {
            release.countDown()
        }
        scene.assertWhole()
    }

    private val honest = JdkKeys()

    private fun keys(count: Int): List<NewKey> = honest.create(KeyKind.P256, count.toUInt())

    @TestFactory
    fun `returns rubbish`(): List<DynamicTest> {
        val one = keys(1).single()
        val rubbish = listOf(
            Triple("begin", "create", keys(1)),
            Triple("begin", "create", keys(3)),
            Triple("begin", "create", emptyList<NewKey>()),
            Triple("begin", "create", listOf(one, one)),
            Triple("begin", "create", listOf(one, NewKey(byteArrayOf(1), one.publicKey))),
            Triple("begin", "create", listOf(one, NewKey(one.handle, keys(1).single().publicKey))),
            Triple("begin", "create", keys(2).map { NewKey(it.handle, ByteArray(0)) }),
            Triple("begin", "create", keys(2).map { NewKey(it.handle, ByteArray(91) { 0x41 }) }),
            Triple("begin", "create", JdkKeys().create(KeyKind.ED25519, 2u)),
            Triple("begin", "sign", ByteArray(0)),
            Triple("begin", "sign", ByteArray(63)),
            Triple("approve", "sign", ByteArray(1_000_000)),
            Triple("approve", "bytes", ByteArray(0)),
            Triple("approve", "bytes", ByteArray(1)),
            Triple("approve", "bytes", ByteArray(1_000_000)),
        )
        return rubbish.mapIndexed { index, (step, callback, value) ->
            dynamicTest("$step when $callback returns rubbish $index") {
                val scene = Scene()
                val error = scene.with(callback to { value }) { refused("callback_malformed") { take(step) } }
                assertTrue(error is LlaveroException.Device)
                scene.assertWhole()
            }
        }
    }

    @Test
    fun `keys that were made in vain are deleted`() {
        val made = keys(3)
        scene.with("create" to { made }, "delete" to { made.forEach { honest.delete(it.handle) } }) {
            refused("callback_malformed") { take("begin") }
        }
        assertTrue("delete" in scene.script.seen)
        assertEquals(0, honest.pairs.size)
    }

    @Test
    fun `signs with another key`() {
        val other = JdkKeys()
        val handle = other.create(KeyKind.P256, 1u).single().handle
        val error = scene.with("sign" to { other.sign(handle, byteArrayOf(1)) }) {
            refused("signature") { take("approve") }
        }
        assertTrue(error is LlaveroException.Refused)
        scene.assertWhole()
    }

    @TestFactory
    fun `reads records back that it never wrote`(): List<DynamicTest> {
        val texts = listOf("", "{}", "[", "\u0000", "{\"version\":1}", "\"".repeat(100_000), "ÿ")
        return texts.mapIndexed { index, text ->
            dynamicTest("garbage record $index") {
                val records = listOf(StoredRecord("x", text.toByteArray(Charsets.ISO_8859_1)))
                for (step in listOf("credentials", "history", "approve")) {
                    val error = scene.with("list" to { records }, "get" to { records.single().value }) {
                        refused("record_corrupt") { take(step) }
                    }
                    assertTrue(error is LlaveroException.Device)
                }
                scene.assertWhole()
            }
        }
    }

    @TestFactory
    fun `calls the wallet again from inside`(): List<DynamicTest> =
        listOf("begin" to "create", "begin" to "sign", "credentials" to "list", "approve" to "commit", "approve" to "bytes")
            .map { (step, callback) ->
                dynamicTest("$step when $callback calls the wallet") {
                    var inner: Throwable? = null
                    val again = {
                        inner = runCatching { scene.wallet.credentials(Language.EN) }.exceptionOrNull()
                        throw checkNotNull(inner)
                    }
                    scene.with(callback to again) { refused("callback_failed") { take(step) } }
                    val error = inner as LlaveroException
                    assertEquals("callback_reentered", error.code())
                    assertTrue(error is LlaveroException.Usage)
                    scene.assertWhole()
                }
            }

    @Test
    fun `what a callback learns inside does not keep it from answering`() {
        val keys = object : JdkKeys() {
            val codes = mutableListOf<String>()

            override fun sign(handle: ByteArray, message: ByteArray): ByteArray {
                codes += refused("callback_reentered") { scene.wallet.history() }.code()
                return super.sign(handle, message)
            }
        }
        val own = Wallet.inMemory(keys)
        scene.agency.fill(own, adult().record(CredentialType.AGE))
        assertEquals(COPIES.toInt(), keys.codes.size)
        assertWhole(own, scene.agency)
    }

    @Test
    fun `a store says what is wrong with it`() {
        for ((code, error) in mapOf(
            "store_conflict" to StoreException.Conflict(),
            "store_corrupt" to StoreException.Corrupt(),
            "store_unavailable" to StoreException.Unavailable(),
            "callback_failed" to StoreException.Unexpected(),
        )) {
            scene.with("commit" to { throw error }) { refused(code) { take("begin") } }
            scene.assertWhole()
        }
        for ((code, error) in mapOf(
            "random" to RandomException.Unavailable(),
            "callback_failed" to RandomException.Unexpected(),
        )) {
            scene.with("bytes" to { throw error }) { refused(code) { take("approve") } }
        }
        scene.with("create" to { throw HolderKeysException.Unexpected() }) {
            refused("callback_failed") { take("begin") }
        }
        scene.assertWhole()
    }
}
