//! What parsed, verified and held credentials tell of themselves, and what is sent of them.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/support.rs"]
mod support;

use std::collections::BTreeMap;

use llavero_core::issue::{self, IssuerHeader};
use llavero_core::present::Held;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::template::{Array, Object};
use llavero_core::{
    ClaimPath, HashAlgorithm, JwsAlgorithm, KeyBinding, PathSegment, Policy, Random, RandomError,
    SdJwt, Signer as _, UnixTime,
};
use serde_json::{Value, json};
use support::*;

const NAME: &str = r#"["a salt","given_name","Ana"]"#;
const MX: &str = r#"["longer salt","MX"]"#;

/// A credential with a hidden name and a list of which the first element stays hidden.
fn credential() -> String {
    let members = r#""exp":1767225700,"_sd":["<0>"],"list":[{"...":"never sent"},{"...":"<1>"}]"#;
    vc(members, &[NAME, MX])
}

fn name(name: &str) -> PathSegment {
    PathSegment::Name(name.to_owned())
}

fn places() -> Vec<Vec<PathSegment>> {
    vec![vec![name("given_name")], vec![name("list"), PathSegment::Index(1)]]
}

fn paths(texts: &[&str]) -> Vec<ClaimPath> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn a_parsed_token_tells_what_chooses_a_key_and_a_challenge() {
    let text = bound(&credential());
    let parsed = accepted(SdJwt::parse(&text));
    assert_eq!(parsed.untrusted_issuer().as_deref(), Some(ISSUER));
    assert_eq!(parsed.untrusted_type().as_deref(), Some(TYPE));
    assert_eq!(parsed.untrusted_nonce().as_deref(), Some(NONCE));
    assert_eq!(parsed.untrusted_key_id(), None);
    let header = HEADER.replace('}', r#","kid":"one"}"#);
    let text = token_by(&header, "{}", &[], &ISSUER_KEY);
    let parsed = accepted(SdJwt::parse(&text));
    assert_eq!(parsed.untrusted_issuer(), None);
    assert_eq!(parsed.untrusted_type(), None);
    assert_eq!(parsed.untrusted_nonce(), None);
    assert_eq!(parsed.untrusted_key_id().as_deref(), Some("one"));
}

#[test]
fn a_verified_credential_tells_what_was_checked() {
    let verified = accepted(verify_bound(&bound(&credential())));
    assert_eq!(verified.issuer(), Some(ISSUER));
    assert_eq!(verified.credential_type(), Some(TYPE));
    assert_eq!(verified.holder_key(), Some(&HOLDER_KEY.public_key()));
    assert_eq!(verified.expires(), Some(UnixTime::from_secs(1_767_225_700)));
    assert_eq!(verified.bound_at(), Some(NOW));
    assert_eq!(verified.digest_count(), 3);
    assert_eq!(verified.shortest_salt(), Some("a salt".len()));
    assert_eq!(verified.disclosed().map(<[_]>::to_vec).collect::<Vec<_>>(), places());
    assert!(!verified.positions().is_empty());
    assert_eq!(verified.positions().get(&[name("list")]), Some(&[1][..]));
    assert_eq!(verified.claims()["list"], json!(["MX"]));

    let verified = accepted(verify_plain(&token("{}", &[])));
    assert_eq!((verified.issuer(), verified.credential_type()), (None, None));
    assert_eq!((verified.expires(), verified.bound_at()), (None, None));
    assert_eq!((verified.digest_count(), verified.shortest_salt()), (0, None));
    assert_eq!((verified.holder_key(), verified.disclosed().count()), (None, 0));
    assert!(verified.positions().is_empty());
}

#[test]
fn a_held_credential_tells_what_can_be_shown_of_it() {
    let text = credential();
    let held = accepted(Held::reopen(&text));
    assert_eq!(held.disclosable().map(<[_]>::to_vec).collect::<Vec<_>>(), places());
    assert_eq!(held.positions().get(&[name("list")]), Some(&[1][..]));
    assert_eq!(held.holder_key(), Some(HOLDER_KEY.public_key()));
    assert_eq!(held.claims()["given_name"], "Ana");
    let bare = token("{}", &[]);
    assert_eq!(accepted(Held::reopen(&bare)).holder_key(), None);
}

#[test]
fn only_what_was_selected_is_sent() {
    let text = credential();
    let held = accepted(Held::reopen(&text));
    let (jwt, _) = text.split_once('~').unwrap();
    for (chosen, shown) in [
        (vec![], format!("{jwt}~")),
        (vec!["given_name"], format!("{jwt}~{}~", b64(NAME))),
        (vec!["list"], format!("{jwt}~{}~", b64(MX))),
        (vec!["list[*]", "given_name"], text.clone()),
    ] {
        let selection = accepted(held.select(&paths(&chosen)));
        assert_eq!(held.present(&selection).without_key_binding(), shown, "{chosen:?}");
    }
}

#[test]
fn what_stands_inside_a_hidden_claim_is_sent_with_all_around_it() {
    let disclosures =
        [r#"["s0","a",{"b":[{"...":"<1>"}]}]"#, r#"["s1",{"_sd":["<2>"]}]"#, r#"["s2","c",7]"#];
    let text = vc(r#""_sd":["<0>"]"#, &disclosures);
    let held = accepted(Held::reopen(&text));
    for chosen in ["a.b[0].c", "a.b[*].c", "a", "a.b", "a.b[*]"] {
        let selection = accepted(held.select(&paths(&[chosen])));
        let shown = held.present(&selection).without_key_binding();
        assert_eq!(shown, text, "{chosen}");
        let verified = accepted(verify(&shown));
        assert_eq!(verified.claim("a"), Some(&json!({"b": [{"c": 7}]})));
    }
}

#[test]
fn one_key_of_a_presentation_is_the_one_that_must_sign() {
    let text = credential();
    let held = accepted(Held::reopen(&text));
    let unbound = held.present(&accepted(held.select(&[])));
    let unsigned = accepted(unbound.bind(AUDIENCE, NONCE, NOW, None));
    assert!(unsigned.is_for(&HOLDER_KEY.public_key()) && !unsigned.is_for(&OTHER_KEY.public_key()));
    assert_eq!(unsigned.key(), Ok(HOLDER_KEY.public_key()));
}

#[test]
fn a_request_and_an_answer_tell_what_they_were_made_of() {
    let query = llavero_core::dcql::DcqlQuery::for_claims("p", [TYPE], paths(&["a"])).unwrap();
    let made = |name: Option<&str>| {
        let random = &mut Counter(1);
        accepted(PresentationRequest::new(AUDIENCE, name, "Vender", query.clone(), random))
    };
    let read = |request: &PresentationRequest| {
        accepted(PresentationRequest::from_slice(request.to_json().to_string().as_bytes()))
    };
    for client_name in [None, Some("Ventanilla")] {
        let made = made(client_name);
        for request in [&made, &read(&made)] {
            assert_eq!(request.client_id(), AUDIENCE);
            assert_eq!(request.client_name(), client_name);
            assert_eq!(request.purpose(), "Vender");
            assert_eq!(request.nonce(), made.nonce());
            assert_eq!(request.query(), &query);
        }
    }
    let answer = BTreeMap::from([("p".to_owned(), vec!["one".to_owned(), "two".to_owned()])]);
    let json = PresentationAnswer::new(answer.clone()).to_json();
    assert_eq!(json, json!({"vp_token": {"p": ["one", "two"]}}));
    let read = accepted(PresentationAnswer::from_slice(json.to_string().as_bytes()));
    assert_eq!(read.presentations(), &answer);
}

/// The payload of what is issued for these claims, as text.
fn payload_of(claims: &Object) -> String {
    let header =
        IssuerHeader { typ: "example".to_owned(), ..IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256) };
    let unsigned = issue::prepare(claims, &header, HashAlgorithm::Sha256, &mut Counter(1));
    let text = accepted(accepted(unsigned).sign(&*ISSUER_KEY)).into_string();
    let policy = Policy { binding: KeyBinding::Forbid, ..plain_policy() };
    accept(verify_by(&text, &policy));
    String::from_utf8(unb64(text.split('.').nth(1).unwrap())).unwrap()
}

#[test]
fn a_payload_names_a_hash_only_where_something_is_hidden() {
    assert_eq!(payload_of(&Object::new().open("a", 1)), r#"{"a":1}"#);
    let hidden = payload_of(&Object::new().open("a", Array::new().disclosable(1)));
    assert!(hidden.starts_with(r#"{"_sd_alg":"sha-256","a":["#), "{hidden}");
    let decoys = payload_of(&Object::new().min_digests(1));
    assert!(decoys.starts_with(r#"{"_sd_alg":"sha-256","_sd":["#), "{decoys}");
}

#[test]
fn issued_texts_are_escaped_and_no_more_than_json_needs() {
    for text in ["", "plain ñ", "\u{1f}", "\n\t", "\u{7f}", "\"", "\\", "a\"b", "a\u{0}"] {
        let claims = Object::new().open("a", text).open(text.to_owned() + "b", true);
        let expected = json!({"a": text, text.to_owned() + "b": true});
        let payload = payload_of(&claims);
        assert_eq!(serde_json::from_str::<Value>(&payload).unwrap(), expected);
        assert_eq!(
            payload,
            format!("{{\"a\":{},{}:true}}", json!(text), json!(text.to_owned() + "b"))
        );
    }
}

#[test]
fn claims_followed_by_others_are_both_in_order_with_the_larger_count_of_digests() {
    let first = Object::new().open("a", 1).min_digests(2);
    let second = Object::new().open("b", 2).disclosable("c", 3).min_digests(3);
    for both in [first.clone().followed_by(second.clone()), second.followed_by(first)] {
        let payload: Value = serde_json::from_str(&payload_of(&both)).unwrap();
        assert_eq!((&payload["a"], &payload["b"]), (&json!(1), &json!(2)));
        assert_eq!(payload["_sd"].as_array().map(Vec::len), Some(3));
    }
}

struct Broken;

impl Random for Broken {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}

#[test]
fn a_borrowed_generator_is_the_same_generator() {
    fn draw(mut random: impl Random) -> Result<[u8; 16], RandomError> {
        let mut bytes = [0; 16];
        random.fill(&mut bytes).map(|()| bytes)
    }
    let random = &mut Counter(1);
    let drawn = [draw(&mut *random), draw(random)];
    let own = &mut Counter(1);
    let mut bytes = [[0; 16]; 2];
    bytes.iter_mut().for_each(|bytes| own.fill(bytes).unwrap());
    assert_eq!(drawn, bytes.map(Ok));
    assert_eq!(draw(&mut Broken), Err(RandomError));
}

#[cfg(feature = "os-random")]
#[test]
fn the_systems_generator_fills_every_byte_and_never_twice_alike() {
    let mut drawn = [[0; 32]; 2];
    drawn.iter_mut().for_each(|bytes| llavero_core::OsRandom.fill(bytes).unwrap());
    assert_ne!(drawn[0], drawn[1]);
    assert!(drawn.iter().all(|bytes| *bytes != [0; 32]));
}
