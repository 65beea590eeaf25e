//! Two presentations of one person are no more alike than those of two people.
//!
//! Forty people show `age_equal_or_over.18` six times each, every time with another copy. A verifier that keeps
//! everything, or any number of verifiers that pool what they keep, plays the adversary. Each detector looks for one way
//! of telling which presentations are of one person; each way is also planted on purpose, and must then be found.
//!
//! Bytes cannot show everything. Relations that only the owner of a secret can compute, relations between keys, the
//! network and the time of day are outside; so is an issuer that helps the verifier, which
//! `an_issuer_that_kept_what_it_issued_can_tell` states as the limit that it is.
//!
//! That a wallet refuses a batch which is marked is shown in full by the tests of `llavero-holder`; here the planted
//! marks of an issuer are only offered to one.
#![allow(
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a test fails, and the numbers are small"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::date;
use llavero_core::dcql::DcqlQuery;
use llavero_core::present::Held;
use llavero_core::{ClaimPath, KeyKind, Random as _, SigningKey, UnixTime, key_proof};
use llavero_holder::{Language, MemoryStore, Receipt, SoftwareKeys, Wallet, WalletError};
use llavero_issuer::{HolderKeys, Record, Validity};
use llavero_mexico::{CredentialType, Synthetic};
use llavero_tests::seeded::{self, Seeded};
use llavero_tests::token::{self, Token};
use llavero_tests::world::{AGENCY, Agency, NOW};
use llavero_verifier::{Asker, Challenge};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const HOLDERS: usize = 40;
const SHOWINGS: usize = 6;

/// A value that so many other people show as well says nothing about one of them.
const HERD: usize = 10;

/// How far from a coin toss a feature may tell pairs of one person from pairs of two.
const MAX_ADVANTAGE: f64 = 0.08;

const NONCE: &str = "enrolment-nonce-1";
const VERIFIER: &str = "https://bar.example";
const AGE: CredentialType = CredentialType::Age;

/// What a verifier sees, and what it would like to know.
struct Sighting {
    holder: usize,
    text: String,
}

/// Draws that do not depend on who the holder is.
fn below(random: &mut Seeded, bound: u64) -> i64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes).unwrap();
    i64::try_from(u64::from_le_bytes(bytes) % bound).unwrap()
}

/// People of forty ages over 18, each with the time of day at which they fetch their batch.
fn person(holder: usize) -> (Value, UnixTime) {
    let birthdate = format!("{}-{:02}-{:02}", 1950 + holder, holder % 12 + 1, holder % 28 + 1);
    let seconds = i64::try_from(holder).unwrap() * 1_777;
    (json!({ "birthdate": birthdate }), NOW.start_of_day().plus_secs(seconds % 86_000))
}

fn over_18() -> ClaimPath {
    "age_equal_or_over.18".parse().unwrap()
}

/// A moment of the following days at which somebody shows their age.
fn some_time(random: &mut Seeded) -> UnixTime {
    NOW.start_of_day().plus_secs(86_400 + below(random, 6 * 3_600))
}

