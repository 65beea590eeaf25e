//! The consent sheet: the one place from which anything is disclosed.
//!
//! ```text
//! Wallet::consider ──▶ Choices ──sheet──▶ ConsentSheet ──approve──────────▶ PresentationAnswer
//!                                              │ ╰──approve_unsigned──▶ PendingAnswer ──finish──▶ ╯
//!                                              ╰──decline──▶ Refusal
//! ```

use std::collections::BTreeMap;

use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::{Random, UnixTime};
use llavero_mexico::implied::Fact;
use llavero_mexico::{Language, Linkage};
use serde_json::{Value, json};

use crate::answer::{self, PendingAnswer};
use crate::choices::Choice;
use crate::credential::CredentialSummary;
use crate::labels;
use crate::notice::{NotProtected, Warning};
use crate::shown::ShownClaim;
use crate::{Wallet, WalletError};

/// Everything a person should know before they decide, and the decision itself.
///
/// Approving takes the sheet away, so that one decision is one answer:
/// ```compile_fail,E0382
/// # use llavero_holder::*;
/// fn twice(sheet: ConsentSheet, wallet: &mut Wallet, now: UnixTime, random: &mut dyn Random) {
///     let _ = sheet.approve(wallet, now, random);
///     let _ = sheet.approve(wallet, now, random);
/// }
/// ```
/// and there is no other way to make one than to consider a request:
/// ```compile_fail,E0451
/// # use llavero_holder::*;
/// fn forge(sheet: ConsentSheet) -> ConsentSheet {
///     ConsentSheet { warnings: Vec::new(), ..sheet }
/// }
/// ```
#[must_use = "the person has not been asked"]
pub struct ConsentSheet {
    request: PresentationRequest,
    language: Language,
    credentials: Vec<SheetCredential>,
    warnings: Vec<Warning>,
}

/// What one credential shows if the sheet is approved.
#[derive(Clone, Debug)]
pub struct SheetCredential {
    pub(crate) query_id: String,
    pub(crate) choice: Choice,
}

impl SheetCredential {
    /// The part of the request that it answers.
    #[must_use]
    pub fn query_id(&self) -> &str {
        &self.query_id
    }

    /// The credential.
    #[must_use]
    pub const fn credential(&self) -> &CredentialSummary {
        &self.choice.credential
    }

    /// The claims that approving reveals, as they will stand in the presentation.
    #[must_use]
    pub fn revealed(&self) -> &[ShownClaim] {
        &self.choice.visible.chosen
    }

    /// What every presentation of this credential shows. Key and status position are those of one copy; another may
    /// be the one that is sent.
    #[must_use]
    pub fn always_visible(&self) -> &[ShownClaim] {
        &self.choice.visible.open
    }

    /// What the revealed claims, and the type itself, show besides. Empty where it cannot be told, too; then
    /// [`Warning::ImpliedUnknown`] says so.
    #[must_use]
    pub fn implied(&self) -> &[Fact] {
        self.choice.implied()
    }
}

impl ConsentSheet {
    pub(crate) fn new(
        request: PresentationRequest,
        language: Language,
        items: Vec<(String, Choice)>,
    ) -> Result<Self, WalletError> {
        let mut uses = BTreeMap::new();
        for (_, choice) in &items {
            *uses.entry(choice.credential.id().clone()).or_insert(0_usize) += 1;
        }
        let left = |choice: &Choice| {
            let used = uses.get(choice.credential.id()).copied().unwrap_or_default();
            choice.credential.copies_left().checked_sub(used)
        };
        let mut warnings = vec![Warning::RequesterUnverified];
        for (_, choice) in &items {
            let left = left(choice).ok_or(WalletError::NoCopiesLeft)?;
            for warning in warnings_of(choice, left == 0) {
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
        }
        let credentials =
            items.into_iter().map(|(query_id, choice)| SheetCredential { query_id, choice });
        Ok(Self { request, language, credentials: credentials.collect(), warnings })
    }

    /// Who asks: the identifier to which the answer is bound, so that nobody else can use it.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.request.client_id()
    }

