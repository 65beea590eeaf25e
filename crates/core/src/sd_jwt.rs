//! From text to claims: parsed, policy, verified, and one door between the first and the last.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::certificate::Chain;
use crate::disclosure::{Decoded, Encoded};
use crate::json::{self, Json, Values};
use crate::jws::{Header, Jws};
use crate::limits::{MAX_TOKEN_BYTES, MAX_VALUES};
use crate::path::{Location, PathSegment, Positions};
use crate::process::{self, Places, Processed};
use crate::{
    AlgorithmSet, ClaimPath, Error, Format, JwkFault, KeyBinding, Limit, Part, PathError, Policy,
    PublicKey, UnixTime, dates, key_binding, vc,
};

/// An SD-JWT, with or without key binding, that has been taken apart and nothing more (RFC 9901 §4).
///
/// It offers only what is needed to choose a policy; every such method is called `untrusted_*`, because anybody can
/// write anything there. Claims exist only in [`Verified`]:
/// ```compile_fail,E0599
/// llavero_core::SdJwt::parse("…").unwrap().claims();
/// ```
pub struct SdJwt<'t> {
    issuer_jwt: Jws<'t>,
    issuer_text: &'t str,
    disclosures: Encoded<'t>,
    key_binding: Option<Jws<'t>>,
    /// Everything up to and including the last tilde: what `sd_hash` covers.
    presented: &'t str,
}

impl std::fmt::Debug for SdJwt<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SdJwt")
            .field("disclosures", &self.disclosures.as_slice().len())
            .field("key_binding", &self.key_binding.is_some())
            .finish_non_exhaustive()
    }
}

