//! Whether a batch could be used to recognise its holder: the issuer is watched, too.
//!
//! Everything that a verifier will see must be one of three things: random in each copy, the same for everybody as
//! far as can be told, or chosen by the holder at the time. One batch cannot show what other people received; what it
//! can show is looked at here. `iss`, `vct` and `kid` need no look: the trust list fixes their values. Of certificates
//! it fixes less; that they are the same in all copies is what can be asked.

use std::collections::BTreeSet;
use std::sync::Arc;

use llavero_core::path::Location;
use llavero_core::trust::{IssuerKeys, TrustedIssuer};
use llavero_core::type_metadata::TypeMetadata;
use llavero_core::{SECONDS_PER_DAY, UntrustedContents, Verified};
use llavero_mexico::{CredentialType, Language};
use serde_json::{Map, Value};

/// Why a batch is refused: it would let verifiers, or the issuer with them, recognise the holder.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LintRefusal {
    /// The copies do not hold the same claims.
    #[error("the copies do not say the same")]
    ClaimsDiffer,
    /// `cnf` holds more than the key.
    #[error("\"cnf\" holds more than a key")]
    CnfExtra,
    /// A date is not the start of a UTC day.
    #[error("the date \"{claim}\" is not a whole day")]
    DateNotWholeDay {
        /// Which date.
        claim: &'static str,
    },
    /// One digest is in two copies.
    #[error("two copies share a digest")]
    DigestShared,
    /// The headers of the copies differ.
    #[error("the headers of the copies differ")]
    HeaderDiffers,
    /// A header holds something besides `alg`, `typ`, `kid` and certificates that were asked for.
    #[error("a header holds more than is needed")]
    HeaderExtra,
    /// A claim that names the person or the issue is always visible.
    #[error("the claim \"{claim}\" is always visible and identifies")]
    IdentifierOpen {
        /// Which claim.
        claim: &'static str,
    },
    /// The copies are not laid out alike: other digests per level, other claims that can be hidden.
    #[error("the copies are laid out differently")]
    LayoutDiffers,
    /// An always visible claim, none of the usual, has a value that few people share.
    #[error("an unknown claim is always visible and looks unique")]
    OpenClaimUnique,
    /// A salt is shorter than 128 bits in base64url.
    #[error("a salt is too short")]
    SaltShort,
    /// One salt is used twice.
    #[error("a salt is used twice")]
    SaltShared,
    /// Two copies share a position in a status list.
    #[error("two copies share a status position")]
    StatusIndexShared,
    /// `status` is not exactly a position in a status list.
    #[error("\"status\" is not a position in a status list")]
    StatusMalformed,
}

impl LintRefusal {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ClaimsDiffer => "lint_claims_differ",
            Self::CnfExtra => "lint_cnf_extra",
            Self::DateNotWholeDay { .. } => "lint_date_not_whole_day",
            Self::DigestShared => "lint_digest_shared",
            Self::HeaderDiffers => "lint_header_differs",
            Self::HeaderExtra => "lint_header_extra",
            Self::IdentifierOpen { .. } => "lint_identifier_open",
            Self::LayoutDiffers => "lint_layout_differs",
            Self::OpenClaimUnique => "lint_open_claim_unique",
            Self::SaltShort => "lint_salt_short",
            Self::SaltShared => "lint_salt_shared",
            Self::StatusIndexShared => "lint_status_index_shared",
            Self::StatusMalformed => "lint_status_malformed",
        }
    }
}

/// What is odd about a batch and does not stop it from being received.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LintWarning {
    /// The copies never expire, so that only a status list could end them.
    NoExpiry,
    /// A claim that is none of the usual is always visible.
    OpenClaim,
    /// One copy only: the second use needs another batch.
    SingleCopy,
    /// The positions in the status list follow each other.
    StatusIndexRun,
    /// The address of the status list has room for a mark: a query, or a long or numbered part.
    StatusUriUnusual,
    /// The copies' texts are not all of one length.
    TextLengthDiffers,
}

