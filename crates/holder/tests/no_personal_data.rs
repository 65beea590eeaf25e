//! What is printed by accident, and what errors say, names nobody.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod support;

use std::fmt::Debug;

use llavero_holder::{KeyKind, Language, Table, WalletError};
use support::{Fault, INE, ISSUER, NOW, World, ine};

/// Values of the person, and of the people they deal with.
const CANARIES: [&str; 7] = [
    "EEII030517MVZJMRA2",
    "Irene",
    "Imaginario",
    "2003-05-17",
    "Jalisco",
    "Calle Falsa",
    "enrolment-nonce",
];

#[derive(Default)]
struct Heard(Vec<String>);

impl Heard {
    fn debug(&mut self, value: &impl Debug) {
        self.0.push(format!("{value:?} {value:#?}"));
    }

    fn error<T: Debug>(&mut self, result: Result<T, WalletError>) {
        let error = result.expect_err("an error");
        self.0.push(format!("{error:?} {error} {}", error.code()));
    }
}

#[test]
fn nothing_printed_names_the_person() {
    let mut heard = Heard::default();
    let mut world = World::new();
    let random = &mut world.random;
    let pending =
        world.wallet.begin_unsigned(ISSUER, "enrolment-nonce-1", 1, KeyKind::P256, NOW, random);
    let pending = pending.unwrap();
    heard.debug(&pending);
    heard.debug(&pending.to_sign().collect::<Vec<_>>());
    heard.error(pending.finish(&[]));
    let keys = world.enrol(3);
    let copies = world.agency.issue_all(&keys, ine);
    heard.error(world.receive(&[copies[0].clone(), copies[0].clone()]));
    heard.error(world.receive(&[copies[0].replace('~', "~x")]));
    let other =
        world.agency.reissue(&copies[1], |_, payload, _| payload["sub"] = CANARIES[0].into());
    heard.error(world.receive(&[copies[0].clone(), other]));
    let receipt = world.receive(&copies).unwrap();
    heard.debug(&receipt);
    heard.error(world.receive(&copies));
    heard.debug(&world.wallet);
    heard.debug(&world.wallet.credentials(Language::EsMx).unwrap());
    heard.debug(&world.wallet.show(receipt.credential().id(), Language::EsMx).unwrap());
    let request = world.request(INE, &["curp", "given_name", "address"]);
    let choices = world.wallet.consider(&request, NOW, Language::EsMx).unwrap();
    heard.debug(&choices);
    let sheet = choices.sheet().unwrap();
    heard.debug(&sheet);
    for warning in sheet.warnings() {
        heard.0.push(warning.text(Language::EsMx));
    }
    world.disk.fail_next(Fault::Refused);
    heard.error(sheet.approve(&mut world.wallet, NOW, &mut world.random));
    let sheet = world.wallet.consider(&request, NOW, Language::EsMx).unwrap().sheet().unwrap();
    let pending = sheet.approve_unsigned(&mut world.wallet, NOW, &mut world.random).unwrap();
    heard.debug(&pending);
    heard.debug(&pending.to_sign().collect::<Vec<_>>());
    heard.error(pending.finish(&mut world.wallet, &[]));
    heard.debug(&world.wallet.history().unwrap());
    let sheet = world.wallet.consider(&request, NOW, Language::EsMx).unwrap().sheet().unwrap();
    let answer = sheet.approve(&mut world.wallet, NOW, &mut world.random).unwrap();
    heard.debug(&answer);
    let missing = world.request(INE, &["curp", "nobody"]);
    heard.error(world.wallet.consider(&missing, NOW, Language::EsMx));
    let (_, name, record) =
        world.disk.contents().into_iter().find(|(table, ..)| *table == Table::Copy).unwrap();
    world.disk.overwrite(Table::Copy, &name, &record[..record.len() - 1]);
    heard.error(world.wallet.consider(&request, NOW, Language::EsMx));
    assert!(heard.0.len() > 20);
    for text in &heard.0 {
        for canary in CANARIES {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
}
