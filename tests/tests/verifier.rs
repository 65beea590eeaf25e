//! What a verifier learns from an answer, and every reason for which it refuses one.
//!
//! Credentials are issued and presented by the engine alone, so that the wallet here does whatever a
//! test wants it to do, honest or not.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

#[path = "../../crates/core/tests/support/certificates.rs"]
mod certificates;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use certificates::Certificate;
use llavero_core::certificate::{Anchors, X5cProfile};
use llavero_core::dcql::DcqlQuery;
use llavero_core::issue::{IssuerHeader, prepare};
use llavero_core::present::Held;
use llavero_core::request::{MAX_PRESENTATIONS, PresentationAnswer, PresentationRequest};
use llavero_core::template::{Array, Object};
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{
    ClaimPath, HashAlgorithm, KeyKind, PublicKey, SdJwt, Signer as _, SigningKey, UnixTime,
};
use llavero_tests::seeded::{self, Seeded};
use llavero_tests::token::Token;
use llavero_verifier::{Asker, Challenge, Error, MAX_LIFETIME_SECS, Revocation, Verdict};
use serde_json::{Value, json};

const REGISTRY: &str = "https://registro.example";
const UNIVERSITY: &str = "https://universidad.example";
const PERSON: &str = "urn:example:mx:persona:1";
const DEGREE: &str = "urn:example:mx:titulo:1";
const BAR: &str = "https://bar.example";

/// 2026-11-22T00:00:00Z.
const NOW: UnixTime = UnixTime::from_secs(1_795_305_600);
const ISSUED: i64 = 1_794_700_800;
const EXPIRES: UnixTime = UnixTime::from_secs(1_798_675_200);
const LIFETIME: u32 = 300;

/// Who signs as whom in these tests: each number is a different key.
const REGISTRY_KEY: u64 = 1;
const UNIVERSITY_KEY: u64 = 2;
const HOLDER_KEY: u64 = 3;
const STRANGER_KEY: u64 = 4;
const NEXT_KEY: u64 = 5;

fn key(seed: u64) -> SigningKey {
    // Issuers with Ed25519, holders with P-256, so that neither algorithm is inferred from the other.
    let kind = if seed == HOLDER_KEY { KeyKind::P256 } else { KeyKind::Ed25519 };
    seeded::key(kind, seed).unwrap()
}

fn public(seed: u64) -> PublicKey {
    key(seed).public_key()
}

fn trusted(issuer: &str, types: &[&str], keys: Vec<TrustedKey>) -> TrustedIssuer {
    TrustedIssuer {
        issuer: issuer.to_owned(),
        name: format!("Autoridad de {issuer}"),
        types: types.iter().map(|vct| (*vct).to_owned()).collect(),
        keys: IssuerKeys::Listed(keys),
        requires_type_metadata: false,
    }
}

fn trust_in(keys: Vec<TrustedKey>) -> TrustList {
    let university = trusted(UNIVERSITY, &[DEGREE], vec![TrustedKey::new(public(UNIVERSITY_KEY))]);
    TrustList::new(NOW.plus_secs(-86_400), vec![trusted(REGISTRY, &[PERSON], keys), university])
        .unwrap()
}

fn trust() -> TrustList {
    trust_in(vec![TrustedKey::new(public(REGISTRY_KEY))])
}

/// A synthetic person.
fn person() -> Object {
    Object::new()
        .open("iss", REGISTRY)
        .open("vct", PERSON)
        .open("iat", ISSUED)
        .open("exp", EXPIRES.as_secs())
        .open("cnf", json!({ "jwk": public(HOLDER_KEY).to_jwk() }))
        .open("tramite", "ventanilla")
        .disclosable("nombre", "Ximena Ñuñez")
        .disclosable("age_equal_or_over", Object::new().disclosable("18", true).min_digests(4))
        .disclosable("domicilio", Object::new().disclosable("calle", "Sur 8").open("entidad", "JC"))
        .disclosable(
            "nacionalidades",
            Array::new().disclosable("MX").disclosable("ES").disclosable("CA"),
        )
        .min_digests(12)
}

/// A credential of the university, about the same person and bound to the same key.
fn degree() -> Object {
    Object::new()
        .open("iss", UNIVERSITY)
        .open("vct", DEGREE)
        .open("cnf", json!({ "jwk": public(HOLDER_KEY).to_jwk() }))
        .disclosable("grado", "Maestría")
        .disclosable("cedula", 1_234_567)
}

fn issue(claims: &Object, signer: u64, key_id: Option<&str>) -> String {
    let signer = key(signer);
    let algorithm = signer.public_key().kind().default_algorithm();
    let mut header = IssuerHeader::sd_jwt_vc(algorithm);
    header.key_id = key_id.map(str::to_owned);
    let unsigned = prepare(claims, &header, HashAlgorithm::Sha256, &mut Seeded::new(99)).unwrap();
    unsigned.sign(&signer).unwrap().into_string()
}

fn issue_person() -> String {
    issue(&person(), REGISTRY_KEY, None)
}

fn paths(texts: &[&str]) -> Vec<ClaimPath> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn path(text: &str) -> ClaimPath {
    text.parse().unwrap()
}

/// The presentation of `shown`, bound to this audience and nonce at this time.
fn bind(sd_jwt: &str, shown: &[&str], audience: &str, nonce: &str, at: UnixTime) -> String {
    let held = Held::reopen(sd_jwt).unwrap();
    let selection = held.select(&paths(shown)).unwrap();
    let unsigned = held.present(&selection).bind(audience, nonce, at, None).unwrap();
    unsigned.sign(&key(HOLDER_KEY)).unwrap()
}

