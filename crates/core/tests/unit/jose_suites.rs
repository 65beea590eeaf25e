//! The verdicts of other people's test suites for JOSE on keys, signatures and compact JWS: Wycheproof, and the examples
//! of RFC 7520 and its successors. A module of the unit tests of `src/jws.rs`, because a bare JWS is not public.
//!
//! They lie outside the repository: see `support/published.rs`. Every case is either run or counted under the algorithm
//! that puts it out of scope.

#[path = "../support/published.rs"]
mod published;

use std::collections::BTreeMap;
use std::path::Path;

use published::{published, read_json};
use serde_json::Value;

use super::Jws;
use crate::{AlgorithmSet, Error, KeyKind, Part, PublicKey, Signature, base64url};

const PART: Part = Part::IssuerJwt;

/// Cases where we decide otherwise than Wycheproof: the file, the case, and why. There are none; one that is added here
/// and does not differ fails.
const DEVIATIONS: [(&str, u64, &str); 0] = [];

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn hex(value: &Value) -> Vec<u8> {
    let digit = |byte: &u8| u8::try_from(char::from(*byte).to_digit(16).unwrap()).unwrap();
    let pairs = text(value).as_bytes().chunks(2);
    pairs.map(|pair| digit(&pair[0]) << 4 | digit(&pair[1])).collect()
}

/// What came of one file.
#[derive(Default)]
struct Tally {
    file: &'static str,
    run: BTreeMap<String, usize>,
    out_of_scope: BTreeMap<String, usize>,
    deviations: usize,
}

impl Tally {
    fn of(file: &'static str) -> Self {
        Self { file, ..Self::default() }
    }

    /// Holds our verdict against the published one.
    fn compare(&mut self, case: &Value, accepted: bool) {
        let (id, result) = (case["tcId"].as_u64().unwrap(), text(&case["result"]));
        *self.run.entry(result.to_owned()).or_default() += 1;
        let agrees = match result {
            "valid" => accepted,
            "invalid" => !accepted,
            // Either will do, but it must be written down which.
            "acceptable" => false,
            other => panic!("{}: {id}: a verdict of another kind: {other}", self.file),
        };
        let listed = DEVIATIONS.iter().any(|(file, case, _)| *file == self.file && *case == id);
        self.deviations += usize::from(listed);
        assert_eq!(
            agrees, !listed,
            "{}: {id} ({}): published as {result}, accepted: {accepted}, a known deviation: {listed}",
            self.file, case["comment"]
        );
    }

    fn skip(&mut self, algorithm: &str, cases: usize) {
        *self.out_of_scope.entry(algorithm.to_owned()).or_default() += cases;
    }

    /// Says what was done, and that it was all of it.
    fn finish<const R: usize, const S: usize>(
        self,
        suite: &Value,
        run: [(&str, usize); R],
        out_of_scope: [(&str, usize); S],
    ) {
        println!("{}: run {:?}, out of scope {:?}", self.file, self.run, self.out_of_scope);
        let counts = |pairs: &[(&str, usize)]| -> BTreeMap<String, usize> {
            pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
        };
        let cases: usize = list(&suite["testGroups"]).iter().map(|g| list(&g["tests"]).len()).sum();
        let seen: usize = self.run.values().chain(self.out_of_scope.values()).sum();
        assert_eq!(seen, cases, "{}: every case", self.file);
        assert_eq!(suite["numberOfTests"].as_u64(), Some(cases as u64));
        assert_eq!(self.run, counts(&run), "{}", self.file);
        assert_eq!(self.out_of_scope, counts(&out_of_scope), "{}", self.file);
        let listed = DEVIATIONS.iter().filter(|(file, ..)| *file == self.file).count();
        assert_eq!(self.deviations, listed, "{}: a deviation that no case has", self.file);
    }
}

/// A signature as it would come in a JWS: of another length it is none.
fn signature_holds(key: &PublicKey, case: &Value) -> bool {
    let signature = base64url::decode_array(&base64url::encode(hex(&case["sig"])));
    signature.is_some_and(|signature| {
        key.verify(&hex(&case["msg"]), &Signature::from_bytes(signature), PART).is_ok()
    })
}

fn verify_jws(jws: &str, key: &PublicKey) -> Result<(), Error> {
    let jws = Jws::parse(jws, PART)?;
    jws.verify(&jws.header()?, key, AlgorithmSet::ALL)
}

#[test]
fn wycheproof_ed25519_signatures() {
    let Some(folder) = published("wycheproof") else { return };
    let suite = read_json(&folder.join("ed25519_test.json"));
    let mut tally = Tally::of("ed25519_test.json");
    for group in list(&suite["testGroups"]) {
        let key = PublicKey::from_jwk(&group["publicKeyJwk"]).unwrap();
        // The same key as a phone's hardware would write it.
        assert!(
            PublicKey::from_device(KeyKind::Ed25519, &hex(&group["publicKeyDer"]))
                .is_ok_and(|der| der == key)
        );
        for case in list(&group["tests"]) {
            tally.compare(case, signature_holds(&key, case));
        }
    }
    tally.finish(&suite, [("valid", 59), ("invalid", 38)], []);
}

