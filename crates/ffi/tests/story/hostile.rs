//! Callbacks that throw, hang, return rubbish or call the wallet: the wallet is whole afterwards.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use llavero_ffi::{
    CredentialType, HolderKeysError, KeyKind, LlaveroError, RandomError, StoreError, Wallet,
};

use crate::support::agency::{Agency, EN, ISSUANCE, over_18, sheet, show};
use crate::support::keys::{AppKeys, Behaviour};
use crate::support::{AGENCY, AppRandom, Dictionary, NOW, Records};

const AGE: CredentialType = CredentialType::Age;
/// Stands in everything that a hostile callback says.
const CANARY: &str = "CANARIO";

/// A wallet whose callbacks can be told to misbehave, with two copies in it.
struct App {
    agency: Agency,
    store: Arc<Dictionary>,
    keys: Arc<AppKeys>,
    random: Arc<AppRandom>,
    wallet: Arc<Wallet>,
}

/// A step of a wallet, by its name. Every one of them can be taken again and again.
const STEPS: [&str; 11] = [
    "begin",
    "begin_unsigned",
    "receive",
    "consider",
    "approve",
    "approve_unsigned",
    "credentials",
    "show",
    "history",
    "remove",
    "purge",
];

const CALLBACKS: [&str; 7] = ["create", "sign", "delete", "get", "list", "commit", "bytes"];

impl App {
    fn new() -> Self {
        let (store, keys, random) = (Dictionary::new(), AppKeys::new(true), AppRandom::new(21));
        let wallet = Wallet::with_store(
            Arc::clone(&store) as _,
            Some(Arc::clone(&keys) as _),
            Some(Arc::clone(&random) as _),
            1,
        );
        let app = Self { agency: Agency::new(), store, keys, random, wallet: Arc::new(wallet) };
        app.agency.give(&app.wallet, AGE, 2, KeyKind::P256);
        show(&app.wallet, &app.agency, &over_18());
        app.agency.give(&app.wallet, CredentialType::Curp, 2, KeyKind::P256);
        app
    }

    /// Takes the step; `misbehave` is called when everything is ready for it.
    fn take(&self, step: &str, misbehave: impl FnOnce(&Self)) -> Result<(), LlaveroError> {
        let wallet = &self.wallet;
        match step {
            "begin" => {
                misbehave(self);
                wallet.begin(AGENCY, ISSUANCE, 2, KeyKind::P256, NOW).map(drop)
            }
            "begin_unsigned" => {
                misbehave(self);
                wallet.begin_unsigned(AGENCY, ISSUANCE, 2, KeyKind::P256, NOW).map(drop)
            }
            "receive" => {
                let proofs = wallet.begin(AGENCY, ISSUANCE, 2, KeyKind::P256, NOW).unwrap();
                let copies = self.agency.copies(AGE, proofs);
                misbehave(self);
                wallet.receive(copies, &self.agency.trust(), NOW, EN).map(drop)
            }
            "consider" => {
                misbehave(self);
                wallet.consider(&over_18().request().unwrap(), NOW, EN).map(drop)
            }
            "approve" => {
                let sheet = sheet(wallet, &over_18());
                misbehave(self);
                sheet.approve(wallet, NOW).map(drop)
            }
            "approve_unsigned" => {
                let sheet = sheet(wallet, &over_18());
                misbehave(self);
                sheet.approve_unsigned(Arc::clone(wallet), NOW).map(drop)
            }
            "credentials" => {
                misbehave(self);
                wallet.credentials(EN).map(drop)
            }
            "show" => {
                let id = self.first();
                misbehave(self);
                wallet.show(&id, EN).map(drop)
            }
            "history" => {
                misbehave(self);
                wallet.history().map(drop)
            }
            "remove" => {
                let id = self.first();
                misbehave(self);
                wallet.remove(&id)
            }
            "purge" => {
                misbehave(self);
                wallet.purge(NOW.plus_secs(31 * 86_400)).map(drop)
            }
            unknown => panic!("no step {unknown}"),
        }
    }

    fn first(&self) -> String {
        self.wallet.credentials(EN).unwrap()[0].id.clone()
    }

    fn set(&self, callback: &'static str, behaviour: Behaviour) {
        let next = match callback {
            "create" | "sign" | "delete" => &self.keys.next,
            "get" | "list" | "commit" => &self.store.next,
            _ => &self.random.next,
        };
        next.set(callback, behaviour);
    }