/// Everybody, with real wallets; and what the issuer could have written down: whose signature is whose.
fn with_wallets(kind: KeyKind) -> (Vec<Sighting>, Vec<(usize, String)>) {
    let agency = Agency::new(AGENCY, KeyKind::P256, 1);
    let (trust, mut times) = (agency.trust(), Seeded::new(2));
    let (mut sightings, mut transcript) = (Vec::new(), Vec::new());
    for holder in 0..HOLDERS {
        let mut random = Seeded::new(100 + u64::try_from(holder).unwrap() * 7_919);
        let (record, now) = person(holder);
        let mut wallet = Wallet::new(MemoryStore::new(), SoftwareKeys);
        let begun = wallet.begin(AGENCY, NONCE, SHOWINGS, kind, now, &mut random).unwrap();
        let copies = agency.issue((AGE, &record), begun.proofs(), NONCE, now, &mut random);
        transcript.extend(copies.iter().map(|copy| (holder, issuer_signature(copy))));
        let receipt = wallet.receive(&copies, &trust, now, Language::EsMx, &mut random).unwrap();
        assert_eq!(receipt.warnings(), &[]);
        for _ in 0..SHOWINGS {
            let now = some_time(&mut times);
            let asker = Asker { client_id: VERIFIER, client_name: None };
            let query = DcqlQuery::for_claims("age", [AGE.default_vct()], [over_18()]).unwrap();
            let challenge =
                Challenge::new(&asker, "Vender alcohol", query, 300, now, &mut random).unwrap();
            let choices = wallet.consider(challenge.request(), now, Language::EsMx).unwrap();
            let answer = choices.sheet().unwrap().approve(&mut wallet, now, &mut random).unwrap();
            let json = answer.to_json();
            assert!(challenge.verify(json.to_string().as_bytes(), &trust, now).is_ok());
            let text = json["vp_token"]["age"][0].as_str().unwrap().to_owned();
            sightings.push(Sighting { holder, text });
        }
    }
    (sightings, transcript)
}

fn issuer_signature(text: &str) -> String {
    text.split('~').next().unwrap().rsplit('.').next().unwrap().to_owned()
}

/// Ways of making presentations linkable, and one way of not doing so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Plant {
    Nothing,
    BatchTime,
    BirthYear,
    ExpiryOfHolder,
    FewerDecoys,
    HashChainSalt,
    KeyBindingKid,
    KeyBindingSeconds,
    KidOfHolder,
    MarkInAnotherPlace,
    MarkInSalt,
    NonceOfWallet,
    ReusedKey,
    ReusedSalt,
    SequentialExpiry,
    Subject,
    UnsortedDigests,
}

/// Everybody, with credentials and wallets that misbehave in one way.
fn planted(plant: Plant) -> Vec<Sighting> {
    let agency = Agency::new(AGENCY, KeyKind::P256, 1);
    let (mut times, mut sightings) = (Seeded::new(3), Vec::new());
    for holder in 0..HOLDERS {
        let seed = |copy: usize| {
            let copy = if plant == Plant::ReusedKey { 0 } else { copy };
            u64::try_from(10_000 + holder * SHOWINGS + copy).unwrap()
        };
        let keys: Vec<SigningKey> =
            (0..SHOWINGS).map(|copy| seeded::key(KeyKind::P256, seed(copy)).unwrap()).collect();
        let (record, now) = person(holder);
        let mut random = Seeded::new(500 + u64::try_from(holder).unwrap() * 7_919);
        let mut salt = vec![0; 16];
        random.fill(&mut salt).unwrap();
        for (copy, key) in keys.iter().enumerate() {
            let proof = [key_proof::sign(key, AGENCY, NONCE, now).unwrap()];
            let issued = agency.issue((AGE, &record), &proof, NONCE, now, &mut random);
            let mut token = Token::parse(&issued[0]);
            mark(plant, &mut token, &Position { holder, copy, now }, &mut salt);
            let text = token.sign(&agency.key);
            let text = present(plant, holder, &text, key, some_time(&mut times), &mut random);
            sightings.push(Sighting { holder, text });
        }
    }
    sightings
}

struct Position {
    holder: usize,
    copy: usize,
    now: UnixTime,
}

