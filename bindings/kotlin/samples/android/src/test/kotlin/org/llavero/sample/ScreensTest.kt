package org.llavero.sample

import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.asSkiaBitmap
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.runDesktopComposeUiTest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.llavero.Asker
import org.llavero.CredentialType
import org.llavero.DcqlQuery
import org.llavero.HolderKeysException
import org.llavero.Language
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.createDirectories
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** The screens, drawn by the desktop edition of Compose and used as a person would. */
@OptIn(ExperimentalTestApi::class)
internal class ScreensTest {
    private val filled = Filled()
    private val scope = CoroutineScope(Dispatchers.Unconfined)

    private fun model(language: Language) = WalletModel(filled.wallet, filled.keys, texts(language), scope) { NOW }

    private fun verifier(language: Language) =
        VerifierModel(Asker("https://bar.example", "Bar La Esquina"), filled.trust, language, scope) { NOW }

    private fun VerifierModel.request(type: CredentialType, claim: String): String = runBlocking {
        ask("Vender una bebida", DcqlQuery.forClaims("q", listOf(type.defaultVct()), listOf(claim))).join()
        assertIs<VerifierScreen.Asking>(screen.value).request
    }

    private fun screens(test: ComposeUiTest.() -> Unit) = runDesktopComposeUiTest(width = 480, height = 1000) { test() }

    private fun ComposeUiTest.await(text: String) =
        waitUntil(timeoutMillis = 10_000) { onAllNodesWithText(text, substring = true).fetchSemanticsNodes().isNotEmpty() }

    /** Keeps what is on the screen, for whoever wants to look. */
    private fun ComposeUiTest.picture(name: String, language: Language) {
        val folder = Path.of(System.getProperty("sample.pictures")).createDirectories()
        val bitmap = onRoot().captureToImage().asSkiaBitmap()
        val png = checkNotNull(Image.makeFromBitmap(bitmap).encodeToData(EncodedImageFormat.PNG)).bytes
        Files.write(folder.resolve("$name-${language.name.lowercase()}.png"), png)
        val colours = (0 until bitmap.height step 4).flatMap { y -> (0 until bitmap.width step 4).map { bitmap.getColor(it, y) } }
        assertTrue(colours.toSet().size > 8, "nothing was drawn")
    }

    @ParameterizedTest
    @EnumSource(Language::class)
    fun `a person looks, agrees, and the asker accepts`(language: Language) = screens {
        val texts = texts(language)
        val model = model(language)
        val verifier = verifier(language)
        setContent { WalletApp(model, texts) }
        model.start()
        await(CredentialType.INE.label(language))
        onNodeWithText(texts(R.string.credentials_title)).assertExists()
        assertEquals(3, onAllNodesWithText(texts(R.string.credential_copies, 2)).fetchSemanticsNodes().size)
        picture("credentials", language)

        model.consider(verifier.request(CredentialType.CURP, "curp"))
        await(texts(R.string.consent_title))
        val sheet = assertIs<WalletScreen.Consent>(model.screen.value).contents
        for (text in sheet.warnings.map { it.text } + sheet.notProtected.map { it.text }) {
            onNodeWithText(text).assertExists()
        }
        for (shown in sheet.credentials) {
            shown.revealed.forEach { onNodeWithText("${it.label}: ${texts.value(it.value)}", substring = true).assertExists() }
            shown.implied.forEach { onNodeWithText("◦ ${it.label}").assertExists() }
        }
        onNodeWithText(texts(R.string.consent_asker_name, "Bar La Esquina")).assertExists()
        picture("consent", language)

        assertEquals(0, filled.keys.prompts)
        onNodeWithText(texts(R.string.consent_approve)).performClick()
        await(texts(R.string.answer_title))
        assertEquals(1, filled.keys.prompts)
        val answered = assertIs<WalletScreen.Answered>(model.screen.value)
        assertEquals("Answered", answered.toString())
        runBlocking { verifier.verify(answered.answer).join() }
        assertIs<VerifierScreen.Accepted>(verifier.screen.value)
        onNodeWithText(texts(R.string.back)).performClick()
        await(texts(R.string.credential_copies, 1))
    }

