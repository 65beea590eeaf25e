//! What holds for every credential, every choice of claims and every change of a text.
//!
//! The reference implementations here are written from the specification alone and for clarity alone: several passes
//! over plain JSON, nothing shared with the engine.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/reference.rs"]
mod reference;
#[path = "support/support.rs"]
mod support;

use std::collections::BTreeSet;

use llavero_core::dcql::DcqlQuery;
use llavero_core::issue::{self, IssuerHeader, UnsignedSdJwt};
use llavero_core::key_proof::{self, ProofPolicy};
use llavero_core::present::Held;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::template::{Array, Node, Object};
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{
    AlgorithmSet, ClaimPath, HashAlgorithm, KeyBinding, KeyKind, Part, PathError, PathSegment,
    Policy, PublicKey, SdJwt, Signer as _, SigningKey, UnixTime, json as strict_json, jws_json,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use support::*;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

// Claims with marks.

/// A tree of claims. A `bool` says whether what follows it can be hidden; a `usize` is the least number of digests.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(Value),
    Object(Vec<(String, bool, Tree)>, usize),
    Array(Vec<(bool, Tree)>, usize),
}

type Location = Vec<PathSegment>;

impl Tree {
    fn to_object(&self) -> Object {
        let Self::Object(members, min_digests) = self else { panic!("an object") };
        let add = |object: Object, (name, hidden, tree): &(String, bool, Self)| {
            if *hidden {
                object.disclosable(name, tree.to_node())
            } else {
                object.open(name, tree.to_node())
            }
        };
        members.iter().fold(Object::new(), add).min_digests(*min_digests)
    }

    fn to_node(&self) -> Node {
        match self {
            Self::Leaf(value) => value.clone().into(),
            Self::Object(..) => self.to_object().into(),
            Self::Array(elements, min_digests) => {
                let add = |array: Array, (hidden, tree): &(bool, Self)| {
                    if *hidden {
                        array.disclosable(tree.to_node())
                    } else {
                        array.open(tree.to_node())
                    }
                };
                elements.iter().fold(Array::new(), add).min_digests(*min_digests).into()
            }
        }
    }

    /// Every child with its place and its mark.
    fn children(&self) -> Vec<(PathSegment, bool, &Self)> {
        match self {
            Self::Leaf(_) => Vec::new(),
            Self::Object(members, _) => members
                .iter()
                .map(|(name, hidden, tree)| (PathSegment::Name(name.clone()), *hidden, tree))
                .collect(),
            Self::Array(elements, _) => elements
                .iter()
                .enumerate()
                .map(|(index, (hidden, tree))| (PathSegment::Index(index), *hidden, tree))
                .collect(),
        }
    }

    /// The locations of all claims, each with whether it can be hidden.
    fn locations(&self) -> Vec<(Location, bool)> {
        let mut found = Vec::new();
        for (segment, hidden, tree) in self.children() {
            found.push((vec![segment.clone()], hidden));
            for (below, hidden) in tree.locations() {
                found.push(([vec![segment.clone()], below].concat(), hidden));
            }
        }
        found
    }

    /// What is left if, of the claims that can be hidden, only those are there for which `shown` says so.
    fn seen(&self, at: &[PathSegment], shown: &dyn Fn(&[PathSegment]) -> bool) -> Value {
        if let Self::Leaf(value) = self {
            return value.clone();
        }
        let children = self.children().into_iter().filter_map(|(segment, hidden, tree)| {
            let below = [at, std::slice::from_ref(&segment)].concat();
            (!hidden || shown(&below)).then(|| (segment, tree.seen(&below, shown)))
        });
        if matches!(self, Self::Object(..)) {
            let name = |segment| match segment {
                PathSegment::Name(name) => name,
                _ => panic!("a name"),
            };
            children.map(|(segment, value)| (name(segment), value)).collect::<Map<_, _>>().into()
        } else {
            children.map(|(_, value)| value).collect()
        }
    }

    fn whole(&self) -> Value {
        self.seen(&[], &|_| true)
    }

    /// The claim at a location, counted as issued.
    fn at(&self, location: &[PathSegment]) -> &Self {
        location.iter().fold(self, |tree, segment| {
            tree.children().into_iter().find(|(candidate, _, _)| candidate == segment).unwrap().2
        })
    }
}

fn name() -> impl Strategy<Value = String> {
    "[abcñ😀\"\\\\. /~]{0,3}".prop_filter("reserved", |name| name != "...")
}

