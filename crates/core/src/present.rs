//! Showing some claims of a credential and proving possession of its key (RFC 9901 §4.3, §7.2).

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::OnceLock;

use serde_json::Value;

use crate::json::{Json, into_map, member};
use crate::key::RawKey;
use crate::path::{PathSegment, Positions};
use crate::process::{Places, Processed};
use crate::{
    ClaimPath, Error, HashAlgorithm, JwkFault, JwsAlgorithm, Part, PublicKey, SdJwt, Signature,
    Signer, SignerError, UnixTime, jws,
};

/// A credential that its holder has verified on receipt and now reads again, with everything disclosed.
///
/// Opening it checks digests and layout but no signature, date or trust: it is for text that
/// [`SdJwt::verify`](crate::SdJwt::verify) accepted before and that was kept where nobody else writes.
pub struct Held<'t> {
    sd_jwt: SdJwt<'t>,
    claims: OnceLock<Value>,
    places: Places,
    positions: Positions,
    hash: HashAlgorithm,
    holder_key: Option<RawKey>,
    issuer_jwt: &'t str,
}

impl<'t> Held<'t> {
    /// Reads a credential that was verified before.
    ///
    /// # Errors
    /// As [`SdJwt::parse`] and the processing of RFC 9901 §7.1; [`Error::KeyBindingUnexpected`] for a presentation,
    /// which is nobody's to hold (§7.2).
    pub fn reopen(text: &'t str) -> Result<Self, Error> {
        let sd_jwt = SdJwt::parse(text)?;
        if sd_jwt.has_key_binding() {
            return Err(Error::KeyBindingUnexpected);
        }
        let decoded = sd_jwt.encoded_disclosures().decode()?;
        let Processed { claims, hash, places, positions, .. } = sd_jwt.process(&decoded)?;
        let holder_key = match member(&claims, "cnf") {
            // Not decoded: the issuer's signature vouches for it, and signing only compares it.
            Some(Json::Object(cnf)) => {
                let jwk = member(cnf, "jwk").cloned().map(Json::into_value);
                match jwk.as_ref().map(RawKey::from_jwk) {
                    // Somebody else's kind of key: this can be shown, but not bound.
                    None | Some(Err(Error::Jwk(JwkFault::Unsupported))) => None,
                    Some(key) => Some(key?),
                }
            }
            _ => None,
        };
        let issuer_jwt = sd_jwt.issuer_text();
        drop(claims);
        drop(decoded);
        Ok(Self {
            sd_jwt,
            claims: OnceLock::new(),
            places,
            positions,
            hash,
            holder_key,
            issuer_jwt,
        })
    }

    /// All claims, as a JSON object. Made when first asked for: presenting does not need it.
    #[must_use]
    pub fn claims(&self) -> &Value {
        self.claims.get_or_init(|| {
            // What was processed once when this was opened is processed again, with the same outcome.
            let decoded = self.sd_jwt.encoded_disclosures().decode();
            let claims =
                decoded.and_then(|decoded| Ok(into_map(self.sd_jwt.process(&decoded)?.claims)));
            claims.map(Value::Object).unwrap_or_default()
        })
    }

    /// Where array elements stood as issued, if decoys stand between them.
    #[must_use]
    pub const fn positions(&self) -> &Positions {
        &self.positions
    }

    /// The key to which the credential is bound.
    #[must_use]
    pub fn holder_key(&self) -> Option<PublicKey> {
        self.holder_key?.decode().ok()
    }

    /// The key identifiers of the authorities of its certificates (OpenID4VP 1.0 §6.1.1.1).
    #[must_use]
    pub fn authority_key_ids(&self) -> Vec<String> {
        self.sd_jwt.untrusted_authority_key_ids()
    }

    /// Where the claims stand that can be kept back, in the order of their Disclosures.
    pub fn disclosable(&self) -> impl Iterator<Item = &[PathSegment]> {
        self.places.iter()
    }

    /// Chooses the claims at `paths`, with whatever is needed to reach them and, for a claim that is an object or an
    /// array, all that is in it. Nothing else is chosen; open claims are always seen.
    ///
    /// # Errors
    /// [`Error::ClaimNotFound`] for a path that chooses nothing here.
    pub fn select<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p ClaimPath>,
    ) -> Result<Selection, Error> {
        let mut chosen = BTreeSet::new();
        for path in paths {
            let missing = |_| Error::ClaimNotFound { path: path.to_string() };
            if path.segments().contains(&PathSegment::Wildcard) {
                let found = path.select_located(self.claims(), &self.positions).map_err(missing)?;
                let locations = found.iter().map(|(location, _)| location.as_slice()).collect();
                self.choose_around_all(&locations, &mut chosen);
            } else if !self.choose_around(path.segments(), &mut chosen) {
                // No Disclosure is at or below it: it may be open, or inside a claim that was just chosen.
                path.select_in(self.claims(), &self.positions).map_err(missing)?;
            }
        }
        Ok(Selection { indices: chosen })
    }

    /// Chooses what is on the way to `location`, that claim itself, and what is inside it. Tells whether a Disclosure
    /// is the claim or lies inside it, which shows that the claim exists.
    ///
    /// What a Disclosure's digest stands in has a place above it, so it is chosen along.
    fn choose_around(&self, location: &[PathSegment], chosen: &mut BTreeSet<usize>) -> bool {
        let mut exists = false;
        for (index, place) in self.places.iter().enumerate() {
            let inside = place.starts_with(location);
            exists |= inside;
            if inside || location.starts_with(place) {
                chosen.insert(index);
            }
        }
        exists
    }

    /// The same for many locations at once: each Disclosure looks itself up among them.
    fn choose_around_all(
        &self,
        locations: &BTreeSet<&[PathSegment]>,
        chosen: &mut BTreeSet<usize>,
    ) {
        for (index, place) in self.places.iter().enumerate() {
            let from = (Bound::Included(place), Bound::Unbounded);
            let next = locations.range::<[PathSegment], _>(from).next();
            let leads_to_one = next.is_some_and(|next| next.starts_with(place));
            let mut heads = (0..place.len()).filter_map(|length| place.get(..length));
            if leads_to_one || heads.any(|head| locations.contains(head)) {
                chosen.insert(index);
            }
        }
    }

    /// Where the chosen claims stand: exactly what a verifier will see beyond the open claims.
    pub fn selected<'s>(
        &'s self,
        selection: &'s Selection,
    ) -> impl Iterator<Item = &'s [PathSegment]> {
        selection.indices.iter().filter_map(|index| self.places.location(*index))
    }

    /// The presentation of `selection`, still without key binding.
    pub fn present(&self, selection: &Selection) -> UnboundPresentation {
        let disclosures = self.sd_jwt.encoded_disclosures().as_slice();
        let chosen = || selection.indices.iter().filter_map(|index| disclosures.get(*index));
        let length = self.issuer_jwt.len() + 1 + chosen().map(|text| text.len() + 1).sum::<usize>();
        let mut text = String::with_capacity(length + KEY_BINDING_ROOM);
        text.push_str(self.issuer_jwt);
        text.push('~');
        for disclosure in chosen() {
            text.push_str(disclosure);
            text.push('~');
        }
        UnboundPresentation { text, hash: self.hash, holder_key: self.holder_key }
    }
}

