//! What a wallet takes from an issuer and what it refuses; a refused batch leaves it as it was.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use llavero_core::template::{Array, Object};
use llavero_core::{PublicKey, SECONDS_PER_DAY};
use llavero_holder::{
    HolderKeys as _, KeyKind, Language, LintWarning, MAX_COPIES, SoftwareKeys, WalletError,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::{EXPIRES, Fault, INE, ISSUER, NOW, Seeded, World, age, ine};

/// Receives copies as `change` leaves them; gives the code of the refusal after checking that nothing has changed.
fn refusal(
    count: usize,
    change: impl FnOnce(&mut World, &[PublicKey]) -> Vec<String>,
) -> &'static str {
    let mut world = World::new();
    let keys = world.enrol(count);
    let copies = change(&mut world, &keys);
    let before = world.disk.contents();
    let error = world.receive(&copies).map(|_| ()).expect_err("a refusal");
    assert_eq!(world.disk.contents(), before, "a refused batch changes nothing");
    // The keys are still good for an honest batch.
    let copies = world.agency.issue_all(&keys, ine);
    assert!(world.receive(&copies).is_ok());
    error.code()
}

/// The code of the refusal of two copies, the second of which was issued anew after `change`.
fn refusal_of_second(change: impl FnOnce(&mut Value, &mut Value, &mut Vec<Value>)) -> &'static str {
    refusal(2, |world, keys| {
        let mut copies = world.agency.issue_all(keys, ine);
        copies[1] = world.agency.reissue(&copies[1], change);
        copies
    })
}

/// The code of the refusal of two copies that were both issued anew after `change`.
fn refusal_of_both(change: impl Fn(&mut Value, &mut Value, &mut Vec<Value>)) -> &'static str {
    refusal(2, |world, keys| {
        let copies = world.agency.issue_all(keys, ine);
        copies.iter().map(|copy| world.agency.reissue(copy, &change)).collect()
    })
}

#[test]
fn takes_an_honest_batch_whole() {
    let mut world = World::new();
    let keys = world.enrol(3);
    let copies = world.agency.issue_all(&keys, ine);
    let receipt = world.receive(&copies).unwrap();
    assert_eq!(receipt.warnings(), []);
    let held = receipt.credential();
    assert_eq!((held.copies_left(), held.copies_received()), (3, 3));
    assert_eq!((held.vct(), held.issuer(), held.expires()), (INE, ISSUER, Some(EXPIRES)));
    assert_eq!((held.label(), held.issuer_name()), ("Voter card (INE)", "Agencia de ejemplo"));
    assert_eq!(world.wallet.credentials(Language::En).unwrap(), std::slice::from_ref(held));
    let shown = world.wallet.show(held.id(), Language::EsMx).unwrap();
    let curp = shown.iter().find(|claim| claim.path() == "curp").unwrap();
    assert_eq!((curp.label(), curp.value().expose()), ("CURP", &json!("EEII030517MVZJMRA2")));
    // An untouched copy issued anew is still accepted: what the tests below change is what is refused.
    let keys = world.enrol(2);
    let copies = world.agency.issue_all(&keys, ine);
    let anew: Vec<String> =
        copies.iter().map(|copy| world.agency.reissue(copy, |_, _, _| {})).collect();
    assert!(world.receive(&anew).is_ok());
}

#[test]
fn refuses_the_same_copies_twice() {
    let mut world = World::new();
    let keys = world.enrol(2);
    let copies = world.agency.issue_all(&keys, age);
    world.receive(&copies).unwrap();
    let before = world.disk.contents();
    assert_eq!(world.receive(&copies).unwrap_err().code(), "already_received");
    assert_eq!(world.disk.contents(), before);
}

#[test]
fn refuses_a_copy_whose_use_it_has_forgotten() {
    let mut world = World::new();
    let keys = world.enrol(1);
    let copies = world.agency.issue_all(&keys, age);
    let receipt = world.receive(&copies).unwrap();
    assert_eq!(receipt.warnings(), [LintWarning::SingleCopy]);
    let request = world.request(support::AGE, &["age_equal_or_over.18"]);
    let sheet = world.wallet.consider(&request, NOW, Language::En).unwrap().sheet().unwrap();
    sheet.approve(&mut world.wallet, NOW, &mut world.random).unwrap();
    assert_eq!(world.receive(&copies).unwrap_err().code(), "key_not_offered");
}

