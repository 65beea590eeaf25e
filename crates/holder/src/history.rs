//! What was shown to whom: for the person alone, and without values.

use llavero_core::UnixTime;

use crate::record::HistoryRecord;

/// One answer that was given.
#[derive(Clone, Eq, PartialEq)]
pub struct HistoryEntry {
    at: UnixTime,
    client_id: String,
    client_name: Option<String>,
    purpose: String,
    shown: Vec<HistoryItem>,
}

/// One credential that was shown.
#[derive(Clone, Eq, PartialEq)]
pub struct HistoryItem {
    vct: String,
    issuer: String,
    claims: Vec<String>,
}

impl HistoryEntry {
    pub(crate) fn new(record: HistoryRecord) -> Self {
        let shown = record.shown.into_iter().map(|shown| HistoryItem {
            vct: shown.vct,
            issuer: shown.issuer,
            claims: shown.claims,
        });
        Self {
            at: UnixTime::from_secs(record.at),
            client_id: record.client_id,
            client_name: record.client_name,
            purpose: record.purpose,
            shown: shown.collect(),
        }
    }

    /// When the person agreed.
    #[must_use]
    pub const fn at(&self) -> UnixTime {
        self.at
    }

    /// To whom.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The name that the requester gave itself.
    #[must_use]
    pub fn unverified_client_name(&self) -> Option<&str> {
        self.client_name.as_deref()
    }

    /// The purpose that the requester gave.
    #[must_use]
    pub fn unverified_purpose(&self) -> &str {
        &self.purpose
    }

    /// What was shown.
    #[must_use]
    pub fn shown(&self) -> &[HistoryItem] {
        &self.shown
    }
}

impl HistoryItem {
    /// The credential's type.
    #[must_use]
    pub fn vct(&self) -> &str {
        &self.vct
    }

    /// The credential's issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The paths of the claims that were revealed.
    #[must_use]
    pub fn claims(&self) -> &[String] {
        &self.claims
    }
}

impl std::fmt::Debug for HistoryEntry {
    // Where somebody has been is nobody's to log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HistoryEntry").field("shown", &self.shown.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for HistoryItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HistoryItem").field("claims", &self.claims.len()).finish_non_exhaustive()
    }
}
