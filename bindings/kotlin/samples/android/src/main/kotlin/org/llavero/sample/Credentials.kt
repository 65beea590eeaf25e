package org.llavero.sample

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Card
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.llavero.CredentialSummary

/** What the person has, and how often each can still be shown. */
@Composable
fun CredentialsScreen(credentials: List<CredentialSummary>, texts: Texts) {
    LazyColumn(
        contentPadding = PaddingValues(16.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
        modifier = Modifier.fillMaxWidth(),
    ) {
        item { Text(texts(R.string.credentials_title), style = MaterialTheme.typography.headlineSmall) }
        if (credentials.isEmpty()) item { Text(texts(R.string.credentials_none)) }
        items(credentials, key = { it.id }) { CredentialCard(it, texts) }
    }
}

@Composable
private fun CredentialCard(credential: CredentialSummary, texts: Texts) {
    Card(Modifier.fillMaxWidth()) {
        Column(Modifier.padding(16.dp), verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Text(credential.label, style = MaterialTheme.typography.titleMedium)
            Text(texts(R.string.credential_issuer, credential.issuerName), style = MaterialTheme.typography.bodyMedium)
            if (credential.copiesLeft == 0u) {
                Text(texts(R.string.credential_no_copies), color = MaterialTheme.colorScheme.error)
            } else {
                Text(texts(R.string.credential_copies, credential.copiesLeft.toInt()))
            }
            credential.expires?.let {
                Text(texts(R.string.credential_expires, texts.day(it)), style = MaterialTheme.typography.bodySmall)
            }
        }
    }
}
