//! Issuers that are known by certificates: which paths are taken, which are refused, and that no token chooses the way.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/support.rs"]
mod support;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use certificates::*;
use llavero_core::certificate::{
    Anchors, CertificateChain, MAX_ANCHORS, MAX_CERTIFICATE_BYTES, MAX_CERTIFICATES, X5cProfile,
};
use llavero_core::issue::{self, IssuerHeader};
use llavero_core::present::Held;
use llavero_core::template::Object;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedCredential, TrustedIssuer, TrustedKey};
use llavero_core::{
    CertificateFault as Fault, Error, HashAlgorithm, KeyBinding, KeyKind, Limit, Part, SdJwt,
    Signer as _, SigningKey, UnixTime, jws_json,
};
use serde_json::{Value, json};
use support::*;

const HOST: &str = "registro.example";
const ROOT: &str = "Raiz";
const MIDDLE: &str = "Intermedia";

static ROOT_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 11));
static MIDDLE_KEY: LazyLock<SigningKey> = LazyLock::new(|| key(KeyKind::P256, 12));

fn root() -> Certificate {
    Certificate::authority(ROOT, ROOT, &ROOT_KEY)
}

fn anchor() -> Vec<u8> {
    root().signed_by(&ROOT_KEY)
}

fn middle() -> Certificate {
    Certificate::authority(MIDDLE, ROOT, &MIDDLE_KEY)
}

/// The issuer's certificate under [`MIDDLE`].
fn leaf() -> Certificate {
    Certificate::leaf(MIDDLE, &ISSUER_KEY, &[uri(ISSUER), dns(HOST)])
}

fn chain(leaf: &Certificate, middle: &Certificate) -> Vec<Vec<u8>> {
    vec![leaf.signed_by(&MIDDLE_KEY), middle.signed_by(&ROOT_KEY)]
}

fn good() -> Vec<Vec<u8>> {
    chain(&leaf(), &middle())
}

fn x5c(chain: &[Vec<u8>]) -> Value {
    chain.iter().map(|certificate| base64(certificate)).collect()
}

fn header(members: &Value) -> String {
    let mut header: Value = serde_json::from_str(HEADER).unwrap();
    header.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    header.to_string()
}

fn vc_with(chain: &[Vec<u8>], payload: &str, key: &SigningKey) -> String {
    token_by(&header(&json!({ "x5c": x5c(chain) })), payload, &[], key)
}

fn signed(chain: &[Vec<u8>]) -> String {
    vc_with(chain, &vc_payload(""), &ISSUER_KEY)
}

fn certified(issuer: &str, anchors: Anchors) -> TrustedIssuer {
    TrustedIssuer {
        issuer: issuer.to_owned(),
        name: format!("Autoridad de {issuer}"),
        types: vec![TYPE.to_owned()],
        keys: IssuerKeys::Certified(anchors),
        requires_type_metadata: false,
    }
}

fn listed(issuer: &str, key: &SigningKey) -> TrustedIssuer {
    TrustedIssuer {
        issuer: issuer.to_owned(),
        name: format!("Autoridad de {issuer}"),
        types: vec![TYPE.to_owned()],
        keys: IssuerKeys::Listed(vec![TrustedKey::new(key.public_key())]),
        requires_type_metadata: false,
    }
}

fn anchors(certificates: &[Vec<u8>]) -> Anchors {
    accepted(Anchors::new(certificates, None, X5cProfile::Haip))
}

fn list(issuers: Vec<TrustedIssuer>) -> TrustList {
    accepted(TrustList::new(NOW, issuers))
}

/// The list of one issuer that is known by certificates under [`anchor`].
fn trust() -> TrustList {
    list(vec![certified(ISSUER, anchors(&[anchor()]))])
}

fn loose() -> TrustList {
    let anchors = Anchors::new(&[anchor()], None, X5cProfile::SdJwtVc);
    list(vec![certified(ISSUER, accepted(anchors))])
}

fn verify_at<'l>(
    list: &'l TrustList,
    text: &str,
    now: UnixTime,
) -> Result<TrustedCredential<'l>, Error> {
    list.verify(SdJwt::parse(text)?, KeyBinding::Forbid, &[], SKEW_SECS, now)
}

fn verify_under<'l>(list: &'l TrustList, text: &str) -> Result<TrustedCredential<'l>, Error> {
    verify_at(list, text, NOW)
}

#[track_caller]
fn refused<T>(result: Result<T, Error>, fault: Fault) {
    assert_eq!(result.err(), Some(Error::Certificate(fault)));
}

#[track_caller]
fn refused_with<T>(result: Result<T, Error>, error: Error) {
    assert_eq!(result.err(), Some(error));
}

const OVER: Error = Error::LimitExceeded { limit: Limit::Certificates };

// What is taken.

#[test]
fn takes_a_path_through_an_intermediate_and_tells_the_authorities() {
    let trust = trust();
    let text = signed(&good());
    let found = accepted(verify_under(&trust, &text));
    assert_eq!((found.issuer.issuer.as_str(), found.verified.issuer()), (ISSUER, Some(ISSUER)));
    let expected = [MIDDLE, ROOT].map(b64);
    assert_eq!(found.authority_key_ids, expected);
    assert_eq!(SdJwt::parse(&text).unwrap().untrusted_authority_key_ids(), expected);
    assert_eq!(accepted(Held::reopen(&text)).authority_key_ids(), expected);
    assert_eq!(SdJwt::parse(&vc("", &[])).unwrap().untrusted_authority_key_ids(), [""; 0]);
}

#[test]
fn takes_both_algorithms_in_every_place() {
    for kinds in [
        [KeyKind::Ed25519, KeyKind::Ed25519, KeyKind::Ed25519],
        [KeyKind::P256, KeyKind::Ed25519, KeyKind::P256],
        [KeyKind::Ed25519, KeyKind::P256, KeyKind::Ed25519],
    ] {
        let [top, between, own] = kinds.map(|kind| key(kind, 21));
        let root = Certificate::authority(ROOT, ROOT, &top).signed_by(&top);
        let chain = [
            Certificate::leaf(MIDDLE, &own, &[uri(ISSUER)]).signed_by(&between),
            Certificate::authority(MIDDLE, ROOT, &between).signed_by(&top),
        ];
        let algorithm = kinds[2].default_algorithm().name();
        let members = json!({ "alg": algorithm, "x5c": x5c(&chain) });
        let text = token_by(&header(&members), &vc_payload(""), &[], &own);
        let trust = list(vec![certified(ISSUER, anchors(&[root]))]);
        assert!(verify_under(&trust, &text).is_ok(), "{kinds:?}");
    }
}

