//! Which of the wallet's credentials could answer a request, the one that shows least first.

use std::collections::BTreeMap;

use llavero_core::dcql::{Candidate, DcqlQuery, Evaluation, Mismatch, SD_JWT_FORMAT};
use llavero_core::present::Held;
use llavero_core::request::PresentationRequest;
use llavero_core::{ClaimPath, Positions, UnixTime};
use llavero_mexico::implied::Fact;
use llavero_mexico::{Language, Linkage};
use serde_json::Value;

use crate::credential::{CredentialId, CredentialSummary};
use crate::error::{Unmet, WalletError};
use crate::labels::{self, Words};
use crate::record::{self, BatchRecord, CopyRecord};
use crate::sheet::ConsentSheet;
use crate::shown::{self, ShownClaim, Visible};
use crate::store::{Store, Table};

/// The ways in which a wallet can answer a request. It offers them for choosing; nothing is disclosed from here.
///
/// ```compile_fail,E0599
/// fn skip(choices: llavero_holder::Choices, wallet: &mut llavero_holder::Wallet) {
///     choices.approve(wallet);
/// }
/// ```
#[must_use = "nothing is shown to anybody before a sheet is approved"]
pub struct Choices {
    request: PresentationRequest,
    language: Language,
    queries: Vec<QueryChoices>,
    /// For each credential set, which of its options is to be answered.
    sets: Vec<SetChoice>,
}

/// The credentials that fit one part of a request.
#[derive(Debug)]
pub struct QueryChoices {
    id: String,
    options: Vec<Choice>,
    chosen: usize,
}

/// A credential that fits, and what it would show.
#[derive(Clone, Debug)]
pub struct Choice {
    pub(crate) credential: CredentialSummary,
    pub(crate) paths: Vec<ClaimPath>,
    pub(crate) visible: Visible,
    pub(crate) implied: Option<Vec<Fact>>,
}

struct SetChoice {
    options: Vec<Vec<String>>,
    chosen: Option<usize>,
}

impl Choice {
    /// The credential.
    #[must_use]
    pub const fn credential(&self) -> &CredentialSummary {
        &self.credential
    }

    /// What it would reveal, besides what every presentation of it shows.
    #[must_use]
    pub fn revealed(&self) -> &[ShownClaim] {
        &self.visible.chosen
    }

    /// What would be known besides. Empty where it cannot be told, too.
    #[must_use]
    pub fn implied(&self) -> &[Fact] {
        self.implied.as_deref().unwrap_or_default()
    }

    /// Less is better: identifiers first, then all that will be known, then the credential that expires sooner.
    fn cost(&self) -> Cost {
        let high =
            |claim: &&ShownClaim| labels::linkage(self.credential.vct(), claim) == Linkage::High;
        let implied = self.implied.as_ref().map_or(UNKNOWN_IMPLIED, Vec::len);
        Cost {
            identifiers: self.visible.chosen.iter().filter(high).count(),
            facts: self.visible.chosen.len().saturating_add(implied),
            expires: self.credential.expires().map_or(i64::MAX, UnixTime::as_secs),
        }
    }
}

/// What an unknown type may imply: more than any known one.
const UNKNOWN_IMPLIED: usize = 1_000;

#[derive(Clone, Copy, Default, Eq, Ord, PartialEq, PartialOrd)]
struct Cost {
    identifiers: usize,
    facts: usize,
    expires: i64,
}

impl QueryChoices {
    /// The identifier of this part in the request.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The credentials that fit, the one that shows least first. Empty if this part stays unanswered.
    #[must_use]
    pub fn options(&self) -> &[Choice] {
        &self.options
    }

    /// The one that will be shown: the first, unless another was chosen.
    #[must_use]
    pub fn chosen(&self) -> Option<&Choice> {
        self.options.get(self.chosen)
    }
}

impl Choices {
    /// Evaluates the request over what is in the store.
    pub(crate) fn consider(
        store: &dyn Store,
        request: &PresentationRequest,
        now: UnixTime,
        language: Language,
    ) -> Result<Self, WalletError> {
        let (copies, unusable) = representatives(store, now)?;
        let held: Vec<HeldBatch<'_>> =
            copies.iter().map(Representative::open).collect::<Result<_, _>>()?;
        let evaluation = request.query().evaluate(&held);
        let mut queries = Vec::new();
        for matches in evaluation.credentials() {
            let mut options = Vec::new();
            for found in matches.matches() {
                if let Some(held) = held.get(found.candidate()) {
                    options.push(held.choice(found.selected().locations(), language)?);
                }
            }
            options.sort_by_key(Choice::cost);
            queries.push(QueryChoices { id: matches.id().to_owned(), options, chosen: 0 });
        }
        if !evaluation.is_satisfiable() {
            return Err(unmet(request.query(), &evaluation, &held, &unusable).into());
        }
        let mut choices = Self { request: request.clone(), language, queries, sets: Vec::new() };
        choices.sets = choices.default_sets(&evaluation);
        Ok(choices)
    }

