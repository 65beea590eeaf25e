package org.llavero

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.security.SecureRandom
import kotlin.io.path.exists
import kotlin.io.path.readBytes
import kotlin.io.path.writeBytes
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Where a wallet keeps its state. */
internal class StorageTest {
    @TempDir
    lateinit var folder: Path

    private val path get() = folder.resolve("wallet").toString()
    private val key = ByteArray(32).also { SecureRandom().nextBytes(it) }
    private val agency = Agency()

    private fun Wallet.fill() = agency.fill(this, adult().record(CredentialType.CURP))

    @Test
    fun `a file keeps a wallet`() {
        Wallet.withFile(FileStore.create(path, key), null).use { it.fill() }
        Wallet.withFile(FileStore.open(path, key), null).use { wallet ->
            assertEquals(listOf(COPIES), wallet.left())
            val query = DcqlQuery.forClaims("curp", listOf(CredentialType.CURP.defaultVct()), listOf("curp"))
            val challenge = ask(query)
            challenge.verify(wallet.sheet(challenge).approve(wallet, NOW), agency.trust, NOW)
        }
        Wallet.withFile(FileStore.open(path, key), null).use { assertEquals(listOf(COPIES - 1u), it.left()) }
    }

    @Test
    fun `a file opens with its key alone, once at a time`() {
        refused("store_missing") { FileStore.open(path, key) }
        assertFalse(folder.resolve("wallet").exists())
        FileStore.create(path, key).use { store ->
            refused("store_locked") { FileStore.open(path, key) }
            Wallet.withFile(store, null).use { wallet ->
                refused("already_used") { Wallet.withFile(store, null) }
                refused("already_used") { store.compact() }
                refused("store_locked") { FileStore.open(path, key) }
                wallet.fill()
            }
        }
        refused("store_exists") { FileStore.create(path, key) }
        refused("store_wrong_key") { FileStore.open(path, ByteArray(32)) }
        refused("argument_malformed") { FileStore.open(path, ByteArray(31)) }
        refused("argument_malformed") { FileStore.create(path, ByteArray(0)) }
        FileStore.open(path, key).close()
    }

    @Test
    fun `a damaged file is refused`() {
        Wallet.withFile(FileStore.create(path, key), null).use { it.fill() }
        val file = folder.resolve("wallet")
        val bytes = file.readBytes()
        file.writeBytes(ByteArray(bytes.size) { 0x55 })
        refused("store_corrupt") { FileStore.open(path, key) }
        file.writeBytes(ByteArray(0))
        val empty = runCatching { FileStore.open(path, key) }.exceptionOrNull()
        assertTrue(empty is LlaveroException.Device, "an empty file gave $empty")
        file.writeBytes(bytes)
        FileStore.open(path, key).close()
    }

    @Test
    fun `a passphrase opens a file too, and keys can change`() {
        FileStore.createWithPassphrase(path, "ocho palabras al azar").use { it.changePassphrase("otras ocho") }
        refused("store_wrong_key") { FileStore.openWithPassphrase(path, "ocho palabras al azar") }
        FileStore.openWithPassphrase(path, "otras ocho").use {
            it.changeKey(key)
            it.compact()
        }
        FileStore.open(path, key).close()
    }

    @Test
    fun `nothing of a person can be read in the file`() {
        val person = adult()
        Wallet.withFile(FileStore.create(path, key), null).use { wallet ->
            agency.fill(wallet, person.record(CredentialType.CURP))
            wallet.sheet(ask(DcqlQuery.forClaims("c", listOf(CredentialType.CURP.defaultVct()), listOf("curp"))))
                .approve(wallet, NOW)
        }
        val text = folder.resolve("wallet").readBytes().toString(Charsets.ISO_8859_1)
        for (canary in listOf(person.curp(), "bar.example", "agencia.example", "curp")) {
            assertFalse(canary in text)
        }
    }

    @Test
    fun `a store of the app's own keeps a wallet`() {
        val store = DictionaryStore()
        Wallet.withStore(store, null).use { it.fill() }
        assertTrue(store.tables().isNotEmpty())
        Wallet.withStore(store, null).use { wallet ->
            assertEquals(listOf(COPIES), wallet.left())
            val query = DcqlQuery.forClaims("c", listOf(CredentialType.CURP.defaultVct()), listOf("curp"))
            val challenge = ask(query)
            challenge.verify(wallet.sheet(challenge).approve(wallet, NOW), agency.trust, NOW)
            assertEquals(1, wallet.history().size)
        }
        assertEquals(listOf(COPIES - 1u), Wallet.withStore(store, null).left())
    }

    @Test
    fun `two wallets on one store never spend one copy twice`() {
        val store = DictionaryStore()
        val one = Wallet.withStore(store, null)
        val two = Wallet.withStore(store, null)
        agency.fill(one, adult().record(CredentialType.AGE), copies = 1u)
        val sheets = listOf(one, two).map { it to it.sheet(ask()) }
        val (first, second) = sheets
        first.second.approve(first.first, NOW)
        val code = (runCatching { second.second.approve(second.first, NOW) }.exceptionOrNull() as LlaveroException).code()
        assertTrue(code in setOf("no_copies_left", "store_conflict"), code)
        assertEquals(listOf(0u), two.left())
    }

    @Test
    fun `random bytes of the app's own are used`() {
        var given = 0u
        val random = object : Random {
            private val generator = SecureRandom()

            override fun bytes(count: UInt): ByteArray {
                given += count
                return ByteArray(count.toInt()).also(generator::nextBytes)
            }
        }
        val wallet = Wallet.withFile(FileStore.create(path, key, random), null, random)
        val afterStore = given
        assertTrue(afterStore > 0u)
        wallet.fill()
        val afterWallet = given
        assertTrue(afterWallet > afterStore)
        Challenge(BAR, "Vender", over18(), LIFETIME_SECS, NOW, random)
        val afterChallenge = given
        assertTrue(afterChallenge > afterWallet)
        val nonce = newNonce()
        val proofs = wallet.begin(agency.issuer.identifier(), nonce, 1u, KeyKind.P256, NOW)
        val draft = agency.issuer.draft(adult().record(CredentialType.AGE), TypeName("https://agencia.example/a"), DAYS, NOW)
        val before = given
        agency.issuer.prepare(draft, proofs, nonce, NOW, random)
        assertTrue(given > before)
    }
}
