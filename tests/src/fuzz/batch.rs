//! A batch from an issuer that is trusted and writes whatever the fuzzer does.
//!
//! The first line says which of the offered keys each copy is bound to (`01`; any other digit: one that nobody
//! offered). The rest is a token as for `hostile_issuer`, the same for all copies, in which `<cnf>` stands for the key,
//! `<r>` for characters that differ from copy to copy, and `<i>` for a number that does.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use llavero_core::dcql::DcqlQuery;
use llavero_core::request::PresentationRequest;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{ClaimPath, KeyBinding, KeyKind, SdJwt, Verified, key_proof};
use llavero_holder::{Language, SoftwareKeys, Table, Wallet};
use llavero_mexico::CredentialType;
use serde_json::{Map, Value, json};

use super::Outcome;
use super::fixture::{AUDIENCE, ISSUER, ISSUERS, NONCE, VCT, challenge, wallet_over};
use super::hostile_issuer::Draft;
use super::model::SKEW_SECS;
use crate::seeded::Seeded;
use crate::token;
use crate::world::{NOW, Records, SharedStore};

/// A wallet that has offered two keys and waits for what comes.
pub(crate) struct Offered {
    pub(crate) records: Records,
    /// What stands in `cnf` for each of them, and for one that was not offered.
    confirmations: [Value; 3],
}

pub(crate) static OFFERED: LazyLock<Offered> = LazyLock::new(|| {
    let store = SharedStore::default();
    let mut wallet = Wallet::new(store.clone(), SoftwareKeys);
    let mut random = Seeded::new(107);
    let enrolment = wallet.begin(ISSUER, NONCE, 2, KeyKind::Ed25519, NOW, &mut random).unwrap();
    let policy = key_proof::ProofPolicy {
        audience: ISSUER,
        nonce: NONCE,
        max_age_secs: 1,
        clock_skew_secs: 0,
        algorithms: llavero_core::AlgorithmSet::ALL,
    };
    let offered = enrolment.proofs().iter().map(|proof| {
        let key = key_proof::verify(proof, &policy, NOW).unwrap();
        json!({ "jwk": key.to_jwk() })
    });
    let stranger = json!({ "jwk": ISSUERS[0].public.to_jwk() });
    let confirmations = offered.chain([stranger]).collect::<Vec<_>>().try_into().unwrap();
    Offered { records: store.records(), confirmations }
});

pub(crate) static TRUST: LazyLock<TrustList> = LazyLock::new(|| {
    let types = CredentialType::ALL.map(CredentialType::default_vct);
    let entry = TrustedIssuer {
        issuer: ISSUER.to_owned(),
        name: "Agencia de Ejemplo".to_owned(),
        types: types.into_iter().chain([VCT]).map(str::to_owned).collect(),
        keys: IssuerKeys::Listed(vec![TrustedKey::new(ISSUERS[0].public.clone())]),
        requires_type_metadata: false,
    };
    TrustList::new(NOW, vec![entry]).unwrap()
});

/// The copies that the input describes, at most four.
pub(crate) fn copies(input: &[u8]) -> Vec<String> {
    let mut halves = input.splitn(2, |byte| *byte == b'\n');
    let keys = halves.next().unwrap_or_default();
    let template = String::from_utf8_lossy(halves.next().unwrap_or_default());
    let copy = |(number, key): (usize, &u8)| {
        let key = OFFERED.confirmations.get(usize::from(key.wrapping_sub(b'0')));
        let confirmation = key.unwrap_or(&OFFERED.confirmations[2]);
        let salt = token::digest(&number.to_string());
        let text = template
            .replace("<cnf>", &confirmation.to_string())
            .replace("<r>", salt.get(..22).unwrap_or_default())
            .replace("<i>", &(7_919 * (number + 1_000)).to_string());
        Draft::read(text.as_bytes()).sign()
    };
    keys.iter().take(4).enumerate().map(copy).collect()
}

