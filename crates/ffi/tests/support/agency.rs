//! An agency, and Irene, who does not exist, as it knows her.

use std::sync::Arc;

use llavero_ffi::{
    Asker, Challenge, ConsentSheet, CredentialType, DcqlQuery, Issuer, KeyKind, Language, Receipt,
    Record, SigningKey, TrustList, TrustedIssuer, TrustedKey, TypeName, Verdict, Wallet,
};
use serde_json::{Value, json};

use super::{AGENCY, NOW};

pub(crate) const BAR: &str = "https://bar.example";
pub(crate) const ISSUANCE: &str = "agency-nonce-1";
pub(crate) const DAYS: u16 = 30;
pub(crate) const EN: Language = Language::En;
pub(crate) const ES: Language = Language::EsMx;
pub(crate) const ALL_TYPES: [CredentialType; 3] =
    [CredentialType::Age, CredentialType::Curp, CredentialType::Ine];

/// Irene's record for each type.
pub(crate) fn irene(of: CredentialType) -> Value {
    match of {
        CredentialType::Age => json!({ "birthdate": "2003-05-17" }),
        CredentialType::Curp => json!({
            "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
            "birthdate": "2003-05-17", "sexo": "M", "entidad_nacimiento": "VZ",
            "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva", "nationalities": "MX CA",
            "localidad_nacimiento": "Xalapa de Muestra",
        }),
        CredentialType::Ine => json!({
            "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
            "birthdate": "2003-05-17", "sexo": "M", "curp": "EEII030517MVZJMRA2",
            "clave_elector": "EJIMIR03051730M100", "cic": "735830842",
            "id_ciudadano": "137378250", "seccion": "0595", "numero_emision": "01",
            "anio_registro": "2021", "date_of_expiry": "2031-12-31",
            "street_address": "Calle Falsa 123", "neighborhood": "Colonia Inventada",
            "locality": "Municipio de Muestra", "region": "JC", "postal_code": "44999",
        }),
    }
}

pub(crate) struct Agency {
    pub(crate) key: SigningKey,
    pub(crate) issuer: Issuer,
}

impl Agency {
    pub(crate) fn new() -> Self {
        Self::of(SigningKey::generate(KeyKind::P256).unwrap())
    }

    pub(crate) fn of(key: SigningKey) -> Self {
        let issuer = Issuer::new(AGENCY, &key.public_key()).unwrap();
        Self { key, issuer }
    }

    pub(crate) fn trust(&self) -> TrustList {
        let key =
            TrustedKey { key: self.issuer.key(), key_id: None, not_before: None, not_after: None };
        let issuer = TrustedIssuer {
            issuer: self.issuer.identifier(),
            name: "Agencia de Ejemplo".to_owned(),
            types: ALL_TYPES.map(|of| of.default_vct()).to_vec(),
            keys: vec![key],
            certificates: None,
            requires_type_metadata: false,
        };
        TrustList::new(NOW, vec![issuer]).unwrap()
    }

    pub(crate) fn copies(&self, of: CredentialType, proofs: Vec<String>) -> Vec<String> {
        let record = Record::from_json(of, &irene(of).to_string(), NOW).unwrap();
        let name = TypeName { vct: of.default_vct(), integrity: None, document: None };
        let draft = self.issuer.draft(&record, name, DAYS, NOW).unwrap();
        let batch = self.issuer.prepare(&draft, proofs, ISSUANCE, NOW, None).unwrap();
        batch.sign(&self.key).unwrap()
    }

    /// Gives the wallet so many copies.
    pub(crate) fn give(
        &self,
        wallet: &Wallet,
        of: CredentialType,
        count: u32,
        kind: KeyKind,
    ) -> Receipt {
        let proofs = wallet.begin(AGENCY, ISSUANCE, count, kind, NOW).unwrap();
        let copies = self.copies(of, proofs);
        wallet.receive(copies, &self.trust(), NOW, EN).unwrap()
    }
}

/// A question of the bar about one claim.
pub(crate) fn question(of: CredentialType, path: &str) -> Challenge {
    let query =
        DcqlQuery::for_claims("part", vec![of.default_vct()], vec![path.to_owned()]).unwrap();
    ask(&query)
}

/// The bar's question for this.
pub(crate) fn ask(query: &DcqlQuery) -> Challenge {
    let asker = Asker { client_id: BAR.to_owned(), client_name: Some("Bar La Esquina".to_owned()) };
    Challenge::new(asker, "Vender una bebida", query, 300, NOW, None).unwrap()
}

/// The bar's usual question.
pub(crate) fn over_18() -> Challenge {
    question(CredentialType::Age, "age_equal_or_over.18")
}

pub(crate) fn sheet(wallet: &Wallet, challenge: &Challenge) -> Arc<ConsentSheet> {
    let request = challenge.request().unwrap();
    Arc::new(wallet.consider(&request, NOW, EN).unwrap().sheet().unwrap())
}

/// Asks, agrees and verifies.
pub(crate) fn show(wallet: &Wallet, agency: &Agency, challenge: &Challenge) -> Verdict {
    let answer = sheet(wallet, challenge).approve(wallet, NOW).unwrap();
    challenge.verify(&answer, &agency.trust(), NOW).unwrap()
}

/// How many copies are left of the first credential.
pub(crate) fn left(wallet: &Wallet) -> u32 {
    wallet.credentials(ES).unwrap()[0].copies_left
}
