//! `fixtures FILE` writes what the JavaScript tests verify: a story of agency and wallet, and presentations that are to
//! be refused, each with what the verifier says of it in Rust.
//!
//! The same in every run: randomness is seeded and time is fixed.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a fixture that cannot be made fails the tests"
)]

#[path = "../../../crates/core/tests/support/certificates.rs"]
mod certificates;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::{env, fs, slice};

use certificates::{Certificate, base64, uri};
use llavero_core::certificate::{Anchors, X5cProfile};
use llavero_core::dcql::DcqlQuery;
use llavero_core::trust::{IssuerKeys, TrustList};
use llavero_core::{KeyKind, Signer as _, SigningKey, UnixTime};
use llavero_holder::{Language, MemoryStore, PresentationRequest, SoftwareKeys, Wallet};
use llavero_mexico::CredentialType;
use llavero_tests::seeded::{self, Seeded};
use llavero_tests::token::{digest, encode};
use llavero_tests::world::{AGENCY, Agency, NOW};
use llavero_verifier::{Asker, Challenge, Error, Revocation, Verdict};
use serde_json::{Value, json};

const SPEC: &str = include_str!("../../../SPEC.md");
const AGE: &str = "urn:example:mx:age:1";
const BAR: &str = "https://bar.example";
const LIFETIME: u32 = 300;
const ES256: &str = r#"{"alg":"ES256","typ":"dc+sd-jwt"}"#;
const KB: &str = r#"{"alg":"ES256","typ":"kb+jwt"}"#;
/// The languages of whoever verifies.
const LOCALES: [&str; 2] = ["es", "en"];
/// What a list may say of the type.
const DOCUMENT: &str = r#"{"vct": "urn:example:mx:age:1",
    "display": [{"locale": "es", "name": "Edad del club"}, {"locale": "en", "name": "Club age"}],
    "claims": [{"path": ["age_equal_or_over", "18"], "display": [
        {"locale": "es", "label": "Mayoría de edad"}, {"locale": "en", "label": "Of full age"}]}]}"#;
const ADULT: &str = r#","age_equal_or_over":{"18":true}"#;

static OFFICE: LazyLock<Agency> = LazyLock::new(|| Agency::new(AGENCY, KeyKind::P256, 1));
static HOLDER: LazyLock<SigningKey> = LazyLock::new(|| seeded::key(KeyKind::P256, 2).unwrap());
static STRANGER: LazyLock<SigningKey> = LazyLock::new(|| seeded::key(KeyKind::P256, 3).unwrap());

fn main() {
    let file = env::args().nth(1).expect("a file to write to");
    let mut cases = stories();
    cases.extend(refused_tokens());
    cases.extend(refused_bindings());
    cases.extend(refused_answers());
    cases.extend(unusual());
    cases.extend(described());
    cases.extend(certified());
    let fixtures = json!({
        "now": NOW.as_secs(),
        "trust": OFFICE.trust().to_json().to_string(),
        "query": over_18(),
        "locales": LOCALES,
        "codes": codes(),
        "cases": cases,
    });
    fs::write(file, fixtures.to_string()).unwrap();
}

/// The codes of the sections of SPEC.md §15 that core and verifier answer for.
fn codes() -> BTreeSet<&'static str> {
    let (_, section) = SPEC.split_once("## 15. Error codes").unwrap();
    let ours = section.split("\n### ").filter(|part| {
        let title = part.lines().next().unwrap_or_default();
        title.contains("`llavero-core`") || title.contains("`llavero-verifier`")
    });
    ours.flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(code, _)| code)
        .collect()
}

/// One question, its answer, and what the verifier says in Rust, which must be `expected`.
struct Case {
    name: &'static str,
    query: Value,
    expected: &'static str,
    trust: TrustList,
    asked_at: UnixTime,
    now: UnixTime,
}