    /// Of each needed set the combination that shows least; nothing of a set that is only welcome.
    fn default_sets(&self, evaluation: &Evaluation) -> Vec<SetChoice> {
        let costs: BTreeMap<&str, Cost> = self
            .queries
            .iter()
            .filter_map(|query| Some((query.id(), query.chosen()?.cost())))
            .collect();
        let sets = evaluation.credential_sets().iter().map(|set| {
            let options: Vec<Vec<String>> = set
                .options()
                .filter(|(_, satisfiable)| *satisfiable)
                .map(|(ids, _)| ids.to_vec())
                .collect();
            let total = |ids: &Vec<String>| {
                let each = ids.iter().filter_map(|id| costs.get(id.as_str()));
                each.fold(Cost::default(), |sum, cost| Cost {
                    identifiers: sum.identifiers.saturating_add(cost.identifiers),
                    facts: sum.facts.saturating_add(cost.facts),
                    expires: 0,
                })
            };
            let least = (0..options.len()).min_by_key(|index| options.get(*index).map(total));
            SetChoice { chosen: least.filter(|_| set.required()), options }
        });
        sets.collect()
    }

    /// The parts of the request, in its order, each with the credentials that fit.
    #[must_use]
    pub fn queries(&self) -> &[QueryChoices] {
        &self.queries
    }

    /// How many credential sets the request has, if it asks in combinations.
    #[must_use]
    pub const fn set_count(&self) -> usize {
        self.sets.len()
    }

    /// The combinations of a credential set that can be answered, as identifiers of parts.
    #[must_use]
    pub fn set_options(&self, set: usize) -> &[Vec<String>] {
        self.sets.get(set).map_or(&[], |set| &set.options)
    }

    /// Shows another credential for a part of the request.
    ///
    /// # Errors
    /// [`WalletError::ChoiceUnknown`] if that credential does not fit.
    pub fn choose(&mut self, id: &str, credential: &CredentialId) -> Result<(), WalletError> {
        let query = self.queries.iter_mut().find(|query| query.id == id);
        let query = query.ok_or(WalletError::ChoiceUnknown)?;
        let position = query.options.iter().position(|option| option.credential.id() == credential);
        query.chosen = position.ok_or(WalletError::ChoiceUnknown)?;
        Ok(())
    }

    /// Answers a credential set with another of its combinations.
    ///
    /// # Errors
    /// [`WalletError::ChoiceUnknown`] if there is no such combination.
    pub fn choose_set(&mut self, set: usize, option: usize) -> Result<(), WalletError> {
        let set = self.sets.get_mut(set).ok_or(WalletError::ChoiceUnknown)?;
        if option >= set.options.len() {
            return Err(WalletError::ChoiceUnknown);
        }
        set.chosen = Some(option);
        Ok(())
    }

    /// The consent sheet for what is chosen now.
    ///
    /// # Errors
    /// [`WalletError::NoCopiesLeft`] if one credential is to answer more parts than it has copies;
    /// [`WalletError::NothingChosen`].
    pub fn sheet(self) -> Result<ConsentSheet, WalletError> {
        let wanted: Vec<&str> = if self.sets.is_empty() {
            self.queries.iter().map(QueryChoices::id).collect()
        } else {
            let chosen = self.sets.iter().filter_map(|set| set.options.get(set.chosen?));
            chosen.flatten().map(String::as_str).collect()
        };
        let mut items = Vec::new();
        for query in self.queries.iter().filter(|query| wanted.contains(&query.id())) {
            let choice = query.chosen().ok_or(WalletError::ChoiceUnknown)?;
            items.push((query.id.clone(), choice.clone()));
        }
        if items.is_empty() {
            return Err(WalletError::NothingChosen);
        }
        ConsentSheet::new(self.request, self.language, items)
    }
}

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choices").field("queries", &self.queries).finish_non_exhaustive()
    }
}

/// One copy that stands for its batch: all copies of a batch were found to say the same.
struct Representative {
    id: CredentialId,
    batch: BatchRecord,
    copy: CopyRecord,
}

/// A credential that cannot be shown now, and why.
struct Unusable {
    batch: BatchRecord,
    expired: bool,
}

