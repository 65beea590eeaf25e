//! Keys, policies and tokens that the properties know. All people are invented.

use std::sync::LazyLock;

use llavero_core::issue::{self, IssuerHeader};
use llavero_core::present::Held;
use llavero_core::template::{Array, Object};
use llavero_core::trust::TrustList;
use llavero_core::{
    AlgorithmSet, Challenge, ClaimPath, Format, HashAlgorithm, KeyBinding, KeyKind, Policy,
    PublicKey, Signer as _, SigningKey,
};
use llavero_holder::{Language, SoftwareKeys, Wallet};
use llavero_mexico::CredentialType;
use serde_json::json;

use super::model::SKEW_SECS;
use crate::seeded::{self, Seeded};
use crate::token;
use crate::world::{AGENCY, Agency, NOW, Records, SharedStore, irene};

pub(crate) const ISSUER: &str = "https://emisor.example";
pub(crate) const VCT: &str = "urn:example:persona";
pub(crate) const AUDIENCE: &str = "https://ventanilla.example";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj-4f9c-8b1e-27";
pub(crate) const MAX_AGE_SECS: u32 = 300;

/// A signer of each role and kind.
pub(crate) struct Keys {
    pub(crate) private: SigningKey,
    pub(crate) public: PublicKey,
}

impl Keys {
    fn new(kind: KeyKind, seed: u64) -> Self {
        let private = seeded::key(kind, seed).expect("a key");
        Self { public: private.public_key(), private }
    }

    /// The names that a header may give the signatures of this key.
    pub(crate) fn algorithms(&self) -> &'static [&'static str] {
        match self.public.kind() {
            KeyKind::P256 => &["ES256"],
            _ => &["EdDSA", "Ed25519"],
        }
    }

    /// A compact JWS over these bytes as they stand.
    pub(crate) fn sign(&self, header: &[u8], payload: &[u8]) -> String {
        let input = format!("{}.{}", token::encode(header), token::encode(payload));
        let signature = self.private.sign(input.as_bytes()).expect("a signature");
        format!("{input}.{}", token::encode(signature.as_bytes()))
    }
}

/// Ed25519 first: it is the faster one.
pub(crate) static ISSUERS: LazyLock<[Keys; 2]> =
    LazyLock::new(|| [Keys::new(KeyKind::Ed25519, 101), Keys::new(KeyKind::P256, 102)]);
pub(crate) static HOLDERS: LazyLock<[Keys; 2]> =
    LazyLock::new(|| [Keys::new(KeyKind::Ed25519, 103), Keys::new(KeyKind::P256, 104)]);

pub(crate) const fn challenge() -> Challenge<'static> {
    Challenge {
        audience: AUDIENCE,
        nonce: NONCE,
        max_age_secs: MAX_AGE_SECS,
        algorithms: AlgorithmSet::ALL,
    }
}

/// Any SD-JWT that this issuer signed, with or without a proof of the holder.
pub(crate) fn policy(issuer: &Keys, bound: bool) -> Policy<'_> {
    Policy {
        issuer_key: &issuer.public,
        issuer_algorithms: AlgorithmSet::ALL,
        issuer: None,
        format: Format::SdJwt { typ: None },
        binding: if bound { KeyBinding::Require(challenge()) } else { KeyBinding::Forbid },
        required_claims: &[],
        clock_skew_secs: SKEW_SECS,
    }
}

/// An SD-JWT that we issued, and its presentations that answer the challenge.
pub(crate) struct Known {
    pub(crate) issued: String,
    pub(crate) presentations: Vec<String>,
}

/// Each kind of issuer's key with each kind of holder's key.
pub(crate) static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let pairs =
        ISSUERS.iter().flat_map(|issuer| HOLDERS.iter().map(move |holder| (issuer, holder)));
    pairs.enumerate().map(|(seed, (issuer, holder))| known(issuer, holder, seed as u64)).collect()
});