    fn behave(&self) {
        self.keys.next.clear();
        self.store.next.clear();
        self.random.next.clear();
    }

    /// What a step that misbehaves does to the store, and that everything still works.
    fn check(&self, step: &str, callback: &'static str, behaviour: Behaviour) -> Option<String> {
        let mut before = Records::new();
        let outcome = self.take(step, |app| {
            before = app.store.records();
            app.set(callback, behaviour);
        });
        self.behave();
        let after = self.store.records();
        let code = outcome.as_ref().err().map(|error| {
            assert_silent(error);
            error.code()
        });
        // Once the copy is spent it stays spent; whatever fails before is as if it had not been tried. Keys that were
        // offered stay as well, until a purge.
        let spent_before_the_fault =
            step == "approve" && ["sign", "delete"].contains(&callback) || callback == "delete";
        let offered_before_the_fault = step == "begin" && callback == "sign";
        if outcome.is_err() && !spent_before_the_fault && !offered_before_the_fault {
            assert!(before == after, "{step} {callback} {code:?}: something is half written");
        }
        // Whole: everything that is listed can be shown, used and verified.
        for held in self.wallet.credentials(EN).unwrap() {
            if held.copies_left > 0 {
                self.wallet.show(&held.id, EN).unwrap();
            }
        }
        self.agency.give(&self.wallet, AGE, 1, KeyKind::P256);
        show(&self.wallet, &self.agency, &over_18());
        code
    }
}

/// Neither what a callback said nor where it failed leaves in an error.
fn assert_silent(error: &LlaveroError) {
    let (es, en) = (error.text(llavero_ffi::Language::EsMx), error.text(EN));
    for text in [format!("{error}"), format!("{error:?}"), format!("{error:#?}"), es, en] {
        assert!(!text.contains(CANARY) && !text.contains(".rs:"), "{text}");
    }
}

/// Every step with one misbehaviour of every callback: the codes that came, where any came.
fn codes_of(behaviour: &Behaviour) -> Vec<(&'static str, &'static str, String)> {
    let mut codes = Vec::new();
    for step in STEPS {
        for callback in CALLBACKS {
            let app = App::new();
            if let Some(code) = app.check(step, callback, behaviour.clone()) {
                codes.push((step, callback, code));
            }
        }
    }
    codes
}

fn steps_that_failed<'c>(
    codes: &'c [(&str, &str, String)],
    wanted: &str,
) -> Vec<(&'c str, &'c str)> {
    let failed = codes.iter().filter(|(_, callback, _)| *callback == wanted);
    failed.map(|(step, _, code)| (*step, code.as_str())).collect()
}

#[test]
fn what_is_thrown_unforeseen_is_callback_failed_wherever_it_is_thrown() {
    let codes = codes_of(&Behaviour::Panic(CANARY));
    assert!(codes.iter().all(|(_, _, code)| code == "callback_failed"), "{codes:?}");
    let failed = |callback: &str| -> Vec<&str> {
        steps_that_failed(&codes, callback).iter().map(|(step, _)| *step).collect()
    };
    assert_eq!(failed("create"), ["begin", "begin_unsigned"]);
    assert_eq!(failed("sign"), ["begin", "approve"]);
    // Deleting keys is tidiness: a failure is made up for by the next purge.
    assert_eq!(failed("delete"), [""; 0]);
    let writing =
        ["begin", "begin_unsigned", "receive", "approve", "approve_unsigned", "remove", "purge"];
    assert_eq!(failed("commit"), writing);
    assert_eq!(failed("list"), ["consider", "credentials", "history", "purge"]);
    assert!(failed("get").contains(&"approve") && failed("bytes").contains(&"approve"));
    let thrown = codes_of(&Behaviour::Throw(9));
    let failed: Vec<_> = thrown.iter().map(|(step, callback, _)| (step, callback)).collect();
    let panicked: Vec<_> = codes.iter().map(|(step, callback, _)| (step, callback)).collect();
    assert_eq!(failed, panicked);
    assert!(thrown.iter().all(|(_, _, code)| code.starts_with("callback_failed")), "{thrown:?}");
}

