//! Many threads at once.

use std::sync::{Arc, Barrier};
use std::thread;

use llavero_ffi::{CredentialType, KeyKind, LlaveroError, Wallet};

use crate::support::agency::{Agency, EN, ISSUANCE, left, over_18, sheet};
use crate::support::keys::AppKeys;
use crate::support::{AGENCY, AppRandom, Dictionary, NOW};

const THREADS: usize = 16;

/// Runs `step` on every thread at the same moment; says how many succeeded and how the rest failed.
fn race<T: Send + 'static>(
    step: impl Fn() -> Result<T, LlaveroError> + Send + Sync + 'static,
) -> (Vec<T>, Vec<String>) {
    let (step, gate) = (Arc::new(step), Arc::new(Barrier::new(THREADS)));
    let runs: Vec<_> = (0..THREADS)
        .map(|_| {
            let (step, gate) = (Arc::clone(&step), Arc::clone(&gate));
            thread::spawn(move || {
                gate.wait();
                step()
            })
        })
        .collect();
    let (mut won, mut lost) = (Vec::new(), Vec::new());
    for run in runs {
        match run.join().unwrap() {
            Ok(value) => won.push(value),
            Err(error) => lost.push(error.code()),
        }
    }
    (won, lost)
}

fn one_won<T>((won, lost): (Vec<T>, Vec<String>)) -> T {
    assert_eq!((won.len(), lost.len()), (1, THREADS - 1));
    assert!(lost.iter().all(|code| code == "already_used"), "{lost:?}");
    won.into_iter().next().unwrap()
}

#[test]
fn one_thread_approves_one_verifies_and_the_rest_are_told() {
    let agency = Arc::new(Agency::new());
    let store = Dictionary::new();
    let keys = AppKeys::new(true);
    let random = AppRandom::new(3);
    let wallet = Wallet::with_store(store, Some(keys.clone()), Some(random), 60);
    let wallet = Arc::new(wallet);
    agency.give(&wallet, CredentialType::Age, 4, KeyKind::P256);
    let challenge = Arc::new(over_18());
    let sheet_of_all = sheet(&wallet, &challenge);
    let answer = one_won(race({
        let wallet = Arc::clone(&wallet);
        move || sheet_of_all.approve(&wallet, NOW)
    }));
    assert_eq!((left(&wallet), keys.count()), (3, 3));
    one_won(race({
        let (challenge, agency) = (Arc::clone(&challenge), Arc::clone(&agency));
        move || challenge.verify(&answer, &agency.trust(), NOW)
    }));

    let sheet_of_all = sheet(&wallet, &over_18());
    let pending = one_won(race({
        let wallet = Arc::clone(&wallet);
        move || sheet_of_all.approve_unsigned(Arc::clone(&wallet), NOW)
    }));
    let to_sign = pending.to_sign().unwrap();
    let signature = keys.sign_with(&to_sign[0].handle, &to_sign[0].bytes);
    one_won(race(move || pending.finish(vec![signature.clone()])));
    let sheet_of_all = sheet(&wallet, &over_18());
    one_won(race(move || sheet_of_all.decline()));
    assert_eq!(left(&wallet), 2);
}

#[test]
fn as_many_sheets_are_answered_as_there_are_copies() {
    let agency = Agency::new();
    let wallet = Arc::new(Wallet::in_memory(None, None, 60));
    agency.give(&wallet, CredentialType::Age, 5, KeyKind::Ed25519);
    let (won, lost) = race({
        let wallet = Arc::clone(&wallet);
        move || {
            let request = over_18().request()?;
            wallet.consider(&request, NOW, EN)?.sheet()?.approve(&wallet, NOW)
        }
    });
    assert_eq!((won.len(), left(&wallet)), (5, 0));
    assert!(lost.iter().all(|code| code == "no_copies_left"), "{lost:?}");
}

#[test]
fn every_step_at_once_ends() {
    let agency = Arc::new(Agency::new());
    let random = AppRandom::new(9);
    let (store, keys) = (Dictionary::new(), AppKeys::new(false));
    let wallet = Arc::new(Wallet::with_store(store, Some(keys), Some(random), 60));
    let (won, lost) = race({
        let (wallet, agency) = (Arc::clone(&wallet), Arc::clone(&agency));
        move || {
            let proofs = wallet.begin(AGENCY, ISSUANCE, 2, KeyKind::P256, NOW)?;
            let copies = agency.copies(CredentialType::Age, proofs);
            let id = wallet.receive(copies, &agency.trust(), NOW, EN)?.credential.id;
            wallet.show(&id, EN)?;
            let challenge = over_18();
            let choices = wallet.consider(&challenge.request()?, NOW, EN)?;
            choices.choose("part", &id)?;
            let answer = choices.sheet()?.approve(&wallet, NOW)?;
            challenge.verify(&answer, &agency.trust(), NOW)?;
            wallet.credentials(EN)?;
            wallet.purge(NOW)?;
            wallet.history()?;
            wallet.remove(&id)
        }
    });
    assert_eq!((won.len(), lost.len()), (THREADS, 0), "{lost:?}");
    assert!(wallet.credentials(EN).unwrap().is_empty());
    assert_eq!(wallet.history().unwrap().len(), THREADS);
}
