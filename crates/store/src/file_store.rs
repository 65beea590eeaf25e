//! One file of sealed records.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use llavero_holder::{Change, Random, RecordBytes, Store, StoreError, Table};
use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition};
use zeroize::Zeroizing;

use crate::StoreKey;
use crate::header;
use crate::lock::{self, Opener};
use crate::seal::{Name, Sealer};

const LOCKS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("locks");
const RECORDS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("records");

/// The only lock there is; a later version may add some.
const LOCK: &str = "1";

/// Pages kept in memory. A wallet is some megabytes, read from seldom.
const CACHE_BYTES: usize = 4 << 20;

/// A wallet's records in one sealed file. Dropping it closes the file.
pub struct FileStore {
    database: Database,
    data_key: Zeroizing<[u8; 32]>,
    sealer: Sealer,
    /// Which records there are. Names in the file do not tell, so each is opened once, at the start.
    index: BTreeSet<(Table, String)>,
    random: Box<dyn Random + Send>,
}

impl FileStore {
    /// Makes a new store at `path`, which must be free. `random` serves it as long as it is open.
    ///
    /// The file appears under its name only when it is complete. On Unix only its owner may read it.
    ///
    /// # Errors
    /// [`StoreError::Exists`], [`StoreError::Random`], [`StoreError::Unavailable`].
    pub fn create(
        path: impl AsRef<Path>,
        key: &StoreKey,
        random: impl Random + Send + 'static,
    ) -> Result<Self, StoreError> {
        Self::create_with(path.as_ref(), &Opener::Key(key), Box::new(random))
    }

    /// Makes a new store that a passphrase opens.
    ///
    /// # Errors
    /// As for [`create`](Self::create).
    pub fn create_with_passphrase(
        path: impl AsRef<Path>,
        passphrase: &str,
        random: impl Random + Send + 'static,
    ) -> Result<Self, StoreError> {
        Self::create_with(path.as_ref(), &Opener::Passphrase(passphrase), Box::new(random))
    }

    /// Opens the store at `path`, and reads all of it once.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::WrongKey`], [`StoreError::Locked`] if it is open elsewhere,
    /// [`StoreError::Corrupt`] if any record of it is damaged, [`StoreError::Version`], [`StoreError::Unavailable`].
    pub fn open(
        path: impl AsRef<Path>,
        key: &StoreKey,
        random: impl Random + Send + 'static,
    ) -> Result<Self, StoreError> {
        Self::open_with(path.as_ref(), &Opener::Key(key), Box::new(random))
    }

    /// Opens a store with its passphrase.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_with_passphrase(
        path: impl AsRef<Path>,
        passphrase: &str,
        random: impl Random + Send + 'static,
    ) -> Result<Self, StoreError> {
        Self::open_with(path.as_ref(), &Opener::Passphrase(passphrase), Box::new(random))
    }

    /// From now on this key opens the store, and nothing else. The records are not touched.
    ///
    /// # Errors
    /// [`StoreError::Random`], [`StoreError::Unavailable`]; the store opens as before then.
    pub fn change_key(&mut self, key: &StoreKey) -> Result<(), StoreError> {
        self.change_lock(&Opener::Key(key))
    }

    /// From now on this passphrase opens the store, and nothing else. The records are not touched.
    ///
    /// # Errors
    /// [`StoreError::Random`], [`StoreError::Unavailable`]; the store opens as before then.
    pub fn change_passphrase(&mut self, passphrase: &str) -> Result<(), StoreError> {
        self.change_lock(&Opener::Passphrase(passphrase))
    }

    /// Gives back the space of deleted records, with what is left of them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::Corrupt`].
    pub fn compact(&mut self) -> Result<(), StoreError> {
        self.database.compact().map(|_| ()).map_err(fault)
    }

    fn create_with(
        path: &Path,
        opener: &Opener<'_>,
        mut random: Box<dyn Random + Send>,
    ) -> Result<Self, StoreError> {
        if path.file_name().is_none() {
            return Err(StoreError::Unavailable);
        }
        if path.try_exists().map_err(|error| io_fault(&error))? {
            return Err(StoreError::Exists);
        }
        // Under another name until it is complete, so that dying here leaves no half of a store.
        let unfinished = beside(path);
        match std::fs::remove_file(&unfinished) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(io_fault(&error)),
            _ => {}
        }
        let mut data_key = Zeroizing::new([0; 32]);
        random.fill(data_key.as_mut()).map_err(|_| StoreError::Random)?;
        let lock = lock::close(&data_key, opener, &mut *random)?;
        let made = write_new(&unfinished, &lock)
            .and_then(|()| std::fs::rename(&unfinished, path).map_err(|error| io_fault(&error)));
        if let Err(error) = made {
            // Best effort: what stays is replaced by the next attempt.
            let _ = std::fs::remove_file(&unfinished);
            // What is missing is the folder; that there is no store yet is as it should be.
            let folder_missing = error == StoreError::Missing;
            return Err(if folder_missing { StoreError::Unavailable } else { error });
        }
        sync_directory(path);
        Self::open_with(path, opener, random)
    }

    fn open_with(
        path: &Path,
        opener: &Opener<'_>,
        random: Box<dyn Random + Send>,
    ) -> Result<Self, StoreError> {
        header::refuse_the_impossible(path)?;
        let database = builder().open(path).map_err(fault)?;
        let read = database.begin_read().map_err(fault)?;
        let locks = read.open_table(LOCKS).map_err(fault)?;
        let lock = locks.get(LOCK).map_err(fault)?.ok_or(StoreError::Version)?;
        let data_key = lock::open(lock.value(), opener)?;
        let sealer = Sealer::new(&data_key)?;
        let mut index = BTreeSet::new();
        for record in read.open_table(RECORDS).map_err(fault)?.iter().map_err(fault)? {
            let (name, sealed) = record.map_err(fault)?;
            let name = Name::try_from(name.value()).map_err(|_| StoreError::Corrupt)?;
            let (table, key, _) = sealer.open(&name, sealed.value())?;
            index.insert((table, key));
        }
        Ok(Self { database, data_key, sealer, index, random })
    }

    fn change_lock(&mut self, opener: &Opener<'_>) -> Result<(), StoreError> {
        let lock = lock::close(&self.data_key, opener, &mut *self.random)?;
        write(&self.database, |write| {
            let mut locks = write.open_table(LOCKS).map_err(fault)?;
            locks.insert(LOCK, &*lock).map(|_| ()).map_err(fault)
        })
    }

    /// The record that the index says is there.
    fn read(
        &self,
        records: &impl ReadableTable<&'static [u8], &'static [u8]>,
        table: Table,
        key: &str,
    ) -> Result<RecordBytes, StoreError> {
        let name = self.sealer.name(table, key)?;
        let sealed = records.get(name.as_slice()).map_err(fault)?.ok_or(StoreError::Corrupt)?;
        self.sealer.open(&name, sealed.value()).map(|(_, _, value)| value)
    }
}

