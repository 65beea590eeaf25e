//! What a wallet says about its credentials and about what was shown.

use llavero_core::UnixTime;
use llavero_holder as holder;

use crate::mexico::CredentialType;
use crate::wallet::few;

/// A credential, without any of its values.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct CredentialSummary {
    /// What this wallet calls it. It is random and means nothing elsewhere.
    pub id: String,
    /// Its type, as `vct` has it.
    pub vct: String,
    /// Its type, if it is one of the Mexican ones.
    pub known_type: Option<CredentialType>,
    /// What to call it; the `vct`, if the type is not known.
    pub label: String,
    /// Its issuer, as `iss` has it.
    pub issuer: String,
    /// What the trust list called the issuer when the credential was received.
    pub issuer_name: String,
    /// How often it can still be shown.
    pub copies_left: u32,
    /// How many copies came.
    pub copies_received: u32,
    /// When it came.
    pub received_at: UnixTime,
    /// When it expires, if it does.
    pub expires: Option<UnixTime>,
}

impl From<&holder::CredentialSummary> for CredentialSummary {
    fn from(summary: &holder::CredentialSummary) -> Self {
        Self {
            id: summary.id().as_str().to_owned(),
            vct: summary.vct().to_owned(),
            known_type: summary.known_type().and_then(CredentialType::from_known),
            label: summary.label().to_owned(),
            issuer: summary.issuer().to_owned(),
            issuer_name: summary.issuer_name().to_owned(),
            copies_left: few(summary.copies_left()),
            copies_received: few(summary.copies_received()),
            received_at: summary.received_at(),
            expires: summary.expires(),
        }
    }
}

/// One answer that was given. It prints as nothing: where somebody has been is nobody's to log.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct HistoryEntry {
    /// When the person agreed.
    pub at: UnixTime,
    /// To whom.
    pub client_id: String,
    /// The name that the requester gave itself.
    pub unverified_client_name: Option<String>,
    /// What it said it needed the claims for.
    pub unverified_purpose: String,
    /// What was shown.
    pub shown: Vec<HistoryItem>,
}

redacted!(HistoryEntry);

/// One credential that was shown: names of claims, never their values.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct HistoryItem {
    /// The credential's type.
    pub vct: String,
    /// The credential's issuer.
    pub issuer: String,
    /// The paths of the claims that were revealed.
    pub claims: Vec<String>,
}

redacted!(HistoryItem);

impl From<&holder::HistoryEntry> for HistoryEntry {
    fn from(entry: &holder::HistoryEntry) -> Self {
        let item = |item: &holder::HistoryItem| HistoryItem {
            vct: item.vct().to_owned(),
            issuer: item.issuer().to_owned(),
            claims: item.claims().to_vec(),
        };
        Self {
            at: entry.at(),
            client_id: entry.client_id().to_owned(),
            unverified_client_name: entry.unverified_client_name().map(str::to_owned),
            unverified_purpose: entry.unverified_purpose().to_owned(),
            shown: entry.shown().iter().map(item).collect(),
        }
    }
}

/// Something to tell the person.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Notice {
    /// A name that apps, logs and tests may rely on: it never changes once released.
    pub code: String,
    /// A sentence to show, in the language that was asked for.
    pub text: String,
}
