//! Batches as a wallet and a verifier see them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeSet;

use jiff::civil::date;
use llavero_core::issue::IssuedSdJwt;
use llavero_core::template::Object;
use llavero_core::{
    AlgorithmSet, Format, KeyBinding, KeyKind, Policy, PublicKey, Random, RandomError, SdJwt,
    Signature, Signer, SignerError, SigningKey, UnixTime, Verified, key_proof,
};
use llavero_issuer::{Error, HolderKeys, Issuer, MAX_COPIES, Record, TypeName, Validity};
use llavero_mexico::{CredentialType, Synthetic};
use serde_json::{Value, json};

const AGENCY: &str = "https://agencia.example";
const NONCE: &str = "nonce-of-the-agency";
/// 2026-11-21T15:00:00Z.
const NOW: UnixTime = UnixTime::from_secs(1_795_273_200);

struct Noise(u64);

impl Random for Noise {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for byte in out {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_le_bytes()[6];
        }
        Ok(())
    }
}

fn agency() -> (SigningKey, Issuer) {
    let key = SigningKey::generate(KeyKind::P256, &mut Noise(1)).unwrap();
    let issuer = Issuer::new(AGENCY, key.public_key()).unwrap();
    (key, issuer)
}

fn wallet_keys(count: u64) -> Vec<SigningKey> {
    (0..count)
        .map(|seed| SigningKey::generate(KeyKind::P256, &mut Noise(100 + seed)).unwrap())
        .collect()
}

fn proofs(keys: &[SigningKey]) -> Vec<String> {
    keys.iter().map(|key| key_proof::sign(key, AGENCY, NONCE, NOW).unwrap()).collect()
}

fn check(issuer: &Issuer, proofs: &[String]) -> Result<HolderKeys, Error> {
    let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
    HolderKeys::check(&proofs, &issuer.proof_policy(NONCE), NOW)
}

fn verify(copy: &IssuedSdJwt, key: &PublicKey) -> Verified {
    let policy = Policy {
        issuer_key: key,
        issuer_algorithms: AlgorithmSet::ALL,
        issuer: Some(AGENCY),
        format: Format::SdJwtVc { types: None },
        binding: KeyBinding::Forbid,
        required_claims: &["exp", "cnf"],
        clock_skew_secs: 0,
    };
    SdJwt::parse(copy.as_str()).unwrap().verify(&policy, NOW).unwrap()
}

fn payload_text(copy: &IssuedSdJwt) -> String {
    use base64::Engine as _;
    let encoded = copy.as_str().split('.').nth(1).unwrap();
    String::from_utf8(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(encoded).unwrap())
        .unwrap()
}

/// The payload with every value that may differ between people blanked out, its length kept.
fn layout(payload: &str) -> String {
    let mut value: Value = serde_json::from_str(payload).unwrap();
    fn blank(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, value)| match name.as_str() {
                    "_sd" | "..." | "x" | "y" => blank_strings(value),
                    _ => blank(value),
                })
            }
            Value::Array(items) => items.iter_mut().for_each(blank),
            _ => {}
        }
    }
    fn blank_strings(value: &mut Value) {
        match value {
            Value::String(text) => *text = "-".repeat(text.len()),
            Value::Array(items) => items.iter_mut().for_each(blank_strings),
            _ => {}
        }
    }
    blank(&mut value);
    value.to_string()
}

/// Names in the order in which they stand in the text, digests left out.
fn key_order(payload: &str) -> Vec<String> {
    // What stands before `":` is a name: no value of ours holds that pair of characters.
    let pieces: Vec<&str> = payload.split("\":").collect();
    let names = pieces.iter().take(pieces.len() - 1).map(|piece| piece.rsplit('"').next().unwrap());
    names.map(str::to_owned).collect()
}

