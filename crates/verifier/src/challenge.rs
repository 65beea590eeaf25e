//! One question, and the one answer to it.

use llavero_core::dcql::{
    Answer, Candidate, CredentialQuery, DcqlQuery, Presented, SD_JWT_FORMAT, Selected,
};
use llavero_core::path::Location;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::trust::{TrustList, TrustedCredential};
use llavero_core::{
    AlgorithmSet, ClaimPath, KeyBinding, PathSegment, Positions, Random, SdJwt, UnixTime, json,
};
use serde_json::{Value, json};

use crate::Error;
use crate::verdict::{AskedClaim, Revocation, Verdict, VerifiedCredential};

/// The longest that a question stays open: a day.
pub const MAX_LIFETIME_SECS: u32 = 86_400;

/// How far the clock of a phone or an issuer may run ahead of the verifier's.
const CLOCK_SKEW_SECS: u32 = 60;

/// A wallet rounds the time of its answer down to the minute, so that seconds do not tell two answers together.
const ROUNDING_SECS: u32 = 60;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The identifier that answers are bound to.
    pub client_id: &'a str,
    /// A name for the consent sheet. Wallets show it as what it is: something anybody could have written.
    pub client_name: Option<&'a str>,
}

/// A question with a fresh nonce, open for a while. Not `Clone`: it is answered once.
#[derive(Debug)]
#[must_use = "a challenge is posed and then answered"]
pub struct Challenge {
    request: PresentationRequest,
    issued_at: UnixTime,
    lifetime_secs: u32,
}

impl Challenge {
    /// A new question, open from `now` for `lifetime_secs`.
    ///
    /// # Errors
    /// [`Error::Lifetime`], or [`Error::Message`] for texts that no wallet would show or a generator that fails.
    pub fn new(
        asker: &Asker<'_>,
        purpose: &str,
        query: DcqlQuery,
        lifetime_secs: u32,
        now: UnixTime,
        random: &mut dyn Random,
    ) -> Result<Self, Error> {
        let request =
            PresentationRequest::new(asker.client_id, asker.client_name, purpose, query, random)
                .map_err(Error::Message)?;
        Self::checked(request, now, lifetime_secs)
    }

    fn checked(
        request: PresentationRequest,
        issued_at: UnixTime,
        lifetime_secs: u32,
    ) -> Result<Self, Error> {
        if lifetime_secs == 0 || lifetime_secs > MAX_LIFETIME_SECS {
            return Err(Error::Lifetime);
        }
        Ok(Self { request, issued_at, lifetime_secs })
    }

    /// What to send to the wallet.
    #[must_use]
    pub const fn request(&self) -> &PresentationRequest {
        &self.request
    }

    /// The challenge as JSON, for a verifier that must forget between question and answer.
    ///
    /// Whoever keeps it must delete it when it is answered, or the answer can be given again.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "request": self.request.to_json(),
            "issued_at": self.issued_at.as_secs(),
            "lifetime_secs": self.lifetime_secs,
        })
    }

    /// Reads a challenge that was kept.
    ///
    /// # Errors
    /// [`Error::Message`] or [`Error::Lifetime`].
    pub fn from_slice(text: &[u8]) -> Result<Self, Error> {
        const PART: llavero_core::Part = llavero_core::Part::Request;
        let malformed =
            |member| Error::Message(llavero_core::Error::MemberMalformed { part: PART, member });
        let kept = json::from_slice(text, PART).map_err(Error::Message)?;
        let request = kept.get("request").ok_or(malformed("request"))?;
        let issued_at =
            kept.get("issued_at").and_then(Value::as_i64).ok_or(malformed("issued_at"))?;
        let lifetime = kept.get("lifetime_secs").and_then(Value::as_u64);
        let lifetime =
            lifetime.and_then(|secs| u32::try_from(secs).ok()).ok_or(malformed("lifetime_secs"))?;
        let request = PresentationRequest::from_json(request).map_err(Error::Message)?;
        Self::checked(request, UnixTime::from_secs(issued_at), lifetime)
    }

    /// Verifies the answer to this question, which is then used up, whatever comes of it.
    ///
    /// Every presentation must be sound under `trust`, bound to this challenge, and satisfy its query; together they
    /// must answer the whole query and nothing else (OpenID4VP 1.0 §8.6, §14.1).
    ///
    /// # Errors
    /// The first thing that is wrong. No claim has been given out then.
    pub fn verify(self, answer: &[u8], trust: &TrustList, now: UnixTime) -> Result<Verdict, Error> {
        let (issued_at, until) =
            (self.issued_at, self.issued_at.plus_secs(i64::from(self.lifetime_secs)));
        if now > until || now.plus_secs(i64::from(CLOCK_SKEW_SECS)) < issued_at {
            return Err(Error::ChallengeClosed { issued_at, now });
        }
        let answer = PresentationAnswer::from_slice(answer).map_err(Error::Message)?;
        let query = self.request.query();
        if answer.presentations().keys().any(|id| query.credential(id).is_none()) {
            return Err(Error::UnknownQuery);
        }
        let mut shown: Vec<(&CredentialQuery, Vec<Shown<'_>>)> = Vec::new();
        for credential in query.credentials() {
            let Some(texts) = answer.presentations().get(credential.id()) else { continue };
            let verified =
                texts.iter().enumerate().map(|(index, text)| {
                    self.verify_one(credential, text, trust, now).map_err(|error| {
                        Error::Presentation { query: credential.id().to_owned(), index, error }
                    })
                });
            shown.push((credential, verified.collect::<Result<_, _>>()?));
        }
        let credentials = check_and_reduce(query, &shown)?;
        Ok(Verdict { credentials, checked_at: now, trust_issued_at: trust.issued_at })
    }

    fn verify_one<'t>(
        &self,
        query: &CredentialQuery,
        text: &str,
        trust: &'t TrustList,
        now: UnixTime,
    ) -> Result<Shown<'t>, llavero_core::Error> {
        let sd_jwt = SdJwt::parse(text)?;
        // Whether a proof is needed is this verifier's decision. A proof that was not asked for is still checked.
        let binding = if query.requires_holder_binding() || sd_jwt.untrusted_nonce().is_some() {
            KeyBinding::Require(llavero_core::Challenge {
                audience: self.request.client_id(),
                nonce: self.request.nonce(),
                max_age_secs: self.lifetime_secs.saturating_add(ROUNDING_SECS),
                algorithms: AlgorithmSet::ALL,
            })
        } else {
            KeyBinding::Forbid
        };
        let credential = trust.verify(sd_jwt, binding, &[], CLOCK_SKEW_SECS, now)?;
        let disclosed = credential.verified.disclosed().map(<[PathSegment]>::to_vec).collect();
        Ok(Shown { credential, disclosed })
    }
}

