//! From a request to an answer: the choices, the consent sheet, and the decision.

use std::sync::Arc;

use llavero_core::UnixTime;
use llavero_holder as holder;

use crate::callback;
use crate::credential::{CredentialSummary, Notice};
use crate::keys::{self, ToSign};
use crate::mexico::{Fact, Suggestion};
use crate::once::Once;
use crate::value::ShownClaim;
use crate::wallet::{Wallet, few};
use crate::{Language, LlaveroError};

/// The ways in which a wallet can answer a request. Nothing is disclosed from here.
#[derive(uniffi::Object)]
pub struct Choices {
    choices: Once<holder::Choices>,
    language: Language,
}

#[uniffi::export]
impl Choices {
    /// The parts of the request, in its order, each with the credentials that fit.
    ///
    /// # Errors
    /// `already_used`.
    pub fn queries(&self) -> Result<Vec<QueryChoices>, LlaveroError> {
        let queries = |choices: &mut holder::Choices| {
            let queries = choices.queries().iter();
            queries.map(|query| QueryChoices::new(query, self.language)).collect()
        };
        self.choices.with(queries)
    }

    /// For each credential set, the combinations that can be answered, as identifiers of parts. Empty for a request that
    /// does not ask in combinations.
    ///
    /// # Errors
    /// `already_used`.
    pub fn credential_sets(&self) -> Result<Vec<Vec<Vec<String>>>, LlaveroError> {
        let sets = |choices: &mut holder::Choices| {
            (0..choices.set_count()).map(|set| choices.set_options(set).to_vec()).collect()
        };
        self.choices.with(sets)
    }

    /// Shows another credential for a part of the request.
    ///
    /// # Errors
    /// `choice_unknown` if that credential does not fit; `already_used`.
    pub fn choose(&self, query: &str, credential: &str) -> Result<(), LlaveroError> {
        let credential = holder::CredentialId::from_text(credential);
        Ok(self.choices.with(|choices| choices.choose(query, &credential))??)
    }

    /// Answers a credential set with another of its combinations; both are counted from 0.
    ///
    /// # Errors
    /// `choice_unknown` if there is no such combination; `already_used`.
    pub fn choose_set(&self, set: u32, option: u32) -> Result<(), LlaveroError> {
        let position = |index: u32| usize::try_from(index).unwrap_or(usize::MAX);
        let (set, option) = (position(set), position(option));
        Ok(self.choices.with(|choices| choices.choose_set(set, option))??)
    }

    /// The consent sheet for what is chosen now. The choices are used up.
    ///
    /// # Errors
    /// `no_copies_left` if one credential is to answer more parts than it has copies; `nothing_chosen`;
    /// `already_used`.
    pub fn sheet(&self) -> Result<ConsentSheet, LlaveroError> {
        let sheet = self.choices.take()?.sheet()?;
        Ok(ConsentSheet { contents: SheetContents::new(&sheet), sheet: Once::new(sheet) })
    }
}

impl Choices {
    pub(crate) const fn new(choices: holder::Choices, language: Language) -> Self {
        Self { choices: Once::new(choices), language }
    }
}

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choices").finish_non_exhaustive()
    }
}

/// The credentials that fit one part of a request.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct QueryChoices {
    /// The identifier of this part in the request.
    pub id: String,
    /// The credentials that fit, the one that shows least first. Empty if this part stays unanswered.
    pub options: Vec<Choice>,
    /// The position of the one that will be shown.
    pub chosen: Option<u32>,
}

/// A credential that fits, and what it would show.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Choice {
    /// The credential.
    pub credential: CredentialSummary,
    /// What it would reveal, besides what every presentation of it shows.
    pub revealed: Vec<ShownClaim>,
    /// What would be known besides. Empty where it cannot be told, too.
    pub implied: Vec<Fact>,
}

impl QueryChoices {
    fn new(query: &holder::QueryChoices, language: Language) -> Self {
        let option = |choice: &holder::Choice| Choice {
            credential: choice.credential().into(),
            revealed: choice.revealed().iter().map(ShownClaim::from).collect(),
            implied: choice.implied().iter().map(|fact| Fact::new(fact, language)).collect(),
        };
        let chosen = query.chosen().and_then(|chosen| {
            let is_chosen =
                |option: &holder::Choice| option.credential().id() == chosen.credential().id();
            query.options().iter().position(is_chosen)
        });
        Self {
            id: query.id().to_owned(),
            options: query.options().iter().map(option).collect(),
            chosen: chosen.map(few),
        }
    }
}

/// Everything a person should know before they decide, and the decision itself.
#[derive(uniffi::Object)]
pub struct ConsentSheet {
    contents: SheetContents,
    sheet: Once<holder::ConsentSheet>,
}

#[uniffi::export]
impl ConsentSheet {
    /// What to show.
    #[must_use]
    pub fn contents(&self) -> SheetContents {
        self.contents.clone()
    }

    /// The person agrees: spends the copies, then signs with the wallet's keys. Returns the answer as JSON text. The
    /// sheet is used up, whatever comes of it, but by a call from inside a callback.
    ///
    /// # Errors
    /// Nothing is disclosed then. `credential_expired`, `credential_unknown`, `no_copies_left`, `record_*`, `random` or
    /// `store_*`: nothing is spent. `signer_*` or `signature`: the copies are spent. `callback_*`: the wallet's list of
    /// credentials tells, and after `callback_timed_out` a slow store may still spend them. `already_used`.
    pub fn approve(&self, wallet: &Wallet, now: UnixTime) -> Result<String, LlaveroError> {
        callback::refuse_reentry()?;
        let sheet = self.sheet.take()?;
        let answer = wallet.step(|wallet, random| sheet.approve(wallet, now, random))?;
        Ok(answer.to_json().to_string())
    }