impl Store for FileStore {
    fn get(&self, table: Table, key: &str) -> Result<Option<RecordBytes>, StoreError> {
        if !self.index.contains(&(table, key.to_owned())) {
            return Ok(None);
        }
        let read = self.database.begin_read().map_err(fault)?;
        self.read(&read.open_table(RECORDS).map_err(fault)?, table, key).map(Some)
    }

    fn list(&self, table: Table) -> Result<Vec<(String, RecordBytes)>, StoreError> {
        let read = self.database.begin_read().map_err(fault)?;
        let records = read.open_table(RECORDS).map_err(fault)?;
        let listed = self.index.range((table, String::new())..);
        listed
            .take_while(|(of, _)| *of == table)
            .map(|(_, key)| Ok((key.clone(), self.read(&records, table, key)?)))
            .collect()
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let mut index = self.index.clone();
        let (sealer, random) = (&self.sealer, &mut *self.random);
        write(&self.database, |write| {
            let mut records = write.open_table(RECORDS).map_err(fault)?;
            for change in changes {
                match change {
                    Change::Put { table, key, value } => {
                        let name = sealer.name(*table, key)?;
                        let sealed = sealer.seal(&name, *table, key, value, random)?;
                        records.insert(name.as_slice(), &*sealed).map_err(fault)?;
                        index.insert((*table, key.clone()));
                    }
                    Change::Delete { table, key } => {
                        let name = sealer.name(*table, key)?;
                        if records.remove(name.as_slice()).map_err(fault)?.is_none() {
                            return Err(StoreError::Conflict);
                        }
                        index.remove(&(*table, key.clone()));
                    }
                }
            }
            Ok(())
        })?;
        self.index = index;
        Ok(())
    }
}

impl std::fmt::Debug for FileStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileStore").field("records", &self.index.len()).finish_non_exhaustive()
    }
}

/// Runs `change` in one transaction, which is durable when this returns and never happened if it fails.
fn write(
    database: &Database,
    change: impl FnOnce(&redb::WriteTransaction) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = database.begin_write().map_err(fault)?;
    match change(&transaction) {
        Ok(()) => transaction.commit().map_err(fault),
        Err(error) => {
            // Dropping it would do the same; whatever comes of it, the first error is the one to report.
            let _ = transaction.abort();
            Err(error)
        }
    }
}

fn builder() -> Builder {
    let mut builder = Database::builder();
    // Without it, pages that somebody else wrote could be believed.
    builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
    builder
}

/// The name of a store that is being made.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// A store without records, complete and closed.
fn write_new(path: &Path, lock: &[u8]) -> Result<(), StoreError> {
    new_file(path)?;
    let database = builder().create(path).map_err(fault)?;
    write(&database, |write| {
        write.open_table(LOCKS).map_err(fault)?.insert(LOCK, lock).map_err(fault)?;
        write.open_table(RECORDS).map(|_| ()).map_err(fault)
    })
}

/// An empty file that, on Unix, only its owner may read. It must not be there.
fn new_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ()).map_err(|error| io_fault(&error))
}

/// Makes the new name durable. Where directories cannot be synchronised, it becomes so in time.
fn sync_directory(path: &Path) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Ok(directory) = File::open(parent.unwrap_or(Path::new("."))) {
        let _ = directory.sync_all();
    }
}

/// What an error of the database means for the caller. Its text stays here: it may hold paths.
fn fault(error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => StoreError::Locked,
        redb::Error::UpgradeRequired(_) => StoreError::Version,
        redb::Error::Io(error) => io_fault(&error),
        redb::Error::Corrupted(_)
        | redb::Error::RepairAborted
        | redb::Error::TableDoesNotExist(_)
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TableIsMultimap(_)
        | redb::Error::TypeDefinitionChanged { .. } => StoreError::Corrupt,
        _ => StoreError::Unavailable,
    }
}

fn io_fault(error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::NotFound => StoreError::Missing,
        ErrorKind::AlreadyExists => StoreError::Exists,
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => StoreError::Corrupt,
        _ => StoreError::Unavailable,
    }
}