/// What an issuer does to tell its holders apart.
fn mark(plant: Plant, token: &mut Token, at: &Position, salt: &mut Vec<u8>) {
    let serial = at.holder * SHOWINGS + at.copy;
    let exp = token.payload["exp"].as_i64().unwrap();
    match plant {
        Plant::BatchTime => token.payload["iat"] = at.now.as_secs().into(),
        Plant::BirthYear => token.payload["age_birth_year"] = (1950 + at.holder).into(),
        Plant::ExpiryOfHolder => {
            token.payload["exp"] = (exp + i64::try_from(at.holder).unwrap()).into();
        }
        Plant::FewerDecoys => {
            let kept = over_18_index(token);
            let kept = token::digest(&token.disclosures[kept]);
            let digests = token.payload["age_equal_or_over"]["_sd"].as_array_mut().unwrap();
            for _ in 0..at.holder % 5 {
                let other = digests.iter().position(|digest| *digest != kept).unwrap();
                digests.remove(other);
            }
            let digests = token.payload["age_equal_or_over"]["_sd"].clone();
            token
                .disclosures
                .retain(|text| digests.as_array().unwrap().contains(&token::digest(text).into()));
        }
        Plant::HashChainSalt => {
            let next = Sha256::digest(&*salt)[..16].to_vec();
            *salt = next;
            with_salt(token, salt);
        }
        Plant::KidOfHolder => token.header["kid"] = format!("llave-{:07}", at.holder).into(),
        // Twelve bytes under another name and in another spelling each time.
        Plant::MarkInAnotherPlace => {
            let mark = Sha256::digest(at.holder.to_string())[..12].to_vec();
            let name = format!("x{}", at.copy);
            token.payload[name] = match at.copy % 2 {
                0 => token::encode(&mark).into(),
                _ => json!({ "v": token::encode([b"\x01", mark.as_slice()].concat()) }),
            };
        }
        Plant::MarkInSalt => {
            salt[12..].copy_from_slice(&u32::try_from(at.copy).unwrap().to_be_bytes());
            with_salt(token, salt);
        }
        Plant::ReusedSalt => with_salt(token, salt),
        Plant::SequentialExpiry => {
            token.payload["exp"] = (exp + i64::try_from(serial).unwrap()).into();
        }
        Plant::Subject => token.payload["sub"] = format!("persona-{:07}", at.holder).into(),
        Plant::UnsortedDigests => {
            let digests: Vec<String> =
                token.disclosures.iter().map(|text| token::digest(text)).collect();
            token.payload["age_equal_or_over"]["_sd"] = json!(digests);
        }
        Plant::Nothing
        | Plant::KeyBindingKid
        | Plant::KeyBindingSeconds
        | Plant::NonceOfWallet
        | Plant::ReusedKey => {}
    }
}

fn over_18_index(token: &Token) -> usize {
    (0..token.disclosures.len()).find(|index| token.disclosure(*index).unwrap()[1] == "18").unwrap()
}

fn with_salt(token: &mut Token, salt: &[u8]) {
    let index = over_18_index(token);
    let mut disclosure = token.disclosure(index).unwrap();
    disclosure[0] = token::encode(salt).into();
    token.replace_disclosure(index, &disclosure);
    let level = token.payload.pointer_mut("/age_equal_or_over/_sd").unwrap();
    let mut digests: Vec<String> = serde_json::from_value(level.clone()).unwrap();
    digests.sort();
    *level = json!(digests);
}

/// What a wallet does, right but for what is planted.
fn present(
    plant: Plant,
    holder: usize,
    copy: &str,
    key: &SigningKey,
    now: UnixTime,
    random: &mut Seeded,
) -> String {
    let mut nonce = [0; 32];
    random.fill(&mut nonce).unwrap();
    let held = Held::reopen(copy).unwrap();
    let minute = now.plus_secs(-now.as_secs().rem_euclid(60));
    let at = if plant == Plant::KeyBindingSeconds { now } else { minute };
    let presentation = held.present(&held.select([&over_18()]).unwrap());
    let unsigned = presentation.bind(VERIFIER, &token::encode(nonce), at, None).unwrap();
    let text = unsigned.sign(key).unwrap();
    let (bare, key_binding) = text.rsplit_once('~').unwrap();
    let (mut header, mut payload) = token::jwt_parts(key_binding);
    match plant {
        Plant::KeyBindingKid => header["kid"] = format!("telefono-{:05}", holder).into(),
        Plant::NonceOfWallet => payload["jti"] = format!("app-{:08x}", holder * 0x0101_0101).into(),
        _ => return text,
    }
    format!("{bare}~{}", token::jws(&header, &payload, key))
}

