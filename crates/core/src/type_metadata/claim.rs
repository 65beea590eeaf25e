//! What a type says of one claim (draft -19 §5.6).

use std::collections::BTreeSet;

use serde_json::Value;

use super::display::{self, Localized};
use super::document::{At, array, object, required_text, shown, text};
use super::{MAX_DESCRIPTION_CHARS, TypeMetadataError as Error};
use crate::path::ClaimPath;
use crate::request::MAX_TEXT_CHARS;

/// Whether an issuer makes a claim selectively disclosable (§5.6.4).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "the specification refuses any other value")]
pub enum SelectiveDisclosure {
    /// The issuer may.
    #[default]
    Allowed,
    /// The issuer must: the claim itself is a Disclosure, however its surroundings are.
    Always,
    /// The issuer must not, though the claim may be part of what is disclosed.
    Never,
}

/// What a type says of the claims at one path.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ClaimMetadata {
    /// Which claims are meant, in a credential with everything disclosed (§5.6.1).
    pub path: ClaimPath,
    /// Whether a credential must have at least one such claim (§5.6.3).
    pub mandatory: bool,
    /// Whether it is selectively disclosable.
    pub sd: SelectiveDisclosure,
    /// The name of the claim's placeholder in SVG templates, of letters, digits and `_`.
    pub svg_id: Option<String>,
    /// Labels, in the document's order. Those that could deceive the eye are not among them.
    pub display: Vec<ClaimDisplay>,
}

/// What to call a claim in one language (§5.6.2).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ClaimDisplay {
    /// A language tag (RFC 5646).
    pub locale: String,
    /// The claim's name for people.
    pub label: String,
    /// More about it.
    pub description: Option<String>,
}

impl Localized for ClaimDisplay {
    fn locale(&self) -> &str {
        &self.locale
    }
}

pub(super) fn read(entry: &Value, at: &At<'_>) -> Result<ClaimMetadata, Error> {
    let members = object(entry, at)?;
    let path = members.get("path").ok_or_else(|| at.member("path").malformed())?;
    let path = ClaimPath::from_json(path)
        .map_err(|fault| Error::Path { at: at.member("path").location(), fault })?;
    let mandatory = match members.get("mandatory") {
        None => false,
        Some(Value::Bool(mandatory)) => *mandatory,
        Some(_) => return Err(at.member("mandatory").malformed()),
    };
    let sd = match text(members, "sd", at)? {
        None | Some("allowed") => SelectiveDisclosure::Allowed,
        Some("always") => SelectiveDisclosure::Always,
        Some("never") => SelectiveDisclosure::Never,
        Some(_) => return Err(at.member("sd").malformed()),
    };
    let svg_id = text(members, "svg_id", at)?;
    if !svg_id.is_none_or(is_svg_id) {
        return Err(Error::SvgId { path });
    }
    let entries = array(members, "display", at)?.unwrap_or_default();
    let display = display::read_entries(entries, &at.member("display"), read_display)?;
    Ok(ClaimMetadata { path, mandatory, sd, svg_id: svg_id.map(str::to_owned), display })
}

fn read_display(entry: &Value, at: &At<'_>) -> Result<Option<ClaimDisplay>, Error> {
    let members = object(entry, at)?;
    let locale = display::read_locale(members, at)?;
    let label = required_text(members, "label", at)?;
    let description = shown(text(members, "description", at)?, MAX_DESCRIPTION_CHARS);
    let label = shown(Some(label), MAX_TEXT_CHARS);
    Ok(label.map(|label| ClaimDisplay { locale, label, description }))
}

fn is_svg_id(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Each `svg_id` belongs to one claim of the type.
pub(super) fn check_svg_ids(claims: &[ClaimMetadata]) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for claim in claims {
        if claim.svg_id.as_ref().is_some_and(|id| !seen.insert(id)) {
            return Err(Error::SvgId { path: claim.path.clone() });
        }
    }
    Ok(())
}
