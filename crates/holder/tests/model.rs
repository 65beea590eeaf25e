//! The wallet as a state machine: whatever is done in whatever order, no copy leaves twice.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod support;

use std::collections::BTreeSet;

use llavero_core::Signature;
use llavero_holder::{ConsentSheet, HolderKeys as _, Language, PresentationAnswer, SoftwareKeys};
use proptest::prelude::*;
use support::{AGE, Fault, NOW, World, age};

#[derive(Clone, Debug)]
enum Step {
    /// An honest batch.
    Receive { copies: usize },
    /// A batch with something wrong, which must change nothing.
    ReceiveRefused { copies: usize },
    /// The last honest batch once more.
    ReceiveAgain,
    /// A batch whose commit goes wrong.
    ReceiveFault { copies: usize, died: bool },
    /// A request is shown and laid aside.
    Consider,
    /// The sheet that was laid aside first is decided.
    Decide(Decision),
    /// The process dies and starts again; sheets on the screen are gone.
    Restart,
    /// Housekeeping.
    Purge,
    /// The person throws a credential away.
    Remove,
}

#[derive(Clone, Copy, Debug)]
enum Decision {
    Approve,
    ApproveInTwoSteps,
    BadSignature,
    CommitRefused,
    Decline,
    DieAfterCommit,
    DieBeforeSigning,
}

fn step() -> impl Strategy<Value = Step> {
    let decision = prop_oneof![
        4 => Just(Decision::Approve),
        2 => Just(Decision::ApproveInTwoSteps),
        1 => Just(Decision::BadSignature),
        1 => Just(Decision::CommitRefused),
        1 => Just(Decision::Decline),
        1 => Just(Decision::DieAfterCommit),
        1 => Just(Decision::DieBeforeSigning),
    ];
    prop_oneof![
        2 => (1..4_usize).prop_map(|copies| Step::Receive { copies }),
        1 => (2..4_usize).prop_map(|copies| Step::ReceiveRefused { copies }),
        1 => Just(Step::ReceiveAgain),
        1 => (1..3_usize, any::<bool>())
            .prop_map(|(copies, died)| Step::ReceiveFault { copies, died }),
        6 => Just(Step::Consider),
        8 => decision.prop_map(Step::Decide),
        1 => Just(Step::Restart),
        1 => Just(Step::Purge),
        1 => Just(Step::Remove),
    ]
}

/// What must be true, counted beside the wallet.
#[derive(Default)]
struct Model {
    left: usize,
    spent: usize,
    /// The issuer's part of everything that left, or was ready to.
    shown: BTreeSet<String>,
    sheets: Vec<ConsentSheet>,
    last_batch: Vec<String>,
}

impl Model {
    fn run(&mut self, world: &mut World, step: &Step) {
        match step {
            Step::Receive { copies } => {
                let keys = world.enrol(*copies);
                self.last_batch = world.agency.issue_all(&keys, age);
                assert!(world.receive(&self.last_batch).is_ok());
                self.left += copies;
            }
            Step::ReceiveRefused { copies } => {
                let keys = world.enrol(*copies);
                let mut batch = world.agency.issue_all(&keys, age);
                batch[copies - 1] = batch[0].clone();
                let before = world.disk.contents();
                assert_eq!(world.receive(&batch).unwrap_err().code(), "key_repeated");
                assert_eq!(world.disk.contents(), before);
            }
            Step::ReceiveAgain => {
                let before = world.disk.contents();
                assert!(world.receive(&self.last_batch).is_err());
                assert_eq!(world.disk.contents(), before);
            }
            Step::ReceiveFault { copies, died } => {
                let keys = world.enrol(*copies);
                let batch = world.agency.issue_all(&keys, age);
                world.disk.fail_next(if *died { Fault::DiesAfter } else { Fault::Refused });
                assert!(world.receive(&batch).is_err());
                if *died {
                    self.restart(world);
                    self.left += copies;
                }
            }
            Step::Consider => {
                let request = world.request(AGE, &["age_equal_or_over.18"]);
                match world.wallet.consider(&request, NOW, Language::En) {
                    Ok(choices) => self.sheets.push(choices.sheet().unwrap()),
                    Err(error) => {
                        assert_eq!(self.left, 0);
                        assert!(["no_copies_left", "no_credential"].contains(&error.code()));
                    }
                }
            }
            Step::Decide(decision) => {
                if !self.sheets.is_empty() {
                    let sheet = self.sheets.remove(0);
                    self.decide(world, sheet, *decision);
                }
            }
            Step::Restart => self.restart(world),
            Step::Purge => {
                assert_eq!(world.wallet.purge(NOW, &mut world.random).unwrap().credentials, 0)
            }
            Step::Remove => {
                if let Some(held) = world.wallet.credentials(Language::En).unwrap().first() {
                    world.wallet.remove(held.id(), &mut world.random).unwrap();
                    self.left -= held.copies_left();
                }
            }
        }
    }