/// The presentation of `shown` that answers this challenge.
fn show(sd_jwt: &str, shown: &[&str], challenge: &Challenge) -> String {
    // The wallet has the request as text and nothing else.
    let text = challenge.request().to_json().to_string();
    let request = PresentationRequest::from_slice(text.as_bytes()).unwrap();
    bind(sd_jwt, shown, request.client_id(), request.nonce(), NOW)
}

fn unbound(sd_jwt: &str, shown: &[&str]) -> String {
    let held = Held::reopen(sd_jwt).unwrap();
    let selection = held.select(&paths(shown)).unwrap();
    held.present(&selection).without_key_binding()
}

fn answer(entries: &[(&str, &[String])]) -> Vec<u8> {
    let entries = entries.iter().map(|(id, texts)| ((*id).to_owned(), texts.to_vec()));
    let answer = PresentationAnswer::new(entries.collect::<BTreeMap<_, _>>());
    answer.to_json().to_string().into_bytes()
}

fn ask_with(query: &Value, seed: u64) -> Challenge {
    let query = DcqlQuery::from_value(query).unwrap();
    let bar = Asker { client_id: BAR, client_name: Some("Bar La Esquina") };
    Challenge::new(&bar, "Vender alcohol", query, LIFETIME, NOW, &mut Seeded::new(seed)).unwrap()
}

fn ask(query: &Value) -> Challenge {
    ask_with(query, 7)
}

fn credential(id: &str, vct: &str, members: Value) -> Value {
    let mut query = json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": [vct]}});
    let Value::Object(members) = members else { panic!("members") };
    query.as_object_mut().unwrap().extend(members);
    query
}

/// One credential query, `p`, for a person.
fn query(members: Value) -> Value {
    json!({ "credentials": [credential("p", PERSON, members)] })
}

/// One credential query, `p`, for these claims of a person.
fn claims(paths: Value) -> Value {
    let Value::Array(paths) = paths else { panic!("paths") };
    let paths: Vec<Value> = paths.into_iter().map(|path| json!({ "path": path })).collect();
    query(json!({ "claims": paths }))
}

fn over_18() -> Value {
    claims(json!([["age_equal_or_over", "18"]]))
}

const OVER_18: &[&str] = &["age_equal_or_over.18"];

fn verify(challenge: Challenge, presentation: String) -> Result<Verdict, Error> {
    challenge.verify(&answer(&[("p", &[presentation])]), &trust(), NOW)
}

fn code(verdict: Result<Verdict, Error>) -> &'static str {
    verdict.map_or_else(|error| error.code(), |_| "accepted")
}

/// What becomes of an answer that shows that a person is over 18, under this trust list.
fn under(trust: &TrustList, sd_jwt: &str, now: UnixTime) -> &'static str {
    let query = DcqlQuery::from_value(&over_18()).unwrap();
    let bar = Asker { client_id: BAR, client_name: None };
    let challenge =
        Challenge::new(&bar, "Entrar", query, LIFETIME, now, &mut Seeded::new(8)).unwrap();
    let shown = bind(sd_jwt, OVER_18, BAR, challenge.request().nonce(), now);
    code(challenge.verify(&answer(&[("p", &[shown])]), trust, now))
}

/// The values in the verdict at this path.
fn values(verdict: &Verdict, at: &str) -> Option<Value> {
    verdict
        .credential("p")
        .unwrap()
        .values(&path(at))
        .map(|values| values.iter().cloned().collect())
}

#[test]
fn a_verdict_has_what_was_asked_for_and_nothing_else() {
    let challenge = ask(&claims(json!([["age_equal_or_over", "18"], ["domicilio", "entidad"]])));
    let shown = show(&issue_person(), &["age_equal_or_over.18", "domicilio.entidad"], &challenge);
    let verdict = verify(challenge, shown).unwrap();

    assert_eq!(values(&verdict, "age_equal_or_over.18"), Some(json!([true])));
    assert_eq!(values(&verdict, "domicilio.entidad"), Some(json!(["JC"])));
    // Shown because nobody can hide it, and not asked for.
    for unasked in ["tramite", "cnf", "nombre", "domicilio", "age_equal_or_over"] {
        assert_eq!(values(&verdict, unasked), None, "{unasked}");
    }
    let [only] = verdict.credentials() else { panic!("one credential") };
    assert_eq!((only.query(), only.claims().len()), ("p", 2));
    assert_eq!((only.issuer(), only.credential_type()), (REGISTRY, PERSON));
    assert_eq!(only.issuer_name(), "Autoridad de https://registro.example");
    assert_eq!((only.expires(), only.bound_at()), (Some(EXPIRES), Some(NOW)));
    assert_eq!(only.revocation(), Revocation::NotProvided);
    assert_eq!(verdict.checked_at(), NOW);
    assert_eq!(verdict.trust_issued_at(), NOW.plus_secs(-86_400));
    let [age, state] = only.claims() else { panic!("two claims") };
    assert_eq!((age.path(), age.values()), (&path("age_equal_or_over.18"), &[json!(true)][..]));
    assert_eq!((state.path(), state.values()), (&path("domicilio.entidad"), &[json!("JC")][..]));
    let printed = format!("{verdict:?} {only:?} {:?}", only.claims());
    assert!(!printed.contains("JC") && !printed.contains("ventanilla"), "{printed}");
    assert!(format!("{verdict:?}").starts_with("Verdict {"));
    assert!(format!("{only:?}").starts_with("VerifiedCredential {"));
    assert!(format!("{age:?}").starts_with("AskedClaim {"));
}

#[test]
fn a_query_without_claims_learns_only_that_there_is_a_credential() {
    let challenge = ask(&query(json!({})));
    let shown = show(&issue_person(), &[], &challenge);
    let verdict = verify(challenge, shown).unwrap();
    assert!(verdict.credential("p").unwrap().claims().is_empty());
    assert!(verdict.credential("q").is_none());
}