#[test]
fn refuses_a_key_that_was_not_offered_or_offered_to_another_issuer() {
    let foreign = refusal(2, |world, keys| {
        let other = World::new().enrol(3)[2].clone();
        world.agency.issue_all(&[keys[0].clone(), other], ine)
    });
    assert_eq!(foreign, "key_not_offered");
    let mut world = World::new();
    let offered =
        world.wallet.begin("https://otra.example", "n", 1, KeyKind::P256, NOW, &mut Seeded(5));
    let proof = offered.unwrap().into_proofs().remove(0);
    let header = URL_SAFE_NO_PAD.decode(proof.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    let key = PublicKey::from_jwk(&header["jwk"]).unwrap();
    let copy = world.agency.issue(&ine(0, &key));
    assert_eq!(world.receive(&[copy]).unwrap_err(), WalletError::KeyNotOffered { copy: 0 });
}

#[test]
fn refuses_one_key_in_two_copies() {
    let code =
        refusal(2, |world, keys| world.agency.issue_all(&[keys[0].clone(), keys[0].clone()], ine));
    assert_eq!(code, "key_repeated");
}

#[test]
fn refuses_a_copy_without_a_key() {
    assert_eq!(
        refusal_of_both(|_, payload, _| drop(payload.as_object_mut().unwrap().remove("cnf"))),
        "confirmation_missing"
    );
}

#[test]
fn refuses_none_and_too_many() {
    assert_eq!(refusal(1, |_, _| Vec::new()), "batch_size");
    let mut world = World::new();
    let begin = |world: &mut World, count| {
        world.wallet.begin(ISSUER, "n", count, KeyKind::Ed25519, NOW, &mut Seeded(1)).map(|_| ())
    };
    assert!(begin(&mut world, MAX_COPIES).is_ok());
    for count in [0, MAX_COPIES + 1] {
        assert_eq!(begin(&mut world, count), Err(WalletError::BatchSize { limit: MAX_COPIES }));
    }
    let copies = vec![String::new(); MAX_COPIES + 1];
    assert_eq!(world.receive(&copies).unwrap_err().code(), "batch_size");
}

#[test]
fn refuses_a_presentation() {
    let code = refusal(1, |world, keys| {
        let copy = world.agency.issue(&ine(0, &keys[0]));
        // Any JWT behind the last tilde.
        let jwt = copy.split('~').next().unwrap();
        vec![format!("{copy}{jwt}")]
    });
    assert_eq!(code, "key_binding_unexpected");
}

#[test]
fn refuses_what_the_trust_list_does_not_vouch_for() {
    let stranger = refusal(1, |_, keys| {
        let mut random = Seeded(99);
        let key = llavero_core::SigningKey::generate(KeyKind::P256, &mut random).unwrap();
        vec![support::Agency { key, random }.issue(&ine(0, &keys[0]))]
    });
    assert_eq!(stranger, "signature");
    let set = |name: &'static str, value: Value| {
        move |_: &mut Value, payload: &mut Value, _: &mut Vec<Value>| payload[name] = value.clone()
    };
    assert_eq!(refusal_of_both(set("iss", json!("https://agencia.example/tú"))), "untrusted");
    assert_eq!(refusal_of_both(set("vct", json!("urn:example:mx:ine:1:k7"))), "untrusted");
    assert_eq!(refusal_of_both(set("exp", json!(NOW.start_of_day().as_secs()))), "expired");
    let error = World::new().receive(&["no".to_owned()]).unwrap_err();
    assert_eq!(error.code(), "shape");
    assert_eq!(error.to_string(), "copy 0: issuer-signed JWT: not laid out as specified");
}

#[test]
fn refuses_another_persons_claims_in_one_copy() {
    let code = refusal(3, |world, keys| {
        let claims = |copy: usize, key: &PublicKey| {
            let name = if copy == 1 { "Otro Nombre" } else { "Irene Canaria" };
            age(copy, key).disclosable("given_name", name)
        };
        world.agency.issue_all(keys, claims)
    });
    assert_eq!(code, "lint_claims_differ");
}

