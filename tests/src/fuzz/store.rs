//! The wallet's file after somebody has written into it.
//!
//! The input is a list of changes: three bytes that say where, one that says how many, and the bytes that stand there
//! then. `0xffffff` cuts the file instead, at the place that the next bytes say.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::LazyLock;

use llavero_holder::{Change, RecordBytes, Store, StoreError, Table};
use llavero_store::{FileStore, StoreKey};

use super::Outcome;
use crate::seeded::Seeded;

/// The bytes of a sound file, and all that was ever written into it.
struct Base {
    file: Vec<u8>,
    written: Vec<BTreeMap<(Table, String), Vec<u8>>>,
}

fn key() -> StoreKey {
    StoreKey::from_bytes([7; 32])
}

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallet");
    let mut store = FileStore::create(&path, &key(), Seeded::new(111)).unwrap();
    let mut written = vec![contents(&store).unwrap()];
    for number in 0..4_u8 {
        let put = Change::Put {
            table: Table::ALL[usize::from(number)],
            key: format!("record {number}"),
            value: RecordBytes::new(vec![number; 40 * usize::from(number)]),
        };
        store.commit(&[put]).unwrap();
        written.push(contents(&store).unwrap());
    }
    drop(store);
    Base { file: std::fs::read(&path).unwrap(), written }
});

fn contents(store: &FileStore) -> Result<BTreeMap<(Table, String), Vec<u8>>, StoreError> {
    let mut all = BTreeMap::new();
    for table in Table::ALL {
        for (key, value) in store.list(table)? {
            all.insert((table, key), value.to_vec());
        }
    }
    Ok(all)
}

fn change(file: &mut Vec<u8>, mut changes: &[u8]) {
    while let [a, b, c, count, rest @ ..] = changes {
        let place = usize::from(*a) | usize::from(*b) << 8 | usize::from(*c) << 16;
        let (bytes, after) = rest.split_at(usize::from(*count).min(rest.len()));
        if place == 0xff_ffff {
            let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            file.truncate(length);
        } else {
            let place = place.checked_rem(file.len()).unwrap_or_default();
            for (to, from) in file.iter_mut().skip(place).zip(bytes) {
                *to = *from;
            }
        }
        changes = after;
    }
}

/// The file is refused, or says what it said, now or at an earlier time; and then it can be written on.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let mut bytes = BASE.file.clone();
    change(&mut bytes, input);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    let Ok(mut store) = FileStore::open(file.path(), &key(), Seeded::new(112)) else {
        return Outcome::Refused;
    };
    let Ok(said) = contents(&store) else { return Outcome::Refused };
    assert!(BASE.written.contains(&said), "a record that nobody wrote");
    let value = RecordBytes::new(b"more".to_vec());
    let put = Change::Put { table: Table::Batch, key: "more".to_owned(), value };
    if store.commit(&[put]).is_ok() {
        drop(store);
        let store =
            FileStore::open(file.path(), &key(), Seeded::new(113)).expect("what was written");
        let mut expected = said;
        expected.insert((Table::Batch, "more".to_owned()), b"more".to_vec());
        assert!(contents(&store) == Ok(expected));
    }
    Outcome::Accepted
}
