//! A wallet in a file.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use llavero_ffi::{CredentialType, FileStore, KeyKind, Wallet};

use crate::support::agency::{Agency, EN, over_18, show};
use crate::support::keys::Behaviour;
use crate::support::{AppRandom, NOW};

const KEY: [u8; 32] = [7; 32];

/// A place of a file that goes with the test.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("llavero-ffi-{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory).unwrap();
        Self(directory)
    }

    fn file(&self) -> String {
        self.0.join("cartera.llavero").to_str().unwrap().to_owned()
    }

    fn open(&self, key: [u8; 32]) -> Result<FileStore, String> {
        FileStore::open(&self.file(), key.to_vec(), None).map_err(|error| error.code())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_wallet_outlives_its_app_in_a_file() {
    let (place, agency) = (Place::new(), Agency::new());
    assert_eq!(place.open(KEY).unwrap_err(), "store_missing");
    let file = FileStore::create(&place.file(), KEY.to_vec(), None).unwrap();
    let wallet = Wallet::with_file(&file, None, None, 60).unwrap();
    agency.give(&wallet, CredentialType::Age, 2, KeyKind::P256);
    assert_eq!(place.open(KEY).unwrap_err(), "store_locked");
    let error = FileStore::create(&place.file(), KEY.to_vec(), None).unwrap_err();
    assert_eq!(error.code(), "store_exists");
    // The file has a wallet: nothing else may touch it.
    assert_eq!(Wallet::with_file(&file, None, None, 60).unwrap_err().code(), "already_used");
    assert_eq!(file.change_key(KEY.to_vec()).unwrap_err().code(), "already_used");
    assert_eq!(file.compact().unwrap_err().code(), "already_used");
    drop(wallet);

    assert_eq!(place.open([8; 32]).unwrap_err(), "store_wrong_key");
    let file = place.open(KEY).unwrap();
    file.change_key(vec![8; 32]).unwrap();
    file.compact().unwrap();
    let wallet = Wallet::with_file(&file, None, None, 60).unwrap();
    show(&wallet, &agency, &over_18());
    assert_eq!(wallet.history().unwrap().len(), 1);
    drop((file, wallet));
    assert_eq!(place.open(KEY).unwrap_err(), "store_wrong_key");
    let wallet = Wallet::with_file(&place.open([8; 32]).unwrap(), None, None, 60).unwrap();
    assert_eq!(wallet.credentials(EN).unwrap()[0].copies_left, 1);
}

#[test]
fn a_passphrase_opens_a_file() {
    let place = Place::new();
    let file = place.file();
    let made = FileStore::create_with_passphrase(&file, "una frase larga", None).unwrap();
    made.change_passphrase("otra frase larga").unwrap();
    drop(made);
    let error = FileStore::open_with_passphrase(&file, "una frase larga", None).unwrap_err();
    assert_eq!(error.code(), "store_wrong_key");
    FileStore::open_with_passphrase(&file, "otra frase larga", None).unwrap();
}

#[test]
fn a_damaged_file_is_refused() {
    let place = Place::new();
    drop(FileStore::create(&place.file(), KEY.to_vec(), None).unwrap());
    let whole = std::fs::read(place.file()).unwrap();
    let mut other_format = whole.clone();
    other_format[64] = 2;
    std::fs::write(place.file(), other_format).unwrap();
    assert_eq!(place.open(KEY).unwrap_err(), "store_version");
    let mut other_magic = whole.clone();
    other_magic[0] ^= 1;
    std::fs::write(place.file(), other_magic).unwrap();
    assert_eq!(place.open(KEY).unwrap_err(), "store_corrupt");
    for length in [0, 1, 100, 5_000] {
        std::fs::write(place.file(), &whole[..length]).unwrap();
        let code = place.open(KEY).unwrap_err();
        assert!(["store_corrupt", "store_unavailable"].contains(&&*code), "{length}: {code}");
    }
    std::fs::write(place.file(), whole).unwrap();
    assert!(place.open(KEY).is_ok());
}

#[test]
fn a_key_of_another_length_is_refused_before_anything_is_made() {
    let place = Place::new();
    for length in [0, 31, 33, 1 << 20] {
        let error = FileStore::create(&place.file(), vec![7; length], None).unwrap_err();
        assert_eq!(error.code(), "argument_malformed");
        let error = FileStore::open(&place.file(), vec![7; length], None).unwrap_err();
        assert_eq!(error.code(), "argument_malformed");
    }
    assert!(std::fs::read_dir(&place.0).unwrap().next().is_none());
    for path in ["/", "\0", "/nowhere/at/all/x", &place.0.to_string_lossy()] {
        assert!(FileStore::create(path, KEY.to_vec(), None).is_err(), "{path:?}");
    }
    for path in ["", "/", "\0", "/nowhere/at/all/x", &place.0.to_string_lossy()] {
        assert!(FileStore::open(path, KEY.to_vec(), None).is_err(), "{path:?}");
    }
}

#[test]
fn what_is_wrong_with_a_files_generator_is_said_as_it_is() {
    let codes = [
        (Behaviour::Throw(0), "store_random"),
        (Behaviour::Throw(1), "callback_failed"),
        (Behaviour::Rubbish(0), "callback_malformed"),
        (Behaviour::Rubbish(1), "callback_malformed"),
        (Behaviour::Panic("of the test"), "callback_failed"),
    ];
    let place = Place::new();
    let random = AppRandom::new(5);
    let create = || FileStore::create(&place.file(), KEY.to_vec(), Some(random.clone() as _));
    for (behaviour, code) in codes.clone() {
        random.next.set("bytes", behaviour);
        assert_eq!(create().unwrap_err().code(), code);
        assert_eq!(place.open(KEY).unwrap_err(), "store_missing", "nothing half made");
    }
    let file = create().unwrap();
    for (behaviour, code) in codes.clone() {
        random.next.set("bytes", behaviour);
        assert_eq!(file.change_key(vec![8; 32]).unwrap_err().code(), code);
    }
    // The wallet over it seals with the same generator.
    let agency = Agency::new();
    let wallet = Wallet::with_file(&file, None, None, 60).unwrap();
    for (behaviour, code) in codes {
        random.next.set("bytes", behaviour);
        let error = wallet.begin("https://agencia.example", "n", 1, KeyKind::P256, NOW);
        assert_eq!(error.unwrap_err().code(), code);
        random.next.clear();
    }
    agency.give(&wallet, CredentialType::Age, 1, KeyKind::P256);
    drop(wallet);
    drop(file);
    assert!(place.open(KEY).is_ok(), "the key is as before");
}

#[test]
fn the_limit_of_a_wallet_is_that_of_its_files_generator_too() {
    let place = Place::new();
    let random = AppRandom::new(5);
    let file = FileStore::create(&place.file(), KEY.to_vec(), Some(random.clone() as _)).unwrap();
    let wallet = Wallet::with_file(&file, None, None, 1).unwrap();
    random.next.set("bytes", Behaviour::Hang);
    let error = wallet.begin("https://agencia.example", "n", 1, KeyKind::P256, NOW).unwrap_err();
    assert_eq!(error.code(), "callback_timed_out");
    wallet.begin("https://agencia.example", "n", 1, KeyKind::P256, NOW).unwrap();
}