impl<'t> SdJwt<'t> {
    /// Takes the compact form apart: `JWT~D1~…~Dn~` or `JWT~D1~…~Dn~KB-JWT`.
    ///
    /// For the JSON serializations see [`jws_json::to_compact`](crate::jws_json::to_compact); the two are never
    /// guessed apart.
    ///
    /// # Errors
    /// [`Error::Shape`] if a tilde or a part of a JWT is missing or a component is empty, [`Error::Base64url`],
    /// [`Error::Signature`] for a signature that is not 64 bytes, [`Error::LimitExceeded`].
    pub fn parse(text: &'t str) -> Result<Self, Error> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(Error::LimitExceeded { limit: Limit::Length });
        }
        let shape = Error::Shape { part: Part::IssuerJwt };
        let (Some(first), Some(last)) =
            (memchr::memchr(b'~', text.as_bytes()), memchr::memrchr(b'~', text.as_bytes()))
        else {
            return Err(shape);
        };
        // A tilde is one byte, so none of these cuts a character in two.
        let (issuer_text, presented) = (text.get(..first), text.get(..=last));
        let (Some(issuer_text), Some(presented)) = (issuer_text, presented) else {
            return Err(shape);
        };
        let binding_text = text.get(last + 1..).unwrap_or_default();
        let disclosures = text.get(first + 1..last).unwrap_or_default();
        // `JWT~~` has an empty Disclosure, though nothing stands between its tildes.
        if disclosures.is_empty() && first != last {
            return Err(Error::Shape { part: Part::Disclosure(0) });
        }
        let issuer_jwt = Jws::parse(issuer_text, Part::IssuerJwt)?;
        let disclosures = Encoded::split(disclosures)?;
        let key_binding = if binding_text.is_empty() {
            None
        } else {
            Some(Jws::parse(binding_text, Part::KeyBinding)?)
        };
        Ok(Self { issuer_jwt, issuer_text, disclosures, key_binding, presented })
    }

    /// The `iss` that somebody wrote. Good for looking up a key, for nothing else.
    #[must_use]
    pub fn untrusted_issuer(&self) -> Option<String> {
        peek(self.issuer_jwt.payload())?.iss.map(Cow::into_owned)
    }

    /// The `vct` that somebody wrote.
    #[must_use]
    pub fn untrusted_type(&self) -> Option<String> {
        peek(self.issuer_jwt.payload())?.vct.map(Cow::into_owned)
    }

    /// The `kid` in the header that somebody wrote. It may pick one among the keys of one issuer, never an issuer.
    #[must_use]
    pub fn untrusted_key_id(&self) -> Option<String> {
        let header = self.issuer_jwt.header().ok()?;
        header.member("kid").and_then(Json::as_str).map(str::to_owned)
    }

    /// The key identifiers of the authorities in the `x5c` that somebody wrote, as a query names them (OpenID4VP 1.0
    /// §6.1.1.1). A wallet that has verified the token on receipt may match queries by them.
    #[must_use]
    pub fn untrusted_authority_key_ids(&self) -> Vec<String> {
        let chain = self.certificates().ok().flatten();
        chain.map(|chain| chain.authority_key_ids()).unwrap_or_default()
    }

    /// The `nonce` in the KB-JWT that somebody wrote, for a verifier that keeps its challenges in a database: look it
    /// up, build the policy from what is stored there, then verify.
    #[must_use]
    pub fn untrusted_nonce(&self) -> Option<String> {
        peek(self.key_binding.as_ref()?.payload())?.nonce.map(Cow::into_owned)
    }

    /// Header, payload and Disclosures for a person to read, unverified. For tools that inspect; never decide by it.
    ///
    /// # Errors
    /// [`Error::Json`] or [`Error::Base64url`] naming the part that cannot be read, [`Error::LimitExceeded`].
    pub fn untrusted_contents(&self) -> Result<UntrustedContents, Error> {
        let jws = |jws: &Jws<'_>, part, values: &Values| -> Result<(Value, Value), Error> {
            // The header's own rules are for verification; here any JSON will do.
            let header = json::from_slice(jws.raw_header(), part)?;
            Ok((header, Json::parse_counted(jws.payload(), part, values)?.into_value()))
        };
        let values = Values::at_most(MAX_VALUES);
        let (header, payload) = jws(&self.issuer_jwt, Part::IssuerJwt, &values)?;
        let mut disclosures = Vec::new();
        for (index, text) in self.disclosures.as_slice().iter().enumerate() {
            let part = Part::Disclosure(index);
            let text = crate::base64url::decode(text, part)?;
            disclosures.push(Json::parse_counted(&text, part, &values)?.into_value());
        }
        let apart = Values::at_most(MAX_VALUES);
        let key_binding =
            self.key_binding.as_ref().map(|kb| jws(kb, Part::KeyBinding, &apart)).transpose()?;
        Ok(UntrustedContents { header, payload, disclosures, key_binding })
    }

    /// Checks everything `policy` asks for at the time `now` and gives up the untrusted value (RFC 9901 §7.1, §7.3).
    ///
    /// The issuer's signature is checked before anything is made of what it signed.
    ///
    /// # Errors
    /// The first check that failed; no claim has been given out then.
    pub fn verify(self, policy: &Policy<'_>, now: UnixTime) -> Result<Verified, Error> {
        let challenge = match (&policy.binding, &self.key_binding) {
            (KeyBinding::Forbid, Some(_)) => return Err(Error::KeyBindingUnexpected),
            (KeyBinding::Require(_), None) => return Err(Error::KeyBindingMissing),
            (KeyBinding::Forbid, None) => None,
            (KeyBinding::Require(challenge), Some(kb)) => Some((challenge, kb)),
        };
        let header = self.issuer_jwt.header()?;
        check_typ(&header, policy.format)?;
        self.issuer_jwt.verify(&header, policy.issuer_key, policy.issuer_algorithms)?;
        let decoded = self.disclosures.decode()?;
        let processed = self.process(&decoded)?;
        let claims = json::into_map(processed.claims);
        if let Format::SdJwtVc { types } = policy.format {
            vc::check_places(&processed.places)?;
            if let Some(claim) = processed.protected_digest {
                return Err(Error::ProtectedClaim { claim });
            }
            vc::check_claims(&claims, types)?;
        }
        check_claims(&claims, policy)?;
        if let Some((challenge, _)) = challenge {
            check_audience(&claims, challenge.audience)?;
        }
        let expires = dates::check_claims(&claims, now, policy.clock_skew_secs)?;
        let holder_key = match confirmation(&claims) {
            // Somebody else's kind of key matters only to who relies on it.
            Err(Error::Jwk(JwkFault::Unsupported)) if challenge.is_none() => None,
            key => key?,
        };
        let bound_at = match challenge {
            None => None,
            Some((challenge, kb)) => {
                let key = holder_key.as_ref().ok_or(Error::ConfirmationMissing)?;
                let (hash, skew) = (processed.hash, policy.clock_skew_secs);
                Some(key_binding::verify(kb, key, challenge, self.presented, hash, now, skew)?)
            }
        };
        Ok(Verified {
            claims: Value::Object(claims),
            places: processed.places,
            positions: processed.positions,
            hiding: processed.hiding,
            digest_count: processed.digest_count,
            shortest_salt: processed.shortest_salt,
            holder_key,
            expires,
            bound_at,
        })
    }

    /// The certificates in the protected header; the unprotected header of a JSON serialization never gets here.
    pub(crate) fn certificates(&self) -> Result<Option<Chain>, Error> {
        self.issuer_jwt.header()?.member("x5c").map(Chain::read).transpose()
    }

    /// Whether `key` signed this, under any algorithm of ours: to tell keys of one issuer apart.
    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> bool {
        let header = self.issuer_jwt.header();
        header.is_ok_and(|header| self.issuer_jwt.verify(&header, key, AlgorithmSet::ALL).is_ok())
    }

    pub(crate) fn process<'p>(&'p self, decoded: &'p Decoded) -> Result<Processed<'p>, Error> {
        let values = Values::at_most(MAX_VALUES);
        let payload = self.issuer_jwt.payload();
        let payload = Json::parse_object_counted(payload, Part::IssuerJwt, &values)?;
        process::process(payload, self.disclosures.as_slice(), decoded.parse(&values)?)
    }

    /// The Issuer-signed JWT as it stands in the text.
    pub(crate) const fn issuer_text(&self) -> &'t str {
        self.issuer_text
    }

    pub(crate) const fn encoded_disclosures(&self) -> &Encoded<'t> {
        &self.disclosures
    }

    pub(crate) const fn has_key_binding(&self) -> bool {
        self.key_binding.is_some()
    }
}

