//! What SD-JWT VC adds to SD-JWT (draft-ietf-oauth-sd-jwt-vc-19 §2.2).

use serde_json::{Map, Value};

use crate::Error;
use crate::path::PathSegment;
use crate::process::Places;

/// The media type in `typ`, in the one spelling that issuers must write (§2.2.1).
pub(crate) const TYP: &str = "dc+sd-jwt";

/// Claims that must never come from a Disclosure, nor any part of them (§2.2.2.3).
pub const PROTECTED_CLAIMS: [&str; 8] =
    ["aka_vcts", "cnf", "exp", "iss", "nbf", "status", "vct", "vct#integrity"];

/// The protected claim of that name.
pub(crate) fn protected(name: &str) -> Option<&'static str> {
    PROTECTED_CLAIMS.into_iter().find(|claim| *claim == name)
}

/// Refuses a protected claim, or a part of one, that was selectively disclosable.
pub(crate) fn check_places(places: &Places) -> Result<(), Error> {
    for location in places.iter() {
        if let Some(PathSegment::Name(top)) = location.first()
            && let Some(claim) = protected(top)
        {
            return Err(Error::ProtectedClaim { claim });
        }
    }
    Ok(())
}

/// Checks the shape of the type claims and that one of `accepted` is among them.
pub(crate) fn check_claims(
    claims: &Map<String, Value>,
    accepted: Option<&[&str]>,
) -> Result<(), Error> {
    let vct = claims.get("vct").and_then(Value::as_str).ok_or(Error::Vct)?;
    let also = also_known_as(claims, vct)?;
    if vct.is_empty() {
        return Err(Error::Vct);
    }
    if let Some(accepted) = accepted {
        let known = |name: &str| accepted.contains(&name);
        if !known(vct) && !also.iter().filter_map(Value::as_str).any(known) {
            return Err(Error::Vct);
        }
    }
    for claim in ["cnf", "status"] {
        if claims.get(claim).is_some_and(|value| !value.is_object()) {
            return Err(Error::VcClaimMalformed { claim });
        }
    }
    if claims.get("iss").is_some_and(|iss| !iss.is_string()) {
        return Err(Error::VcClaimMalformed { claim: "iss" });
    }
    Ok(())
}

/// `aka_vcts`: absent, or a non-empty array of names none of which is `vct` (§2.2.2.2).
fn also_known_as<'c>(claims: &'c Map<String, Value>, vct: &str) -> Result<&'c [Value], Error> {
    let Some(also) = claims.get("aka_vcts") else { return Ok(&[]) };
    let names = also.as_array().filter(|names| !names.is_empty()).ok_or(Error::Vct)?;
    let well_formed =
        |name: &Value| name.as_str().is_some_and(|name| !name.is_empty() && name != vct);
    if names.iter().all(well_formed) { Ok(names) } else { Err(Error::Vct) }
}
