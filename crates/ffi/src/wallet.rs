//! The citizen's wallet.

use std::sync::{Arc, Mutex, PoisonError};

use llavero_core::UnixTime;
use llavero_holder as holder;

use crate::callback::{self, Caller};
use crate::consent::Choices;
use crate::credential::{CredentialSummary, HistoryEntry, Notice};
use crate::keys::{self, HolderKeys, KeyKind, Keys, ToSign};
use crate::once::Once;
use crate::random::{Generator, Random};
use crate::store::{AppStore, FileStore, Store};
use crate::trust::TrustList;
use crate::value::ShownClaim;
use crate::{Language, LlaveroError};

/// Credentials of one person, over a store and the keys of their device. Safe from any thread; one step at a time.
///
/// A step may wait for the disk and for callbacks: never call it from the thread that draws the screen.
#[derive(uniffi::Object)]
pub struct Wallet {
    inner: Mutex<Inner>,
    caller: Arc<Caller>,
}

struct Inner {
    wallet: holder::Wallet,
    random: Generator,
}

#[uniffi::export]
impl Wallet {
    /// A wallet that forgets everything when it is closed, for tests and for sessions at a counter.
    ///
    /// Without `keys` the private keys are in software. `random` and the time limit for callbacks are as for `with_file`.
    #[must_use]
    #[uniffi::constructor(default(random = None, callback_timeout_secs = 60))]
    pub fn in_memory(
        keys: Option<Arc<dyn HolderKeys>>,
        random: Option<Arc<dyn Random>>,
        callback_timeout_secs: u32,
    ) -> Self {
        let caller = Caller::new(callback_timeout_secs);
        Self::over(holder::MemoryStore::new(), keys, random, caller)
    }

    /// A wallet over a file, which it keeps open as long as it lives.
    ///
    /// Without `keys` the private keys are in software, in the sealed file. Without `random` the operating system's
    /// generator is used. A callback that takes longer than `callback_timeout_secs` counts as failed, and the step calls no
    /// other after it.
    ///
    /// # Errors
    /// `already_used` if the file has a wallet already.
    #[uniffi::constructor(default(random = None, callback_timeout_secs = 60))]
    pub fn with_file(
        file: &FileStore,
        keys: Option<Arc<dyn HolderKeys>>,
        random: Option<Arc<dyn Random>>,
        callback_timeout_secs: u32,
    ) -> Result<Self, LlaveroError> {
        callback::refuse_reentry()?;
        let store = file.store.take()?;
        // The file's generator has the wallet's limit now, and what is wrong with it is the wallet's to tell.
        let caller = Arc::clone(&file.caller);
        caller.set_limit(callback_timeout_secs);
        Ok(Self::over(store, keys, random, caller))
    }

    /// A wallet over a store of the app's own; the rest is as for `with_file`.
    #[must_use]
    #[uniffi::constructor(default(random = None, callback_timeout_secs = 60))]
    pub fn with_store(
        store: Arc<dyn Store>,
        keys: Option<Arc<dyn HolderKeys>>,
        random: Option<Arc<dyn Random>>,
        callback_timeout_secs: u32,
    ) -> Self {
        let caller = Caller::new(callback_timeout_secs);
        let store = AppStore { store, caller: Arc::clone(&caller) };
        Self::over(store, keys, random, caller)
    }

    /// Starts an enrolment: makes `count` keys, keeps them, and proves possession of each to the issuer. Returns the
    /// proofs, one for each copy that is asked for.
    ///
    /// `issuer` is the issuer's identifier and `nonce` the one it handed out.
    ///
    /// # Errors
    /// `batch_size`; `signer_*` or `callback_*` if keys could not be made or used; `store_*`.
    pub fn begin(
        &self,
        issuer: &str,
        nonce: &str,
        count: u32,
        kind: KeyKind,
        now: UnixTime,
    ) -> Result<Vec<String>, LlaveroError> {
        let count = many(count);
        let enrolment = self
            .step(|wallet, random| wallet.begin(issuer, nonce, count, kind.into(), now, random))?;
        Ok(enrolment.into_proofs())
    }