impl Case {
    fn new(name: &'static str, expected: &'static str) -> Self {
        Self { name, expected, query: over_18(), trust: OFFICE.trust(), asked_at: NOW, now: NOW }
    }

    fn asking(mut self, query: Value) -> Self {
        self.query = query;
        self
    }

    fn at(mut self, now: UnixTime) -> Self {
        self.now = now;
        self
    }

    /// With these presentations for the one query.
    fn shows(self, presentations: impl Fn(&str) -> Vec<String>) -> Value {
        self.answers(|request| json!({ "vp_token": { "age": presentations(request.nonce()) } }))
    }

    fn answers(self, answer: impl FnOnce(&PresentationRequest) -> Value) -> Value {
        self.says(|request| answer(request).to_string())
    }

    fn says(self, answer: impl FnOnce(&PresentationRequest) -> String) -> Value {
        let query = DcqlQuery::from_value(&self.query).unwrap();
        let bar = Asker { client_id: BAR, client_name: Some("Bar La Esquina") };
        // Another nonce for each case.
        let seed = self.name.bytes().map(u64::from).sum();
        let random = &mut Seeded::new(seed);
        let challenge =
            Challenge::new(&bar, "Vender alcohol", query, LIFETIME, self.asked_at, random).unwrap();
        // The wallet has the request as text and nothing else.
        let request = challenge.request().to_json().to_string();
        let request = PresentationRequest::from_slice(request.as_bytes()).unwrap();
        let answer = answer(&request);
        let kept = challenge.to_json().to_string();
        let said = challenge.verify(answer.as_bytes(), &self.trust, self.now);
        let code = said.as_ref().map_or_else(Error::code, |_| "accepted");
        assert_eq!(code, self.expected, "{}: {:?}", self.name, said.err());
        json!({
            "name": self.name,
            "challenge": kept,
            "answer": answer,
            "trust": self.trust.to_json().to_string(),
            "now": self.now.as_secs(),
            "expected": self.expected,
            "said": said.as_ref().map_or_else(refusal, verdict),
        })
    }
}

fn refusal(error: &Error) -> Value {
    let mut said = json!({ "code": error.code(), "message": error.to_string() });
    if let Error::Presentation { query, index, .. } = error {
        said["query"] = query.as_str().into();
        said["index"] = (*index).into();
    }
    said
}

/// As the JavaScript tests write a verdict down: `$date` for a `Date`, `$big` for a `BigInt`.
fn verdict(verdict: &Verdict) -> Value {
    let date = |time: UnixTime| json!({ "$date": time.as_secs() });
    let credentials = verdict.credentials().iter().map(|one| {
        let claims = one.claims().iter().map(|claim| {
            let values: Vec<Value> = claim.values().iter().map(marked).collect();
            json!({ "path": claim.path().to_json(), "label": claim.label(&LOCALES), "values": values })
        });
        json!({
            "query": one.query(),
            "issuer": one.issuer(),
            "issuerName": one.issuer_name(),
            "credentialType": one.credential_type(),
            "typeName": one.type_name(&LOCALES),
            "claims": claims.collect::<Vec<_>>(),
            "expires": one.expires().map(date),
            "boundAt": one.bound_at().map(date),
            "revocation": match one.revocation() {
                Revocation::NotProvided => "not_provided",
                _ => "not_checked",
            },
        })
    });
    json!({
        "credentials": credentials.collect::<Vec<_>>(),
        "checkedAt": date(verdict.checked_at()),
        "trustIssuedAt": date(verdict.trust_issued_at()),
    })
}

fn marked(value: &Value) -> Value {
    let big = |text: String| json!({ "$big": text });
    match value {
        Value::Number(number) if number.as_f64().unwrap().abs() > 9_007_199_254_740_991.0 => {
            if number.is_f64() {
                value.clone()
            } else {
                big(number.to_string())
            }
        }
        Value::Array(items) => items.iter().map(marked).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), marked(member))).collect()
        }
        _ => value.clone(),
    }
}