    /// The person agrees, and each key asks for a fingerprint or the like: spends the copies and says what is to be
    /// signed. The sheet is used up.
    ///
    /// # Errors
    /// As for `approve`, but for the keys.
    pub fn approve_unsigned(
        &self,
        wallet: Arc<Wallet>,
        now: UnixTime,
    ) -> Result<PendingAnswer, LlaveroError> {
        callback::refuse_reentry()?;
        let sheet = self.sheet.take()?;
        let answer = wallet.step(|wallet, random| sheet.approve_unsigned(wallet, now, random))?;
        Ok(PendingAnswer { answer: Once::new(answer), wallet })
    }

    /// The person does not agree. Returns what the verifier may be told, as JSON text. The sheet is used up.
    ///
    /// # Errors
    /// `already_used`.
    pub fn decline(&self) -> Result<String, LlaveroError> {
        Ok(self.sheet.take()?.decline().to_json().to_string())
    }
}

impl std::fmt::Debug for ConsentSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsentSheet").finish_non_exhaustive()
    }
}

/// What a verifier may be told when it gets no answer, as JSON text. It is the same whether the person declined, the
/// wallet holds nothing that fits, or a value did not match.
#[must_use]
#[uniffi::export]
pub fn refusal() -> String {
    holder::Refusal::new().to_json().to_string()
}

/// What a consent sheet shows. It prints as nothing: where somebody is asked is nobody's to log.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct SheetContents {
    /// Who asks: the identifier to which the answer is bound, so that nobody else can use it.
    pub client_id: String,
    /// The name that the requester gives itself. Nobody vouches for it, and a screen must say so.
    pub unverified_client_name: Option<String>,
    /// What the requester says it needs the claims for. Nobody vouches for it.
    pub unverified_purpose: String,
    /// What each credential shows.
    pub credentials: Vec<SheetCredential>,
    /// Reasons to think twice.
    pub warnings: Vec<Warning>,
    /// What approving does not protect from, whatever is asked.
    pub not_protected: Vec<Notice>,
}

redacted!(SheetContents);

/// What one credential shows if the sheet is approved.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct SheetCredential {
    /// The part of the request that it answers.
    pub query: String,
    /// The credential.
    pub credential: CredentialSummary,
    /// The claims that approving reveals, as they will stand in the presentation.
    pub revealed: Vec<ShownClaim>,
    /// What every presentation of this credential shows.
    pub always_visible: Vec<ShownClaim>,
    /// What the revealed claims, and the type itself, show besides.
    pub implied: Vec<Fact>,
}

/// A reason to think twice about a request.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Warning {
    /// A name that apps, logs and tests may rely on: it never changes once released.
    pub code: String,
    /// A sentence to show, in the language of the sheet.
    pub text: String,
    /// Less that would do, where the warning is that there is such a thing.
    pub suggestion: Option<Suggestion>,
}

impl SheetContents {
    fn new(sheet: &holder::ConsentSheet) -> Self {
        let language = sheet.language();
        let credential = |shown: &holder::SheetCredential| SheetCredential {
            query: shown.query_id().to_owned(),
            credential: shown.credential().into(),
            revealed: shown.revealed().iter().map(ShownClaim::from).collect(),
            always_visible: shown.always_visible().iter().map(ShownClaim::from).collect(),
            implied: shown.implied().iter().map(|fact| Fact::in_language(fact, language)).collect(),
        };
        let warning = |warning: &holder::Warning| Warning {
            code: warning.code().to_owned(),
            text: warning.text(language),
            suggestion: match warning {
                holder::Warning::SmallerProof { suggestion } => {
                    Suggestion::in_language(suggestion, language)
                }
                _ => None,
            },
        };
        let notice = |notice: &holder::NotProtected| Notice {
            code: notice.code().to_owned(),
            text: notice.text(language).to_owned(),
        };
        Self {
            client_id: sheet.client_id().to_owned(),
            unverified_client_name: sheet.unverified_client_name().map(str::to_owned),
            unverified_purpose: sheet.unverified_purpose().to_owned(),
            credentials: sheet.credentials().iter().map(credential).collect(),
            warnings: sheet.warnings().iter().map(warning).collect(),
            not_protected: sheet.not_protected().iter().map(notice).collect(),
        }
    }
}

/// An answer whose copies are spent and whose signatures are still to come.
#[derive(uniffi::Object)]
pub struct PendingAnswer {
    answer: Once<holder::PendingAnswer>,
    wallet: Arc<Wallet>,
}

#[uniffi::export]
impl PendingAnswer {
    /// What is to be signed, each with its own key, in the order in which signatures are taken back.
    ///
    /// # Errors
    /// `already_used`.
    pub fn to_sign(&self) -> Result<Vec<ToSign>, LlaveroError> {
        self.answer.with(|answer| answer.to_sign().map(ToSign::from).collect())
    }

    /// Finishes with signatures made elsewhere, after checking each. ECDSA ones may be DER or 64 bytes. Returns the
    /// answer as JSON text.
    ///
    /// # Errors
    /// `signature_count` or `key_format`, after which it can be tried again; `signature` for one that is not by the key
    /// it should be; `already_used`. Nothing is disclosed then; the copies stay spent.
    pub fn finish(&self, signatures: Vec<Vec<u8>>) -> Result<String, LlaveroError> {
        let signatures =
            self.answer.with(|answer| keys::signatures(answer.to_sign(), &signatures))??;
        callback::refuse_reentry()?;
        let answer = self.answer.take()?;
        let answer = self.wallet.step(|wallet, _| answer.finish(wallet, &signatures))?;
        Ok(answer.to_json().to_string())
    }
}

impl std::fmt::Debug for PendingAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingAnswer").finish_non_exhaustive()
    }
}