#[test]
fn refuses_a_key_id_that_the_trust_list_does_not_have() {
    let kid =
        |header: &mut Value, _: &mut Value, _: &mut Vec<Value>| header["kid"] = "for-you".into();
    assert_eq!(refusal_of_both(kid), "untrusted");
    // A name the list knows, in one copy only, tells that copy from the others.
    let mut thumbprint = String::new();
    let code = refusal(2, |world, keys| {
        thumbprint = llavero_core::Signer::public_key(&world.agency.key).thumbprint();
        let mut copies = world.agency.issue_all(keys, ine);
        copies[1] = world
            .agency
            .reissue(&copies[1], |header, _, _| header["kid"] = thumbprint.as_str().into());
        copies
    });
    assert_eq!(code, "lint_header_differs");
}

#[test]
fn refuses_headers_that_could_name_the_holder() {
    for name in ["x5u", "jku", "x5c", "tag"] {
        assert_eq!(refusal_of_both(|header, _, _| header[name] = "a".into()), "lint_header_extra");
    }
}

#[test]
fn refuses_an_odd_expiry() {
    let second = |_: &mut Value, payload: &mut Value, _: &mut Vec<Value>| {
        payload["exp"] = (EXPIRES.as_secs() + 1).into();
    };
    assert_eq!(refusal_of_both(second), "lint_date_not_whole_day");
    assert_eq!(
        refusal_of_both(|_, payload, _| payload["nbf"] = (NOW.as_secs() - 5).into()),
        "lint_date_not_whole_day"
    );
    assert_eq!(
        refusal_of_both(|_, payload, _| payload["exp"] = json!(EXPIRES.as_secs() as f64 + 0.5)),
        "lint_date_not_whole_day"
    );
    // A whole day, but another one in one copy.
    assert_eq!(
        refusal_of_second(
            |_, payload, _| payload["exp"] = (EXPIRES.as_secs() + SECONDS_PER_DAY).into()
        ),
        "lint_claims_differ"
    );
}

#[test]
fn refuses_identifiers_in_the_open() {
    for name in ["sub", "jti", "iat"] {
        assert_eq!(
            refusal_of_both(|_, payload, _| payload[name] = 86_400.into()),
            "lint_identifier_open"
        );
    }
    for unique in [
        json!("EEII030517MVZJMRA2"),
        json!(44100),
        json!("12345"),
        json!({"a": ["b", {"c": "una frase larga"}]}),
        json!([1, 2, 3, 4, 5]),
        json!({"tag48213": true}),
    ] {
        assert_eq!(
            refusal_of_both(|_, payload, _| payload["extra"] = unique.clone()),
            "lint_open_claim_unique",
            "{unique}"
        );
    }
}

#[test]
fn warns_of_what_is_only_odd() {
    let mut world = World::new();
    let keys = world.enrol(2);
    let claims = |copy: usize, key: &PublicKey| {
        let status =
            json!({ "status_list": { "idx": 9 + copy, "uri": "https://agencia.example/s" } });
        Object::new()
            .open("vct", "urn:example:other")
            .open("iss", ISSUER)
            .open("cnf", support::cnf(key))
            .open("status", status)
            .open("level", "alto")
    };
    let copies = world.agency.issue_all(&keys, claims);
    let receipt = world.receive(&copies).unwrap();
    assert_eq!(
        receipt.warnings(),
        [
            LintWarning::NoExpiry,
            LintWarning::OpenClaim,
            LintWarning::StatusIndexRun,
            LintWarning::TextLengthDiffers
        ]
    );
}

#[test]
fn warns_of_an_address_that_could_carry_a_mark() {
    for (uri, unusual) in [
        ("https://agencia.example/status/2026-47/3", false),
        ("https://agencia.example/status?id=1", true),
        ("https://agencia.example/status/7c9e6679-7425-40de-944b-e07fc1f90ae7", true),
        ("https://agencia.example/status/482/910/337", true),
        ("https://agencia.example", true),
        ("http://agencia.example/1", true),
    ] {
        let mut world = World::new();
        let keys = world.enrol(2);
        let copies = world.agency.issue_all(&keys, |copy, key| {
            let list = json!({ "idx": 1_000_000 + copy * 7_919, "uri": uri });
            age(copy, key).open("status", json!({ "status_list": list }))
        });
        let receipt = world.receive(&copies).unwrap();
        let warned = receipt.warnings().contains(&LintWarning::StatusUriUnusual);
        assert_eq!(warned, unusual, "{uri}");
        for warning in receipt.warnings() {
            assert_ne!(warning.text(Language::En), warning.text(Language::EsMx));
        }
    }
}

