//! Any request to a wallet that holds credentials, until it has nothing more to show.
//!
//! Nothing changes before a sheet is approved, what is shown is what the sheet said, no copy is shown twice, and what
//! the wallet answers the verifier accepts.

use std::collections::BTreeSet;

use llavero_core::ClaimPath;
use llavero_core::path::Dotted;
use llavero_core::request::PresentationRequest;
use llavero_holder::{ConsentSheet, Language, PresentationAnswer, Table, Wallet, Warning};
use llavero_verifier::Challenge;
use serde_json::{Value, json};

use super::Outcome;
use super::fixture::{FILLED, wallet_over};
use crate::seeded::Seeded;
use crate::world::{NOW, Records, SharedStore};

pub(crate) fn run(input: &[u8]) -> Outcome {
    let Ok(request) = PresentationRequest::from_slice(input) else { return Outcome::Refused };
    let (mut wallet, store) = wallet_over(&FILLED.records);
    let mut shown = BTreeSet::new();
    let mut random = Seeded::new(input.len() as u64);
    // Six copies are there, so the seventh time something must be missing.
    for round in 0..7 {
        let before = store.records();
        let sheet = consider(&wallet, &request, round);
        assert!(store.records() == before, "to consider changes nothing");
        let Some(sheet) = sheet else { return Outcome::accepted_if(round > 0) };
        let answer = approve(sheet, &mut wallet, &store, &mut random);
        for text in answer.presentations().values().flatten() {
            let issued = text.split('~').next().unwrap().to_owned();
            assert!(shown.insert(issued), "a copy was shown twice");
        }
        is_accepted(&request, &answer);
    }
    panic!("shown more often than there are copies");
}

/// The sheet, if the wallet can answer.
fn consider(wallet: &Wallet, request: &PresentationRequest, round: usize) -> Option<ConsentSheet> {
    let consider = || wallet.consider(request, NOW, Language::EsMx).ok();
    let mut choices = consider()?;
    // Not always what the wallet proposes.
    for query in consider()?.queries() {
        if let Some(last) = query.options().last().filter(|_| round == 1) {
            choices.choose(query.id(), last.credential().id()).unwrap();
        }
    }
    for set in 0..choices.set_count() {
        if round == 1 && !choices.set_options(set).is_empty() {
            choices.choose_set(set, choices.set_options(set).len() - 1).unwrap();
        }
    }
    let _ = consider()?.sheet().ok()?.decline();
    choices.sheet().ok()
}

/// Approves, and compares the answer with the sheet and the store before with the store after.
fn approve(
    sheet: ConsentSheet,
    wallet: &mut Wallet,
    store: &SharedStore,
    random: &mut Seeded,
) -> PresentationAnswer {
    assert!(sheet.warnings().contains(&Warning::RequesterUnverified));
    let promised: Vec<(String, Vec<(String, Value)>)> = sheet
        .credentials()
        .iter()
        .map(|shown| {
            let claims = shown.revealed().iter();
            let claims = claims.map(|claim| (claim.path(), claim.value().expose().clone()));
            (shown.query_id().to_owned(), claims.collect())
        })
        .collect();
    let before = store.records();
    // A sheet was made for what is there: nothing stands in the way of approving it.
    let answer = sheet.approve(wallet, NOW, random).expect("an answer to an approved sheet");
    let after = store.records();
    assert_eq!(answer.presentations().len(), promised.len());
    let spent: Vec<&Vec<u8>> = copies(&before)
        .filter(|(key, _)| !after.contains_key(*key))
        .map(|(_, record)| record)
        .collect();
    assert_eq!(spent.len(), promised.len(), "one copy for each presentation");
    assert_eq!(copies(&before).count() - spent.len(), copies(&after).count());
    for (id, promised) in promised {
        let [text] = answer.presentations()[&id].as_slice() else { panic!("one presentation") };
        let issued = text.split('~').next().unwrap();
        let holds = |record: &Vec<u8>| contains(record, issued);
        assert!(spent.iter().any(|record| holds(record)), "what was shown was not spent");
        assert!(!after.values().any(holds), "what was shown is still there");
        is_what_was_promised(text, &promised);
    }
    answer
}

fn copies(records: &Records) -> impl Iterator<Item = (&(Table, String), &Vec<u8>)> {
    records.iter().filter(|((table, _), _)| *table == Table::Copy)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|record| record.contains(text))
}

/// Each Disclosure leads to a claim on the sheet, and each claim on the sheet is there with the value it said.
fn is_what_was_promised(text: &str, promised: &[(String, Value)]) {
    let (presented, _) = text.rsplit_once('~').unwrap();
    let held = llavero_core::present::Held::reopen(text.get(..=presented.len()).unwrap());
    let held = held.expect("a presentation");
    for place in held.disclosable() {
        let place = Dotted(place).to_string();
        assert!(
            promised.iter().any(|(path, _)| path.starts_with(&place)),
            "{place} is shown and was not on the sheet"
        );
    }
    for (path, value) in promised {
        let found: ClaimPath = path.parse().unwrap();
        let found = found.select_in(held.claims(), held.positions()).expect("a promised claim");
        assert_eq!(found, [value]);
    }
}

fn is_accepted(request: &PresentationRequest, answer: &PresentationAnswer) {
    let kept = json!({
        "request": request.to_json(), "issued_at": NOW.as_secs(), "lifetime_secs": 300,
    });
    let challenge = Challenge::from_slice(kept.to_string().as_bytes()).expect("a challenge");
    let text = answer.to_json().to_string();
    let verdict = challenge.verify(text.as_bytes(), &FILLED.trust, NOW);
    let verdict = verdict.expect("the wallet's answer is what was asked for");
    assert_eq!(verdict.credentials().len(), answer.presentations().len());
}
