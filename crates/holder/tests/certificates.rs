//! A wallet and an issuer that is known by certificates.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

#[path = "../../core/tests/support/certificates.rs"]
mod certificates;
mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use certificates::{Certificate, base64, uri};
use llavero_core::certificate::{Anchors, X5cProfile};
use llavero_core::dcql::DcqlQuery;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer};
use llavero_core::{KeyKind, SigningKey};
use llavero_holder::{Language, Receipt, WalletError};
use serde_json::{Value, json};
use support::{AGE, ISSUER, NOW, Seeded, World, age};

const AUTHORITY: &str = "Autoridad de prueba";

fn authority() -> SigningKey {
    SigningKey::generate(KeyKind::P256, &mut Seeded(91)).unwrap()
}

fn trust() -> TrustList {
    let anchor = Certificate::authority(AUTHORITY, AUTHORITY, &authority()).signed_by(&authority());
    let anchors = Anchors::new(&[anchor], None, X5cProfile::Haip).unwrap();
    let entry = TrustedIssuer {
        issuer: ISSUER.to_owned(),
        name: "Agencia con certificado".to_owned(),
        types: vec![AGE.to_owned()],
        keys: IssuerKeys::Certified(anchors),
        requires_type_metadata: false,
    };
    TrustList::new(NOW, vec![entry]).unwrap()
}

/// `x5c` of the agency; certificates that differ in `subject` are otherwise the same.
fn x5c(world: &World, subject: &str) -> Value {
    let mut leaf = Certificate::leaf(AUTHORITY, &world.agency.key, &[uri(ISSUER)]);
    leaf.subject = subject.to_owned();
    json!([base64(&leaf.signed_by(&authority()))])
}

/// Copies of an agency with certificates, received as `change` leaves header and payload of each.
fn receive(
    world: &mut World,
    change: impl Fn(usize, &mut Value, &mut Value),
) -> Result<Receipt, WalletError> {
    let keys = world.enrol(2);
    let copies = world.agency.issue_all(&keys, age);
    let x5c = x5c(world, "Emisor");
    let copies: Vec<String> = copies
        .iter()
        .enumerate()
        .map(|(index, copy)| {
            world.agency.reissue(copy, |header, payload, _| {
                header["x5c"] = x5c.clone();
                change(index, header, payload);
            })
        })
        .collect();
    world.wallet.receive(&copies, &trust(), NOW, Language::En, &mut world.random)
}

fn query(authority: &str) -> DcqlQuery {
    let query = json!({ "credentials": [{
        "id": "q",
        "format": "dc+sd-jwt",
        "meta": { "vct_values": [AGE] },
        "claims": [{ "path": ["age_equal_or_over", "18"] }],
        "trusted_authorities": [{ "type": "aki", "values": [URL_SAFE_NO_PAD.encode(authority)] }],
    }]});
    DcqlQuery::from_value(&query).unwrap()
}

#[test]
fn answers_whoever_trusts_the_authority_of_its_issuer_and_nobody_else() {
    let mut world = World::new();
    let receipt = receive(&mut world, |_, _, _| {}).unwrap();
    assert_eq!(receipt.warnings(), []);
    assert_eq!(receipt.credential().issuer_name(), "Agencia con certificado");
    let request = world.request_for(query(AUTHORITY));
    let sheet = world.wallet.consider(&request, NOW, Language::En).unwrap().sheet().unwrap();
    let answer = sheet.approve(&mut world.wallet, NOW, &mut world.random).unwrap();
    assert_eq!(answer.presentations()["q"].len(), 1);
    let request = world.request_for(query("Otra autoridad"));
    let unmet = world.wallet.consider(&request, NOW, Language::En).unwrap_err();
    assert_eq!(unmet.code(), "mismatch_authority");
}

#[test]
fn takes_a_batch_without_iss_of_the_issuer_that_the_certificate_names() {
    let mut world = World::new();
    let without_iss = |_: usize, _: &mut Value, payload: &mut Value| {
        payload.as_object_mut().unwrap().remove("iss");
    };
    let receipt = receive(&mut world, without_iss).unwrap();
    assert_eq!(receipt.credential().issuer(), ISSUER);
    assert_eq!(receipt.credential().issuer_name(), "Agencia con certificado");
}

#[test]
fn refuses_copies_that_their_certificates_tell_apart() {
    let mut world = World::new();
    let other = x5c(&world, "Emisor de una sola persona");
    let mark_the_second = |index: usize, header: &mut Value, _: &mut Value| {
        if index == 1 {
            header["x5c"] = other.clone();
        }
    };
    let refused = receive(&mut world, mark_the_second).unwrap_err();
    assert_eq!(refused.code(), "lint_header_differs");
}

#[test]
fn refuses_a_copy_whose_certificates_do_not_hold() {
    let mut world = World::new();
    let refused = receive(&mut world, |_, header, _| {
        header.as_object_mut().unwrap().remove("x5c");
    });
    assert_eq!(refused.unwrap_err().code(), "certificate");
    let refused = receive(&mut world, |_, header, _| header["x5u"] = "a".into());
    assert_eq!(refused.unwrap_err().code(), "lint_header_extra");
}