    fn decide(&mut self, world: &mut World, sheet: ConsentSheet, decision: Decision) {
        let id = sheet.credentials()[0].credential().id().clone();
        let credentials = world.wallet.credentials(Language::En).unwrap();
        let held = credentials.iter().find(|held| *held.id() == id);
        let can = held.is_some_and(|held| held.copies_left() > 0);
        match decision {
            Decision::Decline => drop(sheet.decline()),
            Decision::CommitRefused => {
                let before = world.disk.contents();
                world.disk.fail_next(Fault::Refused);
                assert!(sheet.approve(&mut world.wallet, NOW, &mut world.random).is_err());
                world.disk.work_again();
                assert_eq!(world.disk.contents(), before);
            }
            _ if !can => {
                let error = sheet.approve(&mut world.wallet, NOW, &mut world.random).unwrap_err();
                assert!(["no_copies_left", "credential_unknown"].contains(&error.code()));
            }
            Decision::Approve => {
                let answer = sheet.approve(&mut world.wallet, NOW, &mut world.random).unwrap();
                self.spend();
                self.show(&answer);
            }
            Decision::DieAfterCommit => {
                world.disk.fail_next(Fault::DiesAfter);
                assert!(sheet.approve(&mut world.wallet, NOW, &mut world.random).is_err());
                self.spend();
                self.restart(world);
            }
            Decision::ApproveInTwoSteps | Decision::BadSignature | Decision::DieBeforeSigning => {
                let pending =
                    sheet.approve_unsigned(&mut world.wallet, NOW, &mut world.random).unwrap();
                self.spend();
                let signatures: Vec<Signature> = pending
                    .to_sign()
                    .map(|to_sign| SoftwareKeys.sign(to_sign.key, to_sign.bytes).unwrap())
                    .collect();
                match decision {
                    Decision::DieBeforeSigning => self.restart(world),
                    Decision::BadSignature => {
                        let bad = [Signature::from_bytes([7; 64])];
                        assert!(pending.finish(&mut world.wallet, &bad).is_err());
                    }
                    _ => self.show(&pending.finish(&mut world.wallet, &signatures).unwrap()),
                }
            }
        }
    }

    fn spend(&mut self) {
        self.left -= 1;
        self.spent += 1;
    }

    fn show(&mut self, answer: &PresentationAnswer) {
        for text in answer.presentations().values().flatten() {
            let issuer_jwt = text.split('~').next().unwrap().to_owned();
            assert!(self.shown.insert(issuer_jwt), "a copy was shown twice");
        }
    }

    fn restart(&mut self, world: &mut World) {
        self.sheets.clear();
        world.disk.work_again();
        world.wallet = world.disk.wallet();
    }

    fn check(&self, world: &World) {
        let credentials = world.wallet.credentials(Language::En).unwrap();
        let left: usize = credentials.iter().map(|held| held.copies_left()).sum();
        assert_eq!(left, self.left);
        // Each use is in the history, those too that led to nothing.
        assert_eq!(world.wallet.history().unwrap().len(), self.spent);
        assert!(self.shown.len() <= self.spent);
        // What was shown is not in the store any more.
        let kept: Vec<String> = world
            .disk
            .contents()
            .into_iter()
            .map(|(_, _, record)| String::from_utf8(record).unwrap())
            .collect();
        for shown in &self.shown {
            assert!(!kept.iter().any(|record| record.contains(shown.as_str())));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_copy_is_shown_twice_and_none_is_lost_but_by_a_crash(
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        let mut world = World::new();
        let mut model = Model::default();
        for step in &steps {
            model.run(&mut world, step);
            model.check(&world);
        }
    }
}
