//! From an approved sheet to an answer: spend first, present afterwards.
//!
//! One commit removes the copies and writes the history. Only when it has returned is a presentation made. Whatever
//! goes wrong later, a copy may be lost, but none is ever used twice.

use std::collections::BTreeMap;

use llavero_core::present::{Held, UnsignedPresentation};
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::{Error, PublicKey, Random, Signature, SignerError, UnixTime};
use llavero_mexico::Language;

use crate::keys::{KeyHandle, ToSign};
use crate::labels::Words;
use crate::record::{self, BatchRecord, CopyRecord, HistoryRecord, HistoryShown, SpentKeyRecord};
use crate::sheet::SheetCredential;
use crate::shown::Visible;
use crate::store::{Change, Store, Table};
use crate::{Wallet, WalletError};

/// An answer whose copies are spent and whose signatures are still to come.
///
/// Dropping it discloses nothing; the copies stay spent.
#[must_use = "the copies are spent: sign and send, or they are lost"]
pub struct PendingAnswer {
    items: Vec<PendingItem>,
}

struct PendingItem {
    query_id: String,
    key: KeyHandle,
    public_key: PublicKey,
    spent_key: Option<String>,
    unsigned: UnsignedPresentation,
}

impl PendingAnswer {
    /// What is to be signed, each with its own key, in the order in which signatures are taken back.
    pub fn to_sign(&self) -> impl Iterator<Item = ToSign<'_>> {
        self.items.iter().map(|item| ToSign {
            key: &item.key,
            public_key: &item.public_key,
            bytes: item.unsigned.signing_input(),
        })
    }

    /// Finishes with signatures made elsewhere, after checking each. The spent keys are deleted, whatever comes out.
    ///
    /// # Errors
    /// [`WalletError::SignatureCount`], or [`WalletError::Engine`] for a signature that is not by the key it should
    /// be. Nothing is disclosed then; the copies stay spent.
    pub fn finish(
        self,
        wallet: &mut Wallet,
        signatures: &[Signature],
    ) -> Result<PresentationAnswer, WalletError> {
        let expected = self.items.len();
        let mut signatures = signatures.iter();
        let count = signatures.len();
        self.complete(wallet, |_, _| {
            let signature = signatures.next().filter(|_| count == expected);
            signature.copied().ok_or(WalletError::SignatureCount { expected })
        })
    }

    /// Signs with the wallet's own keys.
    pub(crate) fn sign(self, wallet: &mut Wallet) -> Result<PresentationAnswer, WalletError> {
        self.complete(wallet, |wallet, to_sign| {
            wallet.keys.sign(to_sign.key, to_sign.bytes).map_err(|error| Error::from(error).into())
        })
    }

    fn complete(
        self,
        wallet: &mut Wallet,
        mut signature: impl FnMut(&Wallet, ToSign<'_>) -> Result<Signature, WalletError>,
    ) -> Result<PresentationAnswer, WalletError> {
        let signed: Result<Vec<Signature>, WalletError> =
            self.to_sign().map(|to_sign| signature(wallet, to_sign)).collect();
        let mut presentations = BTreeMap::new();
        let mut outcome = signed.as_ref().map(|_| ()).map_err(Clone::clone);
        let mut signed = signed.unwrap_or_default().into_iter();
        let mut keys = Vec::new();
        for PendingItem { query_id, key, spent_key, unsigned, .. } in self.items {
            keys.push((key, spent_key));
            let Some(signature) = signed.next() else { continue };
            match unsigned.attach(&signature) {
                Ok(text) => {
                    presentations.insert(query_id, vec![text]);
                }
                Err(error) if outcome.is_ok() => outcome = Err(error.into()),
                Err(_) => {}
            }
        }
        wallet.delete_keys(keys);
        outcome.map(|()| PresentationAnswer::new(presentations))
    }
}

impl std::fmt::Debug for PendingAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingAnswer").field("count", &self.items.len()).finish_non_exhaustive()
    }
}

/// A copy on its way out.
struct Picked {
    copy: CopyRecord,
    key: KeyHandle,
    spent_key: Option<String>,
}

/// Spends a copy for each credential of an approved sheet, durably, then makes the unsigned presentations.
pub(crate) fn spend(
    wallet: &mut Wallet,
    request: &PresentationRequest,
    language: Language,
    credentials: &[SheetCredential],
    now: UnixTime,
    random: &mut dyn Random,
) -> Result<PendingAnswer, WalletError> {
    let keeps_keys = wallet.keys.keeps_keys();
    let mut changes = Vec::new();
    let mut batches = BTreeMap::new();
    let mut picked = Vec::new();
    for shown in credentials {
        let id = shown.credential().id().as_str();
        if !batches.contains_key(id) {
            let batch = record::get::<BatchRecord>(&*wallet.store, id)?;
            batches.insert(id, batch.ok_or(WalletError::CredentialUnknown)?);
        }
        let batch = batches.get_mut(id).ok_or(WalletError::CredentialUnknown)?;
        let (name, copy) = pick(&*wallet.store, batch, now, random)?;
        check_against_sheet(&copy, shown, Words::of(batch, language))?;
        let key = record::decode_handle(&copy.key, Table::Copy)?;
        changes.push(record::delete::<CopyRecord>(&name));
        let spent_key = if keeps_keys { Some(record::new_id(random)?) } else { None };
        if let Some(spent_key) = &spent_key {
            let record = SpentKeyRecord { key: copy.key.clone() };
            changes.push(record::put(spent_key, &record)?);
        }
        picked.push(Picked { copy, key, spent_key });
    }
    for (id, batch) in &batches {
        changes.push(record::put(id, batch)?);
    }
    changes.push(history(request, credentials, now, random)?);
    wallet.store.commit(&changes)?;
    present(request, credentials, picked, now)
}