#[test]
fn an_index_means_the_element_as_issued_though_others_are_hidden() {
    let challenge = ask(&claims(json!([["nacionalidades", 1]])));
    let shown = show(&issue_person(), &["nacionalidades[1]"], &challenge);
    let verdict = verify(challenge, shown).unwrap();
    assert_eq!(values(&verdict, "nacionalidades[1]"), Some(json!(["ES"])));

    let challenge = ask(&claims(json!([["nacionalidades", 0]])));
    let shown = show(&issue_person(), &["nacionalidades[1]"], &challenge);
    assert_eq!(code(verify(challenge, shown)), "mismatch_claim_absent");
}

#[test]
fn a_wildcard_takes_every_element_that_came() {
    let challenge = ask(&claims(json!([["nacionalidades", null]])));
    let shown = show(&issue_person(), &["nacionalidades[*]"], &challenge);
    let verdict = verify(challenge, shown).unwrap();
    assert_eq!(values(&verdict, "nacionalidades[*]"), Some(json!(["MX", "ES", "CA"])));
}

#[test]
fn a_claim_with_another_value_is_no_answer() {
    let asked = |wanted: Value| {
        let challenge =
            ask(&query(json!({"claims": [{"path": ["domicilio", "entidad"], "values": wanted}]})));
        let shown = show(&issue_person(), &["domicilio.entidad"], &challenge);
        code(verify(challenge, shown))
    };
    assert_eq!(asked(json!(["NL", "JC"])), "accepted");
    assert_eq!(asked(json!(["NL"])), "mismatch_claim_absent");
    assert_eq!(asked(json!(["jc"])), "mismatch_claim_absent");
}

#[test]
fn a_value_may_be_asked_for_among_the_elements_of_an_array() {
    let wanted = json!({"claims": [{"path": ["nacionalidades", null], "values": ["MX"]}]});
    let challenge = ask(&query(wanted.clone()));
    let shown = show(&issue_person(), &["nacionalidades[0]"], &challenge);
    let verdict = verify(challenge, shown).unwrap();
    assert_eq!(values(&verdict, "nacionalidades[*]"), Some(json!(["MX"])));

    let challenge = ask(&query(wanted));
    let shown = show(&issue_person(), &["nacionalidades[1]"], &challenge);
    assert_eq!(code(verify(challenge, shown)), "mismatch_claim_absent");
}

#[test]
fn any_claim_set_of_the_query_will_do_but_only_one() {
    let either = query(json!({
        "claims": [
            {"id": "age", "path": ["age_equal_or_over", "18"]},
            {"id": "birth", "path": ["nacimiento"]},
            {"id": "name", "path": ["nombre"]},
        ],
        "claim_sets": [["birth"], ["age"], ["name"]],
    }));
    let challenge = ask(&either);
    let shown = show(&issue_person(), OVER_18, &challenge);
    let verdict = verify(challenge, shown).unwrap();
    assert_eq!(verdict.credential("p").unwrap().claims().len(), 1);
    assert_eq!(values(&verdict, "age_equal_or_over.18"), Some(json!([true])));
    assert_eq!(values(&verdict, "nombre"), None);

    let challenge = ask(&either);
    let shown = show(&issue_person(), &["age_equal_or_over.18", "nombre"], &challenge);
    assert_eq!(code(verify(challenge, shown)), "answer_over_disclosed");

    let challenge = ask(&either);
    let shown = show(&issue_person(), &[], &challenge);
    assert_eq!(code(verify(challenge, shown)), "mismatch_claim_sets");
}

#[test]
fn an_answer_to_an_earlier_challenge_is_refused() {
    let (first, second) = (ask_with(&over_18(), 1), ask_with(&over_18(), 2));
    let shown = show(&issue_person(), OVER_18, &first);
    assert_eq!(code(verify(second, shown.clone())), "nonce_mismatch");
    assert_eq!(code(verify(first, shown)), "accepted");
}

#[test]
fn an_answer_made_for_another_verifier_is_refused() {
    for other in ["https://otro.example", "https://bar.example/", "https://BAR.example"] {
        let challenge = ask(&over_18());
        let shown = bind(&issue_person(), OVER_18, other, challenge.request().nonce(), NOW);
        assert_eq!(code(verify(challenge, shown)), "audience_mismatch", "{other}");
    }
}

#[test]
fn a_copy_is_refused_from_its_expiry_on() {
    assert_eq!(under(&trust(), &issue_person(), EXPIRES.plus_secs(-1)), "accepted");
    assert_eq!(under(&trust(), &issue_person(), EXPIRES), "expired");
    assert_eq!(under(&trust(), &issue_person(), EXPIRES.plus_secs(86_400)), "expired");
}

#[test]
fn a_presentation_without_its_key_binding_is_refused() {
    let challenge = ask(&over_18());
    let bound = show(&issue_person(), OVER_18, &challenge);
    let (presented, _) = bound.rsplit_once('~').unwrap();
    let stripped = format!("{presented}~");
    assert_eq!(code(verify(challenge, stripped)), "key_binding_missing");
}

#[test]
fn key_binding_that_was_not_required_is_checked_if_it_comes() {
    let mut loose = over_18();
    loose["credentials"][0]["require_cryptographic_holder_binding"] = json!(false);
    let sd_jwt = issue_person();

    let verdict = verify(ask(&loose), unbound(&sd_jwt, OVER_18)).unwrap();
    assert_eq!(verdict.credential("p").unwrap().bound_at(), None);

    let challenge = ask(&loose);
    let bound = show(&sd_jwt, OVER_18, &challenge);
    let verdict = verify(challenge, bound).unwrap();
    assert_eq!(verdict.credential("p").unwrap().bound_at(), Some(NOW));

    let elsewhere = show(&sd_jwt, OVER_18, &ask_with(&loose, 1));
    assert_eq!(code(verify(ask(&loose), elsewhere)), "nonce_mismatch");

    let nonceless = signed_binding(&sd_jwt, OVER_18, HOLDER_KEY, &json!({"iat": NOW.as_secs()}));
    assert_eq!(code(verify(ask(&loose), nonceless)), "key_binding_unexpected");
}

