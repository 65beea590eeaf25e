//! An agency: from a record to a batch of single-use copies.
//!
//! `cargo run -p llavero-examples --example agency`

use std::error::Error;

use llavero_core::{KeyKind, OsRandom, Signer as _, SigningKey, UnixTime, key_proof};
use llavero_issuer::{HolderKeys, Issuer, Record, Validity};
use llavero_mexico::CredentialType;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    // Time is an argument: a service passes its clock.
    let now = UnixTime::from_secs(1_795_273_200);

    // A real agency signs in an HSM: behind `Signer`, or with `signing_inputs` and `attach`.
    let signing_key = SigningKey::generate(KeyKind::P256, &mut OsRandom)?;
    let agency = Issuer::new("https://agencia.example", signing_key.public_key())?;

    // The record. It exists only if CURP, names, date, sex and place agree.
    let record = json!({
        "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-17", "sexo": "M", "entidad_nacimiento": "VZ",
        "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva",
    });
    let record = Record::from_json(CredentialType::Curp, &record, now)?;

    // The wallet makes one key per copy and proves that it has them. Here we play the wallet.
    let nonce = "a-nonce-for-this-issuance";
    let wallet_keys: Vec<SigningKey> = (0..10)
        .map(|_| SigningKey::generate(KeyKind::P256, &mut OsRandom))
        .collect::<Result<_, _>>()?;
    let proofs: Vec<String> = wallet_keys
        .iter()
        .map(|key| key_proof::sign(key, agency.identifier(), nonce, now))
        .collect::<Result<_, _>>()?;
    let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();

    // One call makes the batch: one copy per key, each with its own salts and decoys.
    let keys = HolderKeys::check(&proofs, &agency.proof_policy(nonce), now)?;
    let draft = agency.draft(&record, "urn:example:mx:curp:1", Validity::days(now, 30)?)?;
    let copies = agency.prepare(&draft, &keys, &mut OsRandom)?.sign(&signing_key)?;

    println!(
        "{} copies of {} characters",
        copies.len(),
        copies.first().map_or(0, |copy| copy.as_str().len())
    );

    // An inconsistent record is refused before anything is signed; the error names the field, not the value.
    let wrong = json!({
        "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-18", "sexo": "M", "entidad_nacimiento": "VZ",
        "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva",
    });
    match Record::from_json(CredentialType::Curp, &wrong, now) {
        Ok(_) => Err("a record that does not agree with its CURP was accepted".into()),
        Err(error) => {
            println!("refused [{}]: {error}", error.code());
            Ok(())
        }
    }
}