fn leaf() -> impl Strategy<Value = Tree> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop_oneof![Just(json!(0.5)), Just(json!(-1e-7)), Just(json!([])), Just(json!({}))],
    ];
    let plain = prop_oneof![
        4 => scalar.clone(),
        1 => vec(scalar.clone(), 0..3).prop_map(Value::from),
        1 => (name(), scalar).prop_map(|(name, value)| json!({ name: value })),
    ];
    plain.prop_map(Tree::Leaf)
}

fn object_of(inner: impl Strategy<Value = Tree>) -> impl Strategy<Value = Tree> {
    (vec((name(), any::<bool>(), inner), 0..5), 0_usize..8).prop_map(|(mut members, min)| {
        let mut names = BTreeSet::new();
        members.retain(|(name, _, _)| names.insert(name.clone()));
        Tree::Object(members, min)
    })
}

/// A credential: an object of claims at any depth, hidden or not.
fn credential() -> impl Strategy<Value = Tree> {
    let tree = leaf().prop_recursive(4, 40, 5, |inner| {
        let array = (vec((any::<bool>(), inner.clone()), 0..5), 0_usize..8)
            .prop_map(|(elements, min)| Tree::Array(elements, min));
        prop_oneof![object_of(inner), array]
    });
    object_of(tree)
}

fn hash() -> impl Strategy<Value = HashAlgorithm> {
    prop_oneof![
        Just(HashAlgorithm::Sha256),
        Just(HashAlgorithm::Sha384),
        Just(HashAlgorithm::Sha512)
    ]
}

fn kind() -> impl Strategy<Value = KeyKind> {
    prop_oneof![Just(KeyKind::P256), Just(KeyKind::Ed25519)]
}

// Issuing and presenting in one setting.

struct Setting {
    issuer: SigningKey,
    issuer_public: PublicKey,
    holder: SigningKey,
    hash: HashAlgorithm,
}

impl Setting {
    fn new(issuer: KeyKind, holder: KeyKind, hash: HashAlgorithm) -> Self {
        let issuer = key(issuer, 11);
        Self { issuer_public: issuer.public_key(), issuer, holder: key(holder, 12), hash }
    }

    fn usual() -> Self {
        Self::new(KeyKind::P256, KeyKind::P256, HashAlgorithm::Sha256)
    }

    /// The tree with the holder's key as one more claim.
    fn with_key(&self, claims: &Tree) -> Tree {
        let Tree::Object(mut members, min) = claims.clone() else { panic!("an object") };
        let key = json!({"jwk": self.holder.public_key().to_jwk()});
        members.push(("cnf".to_owned(), false, Tree::Leaf(key)));
        Tree::Object(members, min)
    }

    fn prepare(&self, claims: &Tree) -> UnsignedSdJwt {
        let header = IssuerHeader {
            algorithm: self.issuer_public.kind().default_algorithm(),
            typ: "example+sd-jwt".to_owned(),
            key_id: None,
            certificates: None,
        };
        accepted(issue::prepare(&claims.to_object(), &header, self.hash, &mut Counter(7)))
    }

    fn issue(&self, claims: &Tree) -> String {
        accepted(self.prepare(claims).sign(&self.issuer)).into_string()
    }

    fn policy(&self) -> Policy<'_> {
        Policy { issuer_key: &self.issuer_public, ..plain_policy() }
    }

    fn bound_policy(&self) -> Policy<'_> {
        Policy { binding: KeyBinding::Require(challenge()), ..self.policy() }
    }

    fn present(&self, issued: &str, paths: &[ClaimPath]) -> String {
        let held = accepted(Held::reopen(issued));
        let selection = accepted(held.select(paths));
        let unsigned = accepted(held.present(&selection).bind(AUDIENCE, NONCE, NOW, None));
        accepted(unsigned.sign(&self.holder))
    }
}

fn digest_under(hash: HashAlgorithm, text: &str) -> String {
    match hash {
        HashAlgorithm::Sha256 => b64(Sha256::digest(text)),
        HashAlgorithm::Sha384 => b64(Sha384::digest(text)),
        _ => b64(Sha512::digest(text)),
    }
}