#[test]
fn wycheproof_p256_signatures() {
    let Some(folder) = published("wycheproof") else { return };
    let suite = read_json(&folder.join("ecdsa_secp256r1_sha256_p1363_test.json"));
    let mut tally = Tally::of("ecdsa_secp256r1_sha256_p1363_test.json");
    let mut as_jwk = 0;
    for group in list(&suite["testGroups"]) {
        let key = PublicKey::from_device(KeyKind::P256, &hex(&group["publicKey"]["uncompressed"]))
            .unwrap();
        assert!(
            PublicKey::from_device(KeyKind::P256, &hex(&group["publicKeyDer"]))
                .is_ok_and(|der| der == key)
        );
        if let Some(jwk) = group.get("publicKeyJwk") {
            assert_eq!(PublicKey::from_jwk(jwk), Ok(key.clone()));
            as_jwk += 1;
        }
        for case in list(&group["tests"]) {
            tally.compare(case, signature_holds(&key, case));
        }
    }
    assert_eq!(as_jwk, 79);
    tally.finish(&suite, [("valid", 124), ("invalid", 55)], []);
}

/// The keys of a group: one, or those of a set. The public ones if they are given apart.
fn keys(group: &Value) -> Vec<&Value> {
    let key = group.get("public").unwrap_or(&group["private"]);
    key.get("keys").map_or_else(|| vec![key], |keys| list(keys).iter().collect())
}

/// The algorithm that puts a key out of scope: neither its name nor its curve is one of ours.
fn other_algorithm(jwk: &Value) -> Option<&str> {
    let ours = jwk["crv"] == "P-256" || jwk["crv"] == "Ed25519" || jwk["alg"] == "ES256";
    (!ours).then(|| jwk["alg"].as_str().unwrap_or_else(|| text(&jwk["kty"])))
}

/// Runs the cases that have a key of ours: a JWS is accepted if one of the keys is, and verifies it.
fn run_jws_file(folder: &Path, file: &'static str) -> (Value, Tally) {
    let suite = read_json(&folder.join(file));
    let mut tally = Tally::of(file);
    for group in list(&suite["testGroups"]) {
        let (keys, cases) = (keys(group), list(&group["tests"]));
        let accepted: Vec<_> =
            keys.iter().filter_map(|jwk| PublicKey::from_jwk(jwk).ok()).collect();
        // A JWE is encrypted to a key, which is another use than any of ours.
        let encrypted = cases[0].get("jwe").is_some();
        let others: Vec<&str> = keys.iter().filter_map(|jwk| other_algorithm(jwk)).collect();
        if encrypted || others.len() == keys.len() {
            assert!(accepted.is_empty(), "{file}: {}", group["comment"]);
            let name = if encrypted { &text(&keys[0]["alg"]) } else { &others[0] };
            tally.skip(name, cases.len());
            continue;
        }
        for case in cases {
            let holds = |key: &PublicKey| verify_jws(text(&case["jws"]), key).is_ok();
            tally.compare(case, accepted.iter().any(holds));
        }
    }
    (suite, tally)
}

#[test]
fn wycheproof_json_web_signatures() {
    let Some(folder) = published("wycheproof") else { return };
    let (suite, tally) = run_jws_file(&folder, "json_web_signature_test.json");
    tally.finish(
        &suite,
        [("valid", 1), ("invalid", 27)],
        [
            ("ES521", 1),
            ("HS256", 24),
            ("PS256", 38),
            ("PS384", 2),
            ("PS512", 11),
            ("RS256", 160),
            ("RS384", 4),
            ("RS512", 4),
            ("RSA", 1),
        ],
    );
}

#[test]
fn wycheproof_json_web_keys() {
    let Some(folder) = published("wycheproof") else { return };
    let (suite, tally) = run_jws_file(&folder, "json_web_key_test.json");
    tally.finish(
        &suite,
        [("invalid", 5)],
        [("A256GCM", 1), ("HS256", 3), ("HS384", 3), ("HS512", 2), ("RS256", 2)],
    );
}

#[test]
fn wycheproof_json_web_crypto() {
    let Some(folder) = published("wycheproof") else { return };
    let (suite, tally) = run_jws_file(&folder, "json_web_crypto_test.json");
    tally.finish(
        &suite,
        [("valid", 1), ("invalid", 12)],
        [("A256KW", 10), ("ECDH-ES+A128KW", 8), ("HS256", 12), ("RS256", 10)],
    );
}