fn representatives(
    store: &dyn Store,
    now: UnixTime,
) -> Result<(Vec<Representative>, Vec<Unusable>), WalletError> {
    let mut usable = Vec::new();
    let mut unusable = Vec::new();
    for (id, batch) in record::list::<BatchRecord>(store)? {
        let expired = batch.expires.is_some_and(|at| now.as_secs() >= at);
        match batch.copies.first() {
            Some(key) if !expired => {
                let copy = record::get::<CopyRecord>(store, key)?;
                let copy = copy.ok_or(COPY_CORRUPT)?;
                usable.push(Representative { id: CredentialId::new(id), batch, copy });
            }
            _ => unusable.push(Unusable { batch, expired }),
        }
    }
    Ok((usable, unusable))
}

const COPY_CORRUPT: WalletError = WalletError::RecordCorrupt { table: Table::Copy.name() };

impl Representative {
    fn open(&self) -> Result<HeldBatch<'_>, WalletError> {
        let held = Held::reopen(&self.copy.text).map_err(|_| COPY_CORRUPT)?;
        let authority_key_ids = held.authority_key_ids();
        Ok(HeldBatch { representative: self, held, authority_key_ids })
    }
}

struct HeldBatch<'c> {
    representative: &'c Representative,
    held: Held<'c>,
    authority_key_ids: Vec<String>,
}

impl HeldBatch<'_> {
    fn choice<'l>(
        &self,
        locations: impl Iterator<Item = &'l [llavero_core::PathSegment]>,
        language: Language,
    ) -> Result<Choice, WalletError> {
        let Representative { id, batch, .. } = self.representative;
        let paths = shown::paths(locations);
        let selection = self.held.select(&paths)?;
        let visible = Visible::of(&self.held, &selection, Words::of(batch, language));
        let implied = labels::implied(&batch.vct, &visible.chosen);
        Ok(Choice {
            credential: CredentialSummary::new(id.clone(), batch, language),
            paths,
            implied: implied.map(|facts| facts.into_iter().collect()),
            visible,
        })
    }
}

impl Candidate for HeldBatch<'_> {
    fn format(&self) -> &str {
        SD_JWT_FORMAT
    }

    fn extends(&self, vct: &str) -> bool {
        self.representative.batch.is_of_type(vct)
    }

    fn holder_bound(&self) -> bool {
        self.held.holder_key().is_some()
    }

    fn claims(&self) -> &Value {
        self.held.claims()
    }

    fn positions(&self) -> &Positions {
        self.held.positions()
    }

    fn authority_key_ids(&self) -> &[String] {
        // Of a chain that was validated on receipt: a batch with any other was refused.
        &self.authority_key_ids
    }
}

/// The first part of the request that cannot be answered, and why.
fn unmet(
    query: &DcqlQuery,
    evaluation: &Evaluation,
    held: &[HeldBatch<'_>],
    unusable: &[Unusable],
) -> Unmet {
    let sets = evaluation.credential_sets().iter();
    let set = sets.enumerate().find(|(_, set)| set.required() && !set.is_satisfiable());
    // A set with one combination of one credential says best what is missing by that credential.
    let only = set.and_then(|(set, _)| match query.credential_sets().get(set)?.options() {
        [option] => match option.as_slice() {
            [id] => query.credentials().iter().position(|credential| credential.id() == id),
            _ => None,
        },
        _ => None,
    });
    if let (Some((set, _)), None) = (set, only) {
        return Unmet::Set { set };
    }
    let missing = || evaluation.credentials().iter().position(|part| part.matches().is_empty());
    let index = only.or_else(missing).unwrap_or_default();
    let Some(part) = query.credentials().get(index) else {
        return Unmet::NoCredential { query: index };
    };
    let mismatches = held.iter().filter_map(|held| part.try_select(held).err());
    let other_type = |mismatch: &Mismatch| matches!(mismatch, Mismatch::Format | Mismatch::Type);
    if let Some(mismatch) = mismatches.into_iter().find(|mismatch| !other_type(mismatch)) {
        return Unmet::Mismatch { query: index, mismatch };
    }
    let is_of_type = |credential: &&Unusable| {
        part.vct_values().iter().any(|vct| credential.batch.is_of_type(vct))
    };
    let mut of_type = unusable.iter().filter(is_of_type);
    match of_type.next() {
        None => Unmet::NoCredential { query: index },
        Some(first) if first.expired && of_type.all(|credential| credential.expired) => {
            Unmet::Expired { query: index }
        }
        Some(_) => Unmet::NoCopiesLeft { query: index },
    }
}