impl LintWarning {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoExpiry => "lint_no_expiry",
            Self::OpenClaim => "lint_open_claim",
            Self::SingleCopy => "lint_single_copy",
            Self::StatusIndexRun => "lint_status_index_run",
            Self::StatusUriUnusual => "lint_status_uri_unusual",
            Self::TextLengthDiffers => "lint_text_length_differs",
        }
    }

    /// A sentence to show.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::NoExpiry, Language::EsMx) => "La credencial no vence nunca.",
            (Self::NoExpiry, _) => "The credential never expires.",
            (Self::OpenClaim, Language::EsMx) => {
                "Cada uso muestra un dato que no suele mostrarse siempre."
            }
            (Self::OpenClaim, _) => "Each use shows a claim that is not usually always shown.",
            (Self::SingleCopy, Language::EsMx) => "Hay una sola copia: sirve para un solo uso.",
            (Self::SingleCopy, _) => "There is one copy only: it serves for one use.",
            (Self::StatusIndexRun, Language::EsMx) => {
                "Las posiciones de las copias en la lista de estado son seguidas: delatan que van juntas."
            }
            (Self::StatusIndexRun, _) => {
                "The copies' positions in the status list follow each other: they show what belongs together."
            }
            (Self::StatusUriUnusual, Language::EsMx) => {
                "La dirección de la lista de estado podría llevar una marca de la persona."
            }
            (Self::StatusUriUnusual, _) => {
                "The address of the status list could carry a mark of the person."
            }
            (Self::TextLengthDiffers, Language::EsMx) => {
                "Las copias no tienen todas el mismo largo, lo que ayuda a distinguirlas."
            }
            (Self::TextLengthDiffers, _) => {
                "The copies are not all of one length, which helps to tell them apart."
            }
        }
    }
}

/// A copy whose signature has been checked, with the raw contents that a verifier would see.
pub(crate) struct Copy<'t> {
    pub(crate) contents: UntrustedContents,
    pub(crate) verified: Verified,
    pub(crate) issuer: &'t TrustedIssuer,
    pub(crate) type_metadata: Option<Arc<TypeMetadata>>,
    pub(crate) text_len: usize,
}

/// Looks at all copies of a batch together.
pub(crate) fn check(copies: &[Copy<'_>]) -> Result<Vec<LintWarning>, LintRefusal> {
    let mut batch = Batch::default();
    let mut first = None;
    for copy in copies {
        let seen = batch.look_at(copy)?;
        match &first {
            None => first = Some(seen),
            Some(first) => first.compare(&seen)?,
        }
    }
    Ok(batch.warnings(copies, first.is_some_and(|first| first.odd_open_claim)))
}

/// What must not occur twice in a batch.
#[derive(Default)]
struct Batch<'c> {
    digests: BTreeSet<&'c str>,
    salts: BTreeSet<&'c str>,
    status_indices: BTreeSet<u64>,
}

/// What must be the same in every copy.
struct Common<'c> {
    header: &'c Value,
    claims: Value,
    payload: Value,
    places: Vec<Location>,
    odd_open_claim: bool,
}

impl Common<'_> {
    fn compare(&self, other: &Self) -> Result<(), LintRefusal> {
        if self.header != other.header {
            return Err(LintRefusal::HeaderDiffers);
        }
        if self.claims != other.claims {
            return Err(LintRefusal::ClaimsDiffer);
        }
        let same_layout = self.payload == other.payload && self.places == other.places;
        if same_layout { Ok(()) } else { Err(LintRefusal::LayoutDiffers) }
    }
}

impl<'c> Batch<'c> {
    fn look_at(&mut self, copy: &'c Copy<'_>) -> Result<Common<'c>, LintRefusal> {
        let Copy { contents, verified, issuer, .. } = copy;
        check_header(&contents.header, issuer)?;
        check_dates(verified)?;
        check_cnf(verified)?;
        if let Some(index) = status_index(verified.claims())?
            && !self.status_indices.insert(index)
        {
            return Err(LintRefusal::StatusIndexShared);
        }
        if verified.shortest_salt().is_some_and(|length| length < MIN_SALT_CHARS) {
            return Err(LintRefusal::SaltShort);
        }
        self.collect_salts(&contents.disclosures)?;
        self.collect_digests(&contents.payload)?;
        for disclosure in &contents.disclosures {
            self.collect_digests(disclosure)?;
        }
        let mut claims = verified.claims().clone();
        without_random_parts(&mut claims);
        let mut payload = contents.payload.clone();
        without_random_parts(&mut payload);
        without_digests(&mut payload);
        Ok(Common {
            header: &contents.header,
            claims,
            odd_open_claim: check_open_claims(&payload)?
                | check_integrity(copy)?
                | check_other_names(copy)?,
            payload,
            places: verified.disclosed().map(<[_]>::to_vec).collect(),
        })
    }

    fn collect_salts(&mut self, disclosures: &'c [Value]) -> Result<(), LintRefusal> {
        for salt in disclosures.iter().filter_map(|disclosure| disclosure.get(0)?.as_str()) {
            if !self.salts.insert(salt) {
                return Err(LintRefusal::SaltShared);
            }
        }
        Ok(())
    }

    /// Within one token no digest occurs twice, so a second sighting is in another copy.
    fn collect_digests(&mut self, value: &'c Value) -> Result<(), LintRefusal> {
        match value {
            Value::Object(members) => {
                let hidden = members.get("_sd").and_then(Value::as_array);
                let listed = hidden.into_iter().flatten().chain(members.get("..."));
                for digest in listed.filter_map(Value::as_str) {
                    if !self.digests.insert(digest) {
                        return Err(LintRefusal::DigestShared);
                    }
                }
                members.values().try_for_each(|value| self.collect_digests(value))
            }
            Value::Array(items) => items.iter().try_for_each(|item| self.collect_digests(item)),
            _ => Ok(()),
        }
    }

    fn warnings(&self, copies: &[Copy<'_>], odd_open_claim: bool) -> Vec<LintWarning> {
        let mut lengths = copies.iter().map(|copy| copy.text_len);
        let first = lengths.next();
        let indices = || self.status_indices.iter();
        let run =
            indices().zip(indices().skip(1)).any(|(one, next)| one.checked_add(1) == Some(*next));
        let found = [
            (copies.iter().any(|copy| copy.verified.expires().is_none()), LintWarning::NoExpiry),
            (odd_open_claim, LintWarning::OpenClaim),
            (copies.len() == 1, LintWarning::SingleCopy),
            (run, LintWarning::StatusIndexRun),
            (
                copies.iter().any(|copy| has_unusual_status_uri(copy.verified.claims())),
                LintWarning::StatusUriUnusual,
            ),
            (lengths.any(|length| Some(length) != first), LintWarning::TextLengthDiffers),
        ];
        found.into_iter().filter_map(|(found, warning)| found.then_some(warning)).collect()
    }
}

