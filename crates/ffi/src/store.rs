//! Where a wallet keeps its state: in memory, in one sealed file, or behind the app.

use std::sync::Arc;

use llavero_holder::{self as holder, RecordBytes, Table};
use llavero_store as store;

use crate::LlaveroError;
use crate::callback::{self, Caller};
use crate::error::Fault;
use crate::keys::secret;
use crate::once::Once;
use crate::random::{Generator, Random};

/// A store of the app's own, such as a table of its database. It must be as private as a key: whoever reads it can read
/// every credential.
///
/// It is called from a thread of the library, one call at a time, and must return within the time limit of the wallet.
/// A call that took longer may still be running when the next step's first one comes. The wallet believes nothing that
/// it reads back.
#[uniffi::export(foreign)]
pub trait Store: Send + Sync {
    /// The record under `key`, if there is one. Tables are named by short words of ASCII letters and underscores.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot tell.
    fn get(&self, table: String, key: String) -> Result<Option<Vec<u8>>, StoreError>;

    /// Every record of a table.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot tell.
    fn list(&self, table: String) -> Result<Vec<StoredRecord>, StoreError>;

    /// Makes all of the changes durable, or none of them, and returns when they would survive a loss of power.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if a record that is to be deleted is not there, so that two wallets on one store never
    /// spend one copy twice.
    fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError>;
}

/// A record of a [`Store`].
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct StoredRecord {
    /// Its key in the table.
    pub key: String,
    /// What the wallet wrote.
    pub value: Vec<u8>,
}

redacted!(StoredRecord);

/// One change of a commit.
#[derive(Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_enums, reason = "a store must carry out every change there is")]
pub enum Change {
    /// Writes a record, over an earlier one with this key.
    Put {
        /// The table.
        table: String,
        /// The key in the table.
        key: String,
        /// The record.
        value: Vec<u8>,
    },
    /// Removes a record that is there.
    Delete {
        /// The table.
        table: String,
        /// The key in the table.
        key: String,
    },
}

redacted!(Change);

/// Why a store of the app's own did not do what it was asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum StoreError {
    /// A record that was to be removed is gone already: somebody else used it.
    #[error("the store has changed meanwhile")]
    Conflict,
    /// What is stored is damaged or has been tampered with.
    #[error("the store is damaged")]
    Corrupt,
    /// The disk or database failed.
    #[error("the store is not available")]
    Unavailable,
    /// Anything that was not foreseen. Apps need not throw it: whatever else they throw becomes this.
    #[error("the store threw something unexpected")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreError {
    // The reason holds the other language's stack trace, so it is dropped.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// The store of an app, as a wallet sees it.
pub(crate) struct AppStore {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) caller: Arc<Caller>,
}

impl AppStore {
    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, holder::StoreError> {
        let store = Arc::clone(&self.store);
        let foreseen = match self.caller.call(move || question(&*store)) {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(StoreError::Conflict)) => holder::StoreError::Conflict,
            Ok(Err(StoreError::Corrupt)) => holder::StoreError::Corrupt,
            Ok(Err(StoreError::Unavailable)) => holder::StoreError::Unavailable,
            Ok(Err(StoreError::Unexpected)) => return Err(self.noted(Fault::Failed)),
            Err(fault) => return Err(self.noted(fault)),
        };
        self.caller.note_foreseen();
        Err(foreseen)
    }

    fn noted(&self, fault: Fault) -> holder::StoreError {
        self.caller.note(fault);
        holder::StoreError::Unavailable
    }
}

impl holder::Store for AppStore {
    fn get(&self, table: Table, key: &str) -> Result<Option<RecordBytes>, holder::StoreError> {
        let (table, key) = (table.name().to_owned(), key.to_owned());
        Ok(self.ask(move |store| store.get(table, key))?.map(RecordBytes::new))
    }

    fn list(&self, table: Table) -> Result<Vec<(String, RecordBytes)>, holder::StoreError> {
        let table = table.name().to_owned();
        let records = self.ask(move |store| store.list(table))?;
        let mut records: Vec<(String, RecordBytes)> = records
            .into_iter()
            .map(|record| (record.key, RecordBytes::new(record.value)))
            .collect();
        records.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(records)
    }

    fn commit(&mut self, changes: &[holder::Change]) -> Result<(), holder::StoreError> {
        let changes = changes.iter().map(|change| match change {
            holder::Change::Put { table, key, value } => Change::Put {
                table: table.name().to_owned(),
                key: key.clone(),
                value: value.to_vec(),
            },
            holder::Change::Delete { table, key } => {
                Change::Delete { table: table.name().to_owned(), key: key.clone() }
            }
        });
        let changes = changes.collect();
        self.ask(move |store| store.commit(changes))
    }
}

