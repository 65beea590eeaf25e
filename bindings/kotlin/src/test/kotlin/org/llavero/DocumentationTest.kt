package org.llavero

import org.junit.jupiter.api.Test
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.test.assertContains

/** The comments of the library came along. */
internal class DocumentationTest {
    @Test
    fun `types, functions, fields and errors are explained`() {
        val source = Path.of(System.getProperty("llavero.sources"), "org/llavero/llavero.kt").readText()
        val flat = source.replace(Regex("""\s+\*?\s*"""), " ")
        for (sentence in listOf(
            "Credentials of one person, over a store and the keys of their device.",
            "never call it from the thread that draws the screen",
            "Verifies the answer to this question, which is then used up, whatever comes of it.",
            "Who asks: the identifier to which the answer is bound, so that nobody else can use it.",
            "The app called wrongly: a step taken twice, an argument that no app should pass.",
            "The bytes to sign, not a hash of them.",
            "Makes `count` keys in one call, which is how hardware makes them fast.",
        )) {
            assertContains(flat, sentence)
        }
    }
}