#[test]
fn a_thousand_people_have_one_layout_per_type() {
    let (key, issuer) = agency();
    let keys = check(&issuer, &proofs(&wallet_keys(1))).unwrap();
    let mut noise = Noise(7);
    let mut people = Synthetic::new(|out: &mut [u8]| noise.fill(out).unwrap());
    let mut salts = Noise(9);
    let mut seen: [BTreeSet<(usize, Vec<String>, String)>; 3] = Default::default();
    let mut claims_seen = BTreeSet::new();
    for _ in 0..1_000 {
        let person = people.person(date(2026, 11, 21), 18..=99).unwrap();
        let records = [
            Record::Age(person.age_record().clone()),
            Record::Curp(Box::new(person.curp_record().clone())),
            Record::Ine(Box::new(person.ine().unwrap().0.clone())),
        ];
        for (record, seen) in records.iter().zip(&mut seen) {
            let vct = record.credential_type().default_vct();
            let draft = issuer.draft(record, vct, Validity::days(NOW, 7).unwrap()).unwrap();
            let copies = issuer.prepare(&draft, &keys, &mut salts).unwrap().sign(&key).unwrap();
            let payload = payload_text(&copies[0]);
            seen.insert((payload.len(), key_order(&payload), layout(&payload)));
            claims_seen.insert(copies[0].as_str().split('~').count());
        }
    }
    for (seen, credential_type) in seen.iter().zip(["age", "curp", "ine"]) {
        assert_eq!(seen.len(), 1, "{credential_type}: more than one layout");
    }
    // The people did differ in how many claims they have: otherwise this shows nothing.
    assert!(claims_seen.len() > 3, "{claims_seen:?}");
}

#[test]
fn the_prefix_is_the_same_for_everybody_and_comes_first() {
    let (key, issuer) = agency();
    let keys = check(&issuer, &proofs(&wallet_keys(2))).unwrap();
    let record =
        Record::from_json(CredentialType::Age, &json!({"birthdate": "1990-05-17"}), NOW).unwrap();
    let draft =
        issuer.draft(&record, "urn:example:mx:age:1", Validity::days(NOW, 7).unwrap()).unwrap();
    let copies = issuer.prepare(&draft, &keys, &mut Noise(3)).unwrap().sign(&key).unwrap();
    let prefix = "{\"_sd_alg\":\"sha-256\",\"iss\":\"https://agencia.example\",\"vct\":\"urn:example:mx:age:1\",\
                  \"nbf\":1795219200,\"exp\":1795824000,\"issuing_country\":\"MX\",\"cnf\":{\"jwk\":{";
    for copy in &copies {
        assert!(payload_text(copy).starts_with(prefix), "{}", payload_text(copy));
    }
}