/// What a KB-JWT usually takes, so that appending it does not move the presentation.
const KEY_BINDING_ROOM: usize = 512;

impl std::fmt::Debug for Held<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").field("disclosable", &self.places.len()).finish_non_exhaustive()
    }
}

/// Claims chosen from one [`Held`], closed under what is needed to reach them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Selection {
    indices: BTreeSet<usize>,
}

/// A presentation to which no key is bound yet.
#[must_use = "a presentation is made to be sent"]
pub struct UnboundPresentation {
    text: String,
    hash: HashAlgorithm,
    holder_key: Option<RawKey>,
}

impl UnboundPresentation {
    /// Sends it as it is, for a verifier that asks for no key binding.
    #[must_use]
    pub fn without_key_binding(self) -> String {
        self.text
    }

    /// Binds it to one question. What is signed covers exactly the text that will be sent.
    ///
    /// `algorithm` is the name to write in the header; `None` writes the usual one of the key.
    ///
    /// # Errors
    /// [`Error::ConfirmationMissing`] if the credential has no holder key, [`SignerError::KeyMismatch`] if that key
    /// does not go by `algorithm`.
    pub fn bind(
        self,
        audience: &str,
        nonce: &str,
        issued_at: UnixTime,
        algorithm: Option<JwsAlgorithm>,
    ) -> Result<UnsignedPresentation, Error> {
        let key = self.holder_key.ok_or(Error::ConfirmationMissing)?;
        let algorithm = algorithm.unwrap_or(key.kind().default_algorithm());
        if !key.kind().signs_as(algorithm) {
            return Err(SignerError::KeyMismatch.into());
        }
        let header = format!(r#"{{"alg":"{}","typ":"kb+jwt"}}"#, algorithm.name());
        let payload = format!(
            r#"{{"iat":{issued_at},"aud":{},"nonce":{},"sd_hash":"{}"}}"#,
            Value::from(audience),
            Value::from(nonce),
            self.hash.digest(&self.text).as_str(),
        );
        let signing_input = jws::signing_input(&header, &payload);
        Ok(UnsignedPresentation { text: self.text, signing_input, key })
    }
}

impl std::fmt::Debug for UnboundPresentation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnboundPresentation").finish_non_exhaustive()
    }
}

/// A presentation that waits for the holder's signature.
#[must_use = "an unsigned presentation proves nothing"]
pub struct UnsignedPresentation {
    text: String,
    signing_input: String,
    key: RawKey,
}

impl UnsignedPresentation {
    /// The bytes that the key in `cnf` must sign.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// The key that must sign them, decoded.
    ///
    /// # Errors
    /// [`Error::Jwk`] if what stands in `cnf` is no point of its curve.
    pub fn key(&self) -> Result<PublicKey, Error> {
        self.key.decode()
    }

    /// Whether `key` is the one that must sign them.
    #[must_use]
    pub fn is_for(&self, key: &PublicKey) -> bool {
        RawKey::of(key) == self.key
    }

    /// Signs and finishes.
    ///
    /// # Errors
    /// [`Error::Signer`], with [`SignerError::KeyMismatch`] if the signer's key is not the one in `cnf`.
    pub fn sign(self, signer: &dyn Signer) -> Result<String, Error> {
        if !self.is_for(&signer.public_key()) {
            return Err(SignerError::KeyMismatch.into());
        }
        let signature = signer.sign(self.signing_input())?;
        Ok(self.finish(&signature))
    }

    /// Finishes with a signature made elsewhere, after checking it under the key in `cnf`.
    ///
    /// # Errors
    /// [`Error::Signature`] if it is not that key's signature over these bytes.
    pub fn attach(self, signature: &Signature) -> Result<String, Error> {
        self.key.decode()?.verify(self.signing_input(), signature, Part::KeyBinding)?;
        Ok(self.finish(signature))
    }

    fn finish(self, signature: &Signature) -> String {
        let mut text = self.text;
        text.push_str(&self.signing_input);
        jws::append_signature(&mut text, signature);
        text
    }
}

impl std::fmt::Debug for UnsignedPresentation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnsignedPresentation")
            .field("kind", &self.key.kind())
            .finish_non_exhaustive()
    }
}
