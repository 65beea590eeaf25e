//! What `Debug` and `Display` print of the engine's values: what they are, and nothing by which to know them again.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};

use certificates::Certificate;
use llavero_core::certificate::{Anchors, CertificateChain, X5cProfile};
use llavero_core::dcql::{Candidate, DcqlQuery, Presented, SD_JWT_FORMAT};
use llavero_core::issue::{self, IssuerHeader};
use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::present::Held;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::template::Object;
use llavero_core::{
    AlgorithmSet, CertificateFault, HashAlgorithm, JsonFault, JwkFault, JwsAlgorithm, Limit, Part,
    PathSegment, Positions, SdJwt, Signer as _,
};
use serde_json::Value;
use support::*;

#[track_caller]
fn prints(value: &dyn Debug, expected: &str) {
    assert_eq!(format!("{value:?}"), expected);
}

fn credential() -> String {
    vc(r#""_sd":["<0>"]"#, &[r#"["salt","a",1]"#])
}

#[test]
fn debug_of_a_credential_says_how_much_is_hidden_and_no_more() {
    let text = credential();
    let parsed = accepted(SdJwt::parse(&text));
    prints(&parsed, "SdJwt { disclosures: 1, key_binding: false, .. }");
    prints(&accepted(parsed.untrusted_contents()), "UntrustedContents { .. }");
    prints(
        &accepted(verify(&text)),
        "Verified { disclosed: 1, expires: None, bound_at: None, .. }",
    );
    let held = accepted(Held::reopen(&text));
    prints(&held, "Held { disclosable: 1, .. }");
    let unbound = held.present(&accepted(held.select(&[])));
    prints(&unbound, "UnboundPresentation { .. }");
    let unsigned = accepted(unbound.bind(AUDIENCE, NONCE, NOW, None));
    prints(&unsigned, "UnsignedPresentation { kind: P256, .. }");

    let header = IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256);
    let claims = Object::new().open("vct", TYPE);
    let unsigned = issue::prepare(&claims, &header, HashAlgorithm::Sha256, &mut Counter(1));
    let unsigned = accepted(unsigned);
    prints(&unsigned, "UnsignedSdJwt { algorithm: Es256, .. }");
    prints(&accepted(unsigned.sign(&*ISSUER_KEY)), "IssuedSdJwt { .. }");
}

#[test]
fn debug_of_keys_and_proofs_says_their_kind_and_no_more() {
    prints(&*HOLDER_KEY, "SigningKey { kind: P256, .. }");
    prints(&ED_KEY.public_key(), "PublicKey { kind: Ed25519, .. }");
    prints(&HOLDER_KEY.sign(b"").unwrap(), "Signature { .. }");
    let unsigned = key_proof::prepare(&HOLDER_KEY.public_key(), AUDIENCE, NONCE, NOW);
    prints(&unsigned, "UnsignedKeyProof { key: PublicKey { kind: P256, .. }, .. }");
    let anchor = Certificate::authority("Raiz", "Raiz", &ISSUER_KEY).signed_by(&ISSUER_KEY);
    prints(
        &accepted(Anchors::new(&[anchor], None, X5cProfile::Haip)),
        "Anchors { anchors: 1, key_purpose: None, profile: Haip }",
    );
    let names = [certificates::uri(ISSUER)];
    let leaf = Certificate::leaf("Raiz", &HOLDER_KEY, &names).signed_by(&ISSUER_KEY);
    let chain = CertificateChain::new(&[leaf], ISSUER, &HOLDER_KEY.public_key());
    prints(&accepted(chain), "CertificateChain { certificates: 1 }");
    let algorithms = AlgorithmSet::ALL;
    let shown = format!("Challenge {{ max_age_secs: 300, algorithms: {algorithms:?}, .. }}");
    prints(&challenge(), &shown);
    let policy = ProofPolicy {
        audience: AUDIENCE,
        nonce: NONCE,
        max_age_secs: MAX_AGE_SECS,
        clock_skew_secs: SKEW_SECS,
        algorithms,
    };
    prints(&policy, "ProofPolicy { max_age_secs: 300, clock_skew_secs: 60, .. }");
}