#[test]
fn no_file_of_wycheproof_is_forgotten() {
    let Some(folder) = published("wycheproof") else { return };
    const RUN: [&str; 5] = [
        "ecdsa_secp256r1_sha256_p1363_test.json",
        "ed25519_test.json",
        "json_web_crypto_test.json",
        "json_web_key_test.json",
        "json_web_signature_test.json",
    ];
    // Other curves, and everything that encrypts.
    const OUT_OF_SCOPE: [(&str, u64); 5] = [
        ("aes_gcm_test.json", 205),
        ("ecdh_secp256r1_webcrypto_test.json", 230),
        ("ecdsa_secp384r1_sha384_p1363_test.json", 189),
        ("ecdsa_secp521r1_sha512_p1363_test.json", 205),
        ("json_web_encryption_test.json", 97),
    ];
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".json") || RUN.contains(&name.as_str()) {
            files += usize::from(name.ends_with(".json"));
            continue;
        }
        let cases = read_json(&folder.join(&name))["numberOfTests"].as_u64().unwrap();
        assert!(OUT_OF_SCOPE.contains(&(name.as_str(), cases)), "{name} with {cases} cases");
        println!("{name}: out of scope {cases}");
        files += 1;
    }
    assert_eq!(files, RUN.len() + OUT_OF_SCOPE.len());
}

#[test]
fn keys_of_other_curves_are_refused() {
    let Some(folder) = published("wycheproof") else { return };
    let mut keys = 0;
    for file in ["ecdsa_secp384r1_sha384_p1363_test.json", "ecdsa_secp521r1_sha512_p1363_test.json"]
    {
        for group in list(&read_json(&folder.join(file))["testGroups"]) {
            let Some(jwk) = group.get("publicKeyJwk") else { continue };
            assert!(PublicKey::from_jwk(jwk).is_err(), "{jwk}");
            assert!(
                PublicKey::from_device(KeyKind::P256, &hex(&group["publicKeyDer"])).is_err(),
                "{jwk}"
            );
            keys += 1;
        }
    }
    assert!(keys > 100, "{keys}");
}

/// Every object with `kty` in a document, wherever it stands.
fn jwks<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(members) => {
            if members.get("kty").is_some_and(Value::is_string) {
                found.push(value);
            }
            members.values().for_each(|value| jwks(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| jwks(value, found)),
        _ => {}
    }
}

fn documents(folder: &Path, found: &mut Vec<Value>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "json") {
            found.push(read_json(&path));
        }
    }
}

#[test]
fn jose_cookbook() {
    let Some(folder) = published("jose-cookbook") else { return };
    // One example is of an algorithm of ours.
    let example = read_json(&folder.join("curve25519/jws.json"));
    let mut public = example["input"]["key"].clone();
    assert_eq!(PublicKey::from_jwk(&public).map_err(|error| error.code()), Err("jwk"));
    #[cfg(feature = "sign")]
    {
        use crate::Signer as _;
        let key = crate::SigningKey::from_jwk(&public).unwrap();
        let signature = key.sign(text(&example["signing"]["sig-input"]).as_bytes()).unwrap();
        assert_eq!(base64url::encode(signature.as_bytes()), text(&example["signing"]["sig"]));
    }
    public.as_object_mut().unwrap().remove("d");
    let key = PublicKey::from_jwk(&public).unwrap();
    let compact = text(&example["output"]["compact"]);
    assert_eq!(verify_jws(compact, &key), Ok(()));
    let jws = Jws::parse(compact, PART).unwrap();
    assert_eq!(jws.payload(), text(&example["input"]["payload"]).as_bytes());
    // Its JSON serializations are the same text (RFC 7515 §7.2), though no SD-JWT.
    for form in ["json", "json_flat"] {
        let json = example["output"][form].to_string();
        let again = crate::jws_json::to_compact(json.as_bytes()).unwrap();
        assert_eq!(again, format!("{compact}~"));
    }

    // All others are of algorithms that we refuse, and so are their keys.
    let mut all = Vec::new();
    documents(&folder, &mut all);
    let mut found = Vec::new();
    all.iter().for_each(|document| jwks(document, &mut found));
    let mut refused = BTreeMap::<String, usize>::new();
    for jwk in found {
        assert!(PublicKey::from_jwk(jwk).is_err(), "{}", jwk["kty"]);
        let kind = [&jwk["kty"], &jwk["crv"]].map(|name| name.as_str().unwrap_or_default());
        *refused.entry(kind.join(" ").trim_end().to_owned()).or_default() += 1;
    }
    println!("jose-cookbook: refused keys {refused:?}");
    assert_eq!(refused.get("OKP Ed25519"), Some(&1), "the private one above");
    assert!(refused.len() > 3, "{refused:?}");
}
