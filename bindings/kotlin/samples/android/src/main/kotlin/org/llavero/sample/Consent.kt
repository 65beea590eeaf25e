package org.llavero.sample

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.llavero.SheetContents
import org.llavero.SheetCredential
import org.llavero.Warning

/**
 * Everything that the library says before a person decides. Leave nothing out: the warnings, what follows from the data,
 * and what no wallet can protect from are why there is a sheet.
 */
@Composable
fun ConsentScreen(contents: SheetContents, texts: Texts, approve: () -> Unit, decline: () -> Unit) {
    Column(Modifier.fillMaxWidth().padding(16.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()),
            verticalArrangement = Arrangement.spacedBy(12.dp),
        ) {
            Text(texts(R.string.consent_title), style = MaterialTheme.typography.headlineSmall)
            Asker(contents, texts)
            contents.warnings.forEach { WarningCard(it, texts) }
            contents.credentials.forEach { ShownCredential(it, texts) }
            contents.notProtected.forEach { Text(it.text, style = MaterialTheme.typography.bodySmall) }
        }
        // Neither is the easier one to press.
        Row(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            OutlinedButton(decline, Modifier.weight(1f)) { Text(texts(R.string.consent_decline)) }
            Button(approve, Modifier.weight(1f)) { Text(texts(R.string.consent_approve)) }
        }
    }
}

@Composable
private fun Asker(contents: SheetContents, texts: Texts) {
    Column {
        Text(texts(R.string.consent_asker, contents.clientId), style = MaterialTheme.typography.titleMedium)
        contents.unverifiedClientName?.let { Text(texts(R.string.consent_asker_name, it)) }
        Text(texts(R.string.consent_purpose, contents.unverifiedPurpose))
    }
}

@Composable
private fun WarningCard(warning: Warning, texts: Texts) {
    val colors = CardDefaults.cardColors(
        containerColor = MaterialTheme.colorScheme.errorContainer,
        contentColor = MaterialTheme.colorScheme.onErrorContainer,
    )
    Card(Modifier.fillMaxWidth(), colors = colors) {
        Column(Modifier.padding(12.dp)) {
            Text(warning.text)
            warning.suggestion?.let { suggestion ->
                Text(texts(R.string.consent_less, suggestion.credentialType.label(texts.language)))
            }
        }
    }
}

@Composable
private fun ShownCredential(shown: SheetCredential, texts: Texts) {
    Card(Modifier.fillMaxWidth()) {
        Column(Modifier.padding(16.dp), verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Text(texts(R.string.consent_reveals, shown.credential.label), style = MaterialTheme.typography.titleMedium)
            if (shown.revealed.isEmpty()) Text(texts(R.string.consent_reveals_nothing))
            shown.revealed.forEach { Text("• ${it.label}: ${texts.value(it.value)}") }
            if (shown.implied.isNotEmpty()) {
                Text(texts(R.string.consent_implies), style = MaterialTheme.typography.titleSmall)
                shown.implied.forEach { Text("◦ ${it.label}") }
            }
            val always = shown.alwaysVisible.joinToString { it.label }
            Text(texts(R.string.consent_always, always), style = MaterialTheme.typography.bodySmall)
        }
    }
}
