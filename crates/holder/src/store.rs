//! Where a wallet keeps its state: a few tables of small records, changed by one atomic commit at a time.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// The bytes of a record. They hold credentials and keys, so they are wiped when dropped.
pub type RecordBytes = Zeroizing<Vec<u8>>;

/// What a wallet needs of its storage.
///
/// The wallet believes nothing it reads back: every record is parsed like input from a stranger. It relies on the
/// store for three things: what is committed stays, a commit is whole or nothing, and nobody else can read it.
pub trait Store: Send {
    /// The record under `key`, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot tell.
    fn get(&self, table: Table, key: &str) -> Result<Option<RecordBytes>, StoreError>;

    /// Every record of a table, in the order of the keys.
    ///
    /// # Errors
    /// [`StoreError`] if the store cannot tell.
    fn list(&self, table: Table) -> Result<Vec<(String, RecordBytes)>, StoreError>;

    /// Makes all of the changes durable, or none of them.
    ///
    /// It returns when they would survive a loss of power: a copy of a credential is used only after the commit that
    /// spends it. A [`Change::Delete`] of a record that is not there fails the whole commit with
    /// [`StoreError::Conflict`]; two wallets on one store thus never spend one copy twice.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed, unless the process dies inside this call, when either all of it has
    /// or none.
    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError>;
}

/// One change of a commit.
#[expect(clippy::exhaustive_enums, reason = "a store must carry out every change there is")]
pub enum Change {
    /// Writes a record, over an earlier one with this key.
    Put {
        /// The table.
        table: Table,
        /// The key in the table.
        key: String,
        /// The record.
        value: RecordBytes,
    },
    /// Removes a record that is there.
    Delete {
        /// The table.
        table: Table,
        /// The key in the table.
        key: String,
    },
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, table) = match self {
            Self::Put { table, .. } => ("Put", table),
            Self::Delete { table, .. } => ("Delete", table),
        };
        f.debug_struct(name).field("table", table).finish_non_exhaustive()
    }
}

/// The tables of a wallet.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Table {
    /// One record for each credential: its type, its issuer and which copies are left.
    Batch,
    /// The copies that have not been used, each with the handle of its key.
    Copy,
    /// What was shown to whom.
    History,
    /// Keys for which a credential has been asked and has not come.
    PendingKey,
    /// Keys of spent copies that a key store outside has yet to delete.
    SpentKey,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 5] =
        [Self::Batch, Self::Copy, Self::History, Self::PendingKey, Self::SpentKey];

    /// The name under which a store keeps it; it never changes once released.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Copy => "copy",
            Self::History => "history",
            Self::PendingKey => "pending_key",
            Self::SpentKey => "spent_key",
        }
    }

    /// The table of that name, or `None`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// Why a store did not do what it was asked. It carries no text of the system below, which may hold paths and names.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A record that was to be removed is gone already: somebody else used it.
    #[error("the store has changed meanwhile")]
    Conflict,
    /// What is stored is damaged or has been tampered with.
    #[error("the store is damaged")]
    Corrupt,
    /// There is something already where a new store was to be made.
    #[error("there is a store already")]
    Exists,
    /// Somebody else has the store open.
    #[error("the store is in use elsewhere")]
    Locked,
    /// There is no store there.
    #[error("there is no store")]
    Missing,
    /// No random bytes to seal records with.
    #[error("no random bytes to be had")]
    Random,
    /// The disk or file system failed.
    #[error("the store is not available")]
    Unavailable,
    /// It was written by a later version of this library.
    #[error("the store has a format that this version does not know")]
    Version,
    /// The key or passphrase does not open this store.
    #[error("the key does not open this store")]
    WrongKey,
}

impl StoreError {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Conflict => "store_conflict",
            Self::Corrupt => "store_corrupt",
            Self::Exists => "store_exists",
            Self::Locked => "store_locked",
            Self::Missing => "store_missing",
            Self::Random => "store_random",
            Self::Unavailable => "store_unavailable",
            Self::Version => "store_version",
            Self::WrongKey => "store_wrong_key",
        }
    }
}

/// A store that forgets everything when dropped, for tests, examples and wallets of one session.
#[derive(Default)]
pub struct MemoryStore {
    records: BTreeMap<(Table, String), RecordBytes>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    fn get(&self, table: Table, key: &str) -> Result<Option<RecordBytes>, StoreError> {
        Ok(self.records.get(&(table, key.to_owned())).cloned())
    }

    fn list(&self, table: Table) -> Result<Vec<(String, RecordBytes)>, StoreError> {
        let records = self.records.range((table, String::new())..);
        let records = records.take_while(|((of, _), _)| *of == table);
        Ok(records.map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let mut records = self.records.clone();
        for change in changes {
            match change {
                Change::Put { table, key, value } => {
                    records.insert((*table, key.clone()), value.clone());
                }
                Change::Delete { table, key } => {
                    records.remove(&(*table, key.clone())).ok_or(StoreError::Conflict)?;
                }
            }
        }
        self.records = records;
        Ok(())
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").field("records", &self.records.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(table: Table, key: &str) -> Change {
        Change::Put { table, key: key.to_owned(), value: Zeroizing::new(key.into()) }
    }

    #[test]
    fn refuses_a_whole_commit_that_deletes_what_is_not_there() {
        let mut store = MemoryStore::new();
        store.commit(&[put(Table::Copy, "a")]).unwrap();
        let gone = Change::Delete { table: Table::Copy, key: "b".to_owned() };
        assert_eq!(store.commit(&[put(Table::Copy, "c"), gone]), Err(StoreError::Conflict));
        assert_eq!(store.list(Table::Copy).unwrap().len(), 1);
    }

    #[test]
    fn lists_one_table_only() {
        let mut store = MemoryStore::new();
        store.commit(&Table::ALL.map(|table| put(table, "k"))).unwrap();
        for table in Table::ALL {
            assert_eq!(store.list(table).unwrap().len(), 1);
            assert_eq!(Table::from_name(table.name()), Some(table));
        }
    }
}