#[test]
fn what_is_foreseen_keeps_its_name() {
    for (step, callback, number, code) in [
        ("begin", "create", 0, "signer_cancelled"),
        ("begin", "create", 1, "signer_unavailable"),
        ("begin", "sign", 0, "signer_cancelled"),
        ("approve", "sign", 0, "signer_cancelled"),
        ("approve", "sign", 1, "signer_unavailable"),
        ("approve", "commit", 0, "store_conflict"),
        ("approve", "commit", 2, "store_unavailable"),
        ("credentials", "list", 1, "store_corrupt"),
        ("approve", "get", 1, "store_corrupt"),
        ("approve", "bytes", 0, "random"),
        ("begin", "commit", 2, "store_unavailable"),
    ] {
        let came = App::new().check(step, callback, Behaviour::Throw(number));
        assert_eq!(came.as_deref(), Some(code), "{step} {callback}");
    }
}

#[test]
fn the_first_failure_of_a_step_is_the_one_that_is_told() {
    // The key store refuses to sign, and then fails to delete the key of the spent copy.
    let app = App::new();
    let sheet_of_one = sheet(&app.wallet, &over_18());
    app.set("sign", Behaviour::Throw(1));
    app.set("delete", Behaviour::Throw(9));
    let error = sheet_of_one.approve(&app.wallet, NOW).unwrap_err();
    assert_eq!(error.code(), "signer_unavailable");
    // The store refuses the new keys, and then the key store fails to delete them.
    app.set("commit", Behaviour::Throw(2));
    app.set("delete", Behaviour::Panic(CANARY));
    let error = app.wallet.begin(AGENCY, ISSUANCE, 1, KeyKind::P256, NOW).unwrap_err();
    assert_eq!(error.code(), "store_unavailable");
}

#[test]
fn rubbish_is_malformed_or_corrupt() {
    for number in 0..=6 {
        let app = App::new();
        let before = app.keys.count();
        let code = app.check("begin", "create", Behaviour::Rubbish(number));
        assert_eq!(code.as_deref(), Some("callback_malformed"), "keys, {number}");
        // The other kinds of rubbish do not name every key that was made.
        if [1, 5, 6].contains(&number) {
            assert_eq!(app.keys.count(), before, "keys that nobody heard of are deleted");
        }
    }
    for number in 0..=3 {
        let code = if number < 3 { "callback_malformed" } else { "signature" };
        for step in ["begin", "approve"] {
            let came = App::new().check(step, "sign", Behaviour::Rubbish(number));
            assert_eq!(came.as_deref(), Some(code), "{step}, signature {number}");
        }
    }
    for number in 0..=2 {
        let app = App::new();
        for step in ["begin_unsigned", "receive", "approve", "remove"] {
            let came = app.check(step, "bytes", Behaviour::Rubbish(number));
            assert!(came.is_none_or(|code| code == "callback_malformed"), "{step}, {number}");
        }
        for (step, callback) in [
            ("credentials", "list"),
            ("history", "list"),
            ("consider", "list"),
            ("consider", "get"),
            ("show", "get"),
            ("approve", "get"),
            ("receive", "get"),
            ("purge", "list"),
        ] {
            let app = App::new();
            let came = app.check(step, callback, Behaviour::Rubbish(number));
            assert_eq!(came.as_deref(), Some("record_corrupt"), "{step} {callback} {number}");
        }
    }
}

#[test]
fn a_callback_that_hangs_is_left_behind() {
    for (step, callback) in [
        ("begin", "create"),
        ("begin", "sign"),
        ("approve", "sign"),
        ("approve", "get"),
        ("credentials", "list"),
        ("receive", "bytes"),
    ] {
        let app = App::new();
        let began = Instant::now();
        let code = app.check(step, callback, Behaviour::Hang);
        assert_eq!(code.as_deref(), Some("callback_timed_out"), "{step} {callback}");
        assert!(began.elapsed() < Duration::from_secs(10), "{step} {callback}");
    }
}

#[test]
fn a_commit_that_hangs_is_an_error_and_the_copy_is_never_used_twice() {
    let app = App::new();
    let sheet_of_one = sheet(&app.wallet, &over_18());
    app.set("commit", Behaviour::Hang);
    let error = sheet_of_one.approve(&app.wallet, NOW).unwrap_err();
    assert_eq!(error.code(), "callback_timed_out");
    // The commit that was given up goes through in the end: the copy is gone and was shown to nobody.
    std::thread::sleep(Duration::from_secs(1));
    let held = app.wallet.credentials(EN).unwrap();
    let age = held.iter().find(|held| held.known_type == Some(AGE)).unwrap();
    assert_eq!(age.copies_left, 0);
    let error = app.wallet.consider(&over_18().request().unwrap(), NOW, EN).unwrap_err();
    assert_eq!(error.code(), "no_copies_left");
    app.agency.give(&app.wallet, AGE, 1, KeyKind::P256);
    show(&app.wallet, &app.agency, &over_18());
}

