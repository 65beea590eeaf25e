//! The verifier: a challenge, an answer, a verdict.

use std::sync::Arc;

use llavero_core::{ClaimPath, UnixTime, dcql};
use llavero_verifier as verifier;
use serde_json::Value;

use crate::LlaveroError;
use crate::callback::{self, Caller};
use crate::error::Misuse;
use crate::once::Once;
use crate::random::{Generator, Random};
use crate::trust::TrustList;
use crate::value::ClaimValue;

/// What is asked for, in the query language of OpenID4VP (DCQL).
#[derive(Debug, uniffi::Object)]
pub struct DcqlQuery(dcql::DcqlQuery);

#[uniffi::export]
impl DcqlQuery {
    /// Asks for some claims of one credential that is of one of these types and bound to its holder. Paths are written
    /// with dots: `age_equal_or_over.18`.
    ///
    /// # Errors
    /// `path_*`, `query_*`.
    #[uniffi::constructor]
    pub fn for_claims(
        id: &str,
        vct_values: Vec<String>,
        paths: Vec<String>,
    ) -> Result<Self, LlaveroError> {
        let paths: Vec<ClaimPath> =
            paths.iter().map(|path| path.parse()).collect::<Result<_, _>>()?;
        let types = vct_values.iter().map(String::as_str);
        Ok(Self(dcql::DcqlQuery::for_claims(id, types, paths)?))
    }

    /// Reads a query from its JSON text.
    ///
    /// # Errors
    /// `json_*`, `query_*`.
    #[uniffi::constructor]
    pub fn from_json(text: &str) -> Result<Self, LlaveroError> {
        let query = llavero_core::json::from_slice(text.as_bytes(), llavero_core::Part::Request)?;
        Ok(Self(dcql::DcqlQuery::from_value(&query)?))
    }

    /// The query as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.0.to_value().to_string()
    }
}

/// Who asks.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Asker {
    /// The identifier that answers are bound to.
    pub client_id: String,
    /// A name for the consent sheet. Wallets show it as what it is: something anybody could have written.
    #[uniffi(default = None)]
    pub client_name: Option<String>,
}

/// A question with a fresh nonce, open for a while. It is answered once.
#[derive(uniffi::Object)]
pub struct Challenge(Once<verifier::Challenge>);

#[uniffi::export]
impl Challenge {
    /// A new question, open from `now` for `lifetime_secs`. Without `random` the operating system's generator is used.
    ///
    /// # Errors
    /// `challenge_lifetime`; `member_malformed` for texts that no wallet would show; `limit_exceeded`; `random`,
    /// `callback_*`.
    #[uniffi::constructor(default(random = None))]
    pub fn new(
        asker: Asker,
        purpose: &str,
        query: &DcqlQuery,
        lifetime_secs: u32,
        now: UnixTime,
        random: Option<Arc<dyn Random>>,
    ) -> Result<Self, LlaveroError> {
        callback::refuse_reentry()?;
        let asker = verifier::Asker {
            client_id: &asker.client_id,
            client_name: asker.client_name.as_deref(),
        };
        let caller = Caller::new(callback::LIMIT_SECS);
        let mut random = Generator::new(random, &caller);
        let challenge = verifier::Challenge::new(
            &asker,
            purpose,
            query.0.clone(),
            lifetime_secs,
            now,
            &mut random,
        );
        Ok(Self(Once::new(challenge.map_err(|error| caller.explain_or(error))?)))
    }

    /// Reads a challenge that was kept as JSON text.
    ///
    /// # Errors
    /// `json_*`, `member_malformed`, `challenge_lifetime`.
    #[uniffi::constructor]
    pub fn from_json(text: &str) -> Result<Self, LlaveroError> {
        Ok(Self(Once::new(verifier::Challenge::from_slice(text.as_bytes())?)))
    }

    /// What to send to the wallet, as JSON text.
    ///
    /// # Errors
    /// `already_used`.
    pub fn request(&self) -> Result<String, LlaveroError> {
        self.0.with(|challenge| challenge.request().to_json().to_string())
    }

    /// The challenge as JSON text, for a verifier that must forget between question and answer. Whoever keeps it must
    /// delete it when it is answered, or the answer can be given again.
    ///
    /// # Errors
    /// `already_used`.
    pub fn to_json(&self) -> Result<String, LlaveroError> {
        self.0.with(|challenge| challenge.to_json().to_string())
    }