// ---- what the adversary makes of it ----

/// A presentation taken apart down to the last layer.
struct Seen {
    holder: usize,
    /// Every value with its place; positions in arrays do not count as part of a place.
    values: BTreeSet<(String, String)>,
    /// The bytes of all layers.
    bytes: Vec<Vec<u8>>,
    features: BTreeMap<&'static str, i64>,
    header: String,
    payload: String,
    key_binding_header: String,
    key_binding: String,
    digests: Vec<String>,
    rank: usize,
    at: i64,
    length: usize,
}

impl Seen {
    fn new(sighting: &Sighting) -> Self {
        let token = Token::parse(&sighting.text);
        let (jwt, _) = sighting.text.split_once('~').unwrap();
        let raw = |jwt: &str, part: usize| {
            String::from_utf8(token::decode(jwt.split('.').nth(part).unwrap()).unwrap()).unwrap()
        };
        let mut values = BTreeSet::new();
        let mut bytes = Vec::new();
        let mut add = |place: &str, value: &Value| flatten(place, value, &mut values, &mut bytes);
        let (kb_header, kb_payload) = token::jwt_parts(&token.key_binding);
        add("header", &token.header);
        add("payload", &token.payload);
        add("kb_header", &kb_header);
        add("kb_payload", &kb_payload);
        for index in 0..token.disclosures.len() {
            add("disclosure", &token.disclosure(index).unwrap());
        }
        add("signature", &issuer_signature(&sighting.text).into());
        add("kb_signature", &issuer_signature(&token.key_binding).into());
        let level = &token.payload["age_equal_or_over"]["_sd"];
        let digests: Vec<String> = serde_json::from_value(level.clone()).unwrap();
        let shown = token::digest(&token.disclosures[0]);
        let rank = digests.iter().position(|digest| *digest == shown).unwrap();
        let number = |value: &Value| value.as_i64().unwrap_or_default();
        let size = |length: usize| i64::try_from(length).unwrap();
        let features = BTreeMap::from([
            ("length", size(sighting.text.len())),
            ("payload length", size(raw(jwt, 1).len())),
            ("disclosures", size(token.disclosures.len())),
            ("digests", size(digests.len())),
            ("digest position", size(rank)),
            ("iat", number(&token.payload["iat"])),
            ("nbf", number(&token.payload["nbf"])),
            ("exp", number(&token.payload["exp"])),
            ("time of presentation", number(&kb_payload["iat"])),
        ]);
        Self {
            holder: sighting.holder,
            values,
            bytes,
            features,
            header: raw(jwt, 0),
            payload: masked(&raw(jwt, 1)),
            key_binding_header: raw(&token.key_binding, 0),
            key_binding: masked(&raw(&token.key_binding, 1)),
            digests,
            rank,
            at: number(&kb_payload["iat"]),
            length: sighting.text.len(),
        }
    }
}

fn flatten(
    place: &str,
    value: &Value,
    values: &mut BTreeSet<(String, String)>,
    bytes: &mut Vec<Vec<u8>>,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                flatten(&format!("{place}.{name}"), value, values, bytes);
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| flatten(&format!("{place}[]"), item, values, bytes));
        }
        leaf => {
            let text = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
            let inner = token::decode(&text).filter(|inner| inner.len() >= 8);
            // Salts, digests, coordinates and signatures say in base64url what their bytes say.
            if inner.is_none() || ![22, 43, 86].contains(&text.len()) {
                bytes.push(text.clone().into_bytes());
            }
            bytes.extend(inner);
            values.insert((place.to_owned(), text));
        }
    }
}