#[test]
fn an_answer_signed_by_another_holder_is_refused() {
    let challenge = ask(&over_18());
    let sd_jwt = issue_person();
    let mut claims = json!({
        "iat": NOW.as_secs(), "aud": BAR, "nonce": challenge.request().nonce(),
    });
    claims["sd_hash"] = sha256(&unbound(&sd_jwt, OVER_18)).into();
    let stolen = signed_binding(&sd_jwt, OVER_18, STRANGER_KEY, &claims);
    let honest = signed_binding(&sd_jwt, OVER_18, HOLDER_KEY, &claims);
    // The stranger's signature is of another kind than the holder's key.
    assert_eq!(code(verify(ask(&over_18()), stolen)), "algorithm_not_allowed");
    let (head, signature) = honest.rsplit_once('.').unwrap();
    let other = seeded::key(KeyKind::P256, STRANGER_KEY).unwrap();
    let input = head.rsplit_once('~').unwrap().1;
    let forged = BASE64URL.encode(other.sign(input.as_bytes()).unwrap().as_bytes());
    assert_ne!(forged, signature);
    assert_eq!(code(verify(ask(&over_18()), format!("{head}.{forged}"))), "signature");
    assert_eq!(code(verify(challenge, honest)), "accepted");
}

#[test]
fn an_answer_signed_too_early_or_in_the_future_is_refused() {
    let at = |offset: i64| {
        let challenge = ask(&over_18());
        let nonce = challenge.request().nonce();
        let shown = bind(&issue_person(), OVER_18, BAR, nonce, NOW.plus_secs(offset));
        code(verify(challenge, shown))
    };
    assert_eq!(at(-i64::from(LIFETIME) - 60), "accepted");
    assert_eq!(at(-i64::from(LIFETIME) - 61), "key_binding_expired");
    assert_eq!(at(60), "accepted");
    assert_eq!(at(61), "key_binding_in_future");
}

#[test]
fn disclosures_of_another_credential_are_refused() {
    let other = issue(&person().disclosable("extra", 1), REGISTRY_KEY, None);
    let challenge = ask(&over_18());
    let mine = show(&issue_person(), OVER_18, &challenge);
    let theirs = unbound(&other, &["extra"]);
    let foreign = theirs.split('~').nth(1).unwrap();
    let (jwt, rest) = mine.split_once('~').unwrap();
    let mixed = format!("{jwt}~{foreign}~{rest}");
    assert_eq!(code(verify(challenge, mixed)), "disclosure_unreferenced");
}

#[test]
fn a_disclosure_taken_away_breaks_the_binding() {
    let challenge = ask(&claims(json!([["nombre"]])));
    let shown = show(&issue_person(), &["nombre", "nacionalidades[0]"], &challenge);
    let mut parts: Vec<&str> = shown.split('~').collect();
    parts.remove(2);
    assert_eq!(code(verify(challenge, parts.join("~"))), "sd_hash_mismatch");
}

#[test]
fn an_issuer_that_is_not_on_the_list_is_refused() {
    let unknown = Object::new()
        .open("iss", "https://registro.example.evil.example")
        .open("vct", PERSON)
        .open("cnf", json!({ "jwk": public(HOLDER_KEY).to_jwk() }))
        .disclosable("age_equal_or_over", Object::new().disclosable("18", true));
    assert_eq!(under(&trust(), &issue(&unknown, STRANGER_KEY, None), NOW), "untrusted");
    assert_eq!(under(&trust(), &issue(&unknown, REGISTRY_KEY, None), NOW), "untrusted");
    let nameless = Object::new()
        .open("vct", PERSON)
        .open("cnf", json!({ "jwk": public(HOLDER_KEY).to_jwk() }))
        .disclosable("age_equal_or_over", Object::new().disclosable("18", true));
    assert_eq!(under(&trust(), &issue(&nameless, REGISTRY_KEY, None), NOW), "untrusted");
}

#[test]
fn a_forger_who_writes_a_trusted_name_is_refused() {
    let thumbprint = public(REGISTRY_KEY).thumbprint();
    let own = public(STRANGER_KEY).thumbprint();
    let forged = |key_id| issue(&person(), STRANGER_KEY, key_id);
    assert_eq!(under(&trust(), &forged(None), NOW), "signature");
    assert_eq!(under(&trust(), &forged(Some(&thumbprint)), NOW), "signature");
    assert_eq!(under(&trust(), &forged(Some(&own)), NOW), "untrusted");
    // Somebody else's key on the same list is no better.
    let other = issue(&person(), UNIVERSITY_KEY, None);
    assert_eq!(under(&trust(), &other, NOW), "signature");
    let other = issue(&person(), UNIVERSITY_KEY, Some(&public(UNIVERSITY_KEY).thumbprint()));
    assert_eq!(under(&trust(), &other, NOW), "untrusted");
}

#[test]
fn an_issuer_may_issue_its_own_types_only() {
    let overreach = Object::new()
        .open("iss", UNIVERSITY)
        .open("vct", PERSON)
        .open("cnf", json!({ "jwk": public(HOLDER_KEY).to_jwk() }))
        .disclosable("age_equal_or_over", Object::new().disclosable("18", true));
    assert_eq!(under(&trust(), &issue(&overreach, UNIVERSITY_KEY, None), NOW), "untrusted");
    // A second name confers no authority.
    let alias = Object::new()
        .open("iss", UNIVERSITY)
        .open("vct", "urn:example:mx:otro:1")
        .open("aka_vcts", json!([DEGREE]))
        .open("cnf", json!({ "jwk": public(HOLDER_KEY).to_jwk() }))
        .disclosable("age_equal_or_over", Object::new().disclosable("18", true));
    assert_eq!(under(&trust(), &issue(&alias, UNIVERSITY_KEY, None), NOW), "untrusted");
}