/// A sound presentation, not yet known to be what was asked for.
struct Shown<'t> {
    credential: TrustedCredential<'t>,
    disclosed: Vec<Vec<PathSegment>>,
}

impl Candidate for Shown<'_> {
    fn format(&self) -> &str {
        SD_JWT_FORMAT
    }

    fn extends(&self, vct: &str) -> bool {
        self.credential.type_metadata.as_ref().is_some_and(|own| own.is_type(vct))
    }

    fn may_be_issued_as(&self, vct: &str) -> bool {
        self.credential.issuer.types.iter().any(|known| known == vct)
    }

    fn holder_bound(&self) -> bool {
        self.credential.verified.bound_at().is_some()
    }

    fn claims(&self) -> &Value {
        self.credential.verified.claims()
    }

    fn positions(&self) -> &Positions {
        self.credential.verified.positions()
    }

    fn authority_key_ids(&self) -> &[String] {
        &self.credential.authority_key_ids
    }
}

/// Re-checks the answer against the query and keeps the claims that were asked for.
fn check_and_reduce(
    query: &DcqlQuery,
    shown: &[(&CredentialQuery, Vec<Shown<'_>>)],
) -> Result<Vec<VerifiedCredential>, Error> {
    let presented: Vec<Vec<Presented<'_>>> = shown
        .iter()
        .map(|(_, all)| all.iter().map(|one| Presented::new(one, &one.disclosed)).collect())
        .collect();
    let answers: Vec<Answer<'_>> = shown
        .iter()
        .zip(&presented)
        .map(|((query, _), all)| Answer::new(query.id(), all))
        .collect();
    let accepted = query.check_answer(&answers)?;
    let mut credentials = Vec::new();
    for (position, (query, all)) in shown.iter().enumerate() {
        for (index, one) in all.iter().enumerate() {
            let selected = accepted.selected(position, index);
            credentials.push(reduce(query, one, selected));
        }
    }
    Ok(credentials)
}

fn reduce(
    query: &CredentialQuery,
    shown: &Shown<'_>,
    selected: Option<&Selected>,
) -> VerifiedCredential {
    let TrustedCredential { verified, issuer, type_metadata, .. } = &shown.credential;
    // The locations that the query selected, not its paths: an element that did not match a wanted value was not
    // asked for, even if a wallet sent it.
    let value = |location: &Location| -> Option<Value> {
        let found = ClaimPath::new(location.clone()).ok()?;
        verified.select(&found).ok()?.first().copied().cloned()
    };
    let claims =
        selected.map(Selected::claims).unwrap_or_default().iter().map(|claim| AskedClaim {
            path: claim.path().clone(),
            values: claim.locations().iter().filter_map(value).collect(),
            location: claim.locations().first().cloned().unwrap_or_default(),
            type_metadata: type_metadata.clone(),
        });
    VerifiedCredential {
        query: query.id().to_owned(),
        issuer: issuer.issuer.clone(),
        issuer_name: issuer.name.clone(),
        credential_type: verified.credential_type().unwrap_or_default().to_owned(),
        type_metadata: type_metadata.clone(),
        claims: claims.collect(),
        expires: verified.expires(),
        bound_at: verified.bound_at(),
        revocation: match verified.claim("status") {
            Some(_) => Revocation::NotChecked,
            None => Revocation::NotProvided,
        },
    }
}