/// The text with what is random by design taken out: hashes, nonces and coordinates of keys have 43 characters. The time
/// of presentation is looked at by itself.
fn masked(json: &str) -> String {
    let parts = json.split('"').map(|part| {
        let random = part.len() == 43 && token::decode(part).is_some();
        if random { "#" } else { part }
    });
    let text = parts.collect::<Vec<_>>().join("\"");
    match text.split_once("\"iat\":") {
        Some((before, rest)) if text.contains("sd_hash") => {
            format!("{before}\"iat\":{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        _ => text,
    }
}

/// Counts of pairs: of one person, and of two.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs {
    same: usize,
    different: usize,
}

impl Pairs {
    fn all() -> Self {
        let total = HOLDERS * SHOWINGS * (HOLDERS * SHOWINGS - 1) / 2;
        let same = HOLDERS * SHOWINGS * (SHOWINGS - 1) / 2;
        Self { same, different: total - same }
    }

    /// Whether what these pairs share is shared by pairs of one person markedly more often.
    fn link(self) -> bool {
        let all = Self::all();
        let same = self.same as f64 / all.same as f64;
        let different = (self.different + 1) as f64 / all.different as f64;
        self.same >= 3 && same > 4.0 * different
    }
}

/// Sightings that have something in common, each once and in their order.
type Group = Vec<usize>;

fn join(group: &mut Group, index: usize) {
    if group.last() != Some(&index) {
        group.push(index);
    }
}

/// Which of these sightings share something: all pairs among those in a group that no herd explains.
fn pairs<'a>(seen: &[Seen], groups: impl Iterator<Item = &'a Group>) -> Pairs {
    let mut found = BTreeSet::new();
    for group in groups.filter(|group| group.len() > 1) {
        let holders: BTreeSet<usize> = group.iter().map(|index| seen[*index].holder).collect();
        if holders.len() > HERD {
            continue;
        }
        for (position, one) in group.iter().enumerate() {
            found.extend(group[position + 1..].iter().map(|other| (*one, *other)));
        }
    }
    let same = found.iter().filter(|(one, other)| seen[*one].holder == seen[*other].holder).count();
    Pairs { same, different: found.len() - same }
}

/// T1: values that presentations of one person share at one place, and few others do.
fn equal_values(seen: &[Seen]) -> Vec<String> {
    let mut places: BTreeMap<&str, BTreeMap<&str, Group>> = BTreeMap::new();
    for (index, one) in seen.iter().enumerate() {
        for (place, value) in &one.values {
            join(places.entry(place).or_default().entry(value).or_default(), index);
        }
    }
    let linking = places.iter().filter(|(_, values)| pairs(seen, values.values()).link());
    linking.map(|(place, _)| format!("T1: {place}")).collect()
}

/// T2: runs of eight bytes that presentations of one person share, wherever they stand and however they are written.
fn rare_runs(seen: &[Seen]) -> Vec<String> {
    let mut runs: HashMap<&[u8], Group> = HashMap::new();
    for (index, one) in seen.iter().enumerate() {
        for run in one.bytes.iter().flat_map(|layer| layer.windows(8)) {
            join(runs.entry(run).or_default(), index);
        }
    }
    if pairs(seen, runs.values()).link() { vec!["T2: a run of bytes".to_owned()] } else { vec![] }
}

/// T3: numbers that are closer together for one person than for two.
fn close_numbers(seen: &[Seen]) -> Vec<String> {
    let mut found = Vec::new();
    for feature in seen[0].features.keys() {
        let (mut same, mut different) = (Vec::new(), Vec::new());
        for (index, one) in seen.iter().enumerate() {
            for other in &seen[index + 1..] {
                let distance = one.features[feature].abs_diff(other.features[feature]);
                if one.holder == other.holder { &mut same } else { &mut different }.push(distance);
            }
        }
        let auc = area_under_curve(&same, &mut different);
        if (auc - 0.5).abs() > MAX_ADVANTAGE {
            found.push(format!("T3: {feature} ({auc:.2})"));
        }
    }
    found
}

