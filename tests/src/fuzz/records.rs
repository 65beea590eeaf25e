//! A wallet over a store in which somebody has written.
//!
//! Each line is a table, the name of a record and the record; without a record, what was there is gone. The store holds
//! one credential of two copies: `<b>` stands for the name of its batch, `<c0>` for that of its first copy, `<t0>` for
//! that copy's text and `<k0>` for its key, and likewise of the second.

use std::sync::LazyLock;

use llavero_core::ClaimPath;
use llavero_core::dcql::DcqlQuery;
use llavero_core::request::PresentationRequest;
use llavero_holder::{Language, Table, Wallet, WalletError};
use serde_json::Value;

use super::Outcome;
use super::batch::{self, OFFERED, TRUST};
use super::fixture::{AUDIENCE, VCT, wallet_over};
use crate::seeded::Seeded;
use crate::world::{NOW, Records, SharedStore};

/// The copies that are held.
const COPIES: &str = concat!(
    "01\n",
    r#"{"alg":"EdDSA","typ":"dc+sd-jwt"}"#,
    "\n",
    r#"{"iss":"https://emisor.example","vct":"urn:example:persona","exp":1795824000,"cnf":<cnf>,"_sd":["<0>"]}"#,
    "\n",
    r#"["<r>","given_name","Irene"]"#,
);

struct Base {
    records: Records,
    /// Placeholders and what they stand for.
    names: Vec<(String, String)>,
}

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let (mut wallet, store) = wallet_over(&OFFERED.records);
    let copies = batch::copies(COPIES.as_bytes());
    let received = wallet.receive(&copies, &TRUST, NOW, Language::EsMx, &mut Seeded::new(109));
    received.expect("a sound batch");
    let records = store.records();
    let of = |table| records.iter().filter(move |((of, _), _)| *of == table);
    let mut names = Vec::new();
    for ((_, name), _) in of(Table::Batch) {
        names.push(("<b>".to_owned(), name.clone()));
    }
    for (number, ((_, name), record)) in of(Table::Copy).enumerate() {
        let record: Value = serde_json::from_slice(record).unwrap();
        names.push((format!("<c{number}>"), name.clone()));
        names.push((format!("<t{number}>"), record["r"]["text"].as_str().unwrap().to_owned()));
        names.push((format!("<k{number}>"), record["r"]["key"].as_str().unwrap().to_owned()));
    }
    Base { records, names }
});

/// The records as they are, in the form of an input.
pub(crate) fn as_they_are() -> String {
    let mut text = String::new();
    for ((table, name), record) in &BASE.records {
        let record = std::str::from_utf8(record).unwrap();
        text.push_str(&format!("{} {name} {record}\n", table.name()));
    }
    let mut names: Vec<_> = BASE.names.iter().collect();
    names.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    names.into_iter().fold(text, |text, (name, value)| text.replace(value, name))
}

fn write(input: &[u8]) -> Records {
    let mut records = BASE.records.clone();
    let fill = |line: &[u8]| match std::str::from_utf8(line) {
        Ok(text) => BASE
            .names
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
            .into_bytes(),
        Err(_) => line.to_vec(),
    };
    for line in input.split(|byte| *byte == b'\n').take(16) {
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        let text = |part: Option<&[u8]>| String::from_utf8(fill(part?)).ok();
        let table = text(parts.next()).and_then(|name| Table::from_name(&name));
        let (Some(table), Some(name)) = (table, text(parts.next())) else { continue };
        match parts.next() {
            Some(record) => records.insert((table, name), fill(record)),
            None => records.remove(&(table, name)),
        };
    }
    records
}

/// Whatever is there, nothing panics, what fails changes nothing, and each answer takes a copy away.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let (mut wallet, store) = wallet_over(&write(input));
    let mut random = Seeded::new(110);
    let mut accepted = false;
    for round in 0..3 {
        if let Ok(credentials) = wallet.credentials(Language::En) {
            for credential in credentials {
                accepted |= wallet.show(credential.id(), Language::EsMx).is_ok();
            }
        }
        let _ = wallet.history();
        accepted |= answer(&mut wallet, &store, round, &mut random);
        let _ = unchanged_on_error(&mut wallet, &store, |wallet| wallet.purge(NOW, &mut random));
    }
    let _ = unchanged_on_error(&mut wallet, &store, Wallet::forget_history);
    for credential in wallet.credentials(Language::En).unwrap_or_default() {
        let remove = |wallet: &mut Wallet| wallet.remove(credential.id(), &mut random);
        let _ = unchanged_on_error(&mut wallet, &store, remove);
    }
    Outcome::accepted_if(accepted)
}

fn unchanged_on_error<T>(
    wallet: &mut Wallet,
    store: &SharedStore,
    run: impl FnOnce(&mut Wallet) -> Result<T, WalletError>,
) -> Result<T, WalletError> {
    let before = store.records();
    let result = run(wallet);
    assert!(result.is_ok() || store.records() == before, "what fails changes nothing");
    result
}

/// Whether the wallet answers; then a copy is gone and the history has grown.
fn answer(wallet: &mut Wallet, store: &SharedStore, round: u64, random: &mut Seeded) -> bool {
    let path = ClaimPath::names(["given_name"]).unwrap();
    let paths = if round == 1 { vec![] } else { vec![path] };
    let query = DcqlQuery::for_claims("q", [VCT], paths).unwrap();
    let request = PresentationRequest::new(AUDIENCE, None, "Ver", query, random).unwrap();
    let considered = wallet.consider(&request, NOW, Language::En);
    let Ok(sheet) = considered.and_then(|choices| choices.sheet()) else { return false };
    let before = store.records();
    let count = |records: &Records, table| records.keys().filter(|(of, _)| *of == table).count();
    let answer = sheet.approve(wallet, NOW, random);
    let after = store.records();
    let spent = count(&before, Table::Copy) - count(&after, Table::Copy);
    match answer {
        Ok(answer) => {
            assert_eq!((answer.presentations().len(), spent), (1, 1));
            assert_eq!(count(&after, Table::History), count(&before, Table::History) + 1);
            true
        }
        // A key that does not sign, after the copy was spent.
        Err(WalletError::Engine(_)) => false,
        Err(_) => {
            assert!(after == before, "what fails changes nothing");
            false
        }
    }
}
