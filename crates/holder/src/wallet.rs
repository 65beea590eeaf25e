//! The wallet itself: a store and keys, and what its owner can do without anybody else.

use llavero_core::UnixTime;
use llavero_core::present::Held;
use llavero_core::request::PresentationRequest;
use llavero_mexico::Language;

use crate::choices::Choices;
use crate::credential::{CredentialId, CredentialSummary};
use crate::history::HistoryEntry;
use crate::keys::HolderKeys;
use crate::labels::Words;
use crate::record::{
    self, BatchRecord, CopyRecord, HistoryRecord, PendingKeyRecord, Record, SpentKeyRecord,
};
use crate::shown::{ShownClaim, Visible};
use crate::store::{Change, Store, Table};
use crate::{Random, WalletError};

/// Credentials of one person, over a store and the keys of their device.
///
/// It remembers nothing itself: whatever it says was in the store at that moment.
///
/// No method of it gives out a presentation, or the text of a copy; only an approved sheet does:
/// ```compile_fail,E0599
/// # use llavero_holder::*;
/// fn skip(wallet: &mut Wallet, request: &PresentationRequest) {
///     wallet.present(request);
/// }
/// ```
pub struct Wallet {
    pub(crate) store: Box<dyn Store>,
    pub(crate) keys: Box<dyn HolderKeys>,
}

/// What [`Wallet::purge`] removed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Purged {
    /// Credentials that have expired.
    pub credentials: usize,
    /// Keys that were offered long ago and for which nothing came.
    pub pending_keys: usize,
    /// Keys of spent copies that the key store had not deleted before.
    pub spent_keys: usize,
}

/// How long an issuer may take to answer: 30 days, for the agencies that send people home to wait.
const PENDING_KEY_SECS: i64 = 30 * llavero_core::SECONDS_PER_DAY;

impl Wallet {
    /// A wallet over what is in `store`, with `keys` to sign.
    #[must_use]
    pub fn new(store: impl Store + 'static, keys: impl HolderKeys + 'static) -> Self {
        Self { store: Box::new(store), keys: Box::new(keys) }
    }

    /// Finds out what could answer a request. Nothing changes and nobody learns of it.
    ///
    /// # Errors
    /// [`WalletError::Unmet`] with the part that cannot be answered; [`WalletError::RecordCorrupt`],
    /// [`WalletError::Store`]. A verifier should hear of any of these only what a [`Refusal`](crate::Refusal) says,
    /// and only after the person has been asked.
    pub fn consider(
        &self,
        request: &PresentationRequest,
        now: UnixTime,
        language: Language,
    ) -> Result<Choices, WalletError> {
        Choices::consider(&*self.store, request, now, language)
    }

    /// Every credential, expired and used-up ones included, the newest last.
    ///
    /// # Errors
    /// [`WalletError::RecordCorrupt`], [`WalletError::RecordVersion`], [`WalletError::Store`].
    pub fn credentials(&self, language: Language) -> Result<Vec<CredentialSummary>, WalletError> {
        let batches = record::list::<BatchRecord>(&*self.store)?.into_iter();
        let summary = |(id, batch)| CredentialSummary::new(CredentialId::new(id), &batch, language);
        let mut credentials: Vec<CredentialSummary> = batches.map(summary).collect();
        credentials.sort_by_key(CredentialSummary::received_at);
        Ok(credentials)
    }

    /// Every claim of a credential, for the person's own screen.
    ///
    /// # Errors
    /// [`WalletError::CredentialUnknown`]; [`WalletError::NoCopiesLeft`], because the claims went with the last copy;
    /// [`WalletError::RecordCorrupt`], [`WalletError::Store`].
    pub fn show(
        &self,
        id: &CredentialId,
        language: Language,
    ) -> Result<Vec<ShownClaim>, WalletError> {
        let batch = self.batch(id)?;
        let name = batch.copies.first().ok_or(WalletError::NoCopiesLeft)?;
        let corrupt = || WalletError::RecordCorrupt { table: Table::Copy.name() };
        let copy = record::get::<CopyRecord>(&*self.store, name)?.ok_or_else(corrupt)?;
        let held = Held::reopen(&copy.text).map_err(|_| corrupt())?;
        let visible = Visible::whole(&held, Words::of(&batch, language));
        Ok(visible.open.into_iter().chain(visible.chosen).collect())
    }

    /// Removes a credential with all its copies and their keys. The history stays.
    ///
    /// # Errors
    /// [`WalletError::CredentialUnknown`], [`WalletError::RecordCorrupt`], [`WalletError::Store`].
    pub fn remove(
        &mut self,
        id: &CredentialId,
        random: &mut dyn Random,
    ) -> Result<(), WalletError> {
        let batch = self.batch(id)?;
        let mut changes = Vec::new();
        let mut keys = Vec::new();
        self.forget(id.as_str(), &batch, &mut changes, &mut keys, random)?;
        self.store.commit(&changes)?;
        self.delete_keys(keys);
        Ok(())
    }