/// How often a distance of one person is smaller than one of two people; a tie counts half.
fn area_under_curve(same: &[u64], different: &mut [u64]) -> f64 {
    different.sort_unstable();
    let won: usize = same
        .iter()
        .map(|distance| {
            let not_larger = different.partition_point(|other| other <= distance);
            let smaller = different.partition_point(|other| other < distance);
            2 * (different.len() - not_larger) + (not_larger - smaller)
        })
        .sum();
    won as f64 / (2 * same.len() * different.len()) as f64
}

/// T4: a hash of something in one presentation that stands in another.
fn hashes_of_each_other(seen: &[Seen]) -> Vec<String> {
    let mut atoms: HashMap<&[u8], Group> = HashMap::new();
    for (index, one) in seen.iter().enumerate() {
        for layer in &one.bytes {
            join(atoms.entry(layer).or_default(), index);
        }
    }
    let mut found = Vec::new();
    for (index, one) in seen.iter().enumerate() {
        for layer in &one.bytes {
            let hash = Sha256::digest(layer);
            for part in [&hash[..], &hash[..16], &hash[16..]] {
                let others = atoms.get(part).into_iter().flatten();
                if others.into_iter().any(|other| *other != index) {
                    found.push("T4: a hash of another's bytes".to_owned());
                }
            }
        }
    }
    found.dedup();
    found
}

/// T6: everybody's presentation is built alike.
fn unlike_builds(seen: &[Seen]) -> Vec<String> {
    type Part = fn(&Seen) -> String;
    let parts: [(&str, Part); 6] = [
        ("header", |one| one.header.clone()),
        ("payload", |one| one.payload.clone()),
        ("header of the KB-JWT", |one| one.key_binding_header.clone()),
        ("KB-JWT", |one| one.key_binding.clone()),
        ("number of digests", |one| one.digests.len().to_string()),
        ("length", |one| one.length.to_string()),
    ];
    let mut found = Vec::new();
    for (name, part) in parts {
        if seen.iter().map(part).collect::<BTreeSet<_>>().len() > 1 {
            found.push(format!("T6: {name}"));
        }
    }
    if !seen.iter().all(|one| one.digests.is_sorted()) {
        found.push("T6: order of digests".to_owned());
    }
    if seen.iter().any(|one| one.at % 60 != 0) {
        found.push("T6: seconds of presentation".to_owned());
    }
    let ranks: Vec<usize> = seen.iter().map(|one| one.rank).collect();
    let count = seen.iter().map(|one| one.digests.len()).max().unwrap();
    if !is_uniform(&ranks, count) {
        found.push("T6: place of the digest".to_owned());
    }
    found
}

/// Whether draws from `0..count` look evenly spread: chi-square at a probability of about one in a thousand.
fn is_uniform(draws: &[usize], count: usize) -> bool {
    let expected = draws.len() as f64 / count as f64;
    let square = |value: usize| {
        let seen = draws.iter().filter(|draw| **draw == value).count() as f64;
        (seen - expected).powi(2) / expected
    };
    // Wilson and Hilferty's approximation of the quantile.
    let freedom = (count - 1) as f64;
    let limit =
        freedom * (1.0 - 2.0 / (9.0 * freedom) + 3.09 * (2.0 / (9.0 * freedom)).sqrt()).powi(3);
    (0..count).map(square).sum::<f64>() < limit
}

fn findings(sightings: &[Sighting]) -> Vec<String> {
    let seen: Vec<Seen> = sightings.iter().map(Seen::new).collect();
    assert_eq!(seen.len(), HOLDERS * SHOWINGS);
    let detectors = [equal_values, rare_runs, close_numbers, hashes_of_each_other, unlike_builds];
    detectors.iter().flat_map(|detector| detector(&seen)).collect()
}

