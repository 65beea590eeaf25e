//! What must hold for any bytes at all: a function for each door through which a stranger's input comes in.
//!
//! Each takes bytes and panics if what they lead to breaks its property. The package `fuzz/` hands them to a fuzzer,
//! the test `fuzz` replays what the fuzzer has found and mutations of it. A property never reads more from a stranger
//! than the product does: whatever signs or issues here is ours, and so is the judge.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a property says that it does not hold"
)]

#[path = "../../crates/core/tests/support/certificates.rs"]
mod asn1;
mod batch;
mod certificates;
mod fixture;
mod hostile_holder;
mod hostile_issuer;
mod issuer_metadata;
mod json;
mod keys;
mod mexico;
mod model;
mod query;
mod records;
#[path = "../../crates/core/tests/support/reference.rs"]
mod reference;
mod request;
mod sd_jwt;
pub mod seeds;
mod store;
mod trust;
mod type_metadata;
mod wallet;

/// What became of an input.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third thing to become of it")]
pub enum Outcome {
    /// Something was read, verified or kept.
    Accepted,
    /// Nothing was.
    Refused,
}

impl Outcome {
    fn accepted_if(accepted: bool) -> Self {
        if accepted { Self::Accepted } else { Self::Refused }
    }
}

/// A property and its name, which is that of its corpus, too.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// Panics if the property does not hold for these bytes.
    pub run: fn(&[u8]) -> Outcome,
}

/// Every property.
pub const TARGETS: &[Target] = &[
    Target { name: "batch", run: batch::run },
    Target { name: "certificates", run: certificates::run },
    Target { name: "hostile_holder", run: hostile_holder::run },
    Target { name: "hostile_issuer", run: hostile_issuer::run },
    Target { name: "issuer_metadata", run: issuer_metadata::run },
    Target { name: "json", run: json::run },
    Target { name: "keys", run: keys::run },
    Target { name: "mexico", run: mexico::run },
    Target { name: "query", run: query::run },
    Target { name: "records", run: records::run },
    Target { name: "request", run: request::run },
    Target { name: "sd_jwt", run: sd_jwt::run },
    Target { name: "store", run: store::run },
    Target { name: "trust", run: trust::run },
    Target { name: "type_metadata", run: type_metadata::run },
    Target { name: "wallet", run: wallet::run },
];

/// Tries the property of that name on these bytes.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of that name");
    let _ = (target.run)(input);
}