    /// Removes expired credentials and keys for which nothing came, and tries again to delete the keys of spent copies.
    /// Those include the keys of a [`PendingAnswer`](crate::PendingAnswer) that is still to be signed.
    ///
    /// # Errors
    /// [`WalletError::RecordCorrupt`], [`WalletError::Store`]; nothing is removed then.
    pub fn purge(&mut self, now: UnixTime, random: &mut dyn Random) -> Result<Purged, WalletError> {
        let mut purged = Purged::default();
        let mut changes = Vec::new();
        let mut keys = Vec::new();
        for (name, spent) in record::list::<SpentKeyRecord>(&*self.store)? {
            keys.push((record::decode_handle(&spent.key, Table::SpentKey)?, Some(name)));
            purged.spent_keys += 1;
        }
        for (id, batch) in record::list::<BatchRecord>(&*self.store)? {
            if batch.expires.is_some_and(|at| now.as_secs() >= at) {
                self.forget(&id, &batch, &mut changes, &mut keys, random)?;
                purged.credentials += 1;
            }
        }
        for (thumbprint, pending) in record::list::<PendingKeyRecord>(&*self.store)? {
            if now.as_secs().saturating_sub(pending.created_at) > PENDING_KEY_SECS {
                changes.push(record::delete::<PendingKeyRecord>(&thumbprint));
                self.doom(&pending.key, Table::PendingKey, &mut changes, &mut keys, random)?;
                purged.pending_keys += 1;
            }
        }
        if !changes.is_empty() {
            self.store.commit(&changes)?;
        }
        self.delete_keys(keys);
        Ok(purged)
    }

    /// What was shown to whom, the latest first.
    ///
    /// # Errors
    /// [`WalletError::RecordCorrupt`], [`WalletError::RecordVersion`], [`WalletError::Store`].
    pub fn history(&self) -> Result<Vec<HistoryEntry>, WalletError> {
        let records = record::list::<HistoryRecord>(&*self.store)?;
        let mut entries: Vec<HistoryEntry> =
            records.into_iter().map(|(_, record)| HistoryEntry::new(record)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at()));
        Ok(entries)
    }

    /// Forgets what was shown to whom.
    ///
    /// # Errors
    /// [`WalletError::Store`]; nothing is forgotten then.
    pub fn forget_history(&mut self) -> Result<(), WalletError> {
        let entries = self.store.list(HistoryRecord::TABLE)?;
        let changes: Vec<Change> =
            entries.iter().map(|(name, _)| record::delete::<HistoryRecord>(name)).collect();
        if changes.is_empty() { Ok(()) } else { Ok(self.store.commit(&changes)?) }
    }

    fn batch(&self, id: &CredentialId) -> Result<BatchRecord, WalletError> {
        record::get(&*self.store, id.as_str())?.ok_or(WalletError::CredentialUnknown)
    }

    /// The changes that remove a credential, and the keys that are then to be deleted.
    fn forget(
        &self,
        id: &str,
        batch: &BatchRecord,
        changes: &mut Vec<Change>,
        keys: &mut Vec<DoomedKey>,
        random: &mut dyn Random,
    ) -> Result<(), WalletError> {
        changes.push(record::delete::<BatchRecord>(id));
        for name in &batch.copies {
            // A copy that is missing or unreadable must not keep the rest from being removed.
            if let Ok(Some(copy)) = record::get::<CopyRecord>(&*self.store, name) {
                self.doom(&copy.key, Table::Copy, changes, keys, random)?;
            }
            if self.store.get(Table::Copy, name)?.is_some() {
                changes.push(record::delete::<CopyRecord>(name));
            }
        }
        Ok(())
    }

    /// Notes a key for deletion, in the store too if the key store would keep it otherwise.
    fn doom(
        &self,
        key: &str,
        table: Table,
        changes: &mut Vec<Change>,
        keys: &mut Vec<DoomedKey>,
        random: &mut dyn Random,
    ) -> Result<(), WalletError> {
        let mut name = None;
        if self.keys.keeps_keys() {
            let spent = record::new_id(random)?;
            changes.push(record::put(&spent, &SpentKeyRecord { key: key.to_owned() })?);
            name = Some(spent);
        }
        keys.push((record::decode_handle(key, table)?, name));
        Ok(())
    }
}

/// A key that is to be deleted, and the record that says so.
type DoomedKey = (crate::keys::KeyHandle, Option<String>);

impl std::fmt::Debug for Wallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wallet").finish_non_exhaustive()
    }
}