/// What a token says of itself, for display by tools.
pub struct UntrustedContents {
    /// The header of the Issuer-signed JWT.
    pub header: Value,
    /// Its payload, digests and all.
    pub payload: Value,
    /// Each Disclosure as its JSON array.
    pub disclosures: Vec<Value>,
    /// Header and payload of the KB-JWT.
    pub key_binding: Option<(Value, Value)>,
}

impl std::fmt::Debug for UntrustedContents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UntrustedContents").finish_non_exhaustive()
    }
}

/// The few members that choose a key or a challenge, found without building the rest.
#[derive(Deserialize)]
struct Peek<'p> {
    #[serde(borrow, default)]
    iss: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    vct: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    nonce: Option<Cow<'p, str>>,
}

fn peek(payload: &[u8]) -> Option<Peek<'_>> {
    serde_json::from_slice(payload).ok()
}

fn check_typ(header: &Header<'_>, format: Format<'_>) -> Result<(), Error> {
    match format {
        Format::SdJwt { typ: None } => Ok(()),
        Format::SdJwt { typ: Some(typ) } => header.expect_typ(typ),
        Format::SdJwtVc { .. } => header.expect_typ(vc::TYP),
    }
}

fn check_claims(claims: &Map<String, Value>, policy: &Policy<'_>) -> Result<(), Error> {
    if policy.issuer.is_some_and(|issuer| claims.get("iss").and_then(Value::as_str) != Some(issuer))
    {
        return Err(Error::IssuerMismatch);
    }
    match policy.required_claims.iter().find(|name| !claims.contains_key(**name)) {
        Some(name) => Err(Error::ClaimMissing { name: (*name).to_owned() }),
        None => Ok(()),
    }
}

