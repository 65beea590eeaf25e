package org.llavero.android

import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.security.GeneralSecurityException
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

/** The key of the wallet's file, sealed by the phone. */
internal class StoreKeyTest {
    @TempDir
    lateinit var folder: File

    private val file get() = File(folder, "wallet.key")

    @BeforeEach
    fun newPhone() = FakeKeystore.install()

    @Test
    fun `the same phone gives the same key`() {
        FakeKeystore.hasStrongBox = false
        val key = StoreKey(file).bytes()
        assertEquals(32, key.size)
        assertContentEquals(key, StoreKey(file).bytes())
        assertFalse(String(key, Charsets.ISO_8859_1) in file.readText(Charsets.ISO_8859_1))
        assertEquals(listOf("wallet.key"), folder.list()?.toList())
    }

    @Test
    fun `another phone does not open it, and damage is noticed`() {
        StoreKey(file).bytes()
        FakeKeystore.install()
        assertFailsWith<GeneralSecurityException> { StoreKey(file).bytes() }
        file.writeBytes(ByteArray(0))
        assertFailsWith<GeneralSecurityException> { StoreKey(file).bytes() }
    }
}