/// The wallet's default store: one file of sealed records. Opening a wallet over it uses it up.
#[derive(uniffi::Object)]
pub struct FileStore {
    pub(crate) store: Once<store::FileStore>,
    /// Calls the app's generator, as long as the store is open.
    pub(crate) caller: Arc<Caller>,
}

#[uniffi::export]
impl FileStore {
    /// Makes a new store at `path`, which must be free, under a key of 32 bytes that the app keeps in the platform's
    /// key store.
    ///
    /// # Errors
    /// `argument_malformed` for a key of another length; `store_exists`, `store_random`, `store_unavailable`,
    /// `callback_*`.
    #[uniffi::constructor(default(random = None))]
    pub fn create(
        path: &str,
        key: Vec<u8>,
        random: Option<Arc<dyn Random>>,
    ) -> Result<Self, LlaveroError> {
        let key = store_key(key)?;
        made(random, |random| store::FileStore::create(path, &key, random))
    }

    /// Makes a new store that a passphrase opens.
    ///
    /// # Errors
    /// `store_exists`, `store_random`, `store_unavailable`, `callback_*`.
    #[uniffi::constructor(default(random = None))]
    pub fn create_with_passphrase(
        path: &str,
        passphrase: &str,
        random: Option<Arc<dyn Random>>,
    ) -> Result<Self, LlaveroError> {
        made(random, |random| store::FileStore::create_with_passphrase(path, passphrase, random))
    }

    /// Opens the store at `path`, and reads all of it once.
    ///
    /// # Errors
    /// `argument_malformed` for a key of another length; `store_missing`, `store_wrong_key`, `store_locked`,
    /// `store_corrupt`, `store_version`, `store_unavailable`.
    #[uniffi::constructor(default(random = None))]
    pub fn open(
        path: &str,
        key: Vec<u8>,
        random: Option<Arc<dyn Random>>,
    ) -> Result<Self, LlaveroError> {
        let key = store_key(key)?;
        made(random, |random| store::FileStore::open(path, &key, random))
    }

    /// Opens a store with its passphrase.
    ///
    /// # Errors
    /// As for `open`.
    #[uniffi::constructor(default(random = None))]
    pub fn open_with_passphrase(
        path: &str,
        passphrase: &str,
        random: Option<Arc<dyn Random>>,
    ) -> Result<Self, LlaveroError> {
        made(random, |random| store::FileStore::open_with_passphrase(path, passphrase, random))
    }

    /// From now on this key of 32 bytes opens the store, and nothing else.
    ///
    /// # Errors
    /// `argument_malformed`, `already_used`, `store_random`, `store_unavailable`, `callback_*`; the store opens as before
    /// then.
    pub fn change_key(&self, key: Vec<u8>) -> Result<(), LlaveroError> {
        let key = store_key(key)?;
        self.step(|store| store.change_key(&key))
    }

    /// From now on this passphrase opens the store, and nothing else.
    ///
    /// # Errors
    /// `already_used`, `store_random`, `store_unavailable`, `callback_*`; the store opens as before then.
    pub fn change_passphrase(&self, passphrase: &str) -> Result<(), LlaveroError> {
        self.step(|store| store.change_passphrase(passphrase))
    }

    /// Gives back the space of deleted records, with what is left of them.
    ///
    /// # Errors
    /// `already_used`, `store_unavailable`, `store_corrupt`.
    pub fn compact(&self) -> Result<(), LlaveroError> {
        self.step(store::FileStore::compact)
    }
}

impl FileStore {
    fn step(
        &self,
        step: impl FnOnce(&mut store::FileStore) -> Result<(), holder::StoreError>,
    ) -> Result<(), LlaveroError> {
        callback::refuse_reentry()?;
        self.store.with(|store| {
            self.caller.forget();
            step(store).map_err(|error| self.caller.explain(error.into()))
        })?
    }
}

impl std::fmt::Debug for FileStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileStore").finish_non_exhaustive()
    }
}

fn store_key(key: Vec<u8>) -> Result<store::StoreKey, LlaveroError> {
    let key = zeroize::Zeroizing::new(key);
    Ok(store::StoreKey::from_bytes(secret(&key, "key")?))
}

fn made(
    random: Option<Arc<dyn Random>>,
    make: impl FnOnce(Generator) -> Result<store::FileStore, holder::StoreError>,
) -> Result<FileStore, LlaveroError> {
    callback::refuse_reentry()?;
    let caller = Caller::new(callback::LIMIT_SECS);
    let store = make(Generator::new(random, &caller));
    let store = store.map_err(|error| caller.explain(error.into()))?;
    Ok(FileStore { store: Once::new(store), caller })
}
