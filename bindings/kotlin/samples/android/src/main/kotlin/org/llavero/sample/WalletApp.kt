package org.llavero.sample

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp

/** The wallet: one screen at a time, as the model says. */
@Composable
fun WalletApp(model: WalletModel, texts: Texts) {
    val screen by model.screen.collectAsState()
    MaterialTheme {
        Surface(Modifier.fillMaxSize()) {
            when (val shown = screen) {
                is WalletScreen.Working -> Text(texts(R.string.working), Modifier.padding(16.dp))
                is WalletScreen.Credentials -> CredentialsScreen(shown.credentials, texts)
                is WalletScreen.Consent ->
                    ConsentScreen(shown.contents, texts, approve = { model.approve() }, decline = { model.decline() })
                is WalletScreen.Answered -> Message(R.string.answer_title, texts(R.string.answer_spent), texts, model)
                is WalletScreen.Problem -> Message(R.string.problem_title, shown.text, texts, model)
            }
        }
    }
}

@Composable
private fun Message(title: Int, text: String, texts: Texts, model: WalletModel) {
    Column(Modifier.padding(16.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        Text(texts(title), style = MaterialTheme.typography.headlineSmall)
        Text(text)
        Button({ model.showCredentials() }) { Text(texts(R.string.back)) }
    }
}
