//! A wallet: receive a batch, look at what a request would reveal, agree, answer.
//!
//! `cargo run -p llavero-examples --example wallet`

use std::error::Error;

use llavero_core::dcql::DcqlQuery;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{ClaimPath, KeyKind, OsRandom, Signer as _, SigningKey, UnixTime};
use llavero_holder::{Language, MemoryStore, SoftwareKeys, Wallet};
use llavero_issuer::{HolderKeys, Issuer, Record, Validity};
use llavero_mexico::CredentialType;
use llavero_verifier::{Asker, Challenge};
use serde_json::json;

const CURP: &str = "urn:example:mx:curp:1";

fn main() -> Result<(), Box<dyn Error>> {
    let now = UnixTime::from_secs(1_795_273_200);

    // A phone passes its own store and its hardware keys; `llavero-store` keeps everything in one sealed file.
    let mut wallet = Wallet::new(MemoryStore::new(), SoftwareKeys);

    // 1. Keys for a batch, and the proof that we have them.
    let enrolment =
        wallet.begin("https://agencia.example", "nonce", 5, KeyKind::P256, now, &mut OsRandom)?;
    let (agency, copies) = issue(enrolment.proofs(), now)?;

    // 2. The batch is taken only after every copy has been verified.
    let trust = TrustList::new(
        now,
        vec![TrustedIssuer {
            issuer: agency.identifier().to_owned(),
            name: "Agencia de Ejemplo".to_owned(),
            types: vec![CURP.to_owned()],
            keys: IssuerKeys::Listed(vec![TrustedKey::new(agency.key().clone())]),
            requires_type_metadata: false,
        }],
    )?;
    let receipt = wallet.receive(&copies, &trust, now, Language::EsMx, &mut OsRandom)?;
    println!("{}: {} copias", receipt.credential().label(), receipt.credential().copies_left());

    // 3. Somebody asks.
    let bank = Asker { client_id: "https://banco.example", client_name: Some("Banco de Ejemplo") };
    let query = DcqlQuery::for_claims("curp", [CURP], [ClaimPath::names(["curp"])?])?;
    let challenge = Challenge::new(&bank, "Abrir una cuenta", query, 300, now, &mut OsRandom)?;

    // 4. The consent sheet: what is revealed, and what that implies.
    let sheet = wallet.consider(challenge.request(), now, Language::EsMx)?.sheet()?;
    println!("{} pide, para «{}»:", sheet.client_id(), sheet.unverified_purpose());
    for credential in sheet.credentials() {
        for claim in credential.revealed() {
            println!("  se revela: {}", claim.label());
        }
        for fact in credential.implied() {
            println!("  y se sabe: {}", fact.label(Language::EsMx));
        }
    }
    for warning in sheet.warnings() {
        println!("  ! {}", warning.text(Language::EsMx));
    }

    // 5. Only an approved sheet discloses. The copy is spent before the presentation exists.
    let answer = sheet.approve(&mut wallet, now, &mut OsRandom)?;
    let verdict = challenge.verify(answer.to_json().to_string().as_bytes(), &trust, now)?;
    println!("verificado: {} credencial", verdict.credentials().len());

    match wallet.credentials(Language::EsMx)?.first().map(|credential| credential.copies_left()) {
        Some(4) => {
            println!("quedan 4 copias");
            Ok(())
        }
        _ => Err("a copy was not spent".into()),
    }
}

/// The agency's side, as in `agency.rs`.
fn issue(proofs: &[String], now: UnixTime) -> Result<(Issuer, Vec<String>), Box<dyn Error>> {
    let signing_key = SigningKey::generate(KeyKind::P256, &mut OsRandom)?;
    let agency = Issuer::new("https://agencia.example", signing_key.public_key())?;
    let record = json!({
        "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-17", "sexo": "M", "entidad_nacimiento": "VZ",
        "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva",
    });
    let record = Record::from_json(CredentialType::Curp, &record, now)?;
    let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
    let keys = HolderKeys::check(&proofs, &agency.proof_policy("nonce"), now)?;
    let draft = agency.draft(&record, CURP, Validity::days(now, 30)?)?;
    let copies = agency.prepare(&draft, &keys, &mut OsRandom)?.sign(&signing_key)?;
    Ok((agency, copies.into_iter().map(|copy| copy.into_string()).collect()))
}