/// All is kept or nothing; what is kept is sound, from one mould, and can be shown.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let copies = copies(input);
    let (mut wallet, store) = wallet_over(&OFFERED.records);
    let mut random = Seeded::new(108);
    let mut receive = |wallet: &mut Wallet| {
        wallet
            .receive(&copies, &TRUST, NOW, Language::EsMx, &mut random)
            .map(|receipt| (receipt.credential().id().clone(), receipt.credential().copies_left()))
    };
    let Ok((id, left)) = receive(&mut wallet) else {
        assert!(store.records() == OFFERED.records, "a refusal changes nothing");
        return Outcome::Refused;
    };
    let kept = store.records();
    assert!(receive(&mut wallet).is_err(), "received twice");
    assert!(store.records() == kept, "a refusal changes nothing");
    let count = |table| kept.keys().filter(|(of, _)| *of == table).count();
    assert_eq!((left, count(Table::Copy)), (copies.len(), copies.len()));
    assert_eq!(count(Table::PendingKey), 2 - copies.len(), "each copy uses a key up");
    let verified: Vec<Verified> = copies.iter().map(|copy| verify(copy)).collect();
    have_one_mould(&copies, &verified);
    let keys: BTreeSet<String> =
        verified.iter().map(|one| one.holder_key().expect("a key").thumbprint()).collect();
    assert_eq!(keys.len(), copies.len(), "two copies on one key");
    wallet.show(&id, Language::En).expect("what was received");
    can_be_shown(&verified[0], input.len(), &mut wallet, &mut random);
    Outcome::Accepted
}

fn verify(text: &str) -> Verified {
    let token = SdJwt::parse(text).expect("a copy");
    let verified = TRUST.verify(token, KeyBinding::Forbid, &[], 300, NOW);
    verified.expect("a copy that was kept is sound").verified
}

/// Nothing but the key, the place in a status list and what is random tells the copies apart.
fn have_one_mould(copies: &[String], verified: &[Verified]) {
    let claims = |verified: &Verified| {
        let mut claims: Map<String, Value> = verified.claims().as_object().unwrap().clone();
        let _ = (claims.remove("cnf"), claims.remove("status"));
        claims
    };
    let mut disclosures = BTreeSet::new();
    for (copy, verified_copy) in copies.iter().zip(verified) {
        assert_eq!(copy.len(), copies[0].len(), "a length tells copies apart");
        assert_eq!(claims(verified_copy), claims(&verified[0]));
        let mut parts: Vec<&str> = copy.split('~').skip(1).collect();
        parts.pop();
        assert!(
            parts.into_iter().all(|part| disclosures.insert(part)),
            "a Disclosure links copies"
        );
    }
}

/// The person can show one claim of what was received, or none if all of them are open.
fn can_be_shown(verified: &Verified, pick: usize, wallet: &mut Wallet, random: &mut Seeded) {
    let hidden: Vec<ClaimPath> =
        verified.disclosed().filter_map(|place| ClaimPath::new(place.to_vec()).ok()).collect();
    let wanted = pick.checked_rem(hidden.len()).map(|index| hidden[index].clone());
    let wanted = wanted.unwrap_or_else(|| ClaimPath::names(["vct"]).unwrap());
    let vct = verified.credential_type().expect("a type");
    let query = DcqlQuery::for_claims("q", [vct], [wanted.clone()]).expect("a query");
    let request = PresentationRequest::new(AUDIENCE, None, "Ver", query, random).unwrap();
    let sheet = wallet.consider(&request, NOW, Language::En).and_then(|choices| choices.sheet());
    let answer = sheet.expect("a sheet").approve(wallet, NOW, random).expect("an answer");
    let [text] = answer.presentations()["q"].as_slice() else { panic!("one presentation") };
    let nonce = request.nonce();
    let binding = KeyBinding::Require(llavero_core::Challenge { nonce, ..challenge() });
    let shown = TRUST.verify(SdJwt::parse(text).unwrap(), binding, &[], SKEW_SECS, NOW);
    let shown = shown.expect("what was received can be shown");
    assert_eq!(shown.verified.select(&wanted).expect("the claim").len(), 1);
}
#[cfg(test)]
mod tests {
    use super::super::seeds;
    use super::*;

    #[test]
    fn copies_of_each_mexican_type_are_kept() {
        for of in CredentialType::ALL {
            let vct = of.default_vct();
            let seeds = seeds::of("batch");
            let seed = seeds.iter().find(|seed| String::from_utf8_lossy(seed).contains(vct));
            assert_eq!(run(seed.unwrap()), Outcome::Accepted, "{vct}");
        }
    }
}
