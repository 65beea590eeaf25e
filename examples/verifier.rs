//! A verifier without a network: the whole of a border officer's or a bar's side.
//!
//! `cargo run -p llavero-examples --example verifier`

use std::error::Error;

use llavero_core::dcql::DcqlQuery;
use llavero_core::present::Held;
use llavero_core::request::PresentationAnswer;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{ClaimPath, KeyKind, OsRandom, Signer as _, SigningKey, UnixTime, key_proof};
use llavero_issuer::{HolderKeys, Issuer, Record, Validity};
use llavero_mexico::CredentialType;
use llavero_verifier::{Asker, Challenge};
use serde_json::json;

const AGE: &str = "urn:example:mx:age:1";

fn main() -> Result<(), Box<dyn Error>> {
    let now = UnixTime::from_secs(1_795_273_200);
    let over_18 = ClaimPath::names(["age_equal_or_over", "18"])?;
    let (agency, credential, holder_key) = somebody_with_a_credential(now)?;

    // Loaded once, while there was a network: who may issue what, under which keys.
    let trust = TrustList::new(
        now,
        vec![TrustedIssuer {
            issuer: agency.identifier().to_owned(),
            name: "Agencia de Ejemplo".to_owned(),
            types: vec![AGE.to_owned()],
            keys: IssuerKeys::Listed(vec![TrustedKey::new(agency.key().clone())]),
            requires_type_metadata: false,
        }],
    )?;

    // The question: fresh for every person.
    let bar = Asker { client_id: "https://bar.example", client_name: Some("Bar La Esquina") };
    let query = DcqlQuery::for_claims("age", [AGE], [over_18.clone()])?;
    let challenge =
        Challenge::new(&bar, "Vender una bebida alcohólica", query, 300, now, &mut OsRandom)?;
    println!("request of {} bytes", challenge.request().to_json().to_string().len());

    // The answer, as it comes from the wallet.
    let request = challenge.request();
    let held = Held::reopen(&credential)?;
    let shown = held.present(&held.select([&over_18])?);
    let shown = shown.bind(request.client_id(), request.nonce(), now, None)?.sign(&holder_key)?;
    let answer = PresentationAnswer::from_slice(
        json!({ "vp_token": { "age": [shown] } }).to_string().as_bytes(),
    )?;
    let answer = answer.to_json().to_string();

    // The verdict holds what was asked for, and nothing else.
    let verdict = challenge.verify(answer.as_bytes(), &trust, now)?;
    let age = verdict.credential("age").ok_or("no answer")?;
    if age.values(&over_18) != Some(&[json!(true)]) {
        return Err("not over 18".into());
    }
    println!("over 18, says {}; trust list of {}", age.issuer_name(), verdict.trust_issued_at());

    // The same answer to a new question is worth nothing.
    let query = DcqlQuery::for_claims("age", [AGE], [over_18])?;
    let again =
        Challenge::new(&bar, "Vender una bebida alcohólica", query, 300, now, &mut OsRandom)?;
    match again.verify(answer.as_bytes(), &trust, now) {
        Ok(_) => Err("a replayed answer was accepted".into()),
        Err(error) => {
            println!("replay refused [{}]", error.code());
            Ok(())
        }
    }
}

/// What happened before, elsewhere: an agency, a credential and the key in somebody's phone.
fn somebody_with_a_credential(
    now: UnixTime,
) -> Result<(Issuer, String, SigningKey), Box<dyn Error>> {
    let signing_key = SigningKey::generate(KeyKind::P256, &mut OsRandom)?;
    let agency = Issuer::new("https://agencia.example", signing_key.public_key())?;
    let holder_key = SigningKey::generate(KeyKind::P256, &mut OsRandom)?;
    let proof = key_proof::sign(&holder_key, agency.identifier(), "nonce", now)?;
    let keys = HolderKeys::check(&[proof.as_str()], &agency.proof_policy("nonce"), now)?;
    let record =
        Record::from_json(CredentialType::Age, &json!({ "birthdate": "1990-05-17" }), now)?;
    let draft = agency.draft(&record, AGE, Validity::days(now, 7)?)?;
    let copy = agency.prepare(&draft, &keys, &mut OsRandom)?.sign(&signing_key)?.pop();
    let copy = copy.ok_or("no copy")?.into_string();
    Ok((agency, copy, holder_key))
}
