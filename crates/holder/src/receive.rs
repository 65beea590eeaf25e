//! Taking a batch from an issuer: every copy is checked, all together are looked at, then all are kept or none.

use std::collections::BTreeSet;

use llavero_core::trust::{TrustList, TrustedCredential};
use llavero_core::{Error, Random, SdJwt, UnixTime};
use llavero_mexico::Language;

use crate::credential::{CredentialId, CredentialSummary};
use crate::description::Description;
use crate::lint::{self, Copy, LintWarning};
use crate::record::{self, BatchRecord, CopyRecord, PendingKeyRecord};
use crate::{MAX_COPIES, Wallet, WalletError};

/// A batch that has been taken.
#[derive(Clone, Debug)]
pub struct Receipt {
    credential: CredentialSummary,
    warnings: Vec<LintWarning>,
}

impl Receipt {
    /// The credential.
    #[must_use]
    pub const fn credential(&self) -> &CredentialSummary {
        &self.credential
    }

    /// What is odd about it.
    #[must_use]
    pub fn warnings(&self) -> &[LintWarning] {
        &self.warnings
    }
}

/// How far an issuer's clock may run ahead of the holder's, for `nbf`.
const CLOCK_SKEW_SECS: u32 = 300;

impl Wallet {
    /// Takes a batch, after verifying every copy and looking for ways to recognise its holder.
    ///
    /// It keeps all copies or none, and it uses up the keys that were offered: no batch is received twice.
    ///
    /// # Errors
    /// [`WalletError::BatchSize`]; [`WalletError::Copy`] for one that the trust list does not verify, a presentation
    /// among them; [`WalletError::KeyNotOffered`], [`WalletError::KeyRepeated`] or [`WalletError::AlreadyReceived`];
    /// [`WalletError::Lint`]; [`WalletError::Store`]. The wallet is as before then.
    pub fn receive(
        &mut self,
        copies: &[impl AsRef<str>],
        trust: &TrustList,
        now: UnixTime,
        language: Language,
        random: &mut dyn Random,
    ) -> Result<Receipt, WalletError> {
        if !(1..=MAX_COPIES).contains(&copies.len()) {
            return Err(WalletError::BatchSize { limit: MAX_COPIES });
        }
        let verified = copies.iter().enumerate().map(|(copy, text)| {
            verify(text.as_ref(), trust, now).map_err(|error| WalletError::Copy { copy, error })
        });
        let verified: Vec<Copy<'_>> = verified.collect::<Result<_, _>>()?;
        let keys = self.offered_keys(copies, &verified)?;
        let warnings = lint::check(&verified)?;
        let mut changes = Vec::new();
        let mut names = Vec::new();
        for (text, (thumbprint, pending)) in copies.iter().zip(keys) {
            let name = record::new_id(random)?;
            let copy = CopyRecord { text: text.as_ref().to_owned(), key: pending.key.clone() };
            changes.push(record::put(&name, &copy)?);
            changes.push(record::delete::<PendingKeyRecord>(&thumbprint));
            names.push(name);
        }
        let batch = batch_record(&verified, names, now).ok_or(Error::Untrusted)?;
        let id = record::new_id(random)?;
        changes.push(record::put(&id, &batch)?);
        self.store.commit(&changes)?;
        let credential = CredentialSummary::new(CredentialId::new(id), &batch, language);
        Ok(Receipt { credential, warnings })
    }

    /// For each copy the key that this wallet offered, by its thumbprint.
    fn offered_keys(
        &self,
        copies: &[impl AsRef<str>],
        verified: &[Copy<'_>],
    ) -> Result<Vec<(String, PendingKeyRecord)>, WalletError> {
        let mut seen = BTreeSet::new();
        let mut keys = Vec::new();
        for (copy, (text, Copy { verified, issuer, .. })) in copies.iter().zip(verified).enumerate()
        {
            let missing = WalletError::Copy { copy, error: Error::ConfirmationMissing };
            let thumbprint = verified.holder_key().ok_or(missing)?.thumbprint();
            if !seen.insert(thumbprint.clone()) {
                return Err(WalletError::KeyRepeated { copy });
            }
            let pending = record::get::<PendingKeyRecord>(&*self.store, &thumbprint)?;
            let offered = pending.filter(|key| key.issuer == issuer.issuer);
            match offered {
                Some(pending) => keys.push((thumbprint, pending)),
                None => return Err(self.why_not_offered(copy, text.as_ref())?),
            }
        }
        Ok(keys)
    }

    fn why_not_offered(&self, copy: usize, text: &str) -> Result<WalletError, WalletError> {
        let held = record::list::<CopyRecord>(&*self.store)?;
        Ok(if held.iter().any(|(_, record)| record.text == text) {
            WalletError::AlreadyReceived { copy }
        } else {
            WalletError::KeyNotOffered { copy }
        })
    }
}

fn verify<'t>(text: &str, trust: &'t TrustList, now: UnixTime) -> Result<Copy<'t>, Error> {
    let sd_jwt = SdJwt::parse(text)?;
    let contents = sd_jwt.untrusted_contents()?;
    let TrustedCredential { verified, issuer, type_metadata, .. } =
        trust.verify_issued(sd_jwt, CLOCK_SKEW_SECS, now)?;
    Ok(Copy { contents, verified, issuer, type_metadata, text_len: text.len() })
}

/// What is the same for all copies, taken from the first: they were found to say the same.
fn batch_record(verified: &[Copy<'_>], copies: Vec<String>, now: UnixTime) -> Option<BatchRecord> {
    // One description for all: they have one type, and one hash of its document.
    let Copy { verified, issuer, type_metadata, .. } = verified.first()?;
    let description = type_metadata.as_deref();
    Some(BatchRecord {
        vct: verified.credential_type()?.to_owned(),
        issuer: issuer.issuer.clone(),
        issuer_name: issuer.name.clone(),
        received_at: now.as_secs(),
        expires: verified.expires().map(UnixTime::as_secs),
        received: copies.len(),
        copies,
        description: description.and_then(|own| Description::new(own, verified)),
    })
}