#[test]
fn a_credential_of_a_type_that_was_not_asked_for_is_refused() {
    let challenge = ask(&over_18());
    let shown = show(&issue(&degree(), UNIVERSITY_KEY, None), &["grado"], &challenge);
    assert_eq!(code(verify(challenge, shown)), "mismatch_type");
}

#[test]
fn a_credential_below_no_authority_that_was_asked_for_is_refused() {
    for key_id in ["xyzzy", ""] {
        let authorities = json!([{"type": "aki", "values": [key_id]}]);
        let challenge = ask(&query(json!({ "trusted_authorities": authorities })));
        let shown = show(&issue_person(), &[], &challenge);
        assert_eq!(code(verify(challenge, shown)), "mismatch_authority");
    }
}

#[test]
fn another_name_of_a_type_answers_a_query_for_that_name_if_its_issuer_may_issue_it() {
    const ALSO: &str = "urn:example:persona";
    let sd_jwt = issue(&person().open("aka_vcts", json!([ALSO])), REGISTRY_KEY, None);
    let asked_of = |types: &[&str]| {
        let registry = trusted(REGISTRY, types, vec![TrustedKey::new(public(REGISTRY_KEY))]);
        let trust = TrustList::new(NOW, vec![registry]).unwrap();
        let challenge = ask(&json!({"credentials": [credential("p", ALSO, json!({}))]}));
        let shown = show(&sd_jwt, &[], &challenge);
        challenge.verify(&answer(&[("p", &[shown])]), &trust, NOW)
    };
    let verdict = asked_of(&[PERSON, ALSO]).unwrap();
    assert_eq!(verdict.credential("p").unwrap().credential_type(), PERSON);
    // Else a library could answer in the place of the registry.
    assert_eq!(asked_of(&[PERSON]).unwrap_err().code(), "mismatch_type");
}

#[test]
fn more_than_was_asked_for_is_refused() {
    let beyond = ["nombre", "domicilio.calle", "nacionalidades[2]"];
    for more in beyond {
        let challenge = ask(&over_18());
        let shown = show(&issue_person(), &["age_equal_or_over.18", more], &challenge);
        assert_eq!(code(verify(challenge, shown)), "answer_over_disclosed", "{more}");
    }
    // What lies inside a claim that was asked for was asked for, too.
    let challenge = ask(&claims(json!([["domicilio"]])));
    let shown = show(&issue_person(), &["domicilio"], &challenge);
    let verdict = verify(challenge, shown).unwrap();
    let home = json!([{"calle": "Sur 8", "entidad": "JC"}]);
    assert_eq!(values(&verdict, "domicilio"), Some(home));
}

#[test]
fn less_than_was_asked_for_is_refused() {
    let challenge = ask(&claims(json!([["age_equal_or_over", "18"], ["nombre"]])));
    let shown = show(&issue_person(), OVER_18, &challenge);
    assert_eq!(code(verify(challenge, shown)), "mismatch_claim_absent");
    assert_eq!(
        code(ask(&over_18()).verify(&answer(&[]), &trust(), NOW)),
        "answer_credential_missing"
    );
}

#[test]
fn an_answer_to_a_query_that_was_not_asked_is_refused() {
    let challenge = ask(&over_18());
    let shown = show(&issue_person(), OVER_18, &challenge);
    let stray = answer(&[("p", std::slice::from_ref(&shown)), ("q", std::slice::from_ref(&shown))]);
    assert_eq!(code(challenge.verify(&stray, &trust(), NOW)), "unknown_query");
}

#[test]
fn a_second_presentation_needs_leave() {
    let mut several = over_18();
    several["credentials"][0]["multiple"] = json!(true);
    for (query, expected) in
        [(over_18(), "answer_too_many_presentations"), (several.clone(), "accepted")]
    {
        let challenge = ask(&query);
        let one = show(&issue_person(), OVER_18, &challenge);
        let two = answer(&[("p", &[one.clone(), one])]);
        assert_eq!(code(challenge.verify(&two, &trust(), NOW)), expected);
    }
    // Each of them is checked.
    let challenge = ask(&several);
    let good = show(&issue_person(), OVER_18, &challenge);
    let bad = bind(&issue_person(), OVER_18, BAR, "another-nonce-of-somebody", NOW);
    let error = challenge.verify(&answer(&[("p", &[good, bad])]), &trust(), NOW).unwrap_err();
    let Error::Presentation { query, index: 1, .. } = &error else { panic!("{error}") };
    assert_eq!((query.as_str(), error.code()), ("p", "nonce_mismatch"));
}

#[test]
fn two_credentials_answer_two_queries() {
    let both = json!({"credentials": [
        credential("p", PERSON, json!({"claims": [{"path": ["nombre"]}]})),
        credential("d", DEGREE, json!({"claims": [{"path": ["grado"]}]})),
    ]});
    let challenge = ask(&both);
    let person = show(&issue_person(), &["nombre"], &challenge);
    let degree = show(&issue(&degree(), UNIVERSITY_KEY, None), &["grado"], &challenge);
    let texts = [("p", &[person.clone()][..]), ("d", &[degree][..])];
    let verdict = challenge.verify(&answer(&texts), &trust(), NOW).unwrap();
    let queries: Vec<_> = verdict.credentials().iter().map(|one| one.query()).collect();
    assert_eq!(queries, ["p", "d"]);
    let grade = verdict.credential("d").unwrap().values(&path("grado"));
    assert_eq!(grade, Some(&[json!("Maestría")][..]));

    let alone = answer(&[("p", &[person])]);
    assert_eq!(code(ask(&both).verify(&alone, &trust(), NOW)), "answer_credential_missing");
}

