//! The file: what it keeps, what it refuses to open, and what can be seen of it from outside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use llavero_holder::{
    Change, KeyKind, Language, Random, RandomError, RecordBytes, SoftwareKeys, Store, StoreError,
    Table, UnixTime, Wallet,
};
use llavero_store::{FileStore, StoreKey};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use tempfile::TempDir;

/// Reproducible, and useless for anything else.
struct Seeded(u64);

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for byte in out {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = self.0.to_be_bytes()[0];
        }
        Ok(())
    }
}

/// A generator that has failed.
struct Dry;

impl Random for Dry {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}

struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("wallet.llavero")
    }

    fn create(&self) -> FileStore {
        FileStore::create(self.path(), &key(1), Seeded(1)).unwrap()
    }

    fn open(&self) -> Result<FileStore, StoreError> {
        FileStore::open(self.path(), &key(1), Seeded(2))
    }
}

fn key(seed: u8) -> StoreKey {
    StoreKey::from_bytes([seed; 32])
}

fn put(table: Table, key: &str, value: &str) -> Change {
    Change::Put { table, key: key.to_owned(), value: RecordBytes::new(value.into()) }
}

fn delete(table: Table, key: &str) -> Change {
    Change::Delete { table, key: key.to_owned() }
}

fn get(store: &FileStore, table: Table, key: &str) -> Option<String> {
    let value = store.get(table, key).unwrap();
    value.map(|value| String::from_utf8(value.to_vec()).unwrap())
}

#[test]
fn keeps_what_was_committed_and_only_that() {
    let place = Place::new();
    let mut store = place.create();
    store.commit(&[put(Table::Copy, "a", "one"), put(Table::Batch, "a", "two")]).unwrap();
    store.commit(&[put(Table::Copy, "b", "three"), delete(Table::Batch, "a")]).unwrap();
    let check = |store: &FileStore| {
        assert_eq!(get(store, Table::Copy, "a").as_deref(), Some("one"));
        assert_eq!(get(store, Table::Batch, "a"), None);
        let listed = store.list(Table::Copy).unwrap();
        let keys: Vec<&str> = listed.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["a", "b"]);
        assert!(store.list(Table::Batch).unwrap().is_empty());
    };
    check(&store);
    store.compact().unwrap();
    check(&store);
    // Without a farewell, as when the process is killed.
    drop(store);
    check(&place.open().unwrap());
}

#[test]
fn a_commit_that_fails_changes_nothing() {
    let place = Place::new();
    let mut store = place.create();
    store.commit(&[put(Table::Copy, "a", "one")]).unwrap();
    let failed = store.commit(&[
        put(Table::Copy, "a", "other"),
        delete(Table::Copy, "gone"),
        put(Table::Copy, "b", "two"),
    ]);
    assert_eq!(failed, Err(StoreError::Conflict));
    assert_eq!(get(&store, Table::Copy, "a").as_deref(), Some("one"));
    drop(store);
    let mut store = FileStore::open(place.path(), &key(1), Dry).unwrap();
    assert_eq!(store.list(Table::Copy).unwrap().len(), 1);
    assert_eq!(store.commit(&[put(Table::Copy, "b", "two")]), Err(StoreError::Random));
    // Deleting needs no random bytes.
    assert_eq!(store.commit(&[delete(Table::Copy, "a")]), Ok(()));
}

#[test]
fn refuses_another_key() {
    let place = Place::new();
    drop(place.create());
    let refused = FileStore::open(place.path(), &key(2), Seeded(2)).map(|_| ());
    assert_eq!(refused, Err(StoreError::WrongKey));
    let refused = FileStore::open_with_passphrase(place.path(), "llave", Seeded(2)).map(|_| ());
    assert_eq!(refused, Err(StoreError::WrongKey));
    assert!(place.open().is_ok());
}

#[test]
fn opens_with_its_passphrase_and_changes_it() {
    let place = Place::new();
    let mut store =
        FileStore::create_with_passphrase(place.path(), "tres llaves", Seeded(1)).unwrap();
    store.commit(&[put(Table::Copy, "a", "one")]).unwrap();
    store.change_passphrase("cuatro llaves").unwrap();
    drop(store);
    let open =
        |passphrase: &str| FileStore::open_with_passphrase(place.path(), passphrase, Seeded(2));
    for wrong in ["tres llaves", "", "cuatro llaves "] {
        assert_eq!(open(wrong).map(|_| ()), Err(StoreError::WrongKey));
    }
    let mut store = open("cuatro llaves").unwrap();
    assert_eq!(get(&store, Table::Copy, "a").as_deref(), Some("one"));
    store.change_key(&key(1)).unwrap();
    drop(store);
    assert_eq!(open("cuatro llaves").map(|_| ()), Err(StoreError::WrongKey));
    assert_eq!(get(&place.open().unwrap(), Table::Copy, "a").as_deref(), Some("one"));
}