/// Checks the digests of an object or array as it was issued: how many, in which order, and none twice.
fn check_digests(tree: &Tree, json: &Value, disclosed: &dyn Fn(&str) -> Option<Value>) {
    let hidden = tree.children().iter().filter(|(_, hidden, _)| *hidden).count();
    match tree {
        Tree::Leaf(value) => assert_eq!(value, json),
        Tree::Object(members, min) => {
            let object = json.as_object().unwrap();
            let digests: Vec<&str> = object
                .get("_sd")
                .map(|all| all.as_array().unwrap().iter().map(|d| d.as_str().unwrap()).collect())
                .unwrap_or_default();
            assert_eq!(digests.len(), hidden.max(*min));
            assert_eq!(object.contains_key("_sd"), !digests.is_empty());
            assert!(digests.windows(2).all(|pair| pair[0] < pair[1]), "sorted, none twice");
            let opened: Vec<Value> = digests.iter().filter_map(|d| disclosed(d)).collect();
            assert_eq!(opened.len(), hidden);
            for (name, hidden, tree) in members {
                if *hidden {
                    assert!(!object.contains_key(name));
                    let found: Vec<_> = opened.iter().filter(|d| d[1] == name.as_str()).collect();
                    assert_eq!(found.len(), 1);
                    check_digests(tree, &found[0][2], disclosed);
                } else {
                    check_digests(tree, &object[name], disclosed);
                }
            }
        }
        Tree::Array(elements, min) => {
            let items = json.as_array().unwrap();
            assert_eq!(items.len(), elements.len() + min.saturating_sub(hidden));
            for (position, item) in items.iter().enumerate() {
                let digest = item.get("...").and_then(Value::as_str);
                match elements.get(position) {
                    Some((false, tree)) => check_digests(tree, item, disclosed),
                    Some((true, tree)) => {
                        let disclosure = disclosed(digest.unwrap()).unwrap();
                        assert_eq!(disclosure.as_array().unwrap().len(), 2);
                        check_digests(tree, &disclosure[1], disclosed);
                    }
                    None => assert_eq!(disclosed(digest.unwrap()), None, "a decoy"),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn what_was_issued_is_what_is_verified(
        claims in credential(),
        hash in hash(),
        issuer in kind(),
    ) {
        let setting = Setting::new(issuer, KeyKind::P256, hash);
        let text = setting.issue(&claims);
        let verified = accepted(verify_by(&text, &setting.policy()));
        prop_assert_eq!(verified.claims(), &claims.whole());
        let held = accepted(Held::reopen(&text));
        prop_assert_eq!(held.claims(), &claims.whole());
        let hidden: BTreeSet<_> =
            claims.locations().into_iter().filter(|(_, hidden)| *hidden).map(|(at, _)| at).collect();
        let disclosed: BTreeSet<_> = verified.disclosed().map(<[PathSegment]>::to_vec).collect();
        prop_assert_eq!(disclosed, hidden);
    }

    #[test]
    fn every_level_has_exactly_its_digests_sorted_and_unique(claims in credential(), hash in hash()) {
        let setting = Setting::new(KeyKind::Ed25519, KeyKind::P256, hash);
        let text = setting.issue(&claims);
        let contents = accepted(accepted(SdJwt::parse(&text)).untrusted_contents());
        let encoded: Vec<&str> = text.split('~').collect();
        let disclosed = |wanted: &str| {
            let found = encoded.iter().skip(1).position(|text| digest_under(hash, text) == wanted);
            found.and_then(|index| contents.disclosures.get(index).cloned())
        };
        let mut payload = contents.payload.clone();
        let declared = payload.as_object_mut().unwrap().remove("_sd_alg");
        let any = text.contains('~') && declared.is_some();
        prop_assert_eq!(any.then_some(json!(hash.name())), declared);
        check_digests(&claims, &payload, &disclosed);
        let salts: BTreeSet<_> = contents.disclosures.iter().map(|d| d[0].to_string()).collect();
        prop_assert_eq!(salts.len(), contents.disclosures.len(), "no salt twice");
        prop_assert!(salts.iter().all(|salt| salt.len() >= 22 + 2));
    }

    #[test]
    fn what_was_chosen_is_what_is_shown(
        claims in credential(),
        picks in vec(any::<prop::sample::Index>(), 0..4),
        hash in hash(),
        issuer in kind(),
        holder in kind(),
    ) {
        let setting = Setting::new(issuer, holder, hash);
        let claims = setting.with_key(&claims);
        let all = claims.locations();
        let chosen: Vec<&Location> = picks.iter().map(|pick| &pick.get(&all).0).collect();
        let paths: Vec<ClaimPath> =
            chosen.iter().map(|at| ClaimPath::new((*at).clone()).unwrap()).collect();
        let text = setting.issue(&claims);
        let answer = setting.present(&text, &paths);
        let verified = accepted(verify_by(&answer, &setting.bound_policy()));

        // On the way to a chosen claim, that claim, or inside it.
        let shown = |at: &[PathSegment]| {
            chosen.iter().any(|chosen| chosen.starts_with(at) || at.starts_with(chosen))
        };
        prop_assert_eq!(verified.claims(), &claims.seen(&[], &shown));
        let expected: BTreeSet<_> =
            all.iter().filter(|(at, hidden)| *hidden && shown(at)).map(|(at, _)| at.clone()).collect();
        let disclosed: BTreeSet<_> = verified.disclosed().map(<[PathSegment]>::to_vec).collect();
        prop_assert_eq!(&disclosed, &expected);
        prop_assert_eq!(answer.matches('~').count(), 1 + expected.len());

        // The wallet foretold it, and no other order or number of the paths would have shown more.
        let held = accepted(Held::reopen(&text));
        let selection = accepted(held.select(&paths));
        let foretold: BTreeSet<_> = held.selected(&selection).map(<[PathSegment]>::to_vec).collect();
        prop_assert_eq!(&foretold, &expected);
        prop_assert_eq!(&accepted(held.select(paths.iter().rev().chain(&paths))), &selection);

        // Holder and verifier mean the same element by the same index.
        for (at, _) in &all {
            let visible = (1..=at.len()).all(|length| {
                let above = &at[..length];
                let hidden = all.iter().any(|(other, hidden)| *hidden && other == above);
                !hidden || shown(above)
            });
            let path = ClaimPath::new(at.clone()).unwrap();
            let expected = claims.at(at).seen(at, &shown);
            let found = verified.select(&path);
            if visible {
                prop_assert_eq!(found, Ok(vec![&expected]), "{}", path);
            } else {
                prop_assert_eq!(found, Err(PathError::NothingSelected), "{}", path);
            }
        }
    }

    #[test]
    fn a_wildcard_chooses_every_element_and_nothing_beside(claims in credential()) {
        let setting = Setting::usual();
        let claims = setting.with_key(&claims);
        let text = setting.issue(&claims);
        let all = claims.locations();
        for (at, _) in &all {
            let Tree::Array(elements, _) = claims.at(at) else { continue };
            let path = ClaimPath::new([at.as_slice(), &[PathSegment::Wildcard]].concat()).unwrap();
            let held = accepted(Held::reopen(&text));
            let selection = held.select([&path]);
            if elements.is_empty() {
                prop_assert!(selection.is_err());
                continue;
            }
            let selected: BTreeSet<_> =
                held.selected(&accepted(selection)).map(<[PathSegment]>::to_vec).collect();
            let expected: BTreeSet<_> = all
                .iter()
                .filter(|(other, hidden)| *hidden && (other.starts_with(at) || at.starts_with(other)))
                .map(|(other, _)| other.clone())
                .collect();
            prop_assert_eq!(selected, expected);
        }
    }

    #[test]
    fn a_signature_made_elsewhere_gives_the_same_text(
        claims in credential(),
        issuer in kind(),
        holder in kind(),
    ) {
        let setting = Setting::new(issuer, holder, HashAlgorithm::Sha256);
        let claims = setting.with_key(&claims);
        let text = setting.issue(&claims);
        let unsigned = setting.prepare(&claims);
        let signature = setting.issuer.sign(unsigned.signing_input()).unwrap();
        let attached = accepted(unsigned.attach(&signature, &setting.issuer_public));
        prop_assert_eq!(attached.as_str(), &text);

        let held = accepted(Held::reopen(&text));
        let unsigned = || {
            let unbound = held.present(&accepted(held.select([])));
            accepted(unbound.bind(AUDIENCE, NONCE, NOW, None))
        };
        let signature = setting.holder.sign(unsigned().signing_input()).unwrap();
        prop_assert!(unsigned().is_for(&setting.holder.public_key()));
        let one_step = accepted(unsigned().sign(&setting.holder));
        prop_assert_eq!(accepted(unsigned().attach(&signature)), one_step);

        let unsigned = key_proof::prepare(&setting.holder.public_key(), AUDIENCE, NONCE, NOW);
        let signature = setting.holder.sign(unsigned.signing_input()).unwrap();
        let one_step = accepted(key_proof::sign(&setting.holder, AUDIENCE, NONCE, NOW));
        prop_assert_eq!(accepted(unsigned.attach(&signature)), one_step);
    }

    #[test]
    fn json_serializations_and_back_give_the_same_text(claims in credential(), bound in any::<bool>()) {
        let setting = Setting::usual();
        let mut text = setting.issue(&setting.with_key(&claims));
        if bound {
            text = setting.present(&text, &[]);
        }
        for value in [accepted(jws_json::to_flattened(&text)), accepted(jws_json::to_general(&text))] {
            let compact = accepted(jws_json::to_compact(value.to_string().as_bytes()));
            prop_assert_eq!(&compact, &text);
        }
    }

    #[test]
    fn templates_from_json_with_paths_issue_the_same_claims(
        claims in credential(),
        picks in vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let whole = claims.whole();
        let all = claims.locations();
        if all.is_empty() {
            return Ok(());
        }
        let chosen: BTreeSet<_> = picks.iter().map(|pick| pick.get(&all).0.clone()).collect();
        let paths: Vec<_> = chosen.iter().map(|at| ClaimPath::new(at.clone()).unwrap()).collect();
        let object = accepted(Object::from_json(whole.as_object().unwrap(), &paths));
        let header = IssuerHeader {
            algorithm: KeyKind::P256.default_algorithm(),
            typ: "example+sd-jwt".to_owned(),
            key_id: Some("key".to_owned()),
            certificates: None,
        };
        let unsigned = accepted(issue::prepare(&object, &header, HashAlgorithm::Sha256, &mut Counter(3)));
        let text = accepted(unsigned.sign(&*ISSUER_KEY)).into_string();
        let verified = accepted(verify_plain(&text));
        prop_assert_eq!(verified.claims(), &whole);
        let disclosed: BTreeSet<_> = verified.disclosed().map(<[PathSegment]>::to_vec).collect();
        prop_assert_eq!(disclosed, chosen);
    }
}

/// Any JSON that is not too deep, as `serde_json` prints it.
fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((any::<String>(), inner), 0..6).prop_map(|members| Map::from_iter(members).into()),
        ]
    })
}