#[test]
fn every_presentation_of_an_answer_has_its_nonce_and_audience_checked() {
    let both = json!({"credentials": [
        credential("p", PERSON, json!({"claims": [{"path": ["nombre"]}]})),
        credential("d", DEGREE, json!({"claims": [{"path": ["grado"]}]})),
    ]});
    let degree = issue(&degree(), UNIVERSITY_KEY, None);
    for (audience, nonce, expected) in [
        (BAR, None, "accepted"),
        (BAR, Some("n-of-another-transaction"), "nonce_mismatch"),
        ("https://otro.example", None, "audience_mismatch"),
    ] {
        for odd in ["p", "d"] {
            let challenge = ask(&both);
            let own = challenge.request().nonce().to_owned();
            let shown = |id: &str, text: &str, path: &str| {
                let (audience, nonce) =
                    if id == odd { (audience, nonce.unwrap_or(&own)) } else { (BAR, &*own) };
                bind(text, &[path], audience, nonce, NOW)
            };
            let person = shown("p", &issue_person(), "nombre");
            let texts = [("p", &[person][..]), ("d", &[shown("d", &degree, "grado")][..])];
            assert_eq!(code(challenge.verify(&answer(&texts), &trust(), NOW)), expected, "{odd}");
        }
    }
}

#[test]
fn an_sd_jwt_answers_no_query_for_another_format() {
    let mut asked = query(json!({"claims": [{"path": ["org.iso.18013.5.1", "given_name"]}]}));
    asked["credentials"][0]["format"] = "mso_mdoc".into();
    asked["credentials"][0]["meta"] = json!({ "doctype_value": PERSON });
    let challenge = ask(&asked);
    let shown = show(&issue_person(), &[], &challenge);
    assert_eq!(code(verify(challenge, shown)), "mismatch_format");
}

#[test]
fn a_credential_beyond_every_combination_is_refused() {
    let either = json!({
        "credentials": [
            credential("p", PERSON, json!({"claims": [{"path": ["nombre"]}]})),
            credential("d", DEGREE, json!({"claims": [{"path": ["grado"]}]})),
        ],
        "credential_sets": [{"options": [["p"]]}],
    });
    let challenge = ask(&either);
    let person = show(&issue_person(), &["nombre"], &challenge);
    let degree = show(&issue(&degree(), UNIVERSITY_KEY, None), &["grado"], &challenge);
    let both = answer(&[("p", &[person]), ("d", std::slice::from_ref(&degree))]);
    assert_eq!(code(challenge.verify(&both, &trust(), NOW)), "answer_unrequested");
    let other = answer(&[("d", &[degree])]);
    assert_eq!(code(ask(&either).verify(&other, &trust(), NOW)), "answer_credential_set_missing");
}

#[test]
fn a_challenge_is_open_for_its_lifetime() {
    let at = |offset: i64| {
        let challenge = ask(&over_18());
        let now = NOW.plus_secs(offset);
        let shown = bind(&issue_person(), OVER_18, BAR, challenge.request().nonce(), now);
        code(challenge.verify(&answer(&[("p", &[shown])]), &trust(), now))
    };
    assert_eq!(at(i64::from(LIFETIME)), "accepted");
    assert_eq!(at(i64::from(LIFETIME) + 1), "challenge_closed");
    assert_eq!(at(-60), "accepted");
    assert_eq!(at(-61), "challenge_closed");
}

#[test]
fn a_challenge_lives_for_a_second_to_a_day() {
    let lasting = |lifetime| {
        let query = DcqlQuery::from_value(&over_18()).unwrap();
        let bar = Asker { client_id: BAR, client_name: None };
        let challenge = Challenge::new(&bar, "Entrar", query, lifetime, NOW, &mut Seeded::new(7));
        challenge.map_or_else(|error| error.code(), |_| "posed")
    };
    assert_eq!(lasting(1), "posed");
    assert_eq!(lasting(MAX_LIFETIME_SECS), "posed");
    assert_eq!(lasting(0), "challenge_lifetime");
    assert_eq!(lasting(MAX_LIFETIME_SECS + 1), "challenge_lifetime");
}

#[test]
fn each_challenge_has_a_nonce_of_its_own() {
    let mut random = Seeded::new(7);
    let mut nonce = || {
        let query = DcqlQuery::from_value(&over_18()).unwrap();
        let bar = Asker { client_id: BAR, client_name: None };
        let challenge = Challenge::new(&bar, "Entrar", query, LIFETIME, NOW, &mut random).unwrap();
        challenge.request().nonce().to_owned()
    };
    let (first, second) = (nonce(), nonce());
    assert_ne!(first, second);
    assert_eq!(BASE64URL.decode(first).unwrap().len(), 32);
}

#[test]
fn a_challenge_can_be_kept_and_found_again_by_the_nonce_of_the_answer() {
    let mut kept: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut shown = Vec::new();
    for seed in 1..=3 {
        let challenge = ask_with(&over_18(), seed);
        shown.push(show(&issue_person(), OVER_18, &challenge));
        let nonce = challenge.request().nonce().to_owned();
        kept.insert(nonce, challenge.to_json().to_string().into_bytes());
    }
    for presentation in shown {
        let nonce = SdJwt::parse(&presentation).unwrap().untrusted_nonce().unwrap();
        let challenge = Challenge::from_slice(&kept.remove(&nonce).unwrap()).unwrap();
        assert_eq!(code(verify(challenge, presentation.clone())), "accepted");
        // Deleted on use: the same answer finds no challenge a second time.
        assert!(!kept.contains_key(&nonce));
        let (_, other) = kept.iter().next().map_or((&nonce, None), |(n, text)| (n, Some(text)));
        if let Some(other) = other {
            let other = Challenge::from_slice(other).unwrap();
            assert_eq!(code(verify(other, presentation)), "nonce_mismatch");
        }
    }
    assert!(kept.is_empty());
}