#[test]
fn refuses_to_be_opened_twice() {
    let place = Place::new();
    let store = place.create();
    assert_eq!(place.open().map(|_| ()), Err(StoreError::Locked));
    drop(store);
    assert!(place.open().is_ok());
}

#[test]
fn refuses_to_make_what_is_there_or_open_what_is_not() {
    let place = Place::new();
    assert_eq!(place.open().map(|_| ()), Err(StoreError::Missing));
    fs::write(place.path(), b"a letter").unwrap();
    let made = FileStore::create(place.path(), &key(1), Seeded(1)).map(|_| ());
    assert_eq!(made, Err(StoreError::Exists));
    assert_eq!(fs::read(place.path()).unwrap(), b"a letter");
    assert_eq!(place.open().map(|_| ()), Err(StoreError::Corrupt));
    // Half of a store, left by somebody who died making it, is in nobody's way.
    let place = Place::new();
    fs::write(place.directory.path().join("wallet.llavero.new"), b"half").unwrap();
    drop(place.create());
    assert_eq!(fs::read_dir(place.directory.path()).unwrap().count(), 1);
}

#[test]
fn a_place_where_no_file_can_be_is_refused_and_nothing_stays_behind() {
    let place = Place::new();
    let nowhere = place.directory.path().join("missing/wallet.llavero");
    for path in [Path::new(""), Path::new("/"), Path::new(".."), &nowhere] {
        let made = FileStore::create(path, &key(1), Seeded(1)).map(|_| ());
        assert_eq!(made, Err(StoreError::Unavailable), "{}", path.display());
    }
    assert!(!Path::new(".new").exists());
    // The name is taken between the first look and the last step: by a folder, which no file replaces.
    let random = Intruder { folder: place.path() };
    let made = FileStore::create(place.path(), &key(1), random).map(|_| ());
    assert_eq!(made, Err(StoreError::Unavailable));
    let left = fs::read_dir(place.directory.path()).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(left.collect::<Vec<_>>(), [place.path()]);
}

/// Makes a folder under the store's name when it is first asked for random bytes.
struct Intruder {
    folder: PathBuf,
}