    /// The name that the requester gives itself. Nobody vouches for it, and a screen must say so.
    #[must_use]
    pub fn unverified_client_name(&self) -> Option<&str> {
        self.request.client_name()
    }

    /// What the requester says it needs the claims for. Nobody vouches for it.
    #[must_use]
    pub fn unverified_purpose(&self) -> &str {
        self.request.purpose()
    }

    /// The language of labels.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// What each credential shows.
    #[must_use]
    pub fn credentials(&self) -> &[SheetCredential] {
        &self.credentials
    }

    /// Reasons to think twice.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// What approving does not protect from, whatever is asked.
    #[must_use]
    pub const fn not_protected(&self) -> &'static [NotProtected] {
        &NotProtected::ALL
    }

    /// The person agrees: spends the copies, then signs with the wallet's keys.
    ///
    /// # Errors
    /// [`WalletError::CredentialExpired`], [`WalletError::CredentialUnknown`] or [`WalletError::NoCopiesLeft`] if the
    /// wallet has changed since it was asked, [`WalletError::Store`] if the copies could not be spent. Nothing is
    /// disclosed then, and nothing is spent. [`WalletError::Engine`] if a key did not sign: the copies are spent then,
    /// and nothing is disclosed.
    pub fn approve(
        self,
        wallet: &mut Wallet,
        now: UnixTime,
        random: &mut dyn Random,
    ) -> Result<PresentationAnswer, WalletError> {
        self.approve_unsigned(wallet, now, random)?.sign(wallet)
    }

    /// The person agrees, and each key asks for a fingerprint or the like: spends the copies and says what is to be
    /// signed.
    ///
    /// # Errors
    /// As for [`approve`](Self::approve), but for the keys.
    pub fn approve_unsigned(
        self,
        wallet: &mut Wallet,
        now: UnixTime,
        random: &mut dyn Random,
    ) -> Result<PendingAnswer, WalletError> {
        answer::spend(wallet, &self.request, self.language, &self.credentials, now, random)
    }

    /// The person does not agree.
    #[must_use = "the requester waits for an answer"]
    pub fn decline(self) -> Refusal {
        Refusal::new()
    }
}

impl std::fmt::Debug for ConsentSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentSheet")
            .field("credentials", &self.credentials)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

fn warnings_of(choice: &Choice, last: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let (vct, label) = (choice.credential.vct(), choice.credential.label());
    for claim in &choice.visible.chosen {
        if labels::linkage(vct, claim) == Linkage::High {
            warnings.push(Warning::HighLinkage { label: claim.label().to_owned() });
        }
    }
    match &choice.implied {
        None => warnings.push(Warning::ImpliedUnknown { credential: label.to_owned() }),
        Some(implied) => {
            let facts = labels::beyond_asked(&choice.visible.chosen, implied);
            if facts > 0 {
                warnings.push(Warning::ImpliedBeyondAsked { facts });
            }
        }
    }
    if let Some(suggestion) = labels::smaller(vct, &choice.visible.chosen) {
        warnings.push(Warning::SmallerProof { suggestion });
    }
    if last {
        warnings.push(Warning::LastCopy { credential: label.to_owned() });
    }
    warnings
}

/// What a verifier may be told when it gets no answer: that, and nothing else.
///
/// It is the same whether the person declined, the wallet holds nothing that fits, or a value did not match
/// (OpenID4VP 1.0 §15.4.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Refusal(());

impl Refusal {
    /// A refusal, for a request that was not even considered, too.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }

    /// The error code of OpenID4VP 1.0 §8.5.
    #[must_use]
    pub const fn code(self) -> &'static str {
        "access_denied"
    }

    /// The answer to send.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({ "error": self.code() })
    }
}
