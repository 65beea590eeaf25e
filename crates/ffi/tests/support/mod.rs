//! What an app brings: a generator and a store, here in memory and the same in every run.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

pub(crate) mod agency;
pub(crate) mod keys;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use llavero_core::{Random as _, UnixTime};
use llavero_ffi::{Change, Random, RandomError, Store, StoreError, StoredRecord};
use llavero_tests::seeded::Seeded;

use self::keys::{Behaviour, Next};

/// Shortly after the start of 2026-11-22 in UTC, and not on a whole minute.
pub(crate) const NOW: UnixTime = UnixTime::from_secs(1_795_305_661);

/// Who issues.
pub(crate) const AGENCY: &str = "https://agencia.example";

/// A generator of the app's own, whose bytes follow from its seed.
pub(crate) struct AppRandom {
    seeded: Mutex<Seeded>,
    pub(crate) next: Next,
    /// What calls from inside gave.
    pub(crate) said: Mutex<Vec<String>>,
}

impl AppRandom {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            seeded: Mutex::new(Seeded::new(seed)),
            next: Next::default(),
            said: Mutex::default(),
        })
    }
}

impl Random for AppRandom {
    fn bytes(&self, count: u32) -> Result<Vec<u8>, RandomError> {
        let count = usize::try_from(count).unwrap();
        match self.next.take("bytes", &self.said) {
            Some(Behaviour::Throw(0)) => return Err(RandomError::Unavailable),
            Some(Behaviour::Throw(_)) => return Err(RandomError::Unexpected),
            Some(Behaviour::Rubbish(0)) => return Ok(Vec::new()),
            Some(Behaviour::Rubbish(1)) => return Ok(vec![1; count + 1]),
            Some(Behaviour::Rubbish(_)) => return Ok(vec![1; 1 << 20]),
            _ => {}
        }
        let mut bytes = vec![0; count];
        self.seeded.lock().unwrap().fill(&mut bytes).map_err(|_| RandomError::Unavailable)?;
        Ok(bytes)
    }
}

/// The records of a store, by table and key.
pub(crate) type Records = BTreeMap<(String, String), Vec<u8>>;

/// A store of the app's own, in memory, that can be looked at and spoilt behind the wallet's back.
#[derive(Default)]
pub(crate) struct Dictionary {
    records: Mutex<Records>,
    pub(crate) next: Next,
    /// What calls from inside gave.
    pub(crate) said: Mutex<Vec<String>>,
}

impl Dictionary {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn holding(records: Records) -> Arc<Self> {
        Arc::new(Self { records: Mutex::new(records), ..Self::default() })
    }

    pub(crate) fn records(&self) -> Records {
        self.lock().clone()
    }

    pub(crate) fn restore(&self, records: &Records) {
        self.lock().clone_from(records);
    }

    pub(crate) fn remove(&self, table: &str, key: &str) {
        self.lock().remove(&(table.to_owned(), key.to_owned())).unwrap();
    }
}

/// The error with this number.
const fn thrown(number: u8) -> StoreError {
    match number {
        0 => StoreError::Conflict,
        1 => StoreError::Corrupt,
        2 => StoreError::Unavailable,
        _ => StoreError::Unexpected,
    }
}

impl Dictionary {
    fn lock(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap()
    }

    /// What is to be returned in place of a record.
    fn behave(&self, callback: &str) -> Result<Option<u8>, StoreError> {
        match self.next.take(callback, &self.said) {
            Some(Behaviour::Throw(number)) => Err(thrown(number)),
            Some(Behaviour::Rubbish(number)) => Ok(Some(number)),
            _ => Ok(None),
        }
    }
}

/// Something that is no record.
fn rubbish(number: u8) -> Vec<u8> {
    match number {
        0 => Vec::new(),
        1 => br#"{"v":1,"r":{"birthdate":"CANARIO"}}"#.to_vec(),
        _ => vec![0xff; 1 << 20],
    }
}

impl Store for Dictionary {
    fn get(&self, table: String, key: String) -> Result<Option<Vec<u8>>, StoreError> {
        let rubbish = self.behave("get")?.map(rubbish);
        Ok(rubbish.or_else(|| self.lock().get(&(table, key)).cloned()))
    }

    fn list(&self, table: String) -> Result<Vec<StoredRecord>, StoreError> {
        if let Some(number) = self.behave("list")? {
            return Ok(vec![StoredRecord { key: "CANARIO".to_owned(), value: rubbish(number) }]);
        }
        let records = self.lock();
        let listed = records.iter().filter(|((of, _), _)| *of == table);
        Ok(listed
            .map(|((_, key), value)| StoredRecord { key: key.clone(), value: value.clone() })
            .collect())
    }

    fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.behave("commit")?;
        let mut records = self.lock();
        let mut changed = records.clone();
        for change in changes {
            match change {
                Change::Put { table, key, value } => {
                    changed.insert((table, key), value);
                }
                Change::Delete { table, key } => {
                    changed.remove(&(table, key)).ok_or(StoreError::Conflict)?;
                }
            }
        }
        *records = changed;
        Ok(())
    }
}