#[test]
fn a_kept_challenge_is_the_same_challenge() {
    let text = ask(&over_18()).to_json().to_string();
    let again = Challenge::from_slice(text.as_bytes()).unwrap();
    assert_eq!(again.to_json().to_string(), text);
    let late = NOW.plus_secs(i64::from(LIFETIME) + 1);
    assert_eq!(code(again.verify(&answer(&[]), &trust(), late)), "challenge_closed");
}

#[test]
fn a_kept_challenge_that_was_damaged_is_refused() {
    let damaged = |change: &dyn Fn(&mut Value)| {
        let mut kept = ask(&over_18()).to_json();
        change(&mut kept);
        Challenge::from_slice(kept.to_string().as_bytes())
            .map_or_else(|error| error.code(), |_| "read")
    };
    assert_eq!(damaged(&|_| {}), "read");
    for member in ["request", "issued_at", "lifetime_secs"] {
        let removed = damaged(&|kept| {
            kept.as_object_mut().unwrap().remove(member);
        });
        assert_eq!(removed, "member_malformed", "{member}");
        assert_eq!(damaged(&|kept| kept[member] = json!("x")), "member_malformed", "{member}");
    }
    assert_eq!(damaged(&|kept| kept["lifetime_secs"] = json!(0)), "challenge_lifetime");
    assert_eq!(damaged(&|kept| kept["lifetime_secs"] = json!(86_401)), "challenge_lifetime");
    assert_eq!(damaged(&|kept| kept["lifetime_secs"] = json!(u64::MAX)), "member_malformed");
    assert_eq!(damaged(&|kept| kept["request"]["nonce"] = json!("short")), "member_malformed");
    assert_eq!(Challenge::from_slice(b"{").unwrap_err().code(), "json_syntax");
}