/// 128 bits in base64url (RFC 9901 §9.3).
const MIN_SALT_CHARS: usize = 22;

/// Any further member could be one per holder, and nobody vouches for its value. Certificates have been validated
/// only where the trust list asks for them.
fn check_header(header: &Value, issuer: &TrustedIssuer) -> Result<(), LintRefusal> {
    let certified = matches!(issuer.keys, IssuerKeys::Certified(_));
    let known = |name: &String| {
        ["alg", "typ", "kid"].contains(&name.as_str()) || (certified && name == "x5c")
    };
    let plain = header.as_object().is_some_and(|header| header.keys().all(known));
    if plain { Ok(()) } else { Err(LintRefusal::HeaderExtra) }
}

/// `exp` and `nbf` are always visible; a time of day in them tells one issue from another.
fn check_dates(verified: &Verified) -> Result<(), LintRefusal> {
    for claim in ["exp", "nbf"] {
        let whole_day =
            |date: &Value| date.as_i64().is_some_and(|secs| secs % SECONDS_PER_DAY == 0);
        if verified.claim(claim).is_some_and(|date| !whole_day(date)) {
            return Err(LintRefusal::DateNotWholeDay { claim });
        }
    }
    Ok(())
}

/// The key itself is random in each copy; a name beside it need not be.
fn check_cnf(verified: &Verified) -> Result<(), LintRefusal> {
    let Some(cnf) = verified.claim("cnf") else { return Ok(()) };
    let expected = verified.holder_key().map(|key| key.to_jwk());
    let plain =
        cnf.as_object().is_some_and(|cnf| cnf.len() == 1) && cnf.get("jwk") == expected.as_ref();
    if plain { Ok(()) } else { Err(LintRefusal::CnfExtra) }
}

/// The position of a copy in a status list, if it has a status.
fn status_index(claims: &Value) -> Result<Option<u64>, LintRefusal> {
    let Some(status) = claims.get("status") else { return Ok(None) };
    let only = |value: &Value, count| value.as_object().is_some_and(|object| object.len() == count);
    let list = status.get("status_list").filter(|list| only(status, 1) && only(list, 2));
    let list = list.filter(|list| list.get("uri").is_some_and(Value::is_string));
    let index = list.and_then(|list| list.get("idx")).and_then(Value::as_u64);
    index.map(Some).ok_or(LintRefusal::StatusMalformed)
}

/// Whether the address of the status list has room for a mark of one person. One batch cannot show that it has one:
/// that takes a comparison with what others were given.
fn has_unusual_status_uri(claims: &Value) -> bool {
    let uri = claims.pointer("/status/status_list/uri").and_then(Value::as_str);
    uri.is_some_and(|uri| {
        let path = uri.strip_prefix("https://").and_then(|rest| rest.split_once('/'));
        let Some((_, path)) = path else { return true };
        let digits = |part: &str| part.chars().filter(char::is_ascii_digit).count();
        path.contains(['?', '#'])
            || path.split('/').any(|part| part.len() >= UNIQUE_PATH_CHARS)
            || digits(path) >= UNIQUE_PATH_DIGITS
    })
}

/// Shortest part of an address that is taken for a mark: 128 bits in base64url have 22, a UUID has 36.
const UNIQUE_PATH_CHARS: usize = 20;

/// A year, a week and a number of a list have fewer digits.
const UNIQUE_PATH_DIGITS: usize = 9;