/// Deletes nothing, slowly.
struct Stuck(Arc<AppKeys>);

impl llavero_ffi::HolderKeys for Stuck {
    fn create(
        &self,
        kind: KeyKind,
        count: u32,
    ) -> Result<Vec<llavero_ffi::NewKey>, HolderKeysError> {
        self.0.create(kind, count)
    }

    fn sign(&self, handle: Vec<u8>, message: Vec<u8>) -> Result<Vec<u8>, HolderKeysError> {
        self.0.sign(handle, message)
    }

    fn delete(&self, _: Vec<u8>) -> Result<(), HolderKeysError> {
        std::thread::sleep(Duration::from_secs(3));
        Err(HolderKeysError::Unavailable)
    }
}

#[test]
fn one_callback_that_hangs_is_waited_for_once_in_a_step() {
    let agency = Agency::new();
    let wallet = Wallet::in_memory(Some(Arc::new(Stuck(AppKeys::new(false)))), None, 1);
    let receipt = agency.give(&wallet, AGE, 8, KeyKind::P256);
    let began = Instant::now();
    wallet.remove(&receipt.credential.id).unwrap();
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert!(wallet.credentials(EN).unwrap().is_empty());
    // The keys that could not be deleted are not forgotten.
    assert_eq!(wallet.purge(NOW).unwrap().spent_keys, 8);
}

#[test]
fn calls_from_inside_are_refused_and_use_nothing_up() {
    let app = App::new();
    let sheet_of_one = sheet(&app.wallet, &over_18());
    let pending =
        sheet(&app.wallet, &crate::support::agency::question(CredentialType::Curp, "curp"))
            .approve_unsigned(Arc::clone(&app.wallet), NOW)
            .unwrap();
    let pending = Arc::new(pending);
    let to_sign = pending.to_sign().unwrap();
    let signature = app.keys.sign_with(&to_sign[0].handle, &to_sign[0].bytes);
    let file = std::env::temp_dir().join(format!("llavero-ffi-inside-{}", std::process::id()));
    let path = file.to_str().unwrap().to_owned();
    let code =
        |outcome: Result<(), LlaveroError>| outcome.map_or_else(|e| e.code(), |()| "ok".into());
    type Call = Box<dyn Fn() -> Result<(), LlaveroError> + Send + Sync>;
    let (wallet, trust) = (&app.wallet, Arc::new(app.agency.trust()));
    let with = |call: fn(&Wallet) -> Result<(), LlaveroError>| -> Call {
        let wallet = Arc::clone(wallet);
        Box::new(move || call(&wallet))
    };
    let calls: Vec<Call> = vec![
        with(|wallet| wallet.history().map(drop)),
        with(|wallet| wallet.credentials(EN).map(drop)),
        with(|wallet| wallet.begin("x", "y", 1, KeyKind::P256, NOW).map(drop)),
        with(|wallet| wallet.remove("x")),
        with(|wallet| wallet.purge(NOW).map(drop)),
        with(|wallet| wallet.forget_history()),
        with(|_| Wallet::in_memory(None, None, 60).history().map(drop)),
        {
            let (wallet, trust) = (Arc::clone(wallet), Arc::clone(&trust));
            Box::new(move || wallet.receive(vec!["x".into()], &trust, NOW, EN).map(drop))
        },
        {
            let (sheet, wallet) = (Arc::clone(&sheet_of_one), Arc::clone(wallet));
            Box::new(move || sheet.approve(&wallet, NOW).map(drop))
        },
        {
            let (sheet, wallet) = (Arc::clone(&sheet_of_one), Arc::clone(wallet));
            Box::new(move || sheet.approve_unsigned(Arc::clone(&wallet), NOW).map(drop))
        },
        {
            let (pending, signature) = (Arc::clone(&pending), signature.clone());
            Box::new(move || pending.finish(vec![signature.clone()]).map(drop))
        },
        Box::new(move || llavero_ffi::FileStore::create(&path, vec![7; 32], None).map(drop)),
    ];
    let count = calls.len();
    app.store.next.set(
        "list",
        Behaviour::Call(Arc::new(move || {
            calls.iter().map(|call| code(call())).collect::<Vec<_>>().join(" ")
        })),
    );
    app.wallet.history().unwrap();
    let said = app.store.said.lock().unwrap().join(" ");
    assert_eq!(said, vec!["callback_reentered"; count].join(" "));
    assert!(!file.exists());
    // Nothing was used up by being refused.
    sheet_of_one.approve(&app.wallet, NOW).unwrap();
    pending.finish(vec![signature]).unwrap();
}