fn trusted_key() -> impl Strategy<Value = TrustedKey> {
    let time = || prop::option::of((0..=UnixTime::MAX.as_secs()).prop_map(UnixTime::from_secs));
    (kind(), 20_u64..24, prop::option::of(".{1,8}"), time(), time()).prop_map(
        |(kind, seed, key_id, not_before, not_after)| TrustedKey {
            key_id,
            not_before,
            not_after,
            ..TrustedKey::new(key(kind, seed).public_key())
        },
    )
}

fn trusted_issuer() -> impl Strategy<Value = TrustedIssuer> {
    let keys = vec(trusted_key(), 0..3).prop_map(IssuerKeys::Listed);
    (".{1,12}", ".{1,12}", vec(".{0,12}", 0..4), keys, any::<bool>()).prop_map(
        |(issuer, name, types, keys, requires_type_metadata)| TrustedIssuer {
            issuer,
            name,
            types,
            keys,
            requires_type_metadata,
        },
    )
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn json_that_was_printed_reads_back(value in any_json()) {
        for text in [value.to_string(), format!("{value:#}")] {
            let read = strict_json::from_slice(text.as_bytes(), Part::Request);
            prop_assert_eq!(read.as_ref(), Ok(&value));
        }
    }

    #[test]
    fn a_key_that_was_printed_reads_back(kind in kind(), seed in any::<u64>()) {
        let secret = key(kind, seed);
        let public = secret.public_key();
        prop_assert_eq!(accepted(PublicKey::from_jwk(&public.to_jwk())), public);
        let private = serde_json::from_str(&secret.to_private_jwk_text()).unwrap();
        let again = accepted(SigningKey::from_jwk(&private));
        prop_assert_eq!(again.to_private_jwk_text(), secret.to_private_jwk_text());
    }

    #[test]
    fn a_trust_list_that_was_printed_reads_back(
        issued_at in 0..=UnixTime::MAX.as_secs(),
        mut issuers in vec(trusted_issuer(), 0..4),
    ) {
        let mut names = BTreeSet::new();
        issuers.retain(|entry| names.insert(entry.issuer.clone()));
        let list = accepted(TrustList::new(UnixTime::from_secs(issued_at), issuers)).to_json();
        let again = accepted(TrustList::from_slice(list.to_string().as_bytes()));
        prop_assert_eq!(again.to_json(), list);
    }

    #[test]
    fn a_request_that_was_printed_reads_back(
        client_id in "[!-~]{1,40}",
        name in prop::option::of("[a-zñÁ😀 ]{1,20}[a-z]"),
        purpose in "[a-zñÁ😀 ]{1,40}[a-z]",
        claims in vec(vec("[abñ.]{1,3}", 1..3), 1..4),
        seed in any::<u64>(),
    ) {
        let paths: BTreeSet<_> =
            claims.iter().map(|names| ClaimPath::names(names.iter().map(String::as_str)).unwrap()).collect();
        let query = DcqlQuery::for_claims("q", [TYPE], paths).unwrap();
        let (name, random) = (name.as_deref(), &mut Counter(seed));
        let request = accepted(PresentationRequest::new(&client_id, name, &purpose, query, random));
        let text = request.to_json().to_string();
        let again = accepted(PresentationRequest::from_slice(text.as_bytes()));
        prop_assert_eq!(again.to_json(), request.to_json());
    }

    #[test]
    fn an_answer_that_was_printed_reads_back(
        texts in prop::collection::btree_map(".{0,6}", vec(any::<String>(), 1..3), 0..4),
    ) {
        let answer = PresentationAnswer::new(texts);
        let again = PresentationAnswer::from_slice(answer.to_json().to_string().as_bytes());
        prop_assert_eq!(again.as_ref(), Ok(&answer));
    }

    #[test]
    fn what_is_shown_whole_is_the_text_that_was_issued(claims in credential(), hash in hash()) {
        let setting = Setting::new(KeyKind::Ed25519, KeyKind::P256, hash);
        let text = setting.issue(&claims);
        let held = accepted(Held::reopen(&text));
        let all: Vec<_> = claims
            .locations()
            .into_iter()
            .filter(|(_, hidden)| *hidden)
            .map(|(at, _)| ClaimPath::new(at).unwrap())
            .collect();
        let shown = held.present(&accepted(held.select(&all))).without_key_binding();
        prop_assert_eq!(shown, text);
    }
}