fn claims(id: &str, vct: &str, claims: Value) -> Value {
    let credential = json!({
        "id": id, "format": "dc+sd-jwt", "meta": { "vct_values": [vct] }, "claims": claims,
    });
    json!({ "credentials": [credential] })
}

fn over_18() -> Value {
    claims("age", AGE, json!([{ "path": ["age_equal_or_over", "18"] }]))
}

/// What an agency issues and a wallet answers.
fn stories() -> Vec<Value> {
    let curp = json!({
        "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-17", "sexo": "M", "entidad_nacimiento": "VZ",
        "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva", "nationalities": "MX CA",
        "localidad_nacimiento": "Xalapa de Muestra",
    });
    let young = json!({ "birthdate": "2015-02-03" });
    let adult = json!({ "birthdate": "1990-05-17" });
    let named = json!([{ "path": ["curp"] }, { "path": ["nationalities", null] }]);
    let curp_type = CredentialType::Curp;
    let asks_curp = claims("curp", curp_type.default_vct(), named);
    let (p256, ed) = (KeyKind::P256, KeyKind::Ed25519);
    let age = CredentialType::Age;
    vec![
        story("over 18", &over_18(), (age, &adult), [p256, p256]),
        story("over 18, with the other curve", &over_18(), (age, &adult), [ed, ed]),
        story("under 18", &over_18(), (age, &young), [p256, ed]),
        story("CURP and all nationalities", &asks_curp, (curp_type, &curp), [ed, p256]),
    ]
}

fn story(
    name: &'static str,
    query: &Value,
    (credential_type, record): (CredentialType, &Value),
    [issuer, holder]: [KeyKind; 2],
) -> Value {
    let agency = Agency::new(AGENCY, issuer, 11);
    let random = &mut Seeded::new(12);
    let mut wallet = Wallet::new(MemoryStore::new(), SoftwareKeys);
    let enrolment = wallet.begin(AGENCY, "nonce", 2, holder, NOW, random).unwrap();
    let copies = agency.issue((credential_type, record), enrolment.proofs(), "nonce", NOW, random);
    let _ = wallet.receive(&copies, &agency.trust(), NOW, Language::EsMx, random).unwrap();
    let case = Case { trust: agency.trust(), ..Case::new(name, "accepted").asking(query.clone()) };
    case.answers(|request| {
        let sheet = wallet.consider(request, NOW, Language::EsMx).unwrap().sheet().unwrap();
        sheet.approve(&mut wallet, NOW, random).unwrap().to_json()
    })
}

fn jws(header: &str, payload: &str, key: &SigningKey) -> String {
    let input = format!("{}.{}", encode(header), encode(payload));
    let signature = encode(key.sign(input.as_bytes()).unwrap().as_bytes());
    format!("{input}.{signature}")
}