/// One of the copies that are left, at random: their order in the batch, which the issuer knows, then says nothing of
/// how many were used before.
fn pick(
    store: &dyn Store,
    batch: &mut BatchRecord,
    now: UnixTime,
    random: &mut dyn Random,
) -> Result<(String, CopyRecord), WalletError> {
    if batch.expires.is_some_and(|at| now.as_secs() >= at) {
        return Err(WalletError::CredentialExpired);
    }
    let mut bytes = [0; 8];
    random.fill(&mut bytes).map_err(Error::from)?;
    // At most a hundred copies: what the remainder prefers is below 2^-57.
    let count = u64::try_from(batch.copies.len()).unwrap_or(u64::MAX);
    let index = u64::from_le_bytes(bytes).checked_rem(count).ok_or(WalletError::NoCopiesLeft)?;
    let index = usize::try_from(index).unwrap_or_default();
    let name = batch.copies.remove(index);
    let copy = record::get::<CopyRecord>(store, &name)?;
    Ok((name, copy.ok_or(COPY_CORRUPT)?))
}

const COPY_CORRUPT: WalletError = WalletError::RecordCorrupt { table: Table::Copy.name() };

/// The copy must show exactly what the person saw: no claim more, no other value.
fn check_against_sheet(
    copy: &CopyRecord,
    shown: &SheetCredential,
    words: Words<'_>,
) -> Result<(), WalletError> {
    let held = Held::reopen(&copy.text).map_err(|_| COPY_CORRUPT)?;
    let selection = held.select(&shown.choice.paths).map_err(|_| COPY_CORRUPT)?;
    let visible = Visible::of(&held, &selection, words);
    let same = held.holder_key().is_some() && visible.says_the_same_as(&shown.choice.visible);
    if same { Ok(()) } else { Err(COPY_CORRUPT) }
}

fn history(
    request: &PresentationRequest,
    credentials: &[SheetCredential],
    now: UnixTime,
    random: &mut dyn Random,
) -> Result<Change, WalletError> {
    let shown = credentials.iter().map(|shown| HistoryShown {
        vct: shown.credential().vct().to_owned(),
        issuer: shown.credential().issuer().to_owned(),
        claims: shown.revealed().iter().map(crate::ShownClaim::path).collect(),
    });
    let record = HistoryRecord {
        at: now.as_secs(),
        client_id: request.client_id().to_owned(),
        client_name: request.client_name().map(str::to_owned),
        purpose: request.purpose().to_owned(),
        shown: shown.collect(),
    };
    record::put(&record::new_id(random)?, &record)
}

/// Makes the presentations of copies that are spent.
fn present(
    request: &PresentationRequest,
    credentials: &[SheetCredential],
    picked: Vec<Picked>,
    now: UnixTime,
) -> Result<PendingAnswer, WalletError> {
    let mut items = Vec::new();
    for (shown, Picked { copy, key, spent_key }) in credentials.iter().zip(picked) {
        let held = Held::reopen(&copy.text)?;
        let selection = held.select(&shown.choice.paths)?;
        let unsigned = held.present(&selection).bind(
            request.client_id(),
            request.nonce(),
            start_of_minute(now),
            None,
        )?;
        let public_key = unsigned.key()?;
        let query_id = shown.query_id.clone();
        items.push(PendingItem { query_id, key, public_key, spent_key, unsigned });
    }
    Ok(PendingAnswer { items })
}

/// A second says more about a device's clock and its holder's habits than a verifier needs.
fn start_of_minute(now: UnixTime) -> UnixTime {
    now.plus_secs(-now.as_secs().rem_euclid(60))
}

impl Wallet {
    /// Deletes keys whose copies are gone. What cannot be deleted now is tried again by [`Wallet::purge`].
    pub(crate) fn delete_keys(&mut self, keys: Vec<(KeyHandle, Option<String>)>) {
        let mut changes = Vec::new();
        for (key, name) in keys {
            let deleted: Result<(), SignerError> = self.keys.delete(&key);
            if let (Ok(()), Some(name)) = (deleted, name) {
                changes.push(record::delete::<SpentKeyRecord>(&name));
            }
        }
        if !changes.is_empty() {
            // If this fails, the records stay and the next purge finds keys that are gone already.
            let _ = self.store.commit(&changes);
        }
    }
}