#[test]
fn presentations_of_one_person_cannot_be_told_from_those_of_two() {
    for kind in [KeyKind::P256, KeyKind::Ed25519] {
        let (sightings, _) = with_wallets(kind);
        assert_eq!(findings(&sightings), Vec::<String>::new(), "{kind:?}");
    }
    // The misbehaving world without a misbehaviour: what is found below is what was planted.
    assert_eq!(findings(&planted(Plant::Nothing)), Vec::<String>::new());
}

#[test]
fn every_planted_link_is_found() {
    for (plant, expected) in [
        (Plant::BatchTime, "T1: payload.iat"),
        (Plant::BirthYear, "T1: payload.age_birth_year"),
        (Plant::ExpiryOfHolder, "T1: payload.exp"),
        (Plant::FewerDecoys, "T3: digests"),
        (Plant::HashChainSalt, "T4: "),
        (Plant::KeyBindingKid, "T1: kb_header.kid"),
        (Plant::KeyBindingSeconds, "T6: seconds of presentation"),
        (Plant::KidOfHolder, "T1: header.kid"),
        (Plant::MarkInAnotherPlace, "T2: "),
        (Plant::MarkInSalt, "T2: "),
        (Plant::NonceOfWallet, "T1: kb_payload.jti"),
        (Plant::ReusedKey, "T1: payload.cnf.jwk.x"),
        (Plant::ReusedSalt, "T1: disclosure[]"),
        (Plant::SequentialExpiry, "T3: exp"),
        (Plant::Subject, "T1: payload.sub"),
        (Plant::UnsortedDigests, "T6: order of digests"),
    ] {
        let found = findings(&planted(plant));
        assert!(found.iter().any(|found| found.starts_with(expected)), "{plant:?}: {found:?}");
    }
}

/// T6 for all three types: whoever the person is, the part that everybody sees is built alike.
#[test]
fn every_credential_of_a_type_is_built_alike() {
    let agency = Agency::new(AGENCY, KeyKind::P256, 1);
    let mut noise = Seeded::new(71);
    let mut people = Synthetic::new(move |bytes: &mut [u8]| noise.fill(bytes).unwrap());
    let mut random = Seeded::new(72);
    let mut builds: BTreeMap<&str, BTreeSet<(String, String)>> = BTreeMap::new();
    for seed in 0..HOLDERS {
        let person = people.person(date(2026, 11, 22), 18..=90).unwrap();
        let (ine, _) = person.ine().unwrap().clone();
        let key = seeded::key(KeyKind::P256, 9_000 + u64::try_from(seed).unwrap()).unwrap();
        let proof = key_proof::sign(&key, AGENCY, NONCE, NOW).unwrap();
        let policy = agency.issuer.proof_policy(NONCE);
        let keys = HolderKeys::check(&[&proof], &policy, NOW).unwrap();
        for record in [
            Record::Age(person.age_record().clone()),
            Record::Curp(Box::new(person.curp_record().clone())),
            Record::Ine(Box::new(ine.clone())),
        ] {
            // Short, so that no card runs out before the credential does.
            let validity = Validity::days(NOW, 7).unwrap();
            let known = record.credential_type();
            let draft = agency.issuer.draft(&record, known.default_vct(), validity).unwrap();
            let batch = agency.issuer.prepare(&draft, &keys, &mut random).unwrap();
            let copy = batch.sign(&agency.key).unwrap().remove(0);
            let jwt = copy.as_str().split('~').next().unwrap();
            let part = |part: usize| {
                let bytes = token::decode(jwt.split('.').nth(part).unwrap()).unwrap();
                masked(&String::from_utf8(bytes).unwrap())
            };
            builds.entry(known.name()).or_default().insert((part(0), part(1)));
        }
    }
    assert_eq!(builds.len(), 3);
    for (known, builds) in builds {
        assert_eq!(builds.len(), 1, "{known}: {builds:?}");
    }
}