/// Takes out what should differ between copies: the key and the status position.
fn without_random_parts(payload: &mut Value) {
    if let Some(payload) = payload.as_object_mut() {
        payload.remove("cnf");
    }
    if let Some(list) = payload.pointer_mut("/status/status_list").and_then(Value::as_object_mut) {
        list.remove("idx");
    }
}

/// Replaces digests by their number, so that only the layout is left.
fn without_digests(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(digests) = members.get_mut("_sd") {
                *digests = digests.as_array().map_or(0, Vec::len).into();
            }
            if let Some(digest) = members.get_mut("...") {
                *digest = Value::Null;
            }
            members.values_mut().for_each(without_digests);
        }
        Value::Array(items) => items.iter_mut().for_each(without_digests),
        _ => {}
    }
}

/// Claims that each presentation shows and whose values are checked elsewhere or shared by a country.
const USUAL_OPEN_CLAIMS: [&str; 10] = [
    "_sd",
    "_sd_alg",
    "aka_vcts",
    "exp",
    "iss",
    "issuing_country",
    "nbf",
    "status",
    "vct",
    "vct#integrity",
];

/// Refuses open claims that identify; tells whether there are others that are not among the usual.
fn check_open_claims(payload: &Value) -> Result<bool, LintRefusal> {
    let empty = Map::new();
    let members = payload.as_object().unwrap_or(&empty);
    if let Some(claim) =
        ["iat", "jti", "sub"].into_iter().find(|claim| members.contains_key(*claim))
    {
        return Err(LintRefusal::IdentifierOpen { claim });
    }
    // A type whose table is known has no other open claims, so one more says something about its holder.
    let vct = members.get("vct").and_then(Value::as_str).unwrap_or_default();
    let known = CredentialType::from_vct(vct).is_some();
    let mut odd = false;
    for (name, value) in members {
        if USUAL_OPEN_CLAIMS.contains(&name.as_str()) {
            continue;
        }
        let mut leaves = 0;
        let unique = looks_unique(name, value, &mut leaves);
        if unique || leaves > MAX_OPEN_LEAVES || (known && leaves > 0) {
            return Err(LintRefusal::OpenClaimUnique);
        }
        odd |= leaves > 0;
    }
    Ok(odd)
}

/// Refuses a `vct#integrity` that says more than which document is meant: further expressions and options would not be
/// looked at, and have room for a mark. Without a document nobody knows what the hash is of: that is odd.
fn check_integrity(copy: &Copy<'_>) -> Result<bool, LintRefusal> {
    let Some(integrity) = copy.verified.claim("vct#integrity") else { return Ok(false) };
    if copy.type_metadata.is_none() {
        return Ok(true);
    }
    let plain = |text: &str| !text.contains('?') && !text.contains(char::is_whitespace);
    if integrity.as_str().is_some_and(plain) {
        Ok(false)
    } else {
        Err(LintRefusal::OpenClaimUnique)
    }
}

/// `aka_vcts` may hold any names. Those that the trust list lets this issuer use are shared by all its holders; another is
/// odd, and has no place in the types whose tables are known.
fn check_other_names(copy: &Copy<'_>) -> Result<bool, LintRefusal> {
    let names = copy.verified.claim("aka_vcts").and_then(Value::as_array);
    let on_the_list = |name: &Value| copy.issuer.types.iter().any(|known| name == known.as_str());
    let known = copy.verified.credential_type().and_then(CredentialType::from_vct).is_some();
    match names.is_some_and(|names| !names.iter().all(on_the_list)) {
        true if known => Err(LintRefusal::OpenClaimUnique),
        odd => Ok(odd),
    }
}

/// A few yes-or-no values are shared by many; dozens of them are a fingerprint.
const MAX_OPEN_LEAVES: usize = 4;

/// Shortest text that is taken for one of its kind. Codes of countries, states and languages are shorter.
const UNIQUE_CHARS: usize = 9;

/// Digits that make a number out of a register: a postal code has as many.
const UNIQUE_DIGITS: usize = 5;

fn looks_unique(name: &str, value: &Value, leaves: &mut usize) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count() >= UNIQUE_DIGITS;
    let unique = |text: &str| text.chars().count() >= UNIQUE_CHARS || digits(text);
    match value {
        // A number of digests, or a place for one: layout, not a value.
        _ if matches!(name, "_sd" | "...") => false,
        Value::Object(members) => {
            members.iter().any(|(name, value)| looks_unique(name, value, leaves))
        }
        Value::Array(items) => items.iter().any(|item| looks_unique(name, item, leaves)),
        leaf => {
            *leaves += 1;
            digits(name)
                || match leaf {
                    Value::String(text) => unique(text),
                    Value::Number(number) => unique(&number.to_string()),
                    _ => false,
                }
        }
    }
}