#[test]
fn takes_a_leaf_right_under_the_anchor_by_either_kind_of_name() {
    for names in [vec![uri(ISSUER)], vec![dns(HOST)], vec![dns("REGISTRO.example"), uri("urn:x")]] {
        let leaf = Certificate::leaf(ROOT, &ISSUER_KEY, &names).signed_by(&ROOT_KEY);
        accept(verify_under(&trust(), &signed(&[leaf])));
    }
    // Without these extensions nothing is restricted.
    let bare = leaf().without("2.5.29.15").without("2.5.29.19").without("2.5.29.35");
    let text = signed(&chain(&bare, &middle().without("2.5.29.15")));
    let trust = trust();
    assert_eq!(accepted(verify_under(&trust, &text)).authority_key_ids, [b64(ROOT)]);
}

#[test]
fn one_anchor_of_several_is_enough() {
    let other = Certificate::authority("Otra", "Otra", &OTHER_KEY).signed_by(&OTHER_KEY);
    // The same name and key, of another time and of another length.
    let past = root().valid("200101000000Z", "230101000000Z").signed_by(&ROOT_KEY);
    let short = root().basic(true, Some(0)).signed_by(&ROOT_KEY);
    let trust = list(vec![certified(ISSUER, anchors(&[other, past, short, anchor()]))]);
    accept(verify_under(&trust, &signed(&good())));
}