#[test]
fn what_needs_no_wallet_can_be_called_from_inside() {
    let app = App::new();
    app.store.next.set(
        "list",
        Behaviour::Call(Arc::new(|| {
            let key = llavero_ffi::SigningKey::generate(KeyKind::P256).unwrap();
            key.sign(b"message".to_vec()).unwrap().len().to_string()
        })),
    );
    app.wallet.history().unwrap();
    assert_eq!(*app.store.said.lock().unwrap(), ["64"]);
}

#[test]
fn a_files_own_key_cannot_be_changed_from_inside_its_generator() {
    static FILE: OnceLock<llavero_ffi::FileStore> = OnceLock::new();
    let path = std::env::temp_dir().join(format!("llavero-ffi-generator-{}", std::process::id()));
    let random = AppRandom::new(4);
    let text = path.to_str().unwrap();
    let file =
        llavero_ffi::FileStore::create(text, vec![7; 32], Some(random.clone() as _)).unwrap();
    let file = FILE.get_or_init(|| file);
    random.next.set(
        "bytes",
        Behaviour::Call(Arc::new(|| {
            let file = FILE.get().unwrap();
            let key = file.change_key(vec![9; 32]).unwrap_err().code();
            let phrase = file.change_passphrase("frase").unwrap_err().code();
            let wallet = Wallet::with_file(file, None, None, 1).unwrap_err().code();
            format!("{key} {phrase} {wallet} {}", file.compact().unwrap_err().code())
        })),
    );
    let began = Instant::now();
    file.change_key(vec![8; 32]).unwrap();
    assert!(began.elapsed() < Duration::from_secs(5));
    let said = random.said.lock().unwrap().join(" ");
    assert_eq!(said, ["callback_reentered"; 4].join(" "));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_generator_that_repeats_itself_ends_in_an_error_and_not_in_a_loop() {
    struct Constant(u8);
    impl llavero_ffi::Random for Constant {
        fn bytes(&self, count: u32) -> Result<Vec<u8>, RandomError> {
            Ok(vec![self.0; usize::try_from(count).unwrap()])
        }
    }
    for byte in [0, 0xff] {
        let wallet = Wallet::in_memory(None, Some(Arc::new(Constant(byte))), 5);
        let error = wallet.begin(AGENCY, ISSUANCE, 2, KeyKind::P256, NOW).unwrap_err();
        assert_eq!(error.code(), "random");
        let agency = Agency::new();
        let proofs = Wallet::in_memory(None, None, 5)
            .begin(AGENCY, ISSUANCE, 2, KeyKind::Ed25519, NOW)
            .unwrap();
        let of = CredentialType::Ine;
        let record = crate::support::agency::irene(of).to_string();
        let record = llavero_ffi::Record::from_json(of, &record, NOW).unwrap();
        let name = llavero_ffi::TypeName { vct: of.default_vct(), integrity: None, document: None };
        let draft = agency.issuer.draft(&record, name, 7, NOW).unwrap();
        let random = Some(Arc::new(Constant(byte)) as _);
        let _ = agency.issuer.prepare(&draft, proofs, ISSUANCE, NOW, random);
    }
}

#[test]
fn what_another_language_throws_unforeseen_leaves_no_trace() {
    let thrown = || uniffi::UnexpectedUniFFICallbackError::new(format!("{CANARY} at App.kt:7"));
    for text in [
        format!("{0} {0:?}", HolderKeysError::from(thrown())),
        format!("{0} {0:?}", StoreError::from(thrown())),
        format!("{0} {0:?}", RandomError::from(thrown())),
    ] {
        assert!(!text.contains(CANARY) && !text.contains("App.kt"), "{text}");
    }
}

#[test]
fn two_wallets_on_one_store_never_spend_one_copy_twice() {
    let app = App::new();
    let second =
        Wallet::with_store(Arc::clone(&app.store) as _, Some(Arc::clone(&app.keys) as _), None, 1);
    let (one, two) = (sheet(&app.wallet, &over_18()), sheet(&second, &over_18()));
    one.approve(&app.wallet, NOW).unwrap();
    let error = two.approve(&second, NOW).unwrap_err();
    assert_eq!(error.code(), "no_copies_left");
}
