package org.llavero

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.concurrent.Callable
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.Executors
import kotlin.test.assertEquals
import kotlin.test.assertTrue

private const val THREADS = 16

/** Many threads and one object. */
@Timeout(120)
internal class ThreadsTest {
    /** Runs [step] in many threads at once, and returns what came of each. */
    private fun <T> hammer(step: (Int) -> T): List<Result<T>> {
        val start = CyclicBarrier(THREADS)
        val pool = Executors.newFixedThreadPool(THREADS)
        try {
            val tasks = (0 until THREADS).map { index ->
                Callable {
                    start.await()
                    runCatching { step(index) }
                }
            }
            return pool.invokeAll(tasks).map { it.get() }
        } finally {
            pool.shutdownNow()
        }
    }

    private fun <T> assertOneWins(results: List<Result<T>>): T {
        val losers = results.mapNotNull { it.exceptionOrNull() }
        assertEquals(THREADS - 1, losers.size)
        for (loser in losers) assertEquals("already_used", (loser as LlaveroException).code())
        return results.single { it.isSuccess }.getOrThrow()
    }

    @Test
    fun `one approval of a sheet wins`() {
        val (wallet, agency) = filled()
        val challenge = ask()
        val sheet = wallet.sheet(challenge)
        val answer = assertOneWins(hammer { sheet.approve(wallet, NOW) })
        challenge.verify(answer, agency.trust, NOW)
        assertEquals(listOf(COPIES - 1u), wallet.left())
    }

    @Test
    fun `a sheet is approved or declined`() {
        val (wallet, _) = filled()
        val sheet = wallet.sheet(ask())
        assertOneWins(hammer { if (it % 2 == 0) sheet.approve(wallet, NOW) else sheet.decline() })
    }

    @Test
    fun `one verification of an answer wins`() {
        val (wallet, agency) = filled()
        val challenge = ask()
        val answer = wallet.sheet(challenge).approve(wallet, NOW)
        val verdict = assertOneWins(hammer { challenge.verify(answer, agency.trust, NOW) })
        assertEquals(true, verdict.credential("age")?.value("age_equal_or_over.18")?.asBoolean)
    }

    @Test
    fun `each copy is spent once`() {
        val (wallet, agency) = filled(Wallet.withStore(DictionaryStore(), JdkKeys()), copies = 10u)
        val results = hammer {
            val challenge = ask()
            challenge.verify(wallet.sheet(challenge).approve(wallet, NOW), agency.trust, NOW)
        }
        assertEquals(10, results.count { it.isSuccess })
        for (loser in results.mapNotNull { it.exceptionOrNull() }) {
            assertEquals("no_copies_left", (loser as LlaveroException).code())
        }
        assertEquals(listOf(0u), wallet.left())
        assertEquals(10, wallet.history().size)
    }

    /** Between two steps of one thread another may spend the last copy. */
    private fun unlessSpent(steps: () -> Any?) {
        runCatching(steps).onFailure { if ((it as? LlaveroException)?.code() != "no_copies_left") throw it }
    }

    @Test
    fun `everything at once`() {
        val (wallet, agency) = filled(Wallet.withStore(DictionaryStore(), JdkKeys()), copies = 50u)
        val record = adult().record(CredentialType.AGE)
        val results = hammer { index ->
            repeat(5) {
                when (index % 5) {
                    0 -> agency.fill(wallet, record)
                    1 -> unlessSpent {
                        val challenge = ask()
                        challenge.verify(wallet.sheet(challenge).approve(wallet, NOW), agency.trust, NOW)
                    }
                    2 -> wallet.credentials(Language.ES_MX).forEach { unlessSpent { wallet.show(it.id, Language.ES_MX) } }
                    3 -> wallet.history()
                    else -> wallet.purge(NOW)
                }
            }
        }
        assertEquals(emptyList(), results.mapNotNull { it.exceptionOrNull()?.toString() })
        assertWhole(wallet, agency)
    }

    @Test
    fun `closing an object while it is used is an ordinary exception at most`() {
        repeat(20) {
            val (wallet, _) = filled(copies = 1u)
            val results = hammer { index -> if (index == 0) wallet.close() else wallet.credentials(Language.EN) }
            for (error in results.mapNotNull { it.exceptionOrNull() }) {
                assertTrue(error is IllegalStateException, error.toString())
            }
        }
    }
}