    /// Starts an enrolment with keys that sign elsewhere, or only after a prompt.
    ///
    /// # Errors
    /// As for `begin`.
    pub fn begin_unsigned(
        &self,
        issuer: &str,
        nonce: &str,
        count: u32,
        kind: KeyKind,
        now: UnixTime,
    ) -> Result<PendingEnrolment, LlaveroError> {
        let count = many(count);
        let pending = self.step(|wallet, random| {
            wallet.begin_unsigned(issuer, nonce, count, kind.into(), now, random)
        })?;
        Ok(PendingEnrolment(Once::new(pending)))
    }

    /// Takes a batch, after verifying every copy and looking for ways to recognise its holder. It keeps all copies or
    /// none.
    ///
    /// # Errors
    /// What is wrong with the batch: `key_not_offered`, `already_received`, `untrusted`, `signature`, `lint_*` and
    /// others; or `store_*`. The wallet is as before then.
    pub fn receive(
        &self,
        copies: Vec<String>,
        trust: &TrustList,
        now: UnixTime,
        language: Language,
    ) -> Result<Receipt, LlaveroError> {
        let receipt = self.step(|wallet, random| {
            wallet.receive(&copies, &trust.0, now, language.into(), random)
        })?;
        let notice = |warning: &holder::LintWarning| Notice {
            code: warning.code().to_owned(),
            text: warning.text(language.into()).to_owned(),
        };
        Ok(Receipt {
            credential: receipt.credential().into(),
            warnings: receipt.warnings().iter().map(notice).collect(),
        })
    }

    /// Finds out what could answer a request, given as JSON text. Nothing changes and nobody learns of it.
    ///
    /// # Errors
    /// What is wrong with the request; `no_credential`, `mismatch_*`, `no_copies_left`, `credential_expired` or
    /// `credential_set_unmet` with the part that cannot be answered. A verifier should hear of any of these only what
    /// `refusal` says, and only after the person has been asked.
    pub fn consider(
        &self,
        request: &str,
        now: UnixTime,
        language: Language,
    ) -> Result<Choices, LlaveroError> {
        let request = holder::PresentationRequest::from_slice(request.as_bytes())?;
        let mut part = None;
        let choices = self.step(|wallet, _| {
            let choices = wallet.consider(&request, now, language.into());
            choices.inspect_err(|error| part = unmet_part(error, &request))
        });
        Ok(Choices::new(choices.map_err(|error| error.about(part))?, language))
    }

    /// Every credential, expired and used-up ones included, the newest last.
    ///
    /// # Errors
    /// `record_corrupt`, `record_version`, `store_*`.
    pub fn credentials(&self, language: Language) -> Result<Vec<CredentialSummary>, LlaveroError> {
        let credentials = self.step(|wallet, _| wallet.credentials(language.into()))?;
        Ok(credentials.iter().map(CredentialSummary::from).collect())
    }

    /// Every claim of a credential, for the person's own screen.
    ///
    /// # Errors
    /// `credential_unknown`; `no_copies_left`, because the claims went with the last copy; `record_corrupt`, `store_*`.
    pub fn show(&self, id: &str, language: Language) -> Result<Vec<ShownClaim>, LlaveroError> {
        let id = holder::CredentialId::from_text(id);
        let claims = self.step(|wallet, _| wallet.show(&id, language.into()))?;
        Ok(claims.iter().map(ShownClaim::from).collect())
    }

    /// Removes a credential with all its copies and their keys. The history stays.
    ///
    /// # Errors
    /// `credential_unknown`, `record_corrupt`, `store_*`.
    pub fn remove(&self, id: &str) -> Result<(), LlaveroError> {
        let id = holder::CredentialId::from_text(id);
        self.step(|wallet, random| wallet.remove(&id, random))
    }

    /// Removes expired credentials and keys for which nothing came, and tries again to delete the keys of spent copies.
    /// Call it when the app starts, not while an answer waits for its signatures: their keys are those of spent copies.
    ///
    /// # Errors
    /// `record_corrupt`, `store_*`; nothing is removed then.
    pub fn purge(&self, now: UnixTime) -> Result<Purged, LlaveroError> {
        let purged = self.step(|wallet, random| wallet.purge(now, random))?;
        Ok(Purged {
            credentials: few(purged.credentials),
            pending_keys: few(purged.pending_keys),
            spent_keys: few(purged.spent_keys),
        })
    }