#[test]
fn numbers_come_back_as_they_were_issued() {
    let number = prop_oneof![
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
    ];
    proptest!(config(512), |(number in number)| {
        let claims = Tree::Object(vec![("n".to_owned(), true, Tree::Leaf(number.clone()))], 0);
        let text = Setting::usual().issue(&claims);
        let held = accepted(Held::reopen(&text));
        prop_assert_eq!(&held.claims()["n"], &number);
    });
}

// Changes of a text.

/// An answer of one holder with a hidden, a shown and a nested claim.
fn answer(setting: &Setting) -> String {
    let claims = Tree::Object(
        vec![
            ("given_name".to_owned(), true, Tree::Leaf(json!("Ana"))),
            ("family_name".to_owned(), true, Tree::Leaf(json!("Ejemplo"))),
            (
                "nationalities".to_owned(),
                true,
                Tree::Array(
                    vec![(true, Tree::Leaf(json!("MX"))), (true, Tree::Leaf(json!("ES")))],
                    0,
                ),
            ),
        ],
        4,
    );
    let text = setting.issue(&setting.with_key(&claims));
    let paths = ["given_name", "nationalities[1]"].map(|path| path.parse().unwrap());
    setting.present(&text, &paths)
}

#[test]
fn every_change_of_one_byte_is_refused() {
    for (issuer, holder) in [(KeyKind::P256, KeyKind::Ed25519), (KeyKind::Ed25519, KeyKind::P256)] {
        let setting = Setting::new(issuer, holder, HashAlgorithm::Sha256);
        let text = answer(&setting);
        let policy = setting.bound_policy();
        accept(verify_by(&text, &policy));
        for position in 0..text.len() {
            let (before, rest) = text.split_at(position);
            let (byte, after) = rest.split_at(1);
            // The neighbours in the alphabet, which differ in few bits, and what separates parts.
            let next = char::from(byte.as_bytes()[0] ^ 1).to_string();
            let swapped =
                if byte == byte.to_lowercase() { byte.to_uppercase() } else { byte.to_lowercase() };
            for other in [next.as_str(), &swapped, "A", "~", ".", "=", "", "AA"] {
                let other = if other == "AA" { byte.to_owned() + "A" } else { other.to_owned() };
                if other != byte {
                    let changed = format!("{before}{other}{after}");
                    assert!(verify_by(&changed, &policy).is_err(), "{position}: {byte} to {other}");
                }
            }
        }
        for end in 0..text.len() {
            assert!(verify_by(&text[..end], &policy).is_err(), "cut at {end}");
        }
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn any_change_of_one_character_of_any_answer_is_refused(
        claims in credential(),
        picks in vec(any::<prop::sample::Index>(), 0..4),
        changes in vec((any::<prop::sample::Index>(), prop_oneof!["[ -~]", ".", ""]), 1..16),
        issuer in kind(),
        holder in kind(),
        hash in hash(),
    ) {
        let setting = Setting::new(issuer, holder, hash);
        let claims = setting.with_key(&claims);
        let all = claims.locations();
        let paths: Vec<_> =
            picks.iter().map(|pick| ClaimPath::new(pick.get(&all).0.clone()).unwrap()).collect();
        let text = setting.present(&setting.issue(&claims), &paths);
        let policy = setting.bound_policy();
        accept(verify_by(&text, &policy));
        for (position, other) in changes {
            let position = position.index(text.len());
            for end in [position, position + 1] {
                // Put in place of a character, or before it.
                let changed = format!("{}{other}{}", &text[..position], &text[end..]);
                if changed != text {
                    prop_assert!(verify_by(&changed, &policy).is_err(), "{} {:?}", position, other);
                }
            }
        }
    }
}

// Against a second reading of the specification.

/// What the reference makes of a payload and encoded Disclosures whose digests are of SHA-256.
fn reference(payload: &Value, disclosures: &[String]) -> Option<Value> {
    let parsed: Vec<(String, Value)> = disclosures
        .iter()
        .map(|text| Some((digest(text), serde_json::from_slice(&unb64(text)).ok()?)))
        .collect::<Option<_>>()?;
    reference::processed(payload, &parsed)
}

/// JSON as a hostile issuer might write it. The digest of Disclosure n is written as `<n>`.
fn hostile() -> impl Strategy<Value = Value> {
    let digest = prop_oneof![
        12 => (0_usize..4).prop_map(|index| json!(format!("<{index}>"))),
        8 => "[t-z]".prop_map(Value::from),
        1 => Just(json!(7)),
    ];
    let name = prop_oneof![30 => "[ab]", 1 => Just("_sd_alg".to_owned())];
    let scalar = prop_oneof![digest.clone(), Just(json!(null)), Just(json!("sha-256"))];
    scalar.prop_recursive(4, 24, 4, move |inner| {
        let digests = prop_oneof![
            12 => vec(digest.clone(), 0..3).prop_map(Value::from),
            1 => inner.clone(),
        ];
        let placeholder = (digest.clone(), prop::bool::weighted(0.1), inner.clone()).prop_map(
            |(digest, more, other)| {
                if more { json!({"...": digest, "a": other}) } else { json!({"...": digest}) }
            },
        );
        let members = vec((name.clone(), inner.clone()), 0..3);
        prop_oneof![
            3 => (members, prop::option::of(digests)).prop_map(|(members, digests)| {
                let mut object = Map::from_iter(members);
                object.extend(digests.map(|digests| ("_sd".to_owned(), digests)));
                object.into()
            }),
            2 => vec(prop_oneof![placeholder, inner], 0..3).prop_map(Value::from),
        ]
    })
}

fn hostile_payload() -> impl Strategy<Value = Value> {
    let digests = vec("<[0-3]>|[t-z]", 0..3);
    prop_oneof![
        8 => (hostile(), hostile(), digests)
            .prop_map(|(a, b, digests)| json!({"a": a, "b": b, "_sd": digests})),
        1 => hostile().prop_map(|a| json!({"a": a, "_sd_alg": "sha-256"})),
        1 => hostile().prop_filter("an object", Value::is_object),
    ]
}

/// A Disclosure as a hostile issuer might write it.
fn hostile_disclosure() -> impl Strategy<Value = Value> {
    let name = prop_oneof![8 => "[abcde]", 1 => "_sd|\\.\\.\\.|_sd_alg"];
    prop_oneof![
        20 => (name, hostile()).prop_map(|(name, value)| json!(["salt", name, value])),
        10 => hostile().prop_map(|value| json!(["salt", value])),
        // Of a wrong length or type.
        1 => vec(hostile(), 0..5).prop_map(Value::from),
    ]
}

/// References to Disclosures that come later only, which is all that hashing allows.
fn forward_only(text: &str, from: usize) -> String {
    (0..from).fold(text.to_owned(), |text, n| text.replace(&format!("<{n}>"), &format!("old{n}")))
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn agrees_with_the_specification_on_tokens_of_a_hostile_issuer(
        payload in hostile_payload(),
        disclosures in vec(hostile_disclosure(), 0..4),
        withhold in prop::bool::weighted(0.9),
    ) {
        let count = disclosures.len();
        // Past the last Disclosure there is nothing to refer to.
        let cut = |text: String| {
            (count..4).fold(text, |text, n| text.replace(&format!("<{n}>"), &format!("none{n}")))
        };
        let texts: Vec<String> = disclosures
            .iter()
            .enumerate()
            .map(|(index, json)| cut(forward_only(&json.to_string(), index + 1)))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let template = cut(payload.to_string());
        let (payload, mut encoded) = encode(&template, &texts);
        if withhold {
            // Otherwise nearly every token would have a Disclosure that nothing refers to.
            let mut sent = vec![template];
            for (index, text) in texts.iter().enumerate() {
                if sent.iter().any(|text| text.contains(&format!("<{index}>"))) {
                    sent.push((*text).to_owned());
                } else {
                    encoded[index].clear();
                }
            }
            encoded.retain(|text| !text.is_empty());
        }
        let expected = reference(&serde_json::from_str(&payload).unwrap(), &encoded);
        // `Held` makes the same of it without a signature, and much faster.
        let text = format!("{}.{}.{}~", b64("{}"), b64(&payload), b64([0; 64]))
            + &encoded.iter().map(|text| text.clone() + "~").collect::<String>();
        let got = Held::reopen(&text).map(|held| held.claims().clone());
        prop_assert_eq!(got.as_ref().ok(), expected.as_ref(), "{:?} {} {:?}", got, payload, texts);
    }
}

// Nothing panics.

fn try_everything(text: &str) {
    let setting = Setting::usual();
    if let Ok(sd_jwt) = SdJwt::parse(text) {
        let _ = (sd_jwt.untrusted_issuer(), sd_jwt.untrusted_type());
        let _ = (sd_jwt.untrusted_key_id(), sd_jwt.untrusted_nonce());
        let _ = sd_jwt.untrusted_contents();
    }
    let _ = verify_by(text, &setting.policy());
    let _ = verify_by(text, &setting.bound_policy());
    if let Ok(held) = Held::reopen(text) {
        let selection = accepted(held.select([]));
        let _ = held.present(&selection).bind(AUDIENCE, NONCE, NOW, None);
    }
    let _ = jws_json::to_compact(text.as_bytes());
    let _ = (jws_json::to_flattened(text), jws_json::to_general(text));
    let _ = TrustList::from_slice(text.as_bytes());
    let _ = PresentationRequest::from_slice(text.as_bytes());
    let _ = PresentationAnswer::from_slice(text.as_bytes());
    let proof = ProofPolicy {
        audience: AUDIENCE,
        nonce: NONCE,
        max_age_secs: MAX_AGE_SECS,
        clock_skew_secs: SKEW_SECS,
        algorithms: AlgorithmSet::ALL,
    };
    let _ = key_proof::verify(text, &proof, NOW);
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn arbitrary_text_makes_nothing_panic(text in any::<String>()) {
        try_everything(&text);
    }

    #[test]
    fn text_of_the_right_letters_makes_nothing_panic(text in "[A-Za-z0-9_=.~-]{0,200}") {
        try_everything(&text);
    }

    #[test]
    fn text_of_the_right_layout_makes_nothing_panic(
        header in "\\{(\"(alg|typ|kid|crit)\":(\"ES256\"|\"dc\\+sd-jwt\"|7|null|\\[\\]),?){0,3}\\}?",
        payload in "\\{(\"(iss|exp|_sd|\\.\\.\\.|cnf|a)\":(\"x\"|1e400|-1|\\[\"x\"\\]|\\{\\}),?){0,4}\\}?",
        disclosure in "\\[?(\"s\",?|\"a\",?|1e999|\\{\\},?){0,4}\\]?",
    ) {
        let text = token_by(&header, &payload, &[&disclosure], &ISSUER_KEY);
        try_everything(&text);
        try_everything(&bind(&text, &header, &payload, &HOLDER_KEY));
        try_everything(&payload);
        let _ = verify_plain(&text);
    }

    #[test]
    fn cut_and_joined_tokens_make_nothing_panic(
        cuts in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5),
        filler in "[A-Za-z.~=]{0,3}",
    ) {
        let text = answer(&Setting::usual());
        let mut mixed = String::new();
        for (from, to) in cuts {
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            mixed.push_str(&text[from.min(to)..from.max(to)]);
            mixed.push_str(&filler);
        }
        try_everything(&mixed);
    }
}