    @ParameterizedTest
    @EnumSource(Language::class)
    fun `whoever asks sees a verdict`(language: Language) = screens {
        val texts = texts(language)
        val verifier = verifier(language)
        val sheet = filled.wallet.consider(verifier.request(CredentialType.AGE, "age_equal_or_over.18"), NOW, language).sheet()
        val answer = sheet.approve(filled.wallet, NOW)
        runBlocking { verifier.verify(answer).join() }
        val verdict = assertIs<VerifierScreen.Accepted>(verifier.screen.value).verdict
        setContent { MaterialTheme { Surface(Modifier.fillMaxSize()) { VerdictScreen(verdict, texts) } } }
        onNodeWithText(texts(R.string.verdict_accepted)).assertExists()
        val label = CredentialType.AGE.claims(language).single { it.name == "age_equal_or_over.18" }.label
        onNodeWithText("$label: ${texts(R.string.yes)}").assertExists()
        picture("verdict", language)

        runBlocking { verifier.verify(answer).join() }
        val refused = assertIs<VerifierScreen.Refused>(verifier.screen.value)
        assertTrue(refused.text.isNotBlank())
    }

    @Test
    fun `a person declines and nothing is spent`() = screens {
        val texts = texts(Language.ES_MX)
        val model = model(Language.ES_MX)
        setContent { WalletApp(model, texts) }
        model.consider(verifier(Language.ES_MX).request(CredentialType.AGE, "age_equal_or_over.18"))
        await(texts(R.string.consent_title))
        onNodeWithText(texts(R.string.consent_decline)).performClick()
        await(texts(R.string.credentials_title))
        assertEquals(3, onAllNodesWithText(texts(R.string.credential_copies, 2)).fetchSemanticsNodes().size)
        assertEquals(0, filled.keys.prompts)
    }

    @Test
    fun `a person who cancels the prompt is back at the credentials`() = screens {
        val texts = texts(Language.EN)
        val model = model(Language.EN)
        filled.keys.refusal = HolderKeysException.Cancelled()
        setContent { WalletApp(model, texts) }
        model.consider(verifier(Language.EN).request(CredentialType.AGE, "age_equal_or_over.18"))
        await(texts(R.string.consent_title))
        onNodeWithText(texts(R.string.consent_approve)).performClick()
        await(texts(R.string.credentials_title))
        // The copy was spent before the prompt: that is the price of never showing one twice.
        onNodeWithText(texts(R.string.credential_copies, 1)).assertExists()
    }

    @Test
    fun `what goes wrong is said in words`() = screens {
        val texts = texts(Language.EN)
        val model = model(Language.EN)
        setContent { WalletApp(model, texts) }
        model.consider("{}")
        await(texts(R.string.problem_title))
        assertTrue(onAllNodesWithText("member_malformed", substring = true).fetchSemanticsNodes().isEmpty())
        onNodeWithText(texts(R.string.back)).performClick()
        await(texts(R.string.credentials_title))
    }

    @Test
    fun `both languages have the same strings with the same gaps`() {
        val gaps = { text: String -> Regex("""%\d\$[sd]""").findAll(text).map { it.value }.toList().sorted() }
        val spanish = strings("values")
        val english = strings("values-en")
        assertEquals(spanish.keys, english.keys)
        assertTrue(spanish.size > 25)
        for ((name, text) in spanish) assertEquals(gaps(text), gaps(english.getValue(name)), name)
        for (text in spanish.values + english.values) {
            // Android reads a bare apostrophe or quotation mark as its own.
            assertTrue(text.none { it == '\'' || it == '"' }, text)
        }
    }
}
