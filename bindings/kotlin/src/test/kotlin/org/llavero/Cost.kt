package org.llavero

import java.util.Locale
import java.util.concurrent.TimeUnit

private const val ROUNDS = 500
private const val WARM_UP = 3_000
private const val BATCH: UInt = 100u

/**
 * What a call costs from Kotlin. The same steps from Rust: `cargo run --release -p llavero-ffi --example cost`.
 *
 * ```
 * cargo build --release -p llavero-ffi
 * mvn -q -pl library test-compile exec:exec@cost -Dllavero.library.path=…/target/release
 * ```
 */
internal fun main() {
    val agency = Agency()
    val record = Record.fromJson(CredentialType.AGE, "{\"birthdate\":\"2000-01-01\"}", NOW)
    println(String.format(Locale.ROOT, "%-42s %12s %12s", "in microseconds", "median", "fastest"))
    row("a call that does next to nothing", cost({}, { refusal() }))

    Wallet.inMemory(null).use { wallet ->
        agency.fill(wallet, record, BATCH)
        val challenge = ask()
        val kept = challenge.toJson()
        val answer = wallet.sheet(challenge).approve(wallet, NOW)
        // A challenge from its kept form can be answered again.
        row("verify a presentation", cost({ Challenge.fromJson(kept) }, { it.verify(answer, agency.trust, NOW) }))
    }
    Wallet.inMemory(null).use { wallet ->
        repeat(20) { agency.fill(wallet, record, BATCH) }
        row("list 20 credentials of 100 copies", cost({}, { wallet.credentials(Language.EN) }))
    }
    row("approve: spend and sign", approving(agency, record) { Wallet.inMemory(null) })
    row("… with keys of the app's own", approving(agency, record) { Wallet.inMemory(JdkKeys()) })
    row("… with keys and a store of the app's own", approving(agency, record) { Wallet.withStore(DictionaryStore(), JdkKeys()) })
}

/** Each copy serves once, so every hundred answers take another wallet. */
private fun approving(agency: Agency, record: Record, make: () -> Wallet): Times {
    var wallet = make()
    var left = 0u
    return cost(
        {
            if (left == 0u) {
                wallet.close()
                wallet = make()
                agency.fill(wallet, record, BATCH)
                left = BATCH
            }
            left--
            wallet.sheet(ask())
        },
        { it.approve(wallet, NOW) },
        warmUp = 500,
    )
}

private class Times(val median: Double, val fastest: Double)

private fun <I, T> cost(input: () -> I, step: (I) -> T, warmUp: Int = WARM_UP): Times {
    var seen = 0
    val times = LongArray(ROUNDS)
    for (round in -warmUp until ROUNDS) {
        val made = input()
        val began = System.nanoTime()
        val result = step(made)
        val took = System.nanoTime() - began
        // Used, or the compiler might leave it out.
        seen += result.hashCode()
        if (round >= 0) times[round] = took
    }
    times.sort()
    check(seen != Int.MIN_VALUE)
    val micros = { nanos: Long -> nanos.toDouble() / TimeUnit.MICROSECONDS.toNanos(1) }
    return Times(micros(times[ROUNDS / 2]), micros(times[0]))
}

private fun row(what: String, times: Times) =
    println(String.format(Locale.ROOT, "%-42s %12.1f %12.1f", what, times.median, times.fastest))