fn payload(members: &str) -> String {
    let jwk = HOLDER.public_key().to_jwk_text();
    format!(r#"{{"iss":"{AGENCY}","vct":"{AGE}","cnf":{{"jwk":{jwk}}}{members}}}"#)
}

/// A credential with these members, in which `<0>` stands for the digest of a Disclosure.
fn vc(members: &str, disclosures: &[&str]) -> String {
    signed(ES256, &payload(members), disclosures, &OFFICE.key)
}

fn signed(header: &str, payload: &str, disclosures: &[&str], key: &SigningKey) -> String {
    let mut payload = payload.to_owned();
    let mut rest = String::new();
    for (index, disclosure) in disclosures.iter().enumerate() {
        let text = encode(disclosure);
        payload = payload.replace(&format!("<{index}>"), &digest(&text));
        rest = rest + &text + "~";
    }
    format!("{}~{rest}", jws(header, &payload, key))
}

fn bound(sd_jwt: &str, nonce: &str) -> String {
    bound_at(sd_jwt, nonce, NOW)
}

fn bound_at(sd_jwt: &str, nonce: &str, at: UnixTime) -> String {
    bind(sd_jwt, KB, &binding(sd_jwt, BAR, nonce, at), &HOLDER)
}

fn binding(sd_jwt: &str, audience: &str, nonce: &str, at: UnixTime) -> String {
    let hash = digest(sd_jwt);
    format!(r#"{{"iat":{at},"aud":"{audience}","nonce":"{nonce}","sd_hash":"{hash}"}}"#)
}

fn bind(sd_jwt: &str, header: &str, payload: &str, key: &SigningKey) -> String {
    sd_jwt.to_owned() + &jws(header, payload, key)
}

/// Credentials that are not sound, each bound as it should be.
fn refused_tokens() -> Vec<Value> {
    let with = |name, code, members: &str, disclosures: &[&str]| {
        let sd_jwt = vc(&format!("{ADULT}{members}"), disclosures);
        Case::new(name, code).shows(|nonce| vec![bound(&sd_jwt, nonce)])
    };
    let of = |name, code, header: &str, payload: &str, key: &SigningKey| {
        let sd_jwt = signed(header, payload, &[], key);
        Case::new(name, code).shows(|nonce| vec![bound(&sd_jwt, nonce)])
    };
    let adult = payload(ADULT);
    let deep = format!(r#","a":{}{}"#, "[".repeat(100), "]".repeat(100));
    let digests: Vec<String> = (0..16_385).map(|n| format!("\"{n}\"")).collect();
    let office = &OFFICE.key;
    let other = format!(r#"{{"iss":"https://otra.example","vct":"{AGE}"}}"#);
    let mut cases = vec![
        with("a hand-made token", "accepted", "", &[]),
        with("a stray disclosure", "disclosure_unreferenced", "", &[r#"["s","b",1]"#]),
        with("a digest twice", "digest_repeated", r#","_sd":["a","a"]"#, &[]),
        with("an element for a member", "disclosure_arity", r#","_sd":["<0>"]"#, &[r#"["s",1]"#]),
        with("a disclosure that is none", "disclosure_malformed", r#","_sd":["<0>"]"#, &["{}"]),
        with("a reserved name", "disclosure_name", r#","_sd":["<0>"]"#, &[r#"["s","_sd",1]"#]),
        with("an unknown hash", "hash_algorithm", r#","_sd_alg":"md5""#, &[]),
        with("a misused name", "reserved_name", r#","_sd":"text""#, &[]),
        with("a hidden status", "protected_claim", r#","_sd":["<0>"]"#, &[r#"["s","status",{}]"#]),
        with("a status that is no object", "vc_claim_malformed", r#","status":"text""#, &[]),
        with("a date that is none", "date_malformed", r#","exp":"tomorrow""#, &[]),
        with("expired", "expired", &format!(r#","exp":{NOW}"#), &[]),
        with("not yet valid", "not_yet_valid", &format!(r#","nbf":{}"#, NOW.plus_secs(61)), &[]),
        with("a member twice", "json_duplicate_name", r#","a":1,"\u0061":2"#, &[]),
        with("too deep", "json_too_deep", &deep, &[]),
        with(
            "too many digests",
            "limit_exceeded",
            &format!(r#","_sd":[{}]"#, digests.join(",")),
            &[],
        ),
        of("somebody else's signature", "signature", ES256, &adult, &STRANGER),
        of("no issuer that is known", "untrusted", ES256, &other, office),
        of("another type of token", "typ", &ES256.replace("dc+", "vc+"), &adult, office),
        of("no type", "vct", ES256, &adult.replace("vct", "vtc"), office),
        of(
            "a type it may not issue",
            "untrusted",
            ES256,
            &adult.replace("mx:age", "mx:otro"),
            office,
        ),
        of(
            "no algorithm",
            "algorithm_not_allowed",
            &ES256.replace("ES256", "none"),
            &adult,
            office,
        ),
        of(
            "a critical header",
            "critical_header",
            &ES256.replace('}', r#","crit":["b"]}"#),
            &adult,
            office,
        ),
        of("no holder key", "confirmation_missing", ES256, &adult.replace("cnf", "fnc"), office),
    ];
    // Without an issuer that can be read, there is nobody to trust; so these are broken behind it.
    let sound = vc(ADULT, &[]);
    cases.push(Case::new("no layout", "shape").shows(|_| vec!["no token".to_owned()]));
    cases.push(
        Case::new("no base64url", "base64url")
            .shows(|nonce| vec![bound(&(sound.clone() + "*~"), nonce)]),
    );
    cases
}

/// Proofs of possession that are not sound, over a sound credential.
fn refused_bindings() -> Vec<Value> {
    let sound = vc(ADULT, &[]);
    let at = |name, code, secs| {
        Case::new(name, code).shows(|nonce| vec![bound_at(&sound, nonce, NOW.plus_secs(secs))])
    };
    let made = |name, code, make: &dyn Fn(&str) -> String| {
        Case::new(name, code).shows(|nonce| vec![make(nonce)])
    };
    vec![
        at("bound long ago", "key_binding_expired", -i64::from(LIFETIME) - 61),
        at("bound in the future", "key_binding_in_future", 61),
        made("not bound", "key_binding_missing", &|_| sound.clone()),
        made("bound to another question", "nonce_mismatch", &|_| {
            bound(&sound, "another-nonce-of-somebody")
        }),
        made("bound for somebody else", "audience_mismatch", &|nonce| {
            bind(&sound, KB, &binding(&sound, "https://otro.example", nonce, NOW), &HOLDER)
        }),
        made("bound to another credential", "sd_hash_mismatch", &|nonce| {
            bind(&sound, KB, &binding("other~", BAR, nonce, NOW), &HOLDER)
        }),
        made("bound by somebody else", "signature", &|nonce| {
            bind(&sound, KB, &binding(&sound, BAR, nonce, NOW), &STRANGER)
        }),
        made("an array for a proof", "json_not_an_object", &|_| bind(&sound, KB, "[]", &HOLDER)),
        Case::new("a proof without a nonce where none was asked for", "key_binding_unexpected")
            .asking(unbound(over_18()))
            .shows(|_| vec![bind(&sound, KB, &format!(r#"{{"iat":{NOW}}}"#), &HOLDER)]),
    ]
}

fn unbound(mut query: Value) -> Value {
    query["credentials"][0]["require_cryptographic_holder_binding"] = json!(false);
    query
}

/// Answers that are not what was asked for, or cannot be read, or come at the wrong time.
fn refused_answers() -> Vec<Value> {
    let sound = vc(ADULT, &[]);
    let shows = |case: Case| case.shows(|nonce| vec![bound(&sound, nonce)]);
    let says = |name, code, text: &str| Case::new(name, code).says(|_| text.to_owned());
    let with = |name, code, member: &str, value: Value| {
        let mut query = over_18();
        query["credentials"][0][member] = value;
        shows(Case::new(name, code).asking(query))
    };
    let set = |name, code, option: &str, answered: &[&str]| {
        let mut query = over_18();
        let mut second = query["credentials"][0].clone();
        second["id"] = json!("second");
        query["credentials"].as_array_mut().unwrap().push(second);
        query["credential_sets"] = json!([{ "options": [[option]] }]);
        Case::new(name, code).asking(query).answers(|request| {
            let texts = answered
                .iter()
                .map(|id| ((*id).to_owned(), json!([bound(&sound, request.nonce())])));
            json!({ "vp_token": texts.collect::<serde_json::Map<_, _>>() })
        })
    };
    let absent = json!([{ "path": ["apodo"] }]);
    let either = json!([{ "id": "a", "path": ["apodo"] }]);
    let mut claim_sets = over_18();
    claim_sets["credentials"][0]["claims"] = either;
    claim_sets["credentials"][0]["claim_sets"] = json!([["a"]]);
    let mut other_format = over_18();
    other_format["credentials"][0] = json!({ "id": "age", "format": "mso_mdoc", "meta": {} });
    let authority = json!([{ "type": "aki", "values": ["c29tZQ"] }]);
    let more = vc(&format!(r#"{ADULT},"_sd":["<0>"]"#), &[r#"["salt","apodo","Ene"]"#]);
    let late = NOW.plus_secs(i64::from(LIFETIME) + 1);
    vec![
        shows(Case::new("too late", "challenge_closed").at(late)),
        shows(Case::new("before the question", "challenge_closed").at(NOW.plus_secs(-61))),
        says("no text", "json_syntax", ""),
        says("no object", "member_malformed", "[]"),
        says("an empty list", "member_malformed", r#"{"vp_token": {"age": []}}"#),
        says("no presentation", "answer_credential_missing", r#"{"vp_token": {}}"#),
        Case::new("too many presentations", "limit_exceeded").shows(|_| vec!["x".to_owned(); 65]),
        Case::new("a presentation too many", "answer_too_many_presentations")
            .shows(|nonce| vec![bound(&sound, nonce); 2]),
        Case::new("the second of two", "nonce_mismatch")
            .shows(|nonce| vec![bound(&sound, nonce), bound(&sound, "another-nonce-of-somebody")]),
        Case::new("another query", "unknown_query")
            .answers(|request| json!({ "vp_token": { "curp": [bound(&sound, request.nonce())] } })),
        set("no combination", "answer_credential_set_missing", "second", &["age"]),
        set("beyond the combination", "answer_unrequested", "age", &["age", "second"]),
        Case::new("more than was asked for", "answer_over_disclosed")
            .shows(|nonce| vec![bound(&more, nonce)]),
        with("no such claim", "mismatch_claim_absent", "claims", absent),
        shows(Case::new("no claim set", "mismatch_claim_sets").asking(claim_sets)),
        with("another type", "mismatch_type", "meta", json!({ "vct_values": ["urn:example:x"] })),
        with("no such authority", "mismatch_authority", "trusted_authorities", authority),
        shows(Case::new("another format", "mismatch_format").asking(other_format)),
    ]
}

/// What is accepted and easily lost on the way to JavaScript.
fn unusual() -> Vec<Value> {
    let members = r#","grande":9007199254740993,"mayor":18446744073709551615,"menor":-9007199254740993
        ,"exacto":9007199254740991,"mitad":0.1,"enorme":1e300,"nada":null,"texto":"ñandú \uD83D\uDD11 \u0000"
        ,"hondo":{"__proto__":{"a":[1,[2,{"b":true}]]},"constructor":"c"},"__proto__":"p"
        ,"lista":["uno","dos"],"exp":253402300799"#;
    let names = [
        "grande",
        "mayor",
        "menor",
        "exacto",
        "mitad",
        "enorme",
        "nada",
        "texto",
        "hondo",
        "__proto__",
        "lista",
    ];
    let mut paths: Vec<Value> = names.map(|name| json!({ "path": [name] })).into();
    paths.push(json!({ "path": ["lista", 1] }));
    let sd_jwt = vc(members, &[]);
    let everything = claims("age", AGE, paths.into());
    let status = vc(
        &format!(r#"{ADULT},"status":{{"status_list":{{"idx":1,"uri":"https://a.example"}}}}"#),
        &[],
    );
    // With the payload itself, 64 levels.
    let deepest = vc(&format!(r#","pozo":{}{}"#, "[".repeat(63), "]".repeat(63)), &[]);
    let mut only_there = over_18();
    only_there["credentials"][0].as_object_mut().unwrap().remove("claims");
    vec![
        Case::new("values of every kind", "accepted")
            .asking(everything)
            .shows(|nonce| vec![bound(&sd_jwt, nonce)]),
        Case::new("as deep as it goes", "accepted")
            .asking(claims("age", AGE, json!([{ "path": ["pozo"] }])))
            .shows(|nonce| vec![bound(&deepest, nonce)]),
        Case::new("no proof asked for", "accepted")
            .asking(unbound(over_18()))
            .shows(|_| vec![vc(ADULT, &[])]),
        Case::new("a status nobody looked up", "accepted")
            .shows(|nonce| vec![bound(&status, nonce)]),
        Case::new("no claim asked for", "accepted")
            .asking(only_there)
            .shows(|nonce| vec![bound(&vc("", &[]), nonce)]),
        Case {
            asked_at: UnixTime::from_secs(-100),
            ..Case::new("before 1970", "answer_credential_missing").at(UnixTime::from_secs(-50))
        }
        .says(|_| r#"{"vp_token": {}}"#.to_owned()),
    ]
}

/// Under lists that describe the type.
fn described() -> Vec<Value> {
    let under = |name, code, documents: &[Value], members: &str, disclosures: &[&str]| {
        let documents = documents.iter().map(Value::to_string).collect();
        let trust = OFFICE.trust().with_type_documents(documents).unwrap();
        let sd_jwt = vc(members, disclosures);
        Case { trust, ..Case::new(name, code) }.shows(|nonce| vec![bound(&sd_jwt, nonce)])
    };
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let rule =
        |path: Value, sd: &str| json!({ "vct": AGE, "claims": [{ "path": path, "sd": sd }] });
    let (adult, within) = (["age_equal_or_over", "18"], ["age_equal_or_over", "18", "a"]);
    let hidden = r#","age_equal_or_over":{"_sd":["<0>"]}"#;
    let md5 = format!(r#"{ADULT},"vct#integrity":"md5-AAAA""#);
    let version = |name: &str| json!({ "vct": AGE, "name": name });
    vec![
        under("a type with words", "accepted", slice::from_ref(&document), ADULT, &[]),
        under("two versions", "type_ambiguous", &[version("1"), version("2")], ADULT, &[]),
        under("within a yes", "type_claim_kind", &[rule(json!(within), "allowed")], ADULT, &[]),
        under("in the open", "type_sd_always", &[rule(json!(adult), "always")], ADULT, &[]),
        under(
            "not in the open",
            "type_sd_never",
            &[rule(json!(adult), "never")],
            hidden,
            &[r#"["salt","18",true]"#],
        ),
        under("a hash of long ago", "type_integrity_unsupported", &[document], &md5, &[]),
    ]
}

/// Under a list that knows the issuer by certificates.
fn certified() -> Vec<Value> {
    let root = Certificate::authority("Autoridad", "Autoridad", &STRANGER).signed_by(&STRANGER);
    let leaf = Certificate::leaf("Autoridad", &OFFICE.key, &[uri(AGENCY)]).signed_by(&STRANGER);
    let anchors = Anchors::new(&[root], None, X5cProfile::Haip).unwrap();
    let mut issuer = OFFICE.trust().issuers()[0].clone();
    issuer.keys = IssuerKeys::Certified(anchors);
    let trust = TrustList::new(NOW, vec![issuer]).unwrap();
    let header = ES256.replace('}', &format!(r#","x5c":["{}"]}}"#, base64(&leaf)));
    let of = |name, code, header: &str| {
        let sd_jwt = signed(header, &payload(ADULT), &[], &OFFICE.key);
        Case { trust: trust.clone(), ..Case::new(name, code) }
            .shows(|nonce| vec![bound(&sd_jwt, nonce)])
    };
    vec![
        of("an issuer by its certificate", "accepted", &header),
        of("no certificate", "certificate", ES256),
    ]
}