impl Random for Intruder {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        fs::create_dir_all(&self.folder).map_err(|_| RandomError)?;
        Seeded(2).fill(out)
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    drop(place.create());
    let mode = fs::metadata(place.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A file with some records of a size that spans pages.
fn filled() -> (Place, Vec<u8>) {
    let place = Place::new();
    let mut store = place.create();
    for number in 0..8 {
        let value = "x".repeat(700 * number);
        store.commit(&[put(Table::Copy, &number.to_string(), &value)]).unwrap();
    }
    store.commit(&[delete(Table::Copy, "3")]).unwrap();
    drop(store);
    let bytes = fs::read(place.path()).unwrap();
    (place, bytes)
}

/// Everything that a store says.
fn contents(store: &FileStore) -> Vec<(String, RecordBytes)> {
    Table::ALL.iter().flat_map(|table| store.list(*table).unwrap()).collect()
}

#[test]
fn refuses_a_header_that_names_a_page_longer_than_the_file_or_a_transaction_nobody_made() {
    // The highest byte of each root's number: left to the database, it asks for gigabytes of memory first.
    const ORDERS: [usize; 4] = [64 + 15, 64 + 47, 192 + 15, 192 + 47];
    // The highest byte of a transaction's number, from which the database counts on.
    const TRANSACTIONS: [usize; 2] = [64 + 111, 192 + 111];
    let (place, bytes) = filled();
    for place_of_order in ORDERS.into_iter().chain(TRANSACTIONS) {
        let mut damaged = bytes.clone();
        damaged[place_of_order] |= 19 << 3;
        fs::write(place.path(), damaged).unwrap();
        assert_eq!(place.open().map(|_| ()), Err(StoreError::Corrupt), "{place_of_order}");
    }
    // The last number that is believed: the next commit would make a file that nobody opens again.
    for number in [64 + 104, 192 + 104] {
        let mut damaged = bytes.clone();
        damaged[number..number + 8].copy_from_slice(&((1_u64 << 48) - 1).to_le_bytes());
        fs::write(place.path(), damaged).unwrap();
        assert_eq!(place.open().map(|_| ()), Err(StoreError::Corrupt), "{number}");
    }
    fs::write(place.path(), bytes).unwrap();
    assert!(place.open().is_ok());
}

#[test]
fn refuses_a_header_that_divides_the_file_otherwise() {
    let (place, bytes) = filled();
    // Whatever the flags say of a repair: with regions of seven pages, a root lies behind the end of its region.
    for (flags, pages) in (0..=255).flat_map(|flags| [(flags, 0_u32), (flags, 7), (flags, 1 << 19)])
    {
        let mut damaged = bytes.clone();
        damaged[9] = flags;
        damaged[20..24].copy_from_slice(&pages.to_le_bytes());
        fs::write(place.path(), damaged).unwrap();
        assert_eq!(place.open().map(|_| ()), Err(StoreError::Corrupt), "{flags} {pages}");
    }
}

#[test]
fn a_file_cut_short_is_refused() {
    let (place, bytes) = filled();
    let whole = contents(&place.open().unwrap());
    for part in 0..64 {
        let length = bytes.len() * part / 64;
        fs::write(place.path(), &bytes[..length]).unwrap();
        match place.open() {
            // Where only room for more was cut off, all that was kept must be there.
            Ok(store) => assert_eq!(contents(&store), whole, "{length}"),
            Err(error) => assert!(
                matches!(
                    error,
                    StoreError::Corrupt | StoreError::Version | StoreError::Unavailable
                ),
                "{error:?} at {length}"
            ),
        }
    }
}

#[test]
fn a_file_with_a_changed_bit_is_refused_or_says_the_same() {
    let (place, bytes) = filled();
    let whole = contents(&place.open().unwrap());
    let mut random = Seeded(5);
    let mut refused = 0;
    for round in 0..400 {
        let mut drawn = [0; 8];
        random.fill(&mut drawn).unwrap();
        let drawn = usize::try_from(u64::from_le_bytes(drawn) >> 1).unwrap();
        // The first page holds what the rest hangs on.
        let position = if round % 4 == 0 { drawn % 512 } else { drawn % bytes.len() };
        let mut changed = bytes.clone();
        changed[position] ^= 1 << (drawn % 8);
        fs::write(place.path(), &changed).unwrap();
        match place.open() {
            Ok(store) => assert_eq!(contents(&store), whole, "bit at {position}"),
            Err(error) => {
                assert_ne!(error, StoreError::Missing);
                refused += 1;
            }
        }
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn refuses_records_that_were_swapped_or_replayed_under_another_name() {
    let (place, _) = filled();
    const RECORDS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("records");
    let database = Database::open(place.path()).unwrap();
    let read = database.begin_read().unwrap();
    let records: Vec<(Vec<u8>, Vec<u8>)> = read
        .open_table(RECORDS)
        .unwrap()
        .iter()
        .unwrap()
        .map(|record| {
            record.map(|(name, value)| (name.value().into(), value.value().into())).unwrap()
        })
        .collect();
    drop(read);
    let write = database.begin_write().unwrap();
    {
        let mut table = write.open_table(RECORDS).unwrap();
        table.insert(records[0].0.as_slice(), records[1].1.as_slice()).unwrap();
        table.insert(records[1].0.as_slice(), records[0].1.as_slice()).unwrap();
    }
    write.commit().unwrap();
    drop(database);
    assert_eq!(place.open().map(|_| ()), Err(StoreError::Corrupt));
}

#[test]
fn nothing_of_what_is_kept_can_be_found_in_the_file() {
    let place = Place::new();
    let mut store = place.create();
    let canaries = ["EEII030517MVZJMRA2", "Irene Canaria", "https://cantina.example/canario"];
    for canary in canaries {
        store
            .commit(&[put(Table::History, canary, canary), put(Table::Copy, canary, canary)])
            .unwrap();
        store.commit(&[delete(Table::Copy, canary)]).unwrap();
    }
    drop(store);
    let bytes = fs::read(place.path()).unwrap();
    let found = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    for canary in canaries.into_iter().chain(Table::ALL.map(Table::name)) {
        let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut forms = vec![canary.to_owned(), hex.to_uppercase(), hex];
        // Base64 of a text inside another begins at any of three places.
        for skipped in 0..3 {
            for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                let text = engine.encode(&canary.as_bytes()[skipped..]);
                forms.push(text[..text.len() - 2].to_owned());
            }
        }
        for form in forms {
            // Four letters can stand anywhere by chance.
            assert!(form.len() < 5 || !found(form.as_bytes()), "{form}");
        }
    }
    assert!(!found(&[1; 32]) && found(b"redb"));
}

#[test]
fn says_nothing_of_itself_when_printed() {
    let place = Place::new();
    let printed = format!("{:?} {:?}", place.create(), key(42));
    assert_eq!(printed, "FileStore { records: 0, .. } StoreKey { .. }");
}

#[test]
fn serves_a_wallet_across_restarts() {
    let place = Place::new();
    let now = UnixTime::from_secs(1_795_305_661);
    let mut wallet = Wallet::new(place.create(), SoftwareKeys);
    let begun =
        wallet.begin("https://agencia.example", "n", 3, KeyKind::Ed25519, now, &mut Seeded(9));
    assert_eq!(begun.unwrap().proofs().len(), 3);
    drop(wallet);
    let store = place.open().unwrap();
    assert_eq!(store.list(Table::PendingKey).unwrap().len(), 3);
    let mut wallet = Wallet::new(store, SoftwareKeys);
    assert!(wallet.credentials(Language::En).unwrap().is_empty());
    let purged = wallet.purge(now.plus_secs(90 * 86_400), &mut Seeded(9)).unwrap();
    assert_eq!(purged.pending_keys, 3);
}