/// A credential that says for whom it is must be for whoever asks (RFC 7519 §4.1.3). Where nobody has to prove anything,
/// the reader has no name that could be compared.
fn check_audience(claims: &Map<String, Value>, reader: &str) -> Result<(), Error> {
    let named = match claims.get("aud") {
        None => true,
        Some(Value::Array(all)) => {
            all.iter().any(|one| one == reader) && all.iter().all(Value::is_string)
        }
        Some(one) => one == reader,
    };
    if named { Ok(()) } else { Err(Error::AudienceMismatch { part: Part::IssuerJwt }) }
}

/// The key in `cnf`, if `cnf` has a `jwk`. A malformed one is refused even where no key binding is asked for.
fn confirmation(claims: &Map<String, Value>) -> Result<Option<PublicKey>, Error> {
    claims.get("cnf").and_then(|cnf| cnf.get("jwk")).map(PublicKey::from_jwk).transpose()
}

/// Claims whose signature, digests, dates, type and holder have been checked as the policy asked.
#[must_use = "verified claims are the point of verifying"]
pub struct Verified {
    claims: Value,
    places: Places,
    positions: Positions,
    hiding: Vec<Location>,
    digest_count: usize,
    shortest_salt: Option<usize>,
    holder_key: Option<PublicKey>,
    expires: Option<UnixTime>,
    bound_at: Option<UnixTime>,
}

impl Verified {
    /// The processed payload, as a JSON object: what the issuer left open and what the holder disclosed.
    #[must_use]
    pub const fn claims(&self) -> &Value {
        &self.claims
    }

    /// The top-level claim of that name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// The values that `path` selects. An index counts elements as issued, hidden ones included.
    ///
    /// # Errors
    /// [`PathError`] as for [`ClaimPath::select`].
    pub fn select(&self, path: &ClaimPath) -> Result<Vec<&Value>, PathError> {
        path.select_in(&self.claims, &self.positions)
    }

    /// Where the disclosed claims stand, in the order of the Disclosures. Every other claim was open.
    pub fn disclosed(&self) -> impl Iterator<Item = &[PathSegment]> {
        self.places.iter()
    }

    /// The issued positions of array elements that are left where others stayed hidden.
    #[must_use]
    pub const fn positions(&self) -> &Positions {
        &self.positions
    }

    /// Where the objects stand in which digests are left over, each of a hidden claim or a decoy.
    pub(crate) fn hiding(&self) -> &[Location] {
        &self.hiding
    }

    /// How many digests the token carries, those of hidden claims and decoys included.
    #[must_use]
    pub const fn digest_count(&self) -> usize {
        self.digest_count
    }

    /// Characters of the shortest salt, if there are Disclosures. Below 22 it cannot hold 128 bits (RFC 9901 §9.3),
    /// which a holder should mind: somebody could guess what it hides.
    #[must_use]
    pub const fn shortest_salt(&self) -> Option<usize> {
        self.shortest_salt
    }

    /// `iss`, if there is one.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str()
    }

    /// `vct`, if there is one.
    #[must_use]
    pub fn credential_type(&self) -> Option<&str> {
        self.claims.get("vct")?.as_str()
    }

    /// The key in `cnf`.
    #[must_use]
    pub const fn holder_key(&self) -> Option<&PublicKey> {
        self.holder_key.as_ref()
    }

    /// `exp`, if there is one.
    #[must_use]
    pub const fn expires(&self) -> Option<UnixTime> {
        self.expires
    }

    /// When the holder says to have answered: the `iat` of the KB-JWT, if one was required.
    #[must_use]
    pub const fn bound_at(&self) -> Option<UnixTime> {
        self.bound_at
    }
}

impl std::fmt::Debug for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verified")
            .field("disclosed", &self.places.len())
            .field("expires", &self.expires)
            .field("bound_at", &self.bound_at)
            .finish_non_exhaustive()
    }
}