/// T6: where the digest of a claim stands says nothing about which claim it is.
#[test]
fn digests_stand_anywhere() {
    let agency = Agency::new(AGENCY, KeyKind::P256, 1);
    let mut random = Seeded::new(81);
    let key = seeded::key(KeyKind::P256, 82).unwrap();
    let proof = [key_proof::sign(&key, AGENCY, NONCE, NOW).unwrap()];
    let mut ranks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut count = 0;
    for holder in 0..700 {
        let record = person(holder % HOLDERS).0;
        let issued = agency.issue((AGE, &record), &proof, NONCE, NOW, &mut random);
        let token = Token::parse(&issued[0]);
        let digests = token.payload["age_equal_or_over"]["_sd"].as_array().unwrap();
        count = digests.len();
        for (index, text) in token.disclosures.iter().enumerate() {
            let digest = Value::from(token::digest(text));
            let rank = digests.iter().position(|other| *other == digest).unwrap();
            let name = token.disclosure(index).unwrap()[1].to_string();
            ranks.entry(name).or_default().push(rank);
        }
    }
    for (name, ranks) in ranks {
        assert!(is_uniform(&ranks, count), "{name}");
    }
    assert!(!is_uniform(&[0; 70], 7));
    assert!(!is_uniform(&(0..700).map(|draw| draw % 7 / 2 * 2).collect::<Vec<_>>(), 7));
}

/// T9: a wallet does not take the batches of an issuer that marks its holders.
#[test]
fn a_wallet_refuses_what_an_issuer_planted() {
    for (plant, expected) in [
        (Plant::BatchTime, "lint_identifier_open"),
        (Plant::BirthYear, "lint_open_claim_unique"),
        (Plant::ExpiryOfHolder, "lint_date_not_whole_day"),
        (Plant::KidOfHolder, "untrusted"),
        (Plant::MarkInAnotherPlace, "lint_open_claim_unique"),
        (Plant::ReusedSalt, "lint_salt_shared"),
        (Plant::SequentialExpiry, "lint_date_not_whole_day"),
        (Plant::Subject, "lint_identifier_open"),
    ] {
        let refused = receive(plant).unwrap_err();
        let code = refused.code();
        // Copies that differ are seen to differ before it is asked in what.
        assert!(code == expected || code.ends_with("_differs"), "{plant:?}: {refused}");
    }
    assert_eq!(receive(Plant::Nothing).unwrap().warnings(), &[]);
}

fn receive(plant: Plant) -> Result<Receipt, WalletError> {
    let agency = Agency::new(AGENCY, KeyKind::P256, 1);
    let mut random = Seeded::new(91);
    let mut wallet = Wallet::new(MemoryStore::new(), SoftwareKeys);
    let begun = wallet.begin(AGENCY, NONCE, SHOWINGS, KeyKind::P256, NOW, &mut random)?;
    let (record, _) = person(23);
    let mut copies = agency.issue((AGE, &record), begun.proofs(), NONCE, NOW, &mut random);
    let mut salt = vec![0x5a; 16];
    for (copy, text) in copies.iter_mut().enumerate() {
        let mut token = Token::parse(text);
        mark(plant, &mut token, &Position { holder: 23, copy, now: NOW }, &mut salt);
        *text = token.sign(&agency.key);
    }
    wallet.receive(&copies, &agency.trust(), NOW, Language::EsMx, &mut random)
}

/// T10, the limit of this technique: an issuer that wrote down what it issued, together with a verifier, knows who was
/// there. Only proofs of knowledge would change that; the consent sheet says so (`NotProtected::IssuerWithVerifier`).
#[test]
fn an_issuer_that_kept_what_it_issued_can_tell() {
    let (sightings, transcript) = with_wallets(KeyKind::P256);
    let known: HashMap<&str, usize> =
        transcript.iter().map(|(holder, signature)| (signature.as_str(), *holder)).collect();
    let told = sightings
        .iter()
        .filter(|sighting| {
            known.get(issuer_signature(&sighting.text).as_str()) == Some(&sighting.holder)
        })
        .count();
    assert_eq!(told, HOLDERS * SHOWINGS);
}
