package org.llavero.sample

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Card
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.llavero.Revocation
import org.llavero.Verdict

/** What whoever asked may rely on, and since when. */
@Composable
fun VerdictScreen(verdict: Verdict, texts: Texts) {
    Column(
        Modifier.fillMaxWidth().verticalScroll(rememberScrollState()).padding(16.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        Text(
            texts(R.string.verdict_accepted),
            style = MaterialTheme.typography.headlineSmall,
            color = MaterialTheme.colorScheme.primary,
        )
        for (credential in verdict.credentials) {
            Card(Modifier.fillMaxWidth()) {
                Column(Modifier.padding(16.dp), verticalArrangement = Arrangement.spacedBy(4.dp)) {
                    for (claim in credential.claims) {
                        Text("${texts.claim(claim.path)}: ${claim.values.joinToString(transform = texts::value)}")
                    }
                    Text(texts(R.string.verdict_issuer, credential.issuerName))
                    if (credential.revocation == Revocation.NOT_CHECKED) {
                        Text(texts(R.string.verdict_no_revocation), color = MaterialTheme.colorScheme.error)
                    }
                }
            }
        }
        Text(texts(R.string.verdict_trust, texts.day(verdict.trustIssuedAt)), style = MaterialTheme.typography.bodySmall)
    }
}

/** Why an answer was not accepted: in words for people, without any of its values. */
@Composable
fun RefusedScreen(reason: String, texts: Texts) {
    Column(Modifier.fillMaxWidth().padding(16.dp), verticalArrangement = Arrangement.spacedBy(12.dp)) {
        Text(
            texts(R.string.verdict_refused),
            style = MaterialTheme.typography.headlineSmall,
            color = MaterialTheme.colorScheme.error,
        )
        Text(reason)
    }
}