#[test]
fn refuses_salts_that_are_short_or_shared() {
    let code = refusal(1, |world, keys| {
        let copy = world.agency.issue(&ine(0, &keys[0]));
        let short = |_: &mut Value, payload: &mut Value, disclosures: &mut Vec<Value>| {
            let before = digest(&disclosures[0]);
            disclosures[0][0] = "short".into();
            let after = digest(&disclosures[0]);
            let listed = payload["_sd"].as_array_mut().unwrap();
            *listed.iter_mut().find(|digest| *digest == &json!(before)).unwrap() = after.into();
        };
        vec![world.agency.reissue(&copy, short)]
    });
    assert_eq!(code, "lint_salt_short");
    let code = refusal(2, |world, keys| {
        let same_salts = |key: &PublicKey| {
            world.agency.random = Seeded(3);
            world.agency.issue(&age(0, key))
        };
        keys.iter().map(same_salts).collect()
    });
    assert_eq!(code, "lint_salt_shared");
}

fn digest(disclosure: &Value) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(URL_SAFE_NO_PAD.encode(disclosure.to_string())))
}

#[test]
fn refuses_a_digest_in_two_copies() {
    let decoy = "D".repeat(43);
    for place in ["/_sd/0", "/address/_sd/0"] {
        let code = refusal(2, |world, keys| {
            let copies = world.agency.issue_all(keys, |_, key| {
                age(0, key).open("address", Object::new().min_digests(3)).min_digests(3)
            });
            let share = |_: &mut Value, payload: &mut Value, _: &mut Vec<Value>| {
                *payload.pointer_mut(place).unwrap() = decoy.as_str().into();
            };
            copies.iter().map(|copy| world.agency.reissue(copy, share)).collect()
        });
        assert_eq!(code, "lint_digest_shared");
    }
}

#[test]
fn refuses_copies_that_are_laid_out_differently() {
    let reordered = refusal_of_second(|_, _, disclosures| disclosures.reverse());
    assert_eq!(reordered, "lint_layout_differs");
    let code = refusal(2, |world, keys| {
        world.agency.issue_all(keys, |copy, key| age(copy, key).min_digests(copy + 1))
    });
    assert_eq!(code, "lint_layout_differs");
    let code = refusal(2, |world, keys| {
        world.agency.issue_all(keys, |copy, key| {
            let element = |array: Array| {
                if copy == 0 { array.open("MX") } else { array.disclosable("MX") }
            };
            support::open("urn:example:other", key)
                .open("nationalities", element(Array::new()).min_digests(2))
        })
    });
    assert_eq!(code, "lint_layout_differs");
}

#[test]
fn another_name_of_a_type_that_the_list_does_not_know_is_no_place_for_a_mark() {
    let with_name = |vct: &'static str, name: &'static str| {
        move |world: &mut World, keys: &[PublicKey]| {
            let names = json!([name]);
            let claims =
                |_: usize, key: &PublicKey| support::open(vct, key).open("aka_vcts", names.clone());
            world.agency.issue_all(keys, claims)
        }
    };
    const MARK: &str = "urn:example:7c9e6679";
    assert_eq!(refusal(2, with_name(support::AGE, MARK)), "lint_open_claim_unique");
    for (name, is_odd) in [(MARK, true), (support::AGE, false)] {
        let mut world = World::new();
        let keys = world.enrol(2);
        let copies = with_name("urn:example:other", name)(&mut world, &keys);
        let receipt = world.receive(&copies).unwrap();
        assert_eq!(receipt.warnings().contains(&LintWarning::OpenClaim), is_odd, "{name}");
    }
}

#[test]
fn refuses_an_open_claim_that_a_known_type_does_not_have() {
    let with_level = |vct: &'static str| {
        move |world: &mut World, keys: &[PublicKey]| {
            let claims = |_: usize, key: &PublicKey| support::open(vct, key).open("level", "alto");
            world.agency.issue_all(keys, claims)
        }
    };
    assert_eq!(refusal(2, with_level(support::AGE)), "lint_open_claim_unique");
    // The same claim in a type that nobody here knows is only worth a warning.
    let mut world = World::new();
    let keys = world.enrol(2);
    let copies = with_level("urn:example:other")(&mut world, &keys);
    assert!(world.receive(&copies).unwrap().warnings().contains(&LintWarning::OpenClaim));
}

#[test]
fn refuses_one_status_position_in_two_copies() {
    let code = refusal(2, |world, keys| world.agency.issue_all(keys, |_, key| ine(4, key)));
    assert_eq!(code, "lint_status_index_shared");
}