struct Nothing(Positions);

impl Candidate for Nothing {
    fn format(&self) -> &str {
        SD_JWT_FORMAT
    }

    fn has_type(&self, _: &str) -> bool {
        false
    }

    fn holder_bound(&self) -> bool {
        false
    }

    fn claims(&self) -> &Value {
        &Value::Null
    }

    fn positions(&self) -> &Positions {
        &self.0
    }

    fn authority_key_ids(&self) -> &[String] {
        &[]
    }
}

#[test]
fn debug_of_questions_and_answers_says_which_claims_and_no_more() {
    let query = DcqlQuery::for_claims("p", [TYPE], ["a".parse().unwrap()]).unwrap();
    let shown = format!("{query:?}");
    assert!(shown.contains(&format!("meta: SdJwt {{ vct_values: [{TYPE:?}] }}")), "{shown}");
    let request = PresentationRequest::new(AUDIENCE, None, "x", query, &mut Counter(1));
    prints(&accepted(request), &format!("PresentationRequest {{ query: {shown}, .. }}"));
    let answer = BTreeMap::from([("p".to_owned(), vec![credential()])]);
    prints(&PresentationAnswer::new(answer), "PresentationAnswer { queries: 1, .. }");

    let other = serde_json::json!({"credentials": [
        {"id": "m", "format": "mso_mdoc", "meta": {"doctype_value": "unseen"}}
    ]});
    let shown = format!("{:?}", DcqlQuery::from_value(&other).unwrap());
    assert!(shown.contains(r#"meta: Other { format: "mso_mdoc", .. }"#), "{shown}");
    assert!(!shown.contains("unseen"));

    let (nothing, disclosed) = (Nothing(Positions::new()), [vec![PathSegment::Index(7)]]);
    prints(&Presented::new(&nothing, &disclosed), "Presented { disclosed: [[Index(7)]], .. }");
}

#[test]
fn every_part_limit_and_fault_has_words_of_its_own() {
    let parts = [
        Part::Disclosure(1),
        Part::Disclosure(2),
        Part::IssuerMetadata,
        Part::IssuerJwt,
        Part::JwsJson,
        Part::KeyBinding,
        Part::KeyProof,
        Part::Request,
        Part::Trust,
    ];
    let limits = [
        Limit::Certificates,
        Limit::Depth,
        Limit::Digests,
        Limit::Disclosures,
        Limit::Keys,
        Limit::Length,
    ];
    let faults = [JwkFault::Point, JwkFault::Private, JwkFault::Shape, JwkFault::Unsupported];
    let json =
        [JsonFault::DuplicateName, JsonFault::NotAnObject, JsonFault::Syntax, JsonFault::TooDeep];
    let certificates = [
        CertificateFault::AnchorIncluded,
        CertificateFault::Constraint,
        CertificateFault::Critical,
        CertificateFault::Malformed,
        CertificateFault::Missing,
        CertificateFault::Name,
        CertificateFault::Path,
        CertificateFault::Purpose,
        CertificateFault::SelfSigned,
        CertificateFault::Unsupported,
        CertificateFault::Validity,
    ];
    let texts = |all: &[&dyn Display]| -> BTreeSet<String> {
        let texts: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), all.len(), "{texts:?}");
        texts
    };
    for texts in [
        texts(&parts.each_ref().map(|part| part as &dyn Display)),
        texts(&limits.each_ref().map(|limit| limit as &dyn Display)),
        texts(&faults.each_ref().map(|fault| fault as &dyn Display)),
        texts(&json.each_ref().map(|fault| fault as &dyn Display)),
        texts(&certificates.each_ref().map(|fault| fault as &dyn Display)),
    ] {
        assert!(texts.iter().all(|text| text.len() > 4), "{texts:?}");
    }
}
