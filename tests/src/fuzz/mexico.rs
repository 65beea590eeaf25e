//! Mexican identifiers and records: what is read prints as it was written, and what is issued from a record can be
//! read again.
//!
//! A JSON object is a record, of whichever type takes it. Other text is an identifier or, in three lines, the
//! machine-readable zone of a card.

use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use llavero_core::{KeyBinding, Part, SdJwt, json, key_proof};
use llavero_issuer::{HolderKeys, Record, Validity};
use llavero_mexico::{
    ClaveElector, CredentialType, Curp, Differentiator, Error, IneMrz, Nombre, Picture, Rfc,
    RfcPolicy, Texto,
};
use serde_json::Value;

use super::Outcome;
use super::fixture::{FILLED, HOLDERS, NONCE};
use crate::seeded::Seeded;
use crate::world::NOW;

/// The day of [`NOW`] in Mexico and in UTC.
const TODAY: Date = date(2026, 11, 22);

pub(crate) fn run(input: &[u8]) -> Outcome {
    let Ok(text) = std::str::from_utf8(input) else { return Outcome::Refused };
    let accepted = match json::from_slice(input, Part::Request) {
        Ok(record @ Value::Object(_)) => is_record(&record),
        _ => is_identifier(text) | is_zone(text),
    };
    Outcome::accepted_if(accepted)
}

/// Whether it is one of the identifiers; each that is, keeps its text and reads it again.
fn is_identifier(text: &str) -> bool {
    let curp = text.parse::<Curp>();
    if let Ok(curp) = &curp {
        assert_eq!(curp.expose(), text);
        for rule in [Differentiator::AtoJ, Differentiator::AtoZ] {
            let faults = curp.faults(TODAY, rule);
            assert_eq!(faults, Curp::faults_in(text, TODAY, rule));
            let checked = curp.clone().check(TODAY, rule);
            assert_eq!(checked.is_ok(), faults.is_empty());
            if let Ok(valid) = checked {
                assert_eq!(Some(valid.birthdate()), curp.birthdate());
                assert_eq!(curp.check_digit(), curp.expected_check_digit());
                assert!(valid.birthdate() <= TODAY);
            }
        }
    } else {
        assert!(!Curp::faults_in(text, TODAY, Differentiator::AtoZ).is_empty());
    }
    let rfc = text.parse::<Rfc>();
    if let Ok(rfc) = &rfc {
        assert_eq!(rfc.expose(), text);
        assert_eq!(rfc.faults(), Rfc::faults_in(text));
        let checked = rfc.clone().check(RfcPolicy::Strict);
        assert!(checked.is_err() || rfc.faults().is_empty());
    }
    let clave = text.parse::<ClaveElector>();
    if let Ok(clave) = &clave {
        assert_eq!(clave.expose(), text);
        let parts = [clave.name_letters(), clave.yymmdd(), clave.entidad_inegi()].concat();
        assert!(text.starts_with(&parts) && text.ends_with(clave.suffix()));
    }
    // One after the other, so that each has its say.
    let others =
        [keeps(text, Nombre::expose), keeps(text, Texto::expose), keeps(text, Picture::expose)];
    curp.is_ok() || rfc.is_ok() || clave.is_ok() || others.contains(&true)
}

/// Whether it is a `T`, which is then its text and nothing else.
fn keeps<T: FromStr<Err = Error>>(text: &str, expose: fn(&T) -> &str) -> bool {
    let read = text.parse::<T>();
    read.is_ok_and(|read| {
        assert_eq!(expose(&read), text);
        true
    })
}

fn is_zone(text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let faults = IneMrz::faults_in(&lines, TODAY);
    let read = IneMrz::parse(&lines, TODAY);
    assert_eq!(read.is_ok(), faults.is_empty());
    let Ok(zone) = read else { return false };
    assert_eq!(zone.expose().as_slice(), lines);
    assert!(IneMrz::checks_in(&lines).is_some());
    assert!(zone.birthdate() <= TODAY);
    true
}

/// Whether some type takes the record. A copy of it then says what the record does, and its payload is as long as
/// anybody's of that type.
fn is_record(record: &Value) -> bool {
    let mut accepted = false;
    for of in CredentialType::ALL {
        let Ok(record) = Record::from_json(of, record, NOW) else { continue };
        accepted = true;
        assert_eq!(record.credential_type(), of);
        // A document that ends before the credential would has no draft, and nothing is to be said of it.
        let Some(copy) = issue(&record) else { continue };
        let usual = USUAL.iter().find(|(usual, _)| *usual == of).map(|(_, length)| *length);
        assert_eq!(copy.split('.').nth(1).map(str::len), usual, "a payload tells people apart");
        let token = SdJwt::parse(&copy).expect("a copy");
        let verified = FILLED.trust.verify(token, KeyBinding::Forbid, &[], 0, NOW);
        let verified = verified.expect("a copy is sound").verified;
        let claims = match &record {
            Record::Age(record) => record.claims(TODAY),
            Record::Curp(record) => record.claims(TODAY),
            Record::Ine(record) => record.claims(TODAY),
            _ => continue,
        };
        for (name, value) in claims {
            assert_eq!(verified.claim(&name), Some(&value), "{name} is lost");
        }
    }
    accepted
}

/// The length of the payload of each type.
static USUAL: LazyLock<Vec<(CredentialType, usize)>> = LazyLock::new(|| {
    let length = |of| {
        let record = Record::from_json(of, &crate::world::irene(of), NOW).unwrap();
        let copy = issue(&record).expect("a copy");
        (of, copy.split('.').nth(1).unwrap().len())
    };
    CredentialType::ALL.into_iter().map(length).collect()
});

static HOLDER: LazyLock<HolderKeys> = LazyLock::new(|| {
    let (agency, holder) = (&FILLED.agency, &HOLDERS[0]);
    let proof = key_proof::sign(&holder.private, agency.issuer.identifier(), NONCE, NOW).unwrap();
    HolderKeys::check(&[&proof], &agency.issuer.proof_policy(NONCE), NOW).unwrap()
});

fn issue(record: &Record) -> Option<String> {
    let agency = &FILLED.agency;
    let vct = record.credential_type().default_vct();
    let validity = Validity::days(NOW, 7).unwrap();
    let draft = agency.issuer.draft(record, vct, validity).ok()?;
    let batch = agency.issuer.prepare(&draft, &HOLDER, &mut Seeded::new(1)).expect("a batch");
    let [copy] = batch.sign(&agency.key).expect("a signature").try_into().ok()?;
    Some(llavero_core::issue::IssuedSdJwt::into_string(copy))
}