    /// Verifies the answer to this question, which is then used up, whatever comes of it.
    ///
    /// # Errors
    /// The first thing that is wrong; no claim has been given out then. `already_used`.
    pub fn verify(
        &self,
        answer: &str,
        trust: &TrustList,
        now: UnixTime,
    ) -> Result<Verdict, LlaveroError> {
        let verdict = self.0.take()?.verify(answer.as_bytes(), &trust.0, now)?;
        Verdict::new(&verdict)
    }
}

impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Challenge").finish_non_exhaustive()
    }
}

/// An answer that was accepted. It holds the claims that were asked for and no others.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Verdict {
    /// The credentials shown, in the order of the query.
    pub credentials: Vec<VerifiedCredential>,
    /// When the check was made.
    pub checked_at: UnixTime,
    /// When the list of trusted issuers was made: an issuer or key withdrawn since is still believed here.
    pub trust_issued_at: UnixTime,
}

/// One credential of a [`Verdict`].
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct VerifiedCredential {
    /// The id of the credential query that this answers.
    pub query: String,
    /// `iss`.
    pub issuer: String,
    /// The issuer's name on the trust list.
    pub issuer_name: String,
    /// `vct`.
    pub credential_type: String,
    /// The claims that were asked for, in the order of the query.
    pub claims: Vec<AskedClaim>,
    /// Until when the credential is valid.
    pub expires: Option<UnixTime>,
    /// When the holder proved possession of its key; nothing where the query asked for no proof.
    pub bound_at: Option<UnixTime>,
    /// What is known of a revocation.
    pub revocation: Revocation,
    /// What to call the type, in Spanish or the next best; nothing if the trust list has no document of it.
    #[uniffi(default = None)]
    pub type_name_es_mx: Option<String>,
    /// What to call the type, in English or the next best.
    #[uniffi(default = None)]
    pub type_name_en: Option<String>,
}

/// One claim that was asked for and shown.
#[derive(Clone, Debug, uniffi::Record)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct AskedClaim {
    /// The path that was asked for, with dots.
    pub path: String,
    /// The values there: one, or several for a path with a wildcard.
    pub values: Vec<ClaimValue>,
    /// What to call it, in Spanish or the next best; nothing if no document on the trust list has a label for it.
    #[uniffi(default = None)]
    pub label_es_mx: Option<String>,
    /// What to call it, in English or the next best.
    #[uniffi(default = None)]
    pub label_en: Option<String>,
}

/// The languages of a text, the preferred one first, each the other's substitute before any third.
const ES_MX: [&str; 2] = ["es-MX", "en"];
const EN: [&str; 2] = ["en", "es-MX"];

/// What is known of a revocation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum Revocation {
    /// The credential names a status list, and none was consulted.
    NotChecked,
    /// The issuer publishes no status for this credential: it lives until it expires.
    NotProvided,
}

impl Verdict {
    fn new(verdict: &verifier::Verdict) -> Result<Self, LlaveroError> {
        let credentials = verdict.credentials().iter().map(VerifiedCredential::new);
        Ok(Self {
            credentials: credentials.collect::<Result<_, _>>()?,
            checked_at: verdict.checked_at(),
            trust_issued_at: verdict.trust_issued_at(),
        })
    }
}

impl VerifiedCredential {
    fn new(shown: &verifier::VerifiedCredential) -> Result<Self, LlaveroError> {
        let claim = |claim: &verifier::AskedClaim| AskedClaim {
            path: claim.path().to_string(),
            label_es_mx: claim.label(&ES_MX).map(str::to_owned),
            label_en: claim.label(&EN).map(str::to_owned),
            values: claim.values().iter().map(|value: &Value| ClaimValue::from(value)).collect(),
        };
        Ok(Self {
            query: shown.query().to_owned(),
            issuer: shown.issuer().to_owned(),
            issuer_name: shown.issuer_name().to_owned(),
            credential_type: shown.credential_type().to_owned(),
            type_name_es_mx: shown.type_name(&ES_MX).map(str::to_owned),
            type_name_en: shown.type_name(&EN).map(str::to_owned),
            claims: shown.claims().iter().map(claim).collect(),
            expires: shown.expires(),
            bound_at: shown.bound_at(),
            revocation: match shown.revocation() {
                verifier::Revocation::NotChecked => Revocation::NotChecked,
                verifier::Revocation::NotProvided => Revocation::NotProvided,
                // What a later verifier knows more must not pass for less here.
                _ => return Err(Misuse::Argument("revocation").into()),
            },
        })
    }
}