#[test]
fn refuses_tags_in_key_and_status() {
    assert_eq!(
        refusal_of_both(|_, payload, _| payload["cnf"]["kid"] = "a".into()),
        "lint_cnf_extra"
    );
    assert_eq!(
        refusal_of_both(|_, payload, _| payload["cnf"]["jwk"]["kid"] = "a".into()),
        "lint_cnf_extra"
    );
    for change in [
        json!({"status_list": {"idx": 1, "uri": "u", "tag": 1}}),
        json!({"status_list": {"idx": 1, "uri": "u"}, "tag": 1}),
        json!({"status_list": {"idx": "1", "uri": "u"}}),
        json!({"status_list": {"idx": -1, "uri": "u"}}),
        json!({"tag": 1}),
        json!({}),
    ] {
        assert_eq!(
            refusal_of_both(|_, payload, _| payload["status"] = change.clone()),
            "lint_status_malformed",
            "{change}"
        );
    }
    // Another list for one copy.
    assert_eq!(
        refusal_of_second(|_, payload, _| payload["status"]["status_list"]["uri"] = "u".into()),
        "lint_claims_differ"
    );
}

#[test]
fn a_commit_that_fails_leaves_the_keys_for_another_try() {
    let mut world = World::new();
    let keys = world.enrol(2);
    let copies = world.agency.issue_all(&keys, ine);
    world.disk.fail_next(Fault::Refused);
    assert_eq!(world.receive(&copies).unwrap_err().code(), "store_unavailable");
    assert!(world.wallet.credentials(Language::En).unwrap().is_empty());
    assert!(world.receive(&copies).is_ok());
    // Dying after the commit: the batch is there, and the same copies are refused.
    let keys = world.enrol(2);
    let copies = world.agency.issue_all(&keys, age);
    world.disk.fail_next(Fault::DiesAfter);
    assert!(world.receive(&copies).is_err());
    world.wallet = world.disk.wallet();
    assert_eq!(world.wallet.credentials(Language::En).unwrap().len(), 2);
    assert_eq!(world.receive(&copies).unwrap_err().code(), "already_received");
}

#[test]
fn keys_are_kept_before_anybody_hears_of_them() {
    let mut world = World::new();
    world.disk.fail_next(Fault::Refused);
    let begun = world.wallet.begin(ISSUER, "n", 2, KeyKind::P256, NOW, &mut Seeded(1));
    assert_eq!(begun.map(|_| ()).unwrap_err().code(), "store_unavailable");
    assert!(world.disk.contents().is_empty());
}

#[test]
fn enrols_in_two_steps_and_refuses_signatures_of_other_keys() {
    let mut world = World::new();
    let begin = |world: &mut World| {
        let (nonce, random) = ("enrolment-nonce-1", &mut world.random);
        world.wallet.begin_unsigned(ISSUER, nonce, 2, KeyKind::Ed25519, NOW, random).unwrap()
    };
    let pending = begin(&mut world);
    let sign = |to_sign: llavero_holder::ToSign<'_>| {
        SoftwareKeys.sign(to_sign.key, to_sign.bytes).unwrap()
    };
    let mut signatures: Vec<_> = pending.to_sign().map(sign).collect();
    let keys = world.agency.keys(pending.finish(&signatures).unwrap().proofs());
    assert_eq!(keys.len(), 2);
    assert_eq!(begin(&mut world).finish(&signatures).unwrap_err().code(), "signature");
    signatures.pop();
    assert_eq!(
        begin(&mut world).finish(&signatures).unwrap_err(),
        WalletError::SignatureCount { expected: 2 }
    );
}

#[test]
fn purges_what_expired_and_what_never_came() {
    let mut world = World::new();
    world.hold(2, age);
    let keys = world.enrol(3);
    let purge = |world: &mut World, at| world.wallet.purge(at, &mut world.random).unwrap();
    assert_eq!(purge(&mut world, NOW), llavero_holder::Purged::default());
    let purged = purge(&mut world, EXPIRES);
    assert_eq!((purged.credentials, purged.pending_keys), (1, 0));
    let purged = purge(&mut world, NOW.plus_secs(30 * SECONDS_PER_DAY + 1));
    assert_eq!((purged.credentials, purged.pending_keys), (0, 3));
    assert!(world.disk.contents().is_empty());
    let copies = world.agency.issue_all(&keys, age);
    assert_eq!(world.receive(&copies).unwrap_err().code(), "key_not_offered");
}