#[test]
fn an_answer_that_cannot_be_read_is_refused() {
    let read = |text: &str| code(ask(&over_18()).verify(text.as_bytes(), &trust(), NOW));
    assert_eq!(read(""), "json_syntax");
    assert_eq!(read("[]"), "member_malformed");
    assert_eq!(read("{}"), "member_malformed");
    assert_eq!(read(r#"{"vp_token": []}"#), "member_malformed");
    assert_eq!(read(r#"{"vp_token": {"p": "text"}}"#), "member_malformed");
    assert_eq!(read(r#"{"vp_token": {"p": []}}"#), "member_malformed");
    assert_eq!(read(r#"{"vp_token": {"p": [1]}}"#), "member_malformed");
    assert_eq!(read(r#"{"vp_token": {"p": ["a"], "p": ["b"]}}"#), "json_duplicate_name");
    assert_eq!(read(r#"{"vp_token": {"p": ["not a token"]}}"#), "shape");
    let at = vec!["x"; MAX_PRESENTATIONS];
    assert_eq!(read(&json!({"vp_token": {"p": at}}).to_string()), "shape");
    let past = vec!["x"; MAX_PRESENTATIONS + 1];
    assert_eq!(read(&json!({"vp_token": {"p": past}}).to_string()), "limit_exceeded");
}

#[test]
fn a_key_is_believed_from_not_before_until_not_after() {
    let (from, until) = (NOW.plus_secs(-100), NOW.plus_secs(100));
    let limited = TrustedKey {
        not_before: Some(from),
        not_after: Some(until),
        ..TrustedKey::new(public(REGISTRY_KEY))
    };
    let trust = trust_in(vec![limited]);
    // The list says the same after a journey as JSON.
    let text = trust.to_json().to_string();
    for trust in [trust, TrustList::from_slice(text.as_bytes()).unwrap()] {
        for (now, expected) in [
            (from.plus_secs(-1), "untrusted"),
            (from, "accepted"),
            (until.plus_secs(-1), "accepted"),
            (until, "untrusted"),
        ] {
            assert_eq!(under(&trust, &issue_person(), now), expected, "{now}");
        }
    }
}

#[test]
fn of_two_keys_without_kid_the_one_that_signed_is_found() {
    let keys = [REGISTRY_KEY, NEXT_KEY].map(|seed| TrustedKey::new(public(seed)));
    let trust = trust_in(keys.to_vec());
    for signer in [REGISTRY_KEY, NEXT_KEY] {
        assert_eq!(under(&trust, &issue(&person(), signer, None), NOW), "accepted", "{signer}");
        let thumbprint = public(signer).thumbprint();
        let named = issue(&person(), signer, Some(&thumbprint));
        assert_eq!(under(&trust, &named, NOW), "accepted", "{signer}");
    }
    assert_eq!(under(&trust, &issue(&person(), STRANGER_KEY, None), NOW), "signature");
    let crossed = issue(&person(), NEXT_KEY, Some(&public(REGISTRY_KEY).thumbprint()));
    assert_eq!(under(&trust, &crossed, NOW), "signature");
}

#[test]
fn of_two_keys_the_one_that_retired_is_believed_no_more() {
    let retired = TrustedKey { not_after: Some(NOW), ..TrustedKey::new(public(REGISTRY_KEY)) };
    let trust = trust_in(vec![retired, TrustedKey::new(public(NEXT_KEY))]);
    assert_eq!(under(&trust, &issue(&person(), NEXT_KEY, None), NOW), "accepted");
    assert_eq!(under(&trust, &issue_person(), NOW), "signature");
    let named = issue(&person(), REGISTRY_KEY, Some(&public(REGISTRY_KEY).thumbprint()));
    assert_eq!(under(&trust, &named, NOW), "untrusted");
}

#[test]
fn a_key_with_a_name_of_its_own_goes_by_that_name() {
    let named = |seed, name: &str| TrustedKey {
        key_id: Some(name.to_owned()),
        ..TrustedKey::new(public(seed))
    };
    let trust = trust_in(vec![named(REGISTRY_KEY, "2025"), named(NEXT_KEY, "2026")]);
    let signed = |seed, name: &str| under(&trust, &issue(&person(), seed, Some(name)), NOW);
    assert_eq!(signed(REGISTRY_KEY, "2025"), "accepted");
    assert_eq!(signed(NEXT_KEY, "2026"), "accepted");
    assert_eq!(signed(NEXT_KEY, "2025"), "signature");
    assert_eq!(signed(NEXT_KEY, "2027"), "untrusted");
    assert_eq!(signed(NEXT_KEY, &public(NEXT_KEY).thumbprint()), "untrusted");
}

const AUTHORITY: &str = "Autoridad de prueba";

/// The registry, known by certificates under an authority whose key is [`NEXT_KEY`].
fn certified() -> TrustList {
    let root = Certificate::authority(AUTHORITY, AUTHORITY, &key(NEXT_KEY));
    let anchors = Anchors::new(&[root.signed_by(&key(NEXT_KEY))], None, X5cProfile::Haip).unwrap();
    let entry = TrustedIssuer {
        keys: IssuerKeys::Certified(anchors),
        ..trusted(REGISTRY, &[PERSON], vec![])
    };
    TrustList::new(NOW, vec![entry]).unwrap()
}

/// A person's credential with the registry's certificate, with and without `iss`.
fn issue_with_certificate(iss: bool) -> String {
    let names = [certificates::dns("registro.example")];
    let leaf = Certificate::leaf(AUTHORITY, &key(REGISTRY_KEY), &names).signed_by(&key(NEXT_KEY));
    let mut token = Token::parse(&issue_person());
    token.header["x5c"] = json!([certificates::base64(&leaf)]);
    if !iss {
        token.payload.as_object_mut().unwrap().remove("iss");
    }
    token.sign(&key(REGISTRY_KEY))
}

#[test]
fn a_verdict_names_the_issuer_that_its_certificates_prove() {
    for iss in [true, false] {
        let challenge = ask(&over_18());
        let shown = show(&issue_with_certificate(iss), OVER_18, &challenge);
        let verdict = challenge.verify(&answer(&[("p", &[shown])]), &certified(), NOW).unwrap();
        let [only] = verdict.credentials() else { panic!("one credential") };
        assert_eq!(only.issuer(), REGISTRY, "{iss}");
        assert_eq!(only.issuer_name(), "Autoridad de https://registro.example", "{iss}");
    }
    assert_eq!(under(&certified(), &issue_person(), NOW), "certificate");
    assert_eq!(under(&trust(), &issue_with_certificate(false), NOW), "untrusted");
}

#[test]
fn an_answer_must_come_from_under_an_authority_that_was_asked_for() {
    let under_authority = |name: &str, trust: &TrustList| {
        let authority = json!({ "type": "aki", "values": [BASE64URL.encode(name)] });
        let members = json!({
            "claims": [{ "path": ["age_equal_or_over", "18"] }],
            "trusted_authorities": [authority],
        });
        let challenge = ask(&query(members));
        let shown = show(&issue_with_certificate(true), OVER_18, &challenge);
        code(challenge.verify(&answer(&[("p", &[shown])]), trust, NOW))
    };
    assert_eq!(under_authority(AUTHORITY, &certified()), "accepted");
    assert_eq!(under_authority("Otra autoridad", &certified()), "mismatch_authority");
    // Certificates that were not validated prove no authority.
    assert_eq!(under_authority(AUTHORITY, &trust()), "mismatch_authority");
}

#[test]
fn a_credential_with_a_status_says_that_it_was_not_looked_up() {
    let status = json!({"status_list": {"idx": 7, "uri": "https://registro.example/s/1"}});
    let sd_jwt = issue(&person().open("status", status), REGISTRY_KEY, None);
    let challenge = ask(&over_18());
    let shown = show(&sd_jwt, OVER_18, &challenge);
    let verdict = verify(challenge, shown).unwrap();
    assert_eq!(verdict.credential("p").unwrap().revocation(), Revocation::NotChecked);
}

#[test]
fn a_refusal_repeats_no_claim() {
    let challenge = ask(&claims(json!([["domicilio", "entidad"]])));
    let shown = show(&issue_person(), &["domicilio.entidad", "nombre"], &challenge);
    let error = verify(challenge, shown).unwrap_err();
    let printed = format!("{error} {error:?}");
    for secret in ["Ximena", "JC", "ventanilla"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

/// A presentation whose KB-JWT has exactly these claims, signed by that key.
fn signed_binding(sd_jwt: &str, shown: &[&str], signer: u64, claims: &Value) -> String {
    let signer = key(signer);
    let algorithm = signer.public_key().kind().default_algorithm().name();
    let header = json!({"alg": algorithm, "typ": "kb+jwt"}).to_string();
    let input = format!("{}.{}", BASE64URL.encode(header), BASE64URL.encode(claims.to_string()));
    let signature = BASE64URL.encode(signer.sign(input.as_bytes()).unwrap().as_bytes());
    format!("{}{input}.{signature}", unbound(sd_jwt, shown))
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    BASE64URL.encode(sha2::Sha256::digest(text))
}

#[test]
fn an_element_that_was_not_wanted_is_not_in_the_verdict() {
    let wanted = json!({"claims": [{"path": ["nacionalidades", null], "values": ["MX"]}]});
    let challenge = ask(&query(wanted));
    let shown = show(&issue_person(), &["nacionalidades[0]", "nacionalidades[1]"], &challenge);
    let verdict = verify(challenge, shown).unwrap();
    assert_eq!(values(&verdict, "nacionalidades[*]"), Some(json!(["MX"])));
}
