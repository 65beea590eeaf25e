//! A credential as its owner sees it in a list.

use llavero_core::UnixTime;
use llavero_mexico::{CredentialType, Language};

use crate::labels::Words;
use crate::record::BatchRecord;

/// What this wallet calls a credential. It is random and means nothing elsewhere.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CredentialId(String);

impl CredentialId {
    pub(crate) const fn new(id: String) -> Self {
        Self(id)
    }

    /// The identifier in a list of [`Wallet::credentials`](crate::Wallet::credentials), kept as text by an app.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CredentialId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A credential, without any of its values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialSummary {
    id: CredentialId,
    vct: String,
    label: String,
    issuer: String,
    issuer_name: String,
    copies_left: usize,
    copies_received: usize,
    received_at: UnixTime,
    expires: Option<UnixTime>,
}

impl CredentialSummary {
    pub(crate) fn new(id: CredentialId, batch: &BatchRecord, language: Language) -> Self {
        Self {
            id,
            vct: batch.vct.clone(),
            label: Words::of(batch, language).credential(),
            issuer: batch.issuer.clone(),
            issuer_name: batch.issuer_name.clone(),
            copies_left: batch.copies.len(),
            copies_received: batch.received,
            received_at: UnixTime::from_secs(batch.received_at),
            expires: batch.expires.map(UnixTime::from_secs),
        }
    }

    /// What this wallet calls it.
    #[must_use]
    pub const fn id(&self) -> &CredentialId {
        &self.id
    }

    /// Its type, as `vct` has it.
    #[must_use]
    pub fn vct(&self) -> &str {
        &self.vct
    }

    /// Its type, if it is one of the Mexican ones.
    #[must_use]
    pub fn known_type(&self) -> Option<CredentialType> {
        CredentialType::from_vct(&self.vct)
    }

    /// What to call it; the `vct`, if the type is not known.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Its issuer, as `iss` has it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the trust list called the issuer when the credential was received.
    #[must_use]
    pub fn issuer_name(&self) -> &str {
        &self.issuer_name
    }

    /// How often it can still be shown.
    #[must_use]
    pub const fn copies_left(&self) -> usize {
        self.copies_left
    }

    /// How many copies came.
    #[must_use]
    pub const fn copies_received(&self) -> usize {
        self.copies_received
    }

    /// When it came.
    #[must_use]
    pub const fn received_at(&self) -> UnixTime {
        self.received_at
    }

    /// When it expires, if it does.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixTime> {
        self.expires
    }
}
