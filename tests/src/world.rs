//! An agency, and a store that outlives the wallet over it. All people are invented.

#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use llavero_core::{KeyKind, Random, Signer as _, SigningKey, UnixTime};
use llavero_holder::{Change, RecordBytes, Store, StoreError, Table};
use llavero_issuer::{HolderKeys, Issuer, Record, Validity};
use llavero_mexico::CredentialType;
use serde_json::{Value, json};

use crate::seeded;

/// Shortly after the start of 2026-11-22 in UTC, and not on a whole minute.
pub const NOW: UnixTime = UnixTime::from_secs(1_795_305_661);

/// Who issues.
pub const AGENCY: &str = "https://agencia.example";

/// How long the copies of [`Agency::issue`] live.
pub const DAYS: u16 = 7;

/// An agency and its key.
#[derive(Debug)]
pub struct Agency {
    /// The signing key.
    pub key: SigningKey,
    /// What issues.
    pub issuer: Issuer,
}

impl Agency {
    /// An agency whose key follows from `seed`.
    #[must_use]
    pub fn new(identifier: &str, kind: KeyKind, seed: u64) -> Self {
        let key = seeded::key(kind, seed).unwrap();
        let issuer = Issuer::new(identifier, key.public_key()).unwrap();
        Self { key, issuer }
    }

    /// Its entry in a trust list.
    #[must_use]
    pub fn entry(&self, types: &[&str]) -> TrustedIssuer {
        TrustedIssuer {
            issuer: self.issuer.identifier().to_owned(),
            name: "Agencia de Ejemplo".to_owned(),
            types: types.iter().map(|vct| (*vct).to_owned()).collect(),
            keys: IssuerKeys::Listed(vec![TrustedKey::new(self.key.public_key())]),
            requires_type_metadata: false,
        }
    }

    /// A trust list with this agency for the three Mexican types.
    #[must_use]
    pub fn trust(&self) -> TrustList {
        TrustList::new(NOW, vec![self.entry(&CredentialType::ALL.map(CredentialType::default_vct))])
            .unwrap()
    }

    /// One copy of `record` for each proof.
    #[must_use]
    pub fn issue(
        &self,
        (credential_type, record): (CredentialType, &Value),
        proofs: &[String],
        nonce: &str,
        now: UnixTime,
        random: &mut dyn Random,
    ) -> Vec<String> {
        let record = Record::from_json(credential_type, record, now).unwrap();
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let keys = HolderKeys::check(&proofs, &self.issuer.proof_policy(nonce), now).unwrap();
        let validity = Validity::days(now, DAYS).unwrap();
        let draft = self.issuer.draft(&record, credential_type.default_vct(), validity).unwrap();
        let batch = self.issuer.prepare(&draft, &keys, random).unwrap();
        let copies = batch.sign(&self.key).unwrap();
        copies.into_iter().map(llavero_core::issue::IssuedSdJwt::into_string).collect()
    }
}

/// Irene, who does not exist, as each agency knows her.
#[must_use]
pub fn irene(of: CredentialType) -> Value {
    match of {
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
        _ => json!({ "birthdate": "2003-05-17" }),
    }
}

/// The records of a store, by table and name.
pub type Records = BTreeMap<(Table, String), Vec<u8>>;

/// A store in memory that can be kept, put back and spoilt behind the wallet's back.
#[derive(Clone, Debug, Default)]
pub struct SharedStore(Arc<Mutex<SharedState>>);

#[derive(Debug, Default)]
struct SharedState {
    records: Records,
    refuse_next: bool,
}

impl SharedStore {
    /// Everything in it.
    #[must_use]
    pub fn records(&self) -> Records {
        self.0.lock().unwrap().records.clone()
    }

    /// Puts these records in place of what is there.
    pub fn restore(&self, records: &Records) {
        self.0.lock().unwrap().records.clone_from(records);
    }

    /// Refuses the next commit.
    pub fn refuse_next(&self) {
        self.0.lock().unwrap().refuse_next = true;
    }
}

impl Store for SharedStore {
    fn get(&self, table: Table, key: &str) -> Result<Option<RecordBytes>, StoreError> {
        let found = self.0.lock().unwrap().records.get(&(table, key.to_owned())).cloned();
        Ok(found.map(RecordBytes::new))
    }

    fn list(&self, table: Table) -> Result<Vec<(String, RecordBytes)>, StoreError> {
        let state = self.0.lock().unwrap();
        let records = state.records.iter().filter(|((of, _), _)| *of == table);
        Ok(records.map(|((_, key), value)| (key.clone(), value.clone().into())).collect())
    }

    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let mut state = self.0.lock().unwrap();
        if std::mem::take(&mut state.refuse_next) {
            return Err(StoreError::Unavailable);
        }
        let mut records = state.records.clone();
        for change in changes {
            match change {
                Change::Put { table, key, value } => {
                    records.insert((*table, key.clone()), value.to_vec());
                }
                Change::Delete { table, key } => {
                    records.remove(&(*table, key.clone())).ok_or(StoreError::Conflict)?;
                }
            }
        }
        state.records = records;
        Ok(())
    }
}