#[test]
fn the_integrity_of_the_type_stands_behind_its_name() {
    let (key, issuer) = agency();
    let keys = check(&issuer, &proofs(&wallet_keys(1))).unwrap();
    let validity = Validity::days(NOW, 7).unwrap();
    let name = TypeName { vct: "urn:example:a:1", integrity: Some("sha256-AAAA"), metadata: None };
    let draft = issuer.draft_of(Object::new(), name, validity).unwrap();
    let copies = issuer.prepare(&draft, &keys, &mut Noise(3)).unwrap().sign(&key).unwrap();
    let payload = payload_text(&copies[0]);
    assert!(
        payload.contains(r#""vct":"urn:example:a:1","vct#integrity":"sha256-AAAA","nbf""#),
        "{payload}"
    );
    for integrity in ["", "md5-AAAA", "AAAA"] {
        let name = TypeName { vct: "urn:example:a:1", integrity: Some(integrity), metadata: None };
        assert_eq!(issuer.draft_of(Object::new(), name, validity).unwrap_err(), Error::Identifier);
    }
}

#[test]
fn copies_share_nothing_but_what_everybody_has() {
    let (key, issuer) = agency();
    let wallet = wallet_keys(5);
    let keys = check(&issuer, &proofs(&wallet)).unwrap();
    let record =
        Record::from_json(CredentialType::Age, &json!({"birthdate": "1990-05-17"}), NOW).unwrap();
    let draft =
        issuer.draft(&record, "urn:example:mx:age:1", Validity::days(NOW, 7).unwrap()).unwrap();
    let copies = issuer.prepare(&draft, &keys, &mut Noise(3)).unwrap().sign(&key).unwrap();
    let mut pieces = BTreeSet::new();
    for (copy, own) in copies.iter().zip(&wallet) {
        let verified = verify(copy, issuer.key());
        assert_eq!(verified.holder_key(), Some(&own.public_key()));
        assert_eq!(verified.claims()["age_equal_or_over"]["18"], true);
        for name in ["sub", "jti", "iat", "status"] {
            assert_eq!(verified.claim(name), None);
        }
        let signature = copy.as_str().split('~').next().unwrap().rsplit('.').next().unwrap();
        for piece in
            copy.as_str().split('~').skip(1).chain([signature]).filter(|piece| !piece.is_empty())
        {
            assert!(pieces.insert(piece.to_owned()), "a piece is in two copies");
        }
        let payload: Value = serde_json::from_str(&payload_text(copy)).unwrap();
        for digest in payload["age_equal_or_over"]["_sd"].as_array().unwrap() {
            assert!(
                pieces.insert(digest.as_str().unwrap().to_owned()),
                "a digest is in two copies"
            );
        }
    }
}

#[test]
fn signatures_made_elsewhere_are_checked() {
    let (key, issuer) = agency();
    let keys = check(&issuer, &proofs(&wallet_keys(2))).unwrap();
    let draft = issuer.draft_of(
        Object::new().disclosable("a", 1),
        "urn:example:a:1",
        Validity::days(NOW, 1).unwrap(),
    );
    let draft = draft.unwrap();
    let prepare = || issuer.prepare(&draft, &keys, &mut Noise(3)).unwrap();
    let sign = |batch: &llavero_issuer::UnsignedBatch| -> Vec<Signature> {
        batch.signing_inputs().map(|input| key.sign(input).unwrap()).collect()
    };
    let batch = prepare();
    let signatures = sign(&batch);
    assert_eq!(batch.attach(&signatures).unwrap().len(), 2);
    let swapped = [signatures[1], signatures[0]];
    assert_eq!(prepare().attach(&swapped).unwrap_err().code(), "signature");
    assert_eq!(prepare().attach(&signatures[..1]).unwrap_err().code(), "signature_count");
    let stranger = SigningKey::generate(KeyKind::P256, &mut Noise(55)).unwrap();
    assert_eq!(prepare().sign(&stranger).unwrap_err().code(), "signer_key_mismatch");
}

#[test]
fn a_signer_that_fails_leaves_no_copies() {
    struct Failing(PublicKey);
    impl Signer for Failing {
        fn public_key(&self) -> PublicKey {
            self.0.clone()
        }
        fn sign(&self, _: &[u8]) -> Result<Signature, SignerError> {
            Err(SignerError::Unavailable)
        }
    }
    let (key, issuer) = agency();
    let keys = check(&issuer, &proofs(&wallet_keys(1))).unwrap();
    let draft =
        issuer.draft_of(Object::new(), "urn:example:a:1", Validity::days(NOW, 1).unwrap()).unwrap();
    let batch = issuer.prepare(&draft, &keys, &mut Noise(3)).unwrap();
    assert_eq!(batch.sign(&Failing(key.public_key())).unwrap_err().code(), "signer_unavailable");
}

#[test]
fn refuses_proofs_that_are_old_foreign_repeated_or_mixed() {
    let (_, issuer) = agency();
    let wallet = wallet_keys(2);
    let at = |time| key_proof::sign(&wallet[0], AGENCY, NONCE, time).unwrap();
    let code = |proofs: &[String]| check(&issuer, proofs).unwrap_err().code();
    assert_eq!(code(&[at(NOW.plus_secs(-601))]), "key_binding_expired");
    assert_eq!(code(&[at(NOW.plus_secs(61))]), "key_binding_in_future");
    assert_eq!(
        code(&[key_proof::sign(&wallet[0], "https://otra.example", NONCE, NOW).unwrap()]),
        "audience_mismatch"
    );
    assert_eq!(
        code(&[key_proof::sign(&wallet[0], AGENCY, "old-nonce", NOW).unwrap()]),
        "nonce_mismatch"
    );
    assert_eq!(code(&[at(NOW), at(NOW)]), "key_repeated");
    let other_kind = SigningKey::generate(KeyKind::Ed25519, &mut Noise(9)).unwrap();
    assert_eq!(
        code(&[at(NOW), key_proof::sign(&other_kind, AGENCY, NONCE, NOW).unwrap()]),
        "key_kind_mixed"
    );
    assert_eq!(code(&[]), "batch_size");
    let tampered = at(NOW).replace('.', ".A");
    assert!(check(&issuer, &[tampered]).is_err());
}

#[test]
fn refuses_one_copy_past_the_limit() {
    let (_, issuer) = agency();
    let proof = |count: usize| proofs(&wallet_keys(count as u64));
    assert_eq!(check(&issuer, &proof(MAX_COPIES)).unwrap().as_slice().len(), MAX_COPIES);
    assert_eq!(check(&issuer, &proof(MAX_COPIES + 1)).unwrap_err(), Error::BatchSize);
}

#[test]
fn refuses_a_credential_that_outlives_its_document() {
    let (_, issuer) = agency();
    let mut noise = Noise(7);
    let person = Synthetic::new(|out: &mut [u8]| noise.fill(out).unwrap())
        .person(date(2026, 11, 21), 30..=30)
        .unwrap();
    let record = Record::Ine(Box::new(person.ine().unwrap().0.clone()));
    let last = person.ine().unwrap().0.not_after();
    let noon = UnixTime::from_secs(
        last.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second() + 43_200,
    );
    let vct = "urn:example:mx:ine:1";
    assert!(issuer.draft(&record, vct, Validity::days(noon, 1).unwrap()).is_ok());
    let refused = issuer.draft(&record, vct, Validity::days(noon, 2).unwrap()).unwrap_err();
    assert_eq!(refused.code(), "outlives_document");
}

#[test]
fn refuses_a_record_that_is_inconsistent_without_naming_its_values() {
    let record = json!({
        "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-18", "sexo": "M", "entidad_nacimiento": "VZ",
        "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva",
    });
    let refused = Record::from_json(CredentialType::Curp, &record, NOW).unwrap_err();
    let text = format!("{refused} {refused:?}");
    for value in ["EEII", "Irene", "Ejemplo", "2003"] {
        assert!(!text.contains(value), "{text}");
    }
}

#[path = "../../core/tests/support/certificates.rs"]
mod certificates;

#[test]
fn an_agency_known_by_certificates_writes_them_in_the_place_of_a_kid() {
    use certificates::{Certificate, uri};

    let (key, agency) = agency();
    let authority = SigningKey::generate(KeyKind::P256, &mut Noise(9)).unwrap();
    let own = Certificate::leaf("Raiz", &key, &[uri(AGENCY)]).signed_by(&authority);
    let agency = agency.with_certificates(std::slice::from_ref(&own)).unwrap();
    let keys = check(&agency, &proofs(&wallet_keys(1))).unwrap();
    let record = json!({ "birthdate": "1990-05-17" });
    let record = Record::from_json(CredentialType::Age, &record, NOW).unwrap();
    let name = CredentialType::Age.default_vct();
    let draft = agency.draft(&record, name, Validity::days(NOW, 7).unwrap()).unwrap();
    let copies = agency.prepare(&draft, &keys, &mut Noise(5)).unwrap().sign(&key).unwrap();
    let contents = SdJwt::parse(copies[0].as_str()).unwrap().untrusted_contents().unwrap();
    assert_eq!(contents.header["x5c"], json!([certificates::base64(&own)]));
    assert_eq!(contents.header.get("kid"), None);
}

#[test]
fn refuses_certificates_that_are_made_out_to_another_agency() {
    use certificates::{Certificate, uri};

    let (key, agency) = agency();
    let authority = SigningKey::generate(KeyKind::P256, &mut Noise(9)).unwrap();
    let other = Certificate::leaf("Raiz", &key, &[uri("https://otra.example")]);
    let refused = agency.with_certificates(&[other.signed_by(&authority)]).unwrap_err();
    assert_eq!(refused.code(), "certificate");
}