#[test]
fn without_iss_the_issuer_is_the_one_that_the_certificate_names() {
    let payload = vc_payload("").replace(&format!(r#""iss":"{ISSUER}","#), "");
    let text = vc_with(&good(), &payload, &ISSUER_KEY);
    let other = certified("https://otro.example", anchors(&[anchor()]));
    let trust = list(vec![other.clone(), certified(ISSUER, anchors(&[anchor()]))]);
    let found = accepted(verify_under(&trust, &text));
    assert_eq!((found.issuer.issuer.as_str(), found.verified.issuer()), (ISSUER, None));
    assert_eq!(found.issuer.name, format!("Autoridad de {ISSUER}"));
    // None, or two.
    refused_with(verify_under(&list(vec![other]), &text), Error::Untrusted);
    let office = certified("https://registro.example/oficina", anchors(&[anchor()]));
    let twice = list(vec![office, certified(ISSUER, anchors(&[anchor()]))]);
    refused_with(verify_under(&twice, &text), Error::Untrusted);
    // Not one that is known by its keys, even if the certificate's is among them.
    let keys = list(vec![listed(ISSUER, &ISSUER_KEY)]);
    refused_with(verify_under(&keys, &text), Error::Untrusted);
    refused_with(verify_under(&trust, &token(&payload, &[])), Error::Untrusted);
    // One that is there and no text is not absent.
    for iss in ["null", "7", "[]", r#""https://otro.example""#] {
        let payload = vc_payload("").replace(&format!(r#""{ISSUER}""#), iss);
        assert!(verify_under(&trust, &vc_with(&good(), &payload, &ISSUER_KEY)).is_err(), "{iss}");
    }
}

#[test]
fn an_iss_that_cannot_be_read_beforehand_is_still_compared() {
    // `vct` is no text, so that nothing can be told of the payload before it is verified.
    let payload = format!(r#"{{"iss":"https://otro.example","nonce":7,"vct":"{TYPE}"}}"#);
    assert_eq!(SdJwt::parse(&token(&payload, &[])).unwrap().untrusted_issuer(), None);
    let text = vc_with(&good(), &payload, &ISSUER_KEY);
    refused_with(verify_under(&trust(), &text), Error::IssuerMismatch);
}

// Which way applies is the list's to say.

#[test]
fn refuses_certificates_for_an_issuer_with_listed_keys() {
    let trust = list(vec![listed(ISSUER, &OTHER_KEY)]);
    let signature = Error::Signature { part: Part::IssuerJwt };
    refused_with(verify_under(&trust, &signed(&good())), signature);
    // They are not looked at, not even for their form, where the listed key has signed.
    for x5c in [x5c(&good()), json!([]), json!("MIIB")] {
        let header = header(&json!({ "x5c": x5c }));
        let text = token_by(&header, &vc_payload(""), &[], &OTHER_KEY);
        assert_eq!(accepted(verify_under(&trust, &text)).authority_key_ids, [""; 0]);
    }
}

#[test]
fn refuses_every_other_reference_to_a_key_for_an_issuer_with_certificates() {
    let jwk = ISSUER_KEY.public_key().to_jwk();
    for members in [
        json!({}),
        json!({ "kid": ISSUER_KEY.public_key().thumbprint() }),
        json!({ "jwk": jwk }),
        json!({ "x5u": "https://registro.example/c", "jku": "https://registro.example/k" }),
        json!({ "x5t#S256": "AA" }),
    ] {
        let text = token_by(&header(&members), &vc_payload(""), &[], &ISSUER_KEY);
        refused(verify_under(&trust(), &text), Fault::Missing);
        refused(verify_under(&loose(), &text), Fault::Missing);
    }
    // Beside the certificates they count for nothing.
    let members = json!({ "x5c": x5c(&good()), "jwk": OTHER_KEY.public_key().to_jwk() });
    let by_other = token_by(&header(&members), &vc_payload(""), &[], &OTHER_KEY);
    let signature = Error::Signature { part: Part::IssuerJwt };
    refused_with(verify_under(&trust(), &by_other), signature);
    accept(verify_under(&trust(), &token_by(&header(&members), &vc_payload(""), &[], &ISSUER_KEY)));
}

#[test]
fn refuses_certificates_in_an_unprotected_header() {
    let mut flattened = accepted(jws_json::to_flattened(&vc("", &[])));
    flattened["header"]["x5c"] = x5c(&good());
    let text = accepted(jws_json::to_compact(flattened.to_string().as_bytes()));
    refused(verify_under(&trust(), &text), Fault::Missing);
}

#[test]
fn refuses_a_token_signed_by_another_certificate_of_the_path() {
    let signature = Error::Signature { part: Part::IssuerJwt };
    for key in [&*MIDDLE_KEY, &*ROOT_KEY, &*OTHER_KEY] {
        refused_with(
            verify_under(&trust(), &vc_with(&good(), &vc_payload(""), key)),
            signature.clone(),
        );
    }
    // The key knows its algorithm, certificates or not.
    let members = json!({ "alg": "EdDSA", "x5c": x5c(&good()) });
    let text = token_by(&header(&members), &vc_payload(""), &[], &ISSUER_KEY);
    let algorithm = Error::AlgorithmNotAllowed { part: Part::IssuerJwt };
    refused_with(verify_under(&trust(), &text), algorithm);
}

#[test]
fn refuses_a_type_that_the_issuer_may_not_issue() {
    let payload = format!(r#"{{"iss":"{ISSUER}","vct":"urn:example:other"}}"#);
    refused_with(
        verify_under(&trust(), &vc_with(&good(), &payload, &ISSUER_KEY)),
        Error::Untrusted,
    );
}

// The header.

#[test]
fn refuses_x5c_that_is_not_an_array_of_base64_of_der() {
    let [leaf, middle] = &good()[..] else { panic!() };
    let (leaf, middle) = (base64(leaf), base64(middle));
    let pem = format!("-----BEGIN CERTIFICATE-----\n{leaf}\n-----END CERTIFICATE-----");
    let url = leaf.replace('+', "-").replace('/', "_");
    assert_ne!(url, leaf, "the certificate shows the difference");
    let longer = [good()[0].clone(), vec![0]].concat();
    for bad in [
        json!([]),
        json!(leaf),
        json!({}),
        json!(null),
        json!([[leaf]]),
        json!([7]),
        json!([leaf, 7]),
        json!([""]),
        json!([pem, middle]),
        json!([url, middle]),
        json!([format!("{leaf}\n"), middle]),
        json!([format!("{leaf}="), middle]),
        json!([leaf.trim_end_matches('='), leaf.trim_end_matches('=').len() % 4]),
        json!([base64(&longer), middle]),
        json!([&leaf[..leaf.len() - 4], middle]),
        json!([leaf, "MIIB"]),
        json!([leaf, base64(b"not a certificate")]),
    ] {
        let text = token_by(&header(&json!({ "x5c": bad })), &vc_payload(""), &[], &ISSUER_KEY);
        refused(verify_under(&trust(), &text), Fault::Malformed);
        refused(verify_under(&loose(), &text), Fault::Malformed);
    }
}

#[test]
fn takes_as_many_and_as_long_certificates_as_the_limits_and_not_one_more() {
    let text = |count| signed(&vec![middle().signed_by(&ROOT_KEY); count]);
    refused(verify_under(&loose(), &text(MAX_CERTIFICATES)), Fault::Path);
    refused_with(verify_under(&loose(), &text(MAX_CERTIFICATES + 1)), OVER);
    refused_with(verify_under(&loose(), &text(100)), OVER);
    // The longest path that fits.
    let links = 1..MAX_CERTIFICATES;
    let name = |n: usize| if n == MAX_CERTIFICATES { ROOT.to_owned() } else { format!("A{n}") };
    let mut long =
        vec![Certificate::leaf(&name(1), &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&MIDDLE_KEY)];
    long.extend(links.map(|n| {
        let signer = if n + 1 == MAX_CERTIFICATES { &*ROOT_KEY } else { &*MIDDLE_KEY };
        Certificate::authority(&name(n), &name(n + 1), &MIDDLE_KEY).signed_by(signer)
    }));
    assert_eq!(long.len(), MAX_CERTIFICATES);
    accept(verify_under(&trust(), &signed(&long)));

    // Ed25519, whose signatures are all of one length.
    let filled = |bytes: usize| {
        let with = |filling: usize| {
            let filling = extension("2.25.9", false, &vec![0; filling]);
            leaf().with(filling).signed_by(&ED_KEY)
        };
        let filled = with(2 * bytes - with(bytes).len());
        assert_eq!(filled.len(), bytes);
        filled
    };
    let middle = Certificate::authority(MIDDLE, ROOT, &ED_KEY).signed_by(&ROOT_KEY);
    accept(verify_under(&trust(), &signed(&[filled(MAX_CERTIFICATE_BYTES), middle.clone()])));
    let over = signed(&[filled(MAX_CERTIFICATE_BYTES + 1), middle]);
    refused_with(verify_under(&trust(), &over), OVER);
    refused_with(verify_under(&trust(), &signed(&[vec![0x30; 500_000]])), OVER);
}

// The path.

#[test]
fn refuses_a_path_that_does_not_lead_to_the_anchor() {
    let [leaf, middle] = &good()[..] else { panic!() };
    refused(verify_under(&trust(), &signed(std::slice::from_ref(leaf))), Fault::Path);
    // Names alone make no path.
    let forged = self::middle().signed_by(&OTHER_KEY);
    refused(verify_under(&trust(), &signed(&[leaf.clone(), forged])), Fault::Path);
    let forged = self::leaf().signed_by(&OTHER_KEY);
    refused(verify_under(&trust(), &signed(&[forged, middle.clone()])), Fault::Path);
    let other = Certificate::authority(ROOT, ROOT, &OTHER_KEY).signed_by(&OTHER_KEY);
    let elsewhere = list(vec![certified(ISSUER, anchors(&[other]))]);
    refused(verify_under(&elsewhere, &signed(&good())), Fault::Path);
}

#[test]
fn refuses_certificates_in_another_order_or_of_another_path() {
    let [leaf, middle] = &good()[..] else { panic!() };
    let stranger = Certificate::authority("Otra", ROOT, &OTHER_KEY).signed_by(&ROOT_KEY);
    for trust in [trust(), loose()] {
        let text = signed(&[leaf.clone(), stranger.clone(), middle.clone()]);
        refused(verify_under(&trust, &text), Fault::Path);
        let text = signed(&[leaf.clone(), middle.clone(), stranger.clone()]);
        refused(verify_under(&trust, &text), Fault::Path);
        let text = signed(&[middle.clone(), leaf.clone()]);
        refused(verify_under(&trust, &text), Fault::Path);
    }
}

#[test]
fn refuses_a_certificate_out_of_its_time_anywhere_in_the_path() {
    const LAST: UnixTime = UnixTime::from_secs(1_798_761_600);
    let limited = |one: Certificate| one.valid("260101000000Z", "270101000000Z");
    let paths = [
        (chain(&limited(leaf()), &middle()), anchor(), Fault::Validity),
        (chain(&leaf(), &limited(middle())), anchor(), Fault::Validity),
        // Of an anchor that is not believed nothing is said.
        (good(), limited(root()).signed_by(&ROOT_KEY), Fault::Path),
    ];
    for (chain, anchor, fault) in paths {
        let trust = list(vec![certified(ISSUER, anchors(&[anchor]))]);
        let text = signed(&chain);
        accept(verify_at(&trust, &text, NOW));
        accept(verify_at(&trust, &text, LAST));
        refused(verify_at(&trust, &text, NOW.plus_secs(-1)), fault);
        refused(verify_at(&trust, &text, LAST.plus_secs(1)), fault);
    }
    for now in [UnixTime::from_secs(-1), UnixTime::from_secs(i64::MIN)] {
        refused(verify_at(&trust(), &signed(&good()), now), Fault::Validity);
    }
    accept(verify_at(&trust(), &signed(&good()), NOW));
}

#[test]
fn refuses_an_authority_as_leaf_and_a_leaf_as_authority() {
    let text = signed(&chain(&leaf().basic(true, None), &middle()));
    refused(verify_under(&trust(), &text), Fault::Constraint);
    for middle in [middle().basic(false, None), middle().without("2.5.29.19")] {
        refused(verify_under(&trust(), &signed(&chain(&leaf(), &middle))), Fault::Constraint);
    }
}

#[test]
fn refuses_a_path_longer_than_an_authority_or_the_anchor_allows() {
    let below = key(KeyKind::P256, 13);
    let path = |middle: Certificate| {
        let lower = Certificate::authority("Baja", MIDDLE, &below).signed_by(&MIDDLE_KEY);
        let leaf = Certificate::leaf("Baja", &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&below);
        signed(&[leaf, lower, middle.signed_by(&ROOT_KEY)])
    };
    accept(verify_under(&trust(), &path(middle().basic(true, Some(1)))));
    refused(verify_under(&trust(), &path(middle().basic(true, Some(0)))), Fault::Constraint);
    for (max, taken) in [(0, false), (1, false), (2, true)] {
        let anchor = root().basic(true, Some(max)).signed_by(&ROOT_KEY);
        let trust = list(vec![certified(ISSUER, anchors(&[anchor]))]);
        let result = verify_under(&trust, &path(middle()));
        assert_eq!(result.is_ok(), taken, "{max}");
    }
}

#[test]
fn refuses_names_outside_the_constraints_of_an_authority() {
    let by_host = || Certificate::leaf(MIDDLE, &ISSUER_KEY, &[dns(HOST)]);
    let permitted = |names: &[Vec<u8>]| middle().constrained(true, names);
    let excluded = |names: &[Vec<u8>]| middle().constrained(false, names);
    accept(verify_under(&trust(), &signed(&chain(&by_host(), &permitted(&[dns("example")])))));
    accept(verify_under(&trust(), &signed(&chain(&by_host(), &excluded(&[dns("otro.example")])))));
    for middle in [permitted(&[dns("otro.example")]), excluded(&[dns("example")])] {
        refused(verify_under(&trust(), &signed(&chain(&by_host(), &middle))), Fault::Constraint);
    }
    // Of the anchor, too.
    let anchor = root().constrained(true, &[dns("otro.example")]).signed_by(&ROOT_KEY);
    let trust_in_anchor = list(vec![certified(ISSUER, anchors(&[anchor]))]);
    let text = signed(&chain(&by_host(), &middle()));
    refused(verify_under(&trust_in_anchor, &text), Fault::Constraint);
    // What is not evaluated is refused: URIs, and the names of directories that every certificate has.
    let by_uri = || Certificate::leaf(MIDDLE, &ISSUER_KEY, &[uri(ISSUER)]);
    let directory = tlv(0xa4, &seq(&[]));
    for middle in [
        permitted(&[uri("registro.example")]),
        excluded(&[uri("otro.example")]),
        permitted(std::slice::from_ref(&directory)),
        excluded(&[directory]),
    ] {
        refused(verify_under(&trust(), &signed(&chain(&by_uri(), &middle))), Fault::Constraint);
    }
}

#[test]
fn refuses_a_uri_under_an_authority_that_is_limited_to_some_hosts() {
    // Constraints on DNS names do not bind URIs: by one, it could speak for any issuer.
    let middle = middle().constrained(true, &[dns("otro.example")]);
    let leaf = Certificate::leaf(MIDDLE, &ISSUER_KEY, &[uri(ISSUER), dns("otro.example")]);
    refused(verify_under(&trust(), &signed(&chain(&leaf, &middle))), Fault::Name);
    let anchor = root().constrained(true, &[dns("otro.example")]).signed_by(&ROOT_KEY);
    let trust = list(vec![certified(ISSUER, anchors(&[anchor]))]);
    refused(verify_under(&trust, &signed(&chain(&leaf, &self::middle()))), Fault::Name);
}

#[test]
fn refuses_a_key_usage_without_signatures() {
    let text = signed(&chain(&leaf().usage(KEY_CERT_SIGN), &middle()));
    refused(verify_under(&trust(), &text), Fault::Purpose);
    let text = signed(&chain(&leaf(), &middle().usage(DIGITAL_SIGNATURE)));
    refused(verify_under(&trust(), &text), Fault::Purpose);
    accept(verify_under(&trust(), &signed(&chain(&leaf().usage(0x84), &middle().usage(0x84)))));
}

#[test]
fn refuses_key_purposes_that_are_not_the_one_of_the_list() {
    let wanting = |purpose| {
        let anchors = accepted(Anchors::new(&[anchor()], purpose, X5cProfile::Haip));
        list(vec![certified(ISSUER, anchors)])
    };
    let (any, one) = (wanting(None), wanting(Some(CREDENTIALS)));
    let text = |leaf: &[&str], middle: &[&str]| {
        let with = |certificate: Certificate, purposes: &[&str]| match purposes {
            [] => certificate,
            some => certificate.purposes(some),
        };
        signed(&chain(&with(self::leaf(), leaf), &with(self::middle(), middle)))
    };
    let both = &[SERVER_AUTH, CREDENTIALS][..];
    // Leaf, authority, taken without a purpose, taken with one.
    for (leaf, middle, without, with) in [
        (&[][..], &[][..], true, false),
        (&[ANY], &[], true, false),
        (&[CREDENTIALS], &[], false, true),
        (both, both, false, true),
        (&[CREDENTIALS, ANY], &[ANY], true, true),
        (&[SERVER_AUTH], &[], false, false),
        (&[], &[SERVER_AUTH], false, false),
        (&[CREDENTIALS], &[SERVER_AUTH], false, false),
        (&[CREDENTIALS], &[CREDENTIALS], false, true),
    ] {
        let text = text(leaf, middle);
        for (trust, taken) in [(&any, without), (&one, with)] {
            match verify_under(trust, &text) {
                Ok(_) => assert!(taken, "{leaf:?} {middle:?}"),
                Err(error) => {
                    assert_eq!(error, Error::Certificate(Fault::Purpose));
                    assert!(!taken, "{leaf:?} {middle:?}");
                }
            }
        }
    }
    // An empty list of purposes has none.
    let empty = leaf().with(extension("2.5.29.37", false, &seq(&[])));
    refused(verify_under(&any, &signed(&chain(&empty, &middle()))), Fault::Purpose);
}

#[test]
fn refuses_a_critical_extension_that_is_not_evaluated() {
    let point = seq(&[&seq(&[&tlv(0xa0, &tlv(0xa0, &uri("http://registro.example/crl")))])]);
    for (id, value) in [("2.25.9", vec![5, 0]), ("2.5.29.32", seq(&[])), ("2.5.29.31", point)] {
        let with =
            |certificate: Certificate, critical| certificate.with(extension(id, critical, &value));
        accept(verify_under(
            &trust(),
            &signed(&chain(&with(leaf(), false), &with(middle(), false))),
        ));
        for chain in [chain(&with(leaf(), true), &middle()), chain(&leaf(), &with(middle(), true))]
        {
            refused(verify_under(&trust(), &signed(&chain)), Fault::Critical);
        }
        let anchor = with(root(), true).signed_by(&ROOT_KEY);
        refused(Anchors::new(&[anchor], None, X5cProfile::Haip), Fault::Critical);
    }
}

#[test]
fn refuses_an_extension_that_is_given_twice() {
    for id in ["2.5.29.35", "2.5.29.15", "2.25.9"] {
        let one = extension(id, false, &tlv(3, &[7, 0x80]));
        let twice = leaf().without(id).with(one.clone()).with(one);
        refused(verify_under(&trust(), &signed(&chain(&twice, &middle()))), Fault::Malformed);
    }
}

#[test]
fn refuses_a_loop_of_authorities_that_certify_each_other_after_little_work() {
    let [one, two] = [MIDDLE, "Otra"];
    let first = Certificate::authority(one, two, &MIDDLE_KEY).signed_by(&OTHER_KEY);
    let second = Certificate::authority(two, one, &OTHER_KEY).signed_by(&MIDDLE_KEY);
    let leaf = leaf().signed_by(&MIDDLE_KEY);
    let started = Instant::now();
    let round = [leaf, first.clone(), second.clone(), first.clone(), second, first];
    refused(verify_under(&loose(), &signed(&round)), Fault::Path);
    // All of one name, which is the anchor's: as many ways to go on as there can be.
    let mut same = vec![Certificate::leaf(ROOT, &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&OTHER_KEY)];
    same.extend((1..MAX_CERTIFICATES).map(|n| {
        let key = key(KeyKind::P256, 30 + u64::try_from(n).unwrap());
        Certificate::authority(ROOT, ROOT, &key).signed_by(&OTHER_KEY)
    }));
    refused(verify_under(&loose(), &signed(&same)), Fault::Path);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn refuses_an_algorithm_that_is_not_one_of_ours() {
    // `ecdsa-with-SHA384`, and a key on another curve, where a signature or a key of ours stands.
    let swapped = |mut certificate: Vec<u8>, from: &[u8], to: &[u8]| {
        let mut found = 0;
        for at in 0..certificate.len() - from.len() {
            if certificate[at..].starts_with(from) {
                certificate[at..at + from.len()].copy_from_slice(to);
                found += 1;
            }
        }
        assert_ne!(found, 0);
        certificate
    };
    let (sha256, sha384) = ([0xce, 0x3d, 4, 3, 2], [0xce, 0x3d, 4, 3, 3]);
    let leaf = swapped(leaf().signed_by(&MIDDLE_KEY), &sha256, &sha384);
    let text = signed(&[leaf, middle().signed_by(&ROOT_KEY)]);
    refused(verify_under(&trust(), &text), Fault::Unsupported);
    let (p256, other) = ([0xce, 0x3d, 3, 1, 7], [0xce, 0x3d, 3, 1, 6]);
    let curve = swapped(anchor(), &p256, &other);
    refused(Anchors::new(&[curve], None, X5cProfile::Haip), Fault::Unsupported);
    // The signature of a certificate is DER; two bare numbers are a JWS's.
    let body = self::leaf().signed_by(&MIDDLE_KEY);
    let tbs_len = 4 + usize::from(u16::from_be_bytes([body[6], body[7]]));
    let tbs = &body[4..4 + tbs_len];
    let bare = [&[0][..], MIDDLE_KEY.sign(tbs).unwrap().as_bytes()].concat();
    let algorithm = [0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let leaf = seq(&[tbs, &algorithm, &tlv(3, &bare)]);
    let text = signed(&[leaf, middle().signed_by(&ROOT_KEY)]);
    refused(verify_under(&trust(), &text), Fault::Path);
}

#[test]
fn refuses_a_key_that_is_a_compressed_point() {
    let short = middle().with_compressed_key();
    refused(verify_under(&trust(), &signed(&chain(&leaf(), &short))), Fault::Path);
    let short = leaf().with_compressed_key();
    refused(verify_under(&trust(), &signed(&chain(&short, &middle()))), Fault::Unsupported);
    let short = root().with_compressed_key().signed_by(&ROOT_KEY);
    refused(Anchors::new(&[short], None, X5cProfile::Haip), Fault::Unsupported);
}

// Whose certificate it is.

#[test]
fn refuses_a_certificate_that_is_made_out_to_another() {
    for names in [
        vec![],
        vec![uri("https://otro.example")],
        vec![uri("https://registro.example/")],
        vec![uri("https://REGISTRO.example")],
        vec![uri("https://registro.example/oficina"), dns("otro.example")],
        vec![dns("*.example")],
        vec![dns("example")],
        vec![dns("a.registro.example")],
        vec![dns("registro.example.")],
        vec![dns(ISSUER)],
        vec![tlv(0x81, b"ana@registro.example")],
    ] {
        let leaf = Certificate::leaf(MIDDLE, &ISSUER_KEY, &names);
        refused(verify_under(&trust(), &signed(&chain(&leaf, &middle()))), Fault::Name);
    }
    let nobody = leaf().without("2.5.29.17");
    refused(verify_under(&trust(), &signed(&chain(&nobody, &middle()))), Fault::Name);
    // The name of a subject counts for nothing.
    let mut named = nobody;
    named.subject = HOST.to_owned();
    refused(verify_under(&trust(), &signed(&chain(&named, &middle()))), Fault::Name);
}

#[test]
fn a_name_that_is_no_https_address_is_made_out_to_by_a_uri_only() {
    for (issuer, taken) in [("urn:example:registro", false), ("http://registro.example", false)] {
        let trust = list(vec![certified(issuer, anchors(&[anchor()]))]);
        let payload = vc_payload("").replace(ISSUER, issuer);
        let text = vc_with(&good(), &payload, &ISSUER_KEY);
        assert_eq!(verify_under(&trust, &text).is_ok(), taken, "{issuer}");
        let leaf = Certificate::leaf(MIDDLE, &ISSUER_KEY, &[uri(issuer)]);
        accept(verify_under(&trust, &vc_with(&chain(&leaf, &middle()), &payload, &ISSUER_KEY)));
    }
}

// HAIP.

#[test]
fn refuses_the_anchor_in_x5c_unless_the_list_lets_it() {
    let with_anchor = [good(), vec![anchor()]].concat();
    refused(verify_under(&trust(), &signed(&with_anchor)), Fault::AnchorIncluded);
    let loose = loose();
    let found = accepted(verify_under(&loose, &signed(&with_anchor)));
    assert_eq!(found.authority_key_ids, [MIDDLE, ROOT].map(b64), "of the path alone");
    // As another certificate of the same name and key.
    let again = root().valid("250101000000Z", "350101000000Z").signed_by(&ROOT_KEY);
    let with_again = [good(), vec![again]].concat();
    refused(verify_under(&trust(), &signed(&with_again)), Fault::Path);
    accept(verify_under(&loose, &signed(&with_again)));
}

#[test]
fn refuses_a_self_signed_certificate() {
    let own = Certificate::leaf("Emisor", &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&ISSUER_KEY);
    refused(verify_under(&trust(), &signed(std::slice::from_ref(&own))), Fault::SelfSigned);
    refused(verify_under(&loose(), &signed(std::slice::from_ref(&own))), Fault::Path);
    // Nor can it be an anchor.
    refused(Anchors::new(&[own], None, X5cProfile::SdJwtVc), Fault::Constraint);
}

// Anchors and their place in a list.

#[test]
fn refuses_an_anchor_that_is_not_the_certificate_of_an_authority() {
    let new = |certificates: &[Vec<u8>]| Anchors::new(certificates, None, X5cProfile::Haip);
    refused(new(&[b"no certificate".to_vec()]), Fault::Malformed);
    refused(new(&[[anchor(), vec![0]].concat()]), Fault::Malformed);
    refused(new(&[root().basic(false, None).signed_by(&ROOT_KEY)]), Fault::Constraint);
    refused(new(&[root().without("2.5.29.19").signed_by(&ROOT_KEY)]), Fault::Constraint);
    refused(new(&[root().usage(DIGITAL_SIGNATURE).signed_by(&ROOT_KEY)]), Fault::Purpose);
    refused_with(new(&[]), OVER);
    accept(new(&vec![anchor(); MAX_ANCHORS]));
    refused_with(new(&vec![anchor(); MAX_ANCHORS + 1]), OVER);
    refused_with(new(&[vec![0x30; MAX_CERTIFICATE_BYTES + 1]]), OVER);
    for purpose in ["", "1", "a.b", "1.2.", "1.2.3.4.x", "9.9.9"] {
        refused(Anchors::new(&[anchor()], Some(purpose), X5cProfile::Haip), Fault::Purpose);
    }
}

#[test]
fn a_list_with_anchors_comes_back_as_it_was_written() {
    let strict = accepted(Anchors::new(&[anchor()], Some(CREDENTIALS), X5cProfile::Haip));
    let loose = accepted(Anchors::new(&[anchor()], None, X5cProfile::SdJwtVc));
    let written = list(vec![
        certified(ISSUER, strict),
        certified("https://otro.example", loose),
        listed("https://tercero.example", &OTHER_KEY),
    ]);
    let text = written.to_json();
    let expected = json!({ "anchors": [base64(&anchor())], "eku": CREDENTIALS, "haip": true });
    assert_eq!(text["issuers"][0]["x5c"], expected);
    assert_eq!(text["issuers"][0].get("keys"), None);
    let read = accepted(TrustList::from_slice(text.to_string().as_bytes()));
    assert_eq!(read.to_json(), text);
    let with_purpose = leaf().purposes(&[CREDENTIALS]);
    accept(verify_under(&read, &signed(&chain(&with_purpose, &middle()))));
    let IssuerKeys::Certified(anchors) = &read.issuers()[0].keys else { panic!() };
    assert!(anchors.certificates().eq([anchor().as_slice()]));
    assert_eq!(anchors.key_purpose().as_deref(), Some(CREDENTIALS));
    assert_eq!(anchors.profile(), X5cProfile::Haip);
    // Strict, unless it says otherwise.
    let mut without = text;
    without["issuers"][0]["x5c"].as_object_mut().unwrap().remove("haip");
    let read = accepted(TrustList::from_slice(without.to_string().as_bytes()));
    let IssuerKeys::Certified(anchors) = &read.issuers()[0].keys else { panic!() };
    assert_eq!(anchors.profile(), X5cProfile::Haip);
}

#[test]
fn refuses_a_list_whose_anchors_are_malformed() {
    let malformed = |member| Error::MemberMalformed { part: Part::Trust, member };
    let read = |entry: Value| {
        let list = json!({ "issued_at": 1, "issuers": [entry] });
        TrustList::from_slice(list.to_string().as_bytes())
    };
    let with = |x5c: Value| json!({ "iss": ISSUER, "name": "N", "types": [TYPE], "x5c": x5c });
    let text = base64(&anchor());
    accept(read(with(json!({ "anchors": [text] }))));
    let mut both = with(json!({ "anchors": [text] }));
    both["keys"] = json!([]);
    refused_with(read(both), malformed("x5c"));
    for x5c in [json!(null), json!([])] {
        refused_with(read(with(x5c)), malformed("x5c"));
    }
    for x5c in [json!({}), json!({ "anchors": text })] {
        refused_with(read(with(x5c)), malformed("anchors"));
    }
    for anchor in
        [json!(7), json!(format!("{text} ")), json!(text.trim_end_matches('=').to_owned() + "!")]
    {
        refused_with(read(with(json!({ "anchors": [anchor] }))), malformed("anchors"));
    }
    refused_with(read(with(json!({ "anchors": [] }))), OVER);
    accept(read(with(json!({ "anchors": vec![&text; MAX_ANCHORS] }))));
    refused_with(read(with(json!({ "anchors": vec![&text; MAX_ANCHORS + 1] }))), OVER);
    refused_with(read(with(json!({ "anchors": ["A".repeat(20_000)] }))), OVER);
    refused(read(with(json!({ "anchors": ["MIIB"] }))), Fault::Malformed);
    for eku in [json!(7), json!(""), json!(null)] {
        refused_with(read(with(json!({ "anchors": [text], "eku": eku }))), malformed("eku"));
    }
    refused(read(with(json!({ "anchors": [text], "eku": "x" }))), Fault::Purpose);
    for haip in [json!(null), json!("true"), json!(1)] {
        refused_with(read(with(json!({ "anchors": [text], "haip": haip }))), malformed("haip"));
    }
}

#[test]
fn no_certificate_however_spoilt_is_taken_or_stops_the_program() {
    let trust = trust();
    let good = good();
    for which in 0..good.len() {
        for at in 0..good[which].len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut spoilt = good.clone();
                spoilt[which][at] ^= flip;
                assert!(verify_under(&trust, &signed(&spoilt)).is_err(), "{which} {at} {flip}");
            }
            let mut short = good.clone();
            short[which].truncate(at);
            assert!(verify_under(&trust, &signed(&short)).is_err(), "{which} {at}");
        }
    }
    let anchor = anchor();
    for at in 0..anchor.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut spoilt = anchor.clone();
            spoilt[at] ^= flip;
            let _ = Anchors::new(&[spoilt], None, X5cProfile::Haip);
        }
    }
}

// Cases for everybody: `tests/vectors/conformance/sd-jwt-vc-x5c-chains.json`, which `llavero conformance` runs.

/// A case for a token under a chain; one that is accepted holds what the token says.
fn case(name: &str, spec: &str, input: impl Into<Value>, reason: &str) -> Value {
    let expect = name.split('-').next().unwrap();
    let mut case = json!({
        "id": format!("x5c-chain-{name}"),
        "kind": "x5c",
        "spec": spec,
        "role": "verifier",
        "input": input.into(),
        "policy": {
            "now": NOW.as_secs(),
            "issuer_jwk": null,
            "require_key_binding": false,
            "required_claims": [],
            "trusted_issuer": ISSUER,
            "trust_anchors_der_b64": [base64(&named_anchor())],
        },
        "expect": expect,
        "reason": reason,
    });
    if expect == "accept" {
        case["processed_payload"] = serde_json::from_str(&vc_payload("")).unwrap();
    }
    case
}

/// With the key identifier that conforming authorities have and [`Certificate::authority`] leaves out.
fn named(authority: Certificate) -> Certificate {
    let id = tlv(4, authority.subject.as_bytes());
    authority.with(extension("2.5.29.14", false, &id))
}

fn named_anchor() -> Vec<u8> {
    named(root()).signed_by(&ROOT_KEY)
}

fn published_cases() -> Vec<Value> {
    const PATH: &str = "RFC5280 6.1.3";
    let under = |leaf: &Certificate, middle: Certificate| signed(&chain(leaf, &named(middle)));
    let good = || chain(&leaf(), &named(middle()));
    let by_host = || Certificate::leaf(MIDDLE, &ISSUER_KEY, &[dns(HOST)]);
    let made_out =
        |names: &[Vec<u8>]| under(&Certificate::leaf(MIDDLE, &ISSUER_KEY, names), middle());
    let three = |max| {
        let below = key(KeyKind::P256, 13);
        let lower = named(Certificate::authority("Baja", MIDDLE, &below)).signed_by(&MIDDLE_KEY);
        let leaf = Certificate::leaf("Baja", &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&below);
        signed(&[leaf, lower, named(middle().basic(true, Some(max))).signed_by(&ROOT_KEY)])
    };
    let unknown = |critical| extension("2.25.9", critical, &[5, 0]);
    let with_header =
        |members: Value, key: &SigningKey| token_by(&header(&members), &vc_payload(""), &[], key);
    let texts = || good().iter().map(|certificate| base64(certificate)).collect::<Vec<_>>();
    let forged_root = Certificate::leaf(ROOT, &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&OTHER_KEY);
    let own_root = named(Certificate::authority(ROOT, ROOT, &OTHER_KEY)).signed_by(&OTHER_KEY);
    let forged_middle = named(middle()).signed_by(&OTHER_KEY);
    let mut unprotected = accepted(jws_json::to_flattened(&vc("", &[])));
    unprotected["header"]["x5c"] = x5c(&good());
    let point = seq(&[&seq(&[&tlv(0xa0, &tlv(0xa0, &uri("http://registro.example/crl")))])]);
    let twice = unknown(false);
    let mut second =
        case("accept-second-anchor", PATH, signed(&good()), "one anchor of several is enough");
    let otra = named(Certificate::authority("Otra", "Otra", &OTHER_KEY)).signed_by(&OTHER_KEY);
    second["policy"]["trust_anchors_der_b64"] = json!([base64(&otra), base64(&named_anchor())]);
    let mut other = case(
        "reject-other-anchor",
        PATH,
        signed(&good()),
        "an anchor of the same name and another key",
    );
    other["policy"]["trust_anchors_der_b64"] = json!([base64(&own_root)]);
    vec![
        case(
            "accept-intermediate",
            PATH,
            signed(&good()),
            "through one intermediate; made out by URI",
        ),
        case(
            "accept-host",
            "SD-JWT VC -19 2.5",
            under(&by_host(), middle()),
            "made out by the name of the host",
        ),
        second,
        case(
            "accept-path-length",
            "RFC5280 4.2.1.9",
            three(1),
            "as many intermediates as the first allows",
        ),
        case(
            "accept-name-constraint",
            "RFC5280 4.2.1.10",
            under(&by_host(), middle().constrained(true, &[dns("example")])),
            "the host is below a permitted name",
        ),
        case(
            "accept-unknown-extension",
            "RFC5280 4.2",
            under(&leaf().with(unknown(false)), middle()),
            "an unknown extension that is not critical",
        ),
        case(
            "accept-last-second",
            "RFC5280 4.1.2.5",
            under(&leaf().valid("240101000000Z", "260101000000Z"), middle()),
            "notAfter itself is within the validity",
        ),
        case(
            "reject-expired-leaf",
            PATH,
            under(&leaf().valid("240101000000Z", "251231235959Z"), middle()),
            "leaf expired a second ago",
        ),
        case(
            "reject-expired-intermediate",
            PATH,
            under(&leaf(), middle().valid("240101000000Z", "251231235959Z")),
            "intermediate expired a second ago",
        ),
        case(
            "reject-early-intermediate",
            PATH,
            under(&leaf(), middle().valid("260101000001Z", "440101000000Z")),
            "intermediate valid in a second",
        ),
        other,
        case(
            "reject-forged-intermediate",
            PATH,
            signed(&[leaf().signed_by(&MIDDLE_KEY), forged_middle]),
            "the right names, signed by another key",
        ),
        case(
            "reject-forged-anchor-name",
            PATH,
            signed(&[forged_root]),
            "the leaf names the anchor and is signed by another key",
        ),
        case(
            "reject-own-anchor",
            PATH,
            signed(&[
                Certificate::leaf(ROOT, &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&OTHER_KEY),
                own_root,
            ]),
            "the token brings an anchor of its own, with the name of the trusted one",
        ),
        case(
            "reject-order",
            "RFC7515 4.1.6",
            signed(&[good()[1].clone(), good()[0].clone()]),
            "the first certificate must be the one that signed",
        ),
        case(
            "reject-no-basic-constraints",
            "RFC5280 4.2.1.9",
            under(&leaf(), middle().without("2.5.29.19")),
            "an intermediate that does not say it is an authority",
        ),
        case(
            "reject-path-length",
            "RFC5280 4.2.1.9",
            three(0),
            "one intermediate more than the first allows",
        ),
        case(
            "reject-not-permitted-name",
            "RFC5280 4.2.1.10",
            under(&by_host(), middle().constrained(true, &[dns("otro.example")])),
            "the host is below no permitted name",
        ),
        case(
            "reject-excluded-name",
            "RFC5280 4.2.1.10",
            under(&by_host(), middle().constrained(false, &[dns("example")])),
            "the host is below an excluded name",
        ),
        case(
            "reject-leaf-usage",
            "RFC5280 4.2.1.3",
            under(&leaf().usage(KEY_CERT_SIGN), middle()),
            "the leaf's key is not for signatures on data",
        ),
        case(
            "reject-intermediate-usage",
            "RFC5280 4.2.1.3",
            under(&leaf(), middle().usage(DIGITAL_SIGNATURE)),
            "the intermediate's key is not for certificates",
        ),
        case(
            "reject-critical-intermediate",
            "RFC5280 4.2",
            under(&leaf(), middle().with(unknown(true))),
            "an unknown critical extension in the intermediate",
        ),
        case(
            "reject-extension-twice",
            "RFC5280 4.2",
            under(&leaf().with(twice.clone()).with(twice), middle()),
            "an extension given twice",
        ),
        case(
            "reject-other-name",
            "SD-JWT VC -19 2.5",
            made_out(&[uri("https://otro.example")]),
            "made out to another issuer, who signs as this one",
        ),
        case(
            "reject-other-host",
            "SD-JWT VC -19 2.5",
            made_out(&[dns("a.registro.example")]),
            "made out to a host below this one",
        ),
        case(
            "reject-slash",
            "SD-JWT VC -19 2.5",
            made_out(&[uri("https://registro.example/")]),
            "the URI differs from iss by a slash",
        ),
        case(
            "reject-no-name",
            "SD-JWT VC -19 2.5",
            under(&leaf().without("2.5.29.17"), middle()),
            "made out to nobody",
        ),
        case(
            "reject-unprotected",
            "SD-JWT VC -19 2.5",
            unprotected,
            "x5c only in the unprotected header",
        ),
        case(
            "reject-jwk",
            "SD-JWT VC -19 2.5",
            with_header(
                json!({ "x5c": x5c(&good()), "jwk": OTHER_KEY.public_key().to_jwk() }),
                &OTHER_KEY,
            ),
            "a good x5c, and a jwk beside it that signed",
        ),
        case(
            "reject-string",
            "RFC7515 4.1.6",
            with_header(json!({ "x5c": texts()[0] }), &ISSUER_KEY),
            "x5c is text and no array",
        ),
        case(
            "reject-number",
            "RFC7515 4.1.6",
            with_header(json!({ "x5c": [texts()[0], 7] }), &ISSUER_KEY),
            "an entry of x5c is a number",
        ),
        case(
            "reject-line-feed",
            "RFC4648 3.1",
            with_header(json!({ "x5c": [format!("{}\n", texts()[0]), texts()[1]] }), &ISSUER_KEY),
            "a line feed in base64",
        ),
        case(
            "reject-trailing-byte",
            "X.690 10.1",
            signed(&[[good()[0].clone(), vec![0]].concat(), good()[1].clone()]),
            "a byte behind the certificate",
        ),
        case(
            "either-crl-critical",
            "RFC5280 4.2.1.13",
            under(&leaf().with(extension("2.5.29.31", true, &point)), middle()),
            "critical distribution points: whoever looks at revocation may go on; whoever does not should refuse",
        ),
    ]
}

fn written(chain: &[Vec<u8>], issuer: &str, key: &SigningKey) -> Result<CertificateChain, Error> {
    CertificateChain::new(chain, issuer, &key.public_key())
}

#[test]
fn an_issuer_writes_certificates_that_a_verifier_takes() {
    let chain = written(&good(), ISSUER, &ISSUER_KEY).unwrap();
    let mut header = IssuerHeader::sd_jwt_vc(ISSUER_KEY.public_key().kind().default_algorithm());
    header.certificates = Some(chain);
    let claims =
        Object::new().open("iss", ISSUER).open("vct", TYPE).disclosable("given_name", "Ana");
    let unsigned =
        issue::prepare(&claims, &header, HashAlgorithm::Sha256, &mut Counter(3)).unwrap();
    let issued = unsigned.sign(&*ISSUER_KEY).unwrap().into_string();
    let list = TrustList::new(NOW, vec![certified(ISSUER, anchors(&[anchor()]))]).unwrap();
    let parsed = SdJwt::parse(&issued).unwrap();
    let trusted = list.verify(parsed, KeyBinding::Forbid, &[], 0, NOW).unwrap();
    assert_eq!(trusted.verified.claim("given_name"), Some(&json!("Ana")));
}

#[test]
fn refuses_to_write_certificates_that_every_holder_would_refuse() {
    let refused = |chain: &[Vec<u8>]| written(chain, ISSUER, &ISSUER_KEY).unwrap_err();
    let [own, above] = good().try_into().unwrap();
    let own_ca = Certificate::leaf("Emisor", &ISSUER_KEY, &[uri(ISSUER)]).signed_by(&ISSUER_KEY);
    let encipher = leaf().usage(0x20).signed_by(&MIDDLE_KEY);
    for (what, chain, fault) in [
        (
            "the anchor comes along",
            vec![own.clone(), above.clone(), anchor()],
            Fault::AnchorIncluded,
        ),
        ("self-signed", vec![own_ca], Fault::SelfSigned),
        ("no certificate", vec![vec![0x30, 0]], Fault::Malformed),
        ("in another order", vec![above, own.clone()], Fault::Path),
        ("not for signatures", vec![encipher], Fault::Purpose),
    ] {
        assert_eq!(refused(&chain), Error::Certificate(fault), "{what}");
    }
    let other = written(std::slice::from_ref(&own), "https://otro.example", &ISSUER_KEY);
    assert_eq!(other.unwrap_err(), Error::Certificate(Fault::Name));
    let other = written(std::slice::from_ref(&own), ISSUER, &MIDDLE_KEY);
    assert_eq!(other.unwrap_err().code(), "signer_key_mismatch");
    let over = Error::LimitExceeded { limit: Limit::Certificates };
    assert_eq!(refused(&[]), over);
    assert_eq!(refused(&vec![own; MAX_CERTIFICATES + 1]), over);
    assert_eq!(refused(&[vec![0; MAX_CERTIFICATE_BYTES + 1]]), over);
}

#[test]
fn the_published_cases_are_as_made() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/vectors/conformance/sd-jwt-vc-x5c-chains.json"
    );
    let mut text = Vec::new();
    let indent = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut writer = serde_json::Serializer::with_formatter(&mut text, indent);
    serde::Serialize::serialize(&published_cases(), &mut writer).unwrap();
    text.push(b'\n');
    if std::env::var_os("LLAVERO_RENEW").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    assert!(
        std::fs::read(file).unwrap() == text,
        "run with LLAVERO_RENEW=1 and look at what changed"
    );
}