    /// What was shown to whom, the latest first.
    ///
    /// # Errors
    /// `record_corrupt`, `record_version`, `store_*`.
    pub fn history(&self) -> Result<Vec<HistoryEntry>, LlaveroError> {
        let history = self.step(|wallet, _| wallet.history())?;
        Ok(history.iter().map(HistoryEntry::from).collect())
    }

    /// Forgets what was shown to whom.
    ///
    /// # Errors
    /// `store_*`; nothing is forgotten then.
    pub fn forget_history(&self) -> Result<(), LlaveroError> {
        self.step(|wallet, _| wallet.forget_history())
    }
}

impl Wallet {
    fn over(
        store: impl holder::Store + 'static,
        keys: Option<Arc<dyn HolderKeys>>,
        random: Option<Arc<dyn Random>>,
        caller: Arc<Caller>,
    ) -> Self {
        let wallet = holder::Wallet::new(store, Keys::new(keys, &caller));
        let random = Generator::new(random, &caller);
        Self { inner: Mutex::new(Inner { wallet, random }), caller }
    }

    /// One step of the wallet; the next one waits.
    pub(crate) fn step<T>(
        &self,
        step: impl FnOnce(&mut holder::Wallet, &mut Generator) -> Result<T, holder::WalletError>,
    ) -> Result<T, LlaveroError> {
        callback::refuse_reentry()?;
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        self.caller.forget();
        let Inner { wallet, random } = &mut *inner;
        step(wallet, random).map_err(|error| self.caller.explain(error))
    }
}

impl std::fmt::Debug for Wallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wallet").finish_non_exhaustive()
    }
}

/// An enrolment whose proofs are still to be signed.
#[derive(uniffi::Object)]
pub struct PendingEnrolment(Once<holder::PendingEnrolment>);

#[uniffi::export]
impl PendingEnrolment {
    /// What is to be signed, each with its own key, in the order in which signatures are taken back.
    ///
    /// # Errors
    /// `already_used`.
    pub fn to_sign(&self) -> Result<Vec<ToSign>, LlaveroError> {
        self.0.with(|pending| pending.to_sign().map(ToSign::from).collect())
    }

    /// Finishes with signatures made elsewhere, after checking each. ECDSA ones may be DER or 64 bytes. Returns the
    /// proofs.
    ///
    /// # Errors
    /// `signature_count` or `key_format`, after which it can be tried again; `signature` for one that is not by the key
    /// it should be; `already_used`.
    pub fn finish(&self, signatures: Vec<Vec<u8>>) -> Result<Vec<String>, LlaveroError> {
        let signatures =
            self.0.with(|pending| keys::signatures(pending.to_sign(), &signatures))??;
        Ok(self.0.take()?.finish(&signatures)?.into_proofs())
    }
}

impl std::fmt::Debug for PendingEnrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingEnrolment").finish_non_exhaustive()
    }
}

/// A batch that has been taken.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Receipt {
    /// The credential.
    pub credential: CredentialSummary,
    /// What is odd about it.
    pub warnings: Vec<Notice>,
}

/// What `Wallet.purge` removed.
#[derive(Clone, Copy, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Purged {
    /// Credentials that have expired.
    pub credentials: u32,
    /// Keys that were offered long ago and for which nothing came.
    pub pending_keys: u32,
    /// Keys of spent copies that the key store had not deleted before.
    pub spent_keys: u32,
}

/// The identifier of the part of the request that cannot be answered.
fn unmet_part(
    error: &holder::WalletError,
    request: &holder::PresentationRequest,
) -> Option<String> {
    use holder::{Unmet, WalletError};
    let query = match error {
        WalletError::Unmet(
            Unmet::Expired { query }
            | Unmet::Mismatch { query, .. }
            | Unmet::NoCredential { query }
            | Unmet::NoCopiesLeft { query },
        ) => *query,
        _ => return None,
    };
    Some(request.query().credentials().get(query)?.id().to_owned())
}

/// A count from outside. More than fits is more than is allowed.
fn many(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A count for outside.
pub(crate) fn few(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