fn known(issuer: &Keys, holder: &Keys, seed: u64) -> Known {
    let address = Object::new()
        .disclosable("region", "Jalisco")
        .disclosable("street_address", "Calle Falsa 123")
        .min_digests(3);
    let nationalities = Array::new().open("MX").disclosable("CA").disclosable("FR");
    let claims = Object::new()
        .open("iss", ISSUER)
        .open("vct", VCT)
        .open("exp", NOW.plus_secs(86_400).as_secs())
        .open("cnf", json!({ "jwk": holder.public.to_jwk() }))
        .disclosable("given_name", "Irene Canaria")
        .disclosable("age", 23)
        .disclosable("address", address)
        .open("nationalities", nationalities)
        .min_digests(5);
    let header = IssuerHeader::sd_jwt_vc(issuer.public.kind().default_algorithm());
    let unsigned = issue::prepare(&claims, &header, HashAlgorithm::Sha256, &mut Seeded::new(seed));
    let issued = unsigned.unwrap().sign(&issuer.private).unwrap().into_string();
    let present = |paths: &[&str]| {
        let paths: Vec<ClaimPath> = paths.iter().map(|path| path.parse().unwrap()).collect();
        let held = Held::reopen(&issued).unwrap();
        let selection = held.select(&paths).unwrap();
        let unsigned = held.present(&selection).bind(AUDIENCE, NONCE, NOW, None).unwrap();
        unsigned.sign(&holder.private).unwrap()
    };
    let choices: [&[&str]; 3] =
        [&[], &["given_name", "nationalities[1]"], &["address.region", "age"]];
    Known { presentations: choices.iter().map(|paths| present(paths)).collect(), issued }
}

/// A wallet that holds two copies of each Mexican credential, and the agency they are from.
pub(crate) struct Filled {
    pub(crate) agency: Agency,
    pub(crate) trust: TrustList,
    pub(crate) records: Records,
}

pub(crate) static FILLED: LazyLock<Filled> = LazyLock::new(|| {
    let agency = Agency::new(AGENCY, KeyKind::Ed25519, 105);
    let store = SharedStore::default();
    let mut wallet = Wallet::new(store.clone(), SoftwareKeys);
    let mut random = Seeded::new(106);
    // The age lives on the kind of key that phones have, the others on the faster one.
    for (of, kind) in [
        (CredentialType::Age, KeyKind::P256),
        (CredentialType::Curp, KeyKind::Ed25519),
        (CredentialType::Ine, KeyKind::Ed25519),
    ] {
        let proofs = wallet.begin(AGENCY, NONCE, 2, kind, NOW, &mut random).unwrap();
        let record = irene(of);
        let copies = agency.issue((of, &record), proofs.proofs(), NONCE, NOW, &mut random);
        wallet.receive(&copies, &agency.trust(), NOW, Language::EsMx, &mut random).unwrap();
    }
    Filled { trust: agency.trust(), agency, records: store.records() }
});

/// A wallet over these records, and its store.
pub(crate) fn wallet_over(records: &Records) -> (Wallet, SharedStore) {
    let store = SharedStore::default();
    store.restore(records);
    (Wallet::new(store.clone(), SoftwareKeys), store)
}

/// What an issuer signed of a token, the Disclosures, and what its holder signed; without the signatures, which may
/// have a second spelling (ES256).
pub(crate) fn signed_parts(text: &str) -> (String, Vec<String>, String) {
    let input =
        |jwt: &str| jwt.rsplit_once('.').map_or_else(String::new, |(input, _)| input.to_owned());
    let mut parts: Vec<&str> = text.split('~').collect();
    let key_binding = parts.pop().map(input).unwrap_or_default();
    let issuer = parts.first().copied().map(input).unwrap_or_default();
    (issuer, parts.iter().skip(1).map(|part| (*part).to_owned()).collect(), key_binding)
}
