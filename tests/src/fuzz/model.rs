//! Second readings of what stands around the claims: header, dates, digests. Nothing is shared with the engine but the
//! strict reader of JSON, which the target `json` compares with another.

use llavero_core::{Part, json};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::reference;
use crate::token;
use crate::world::NOW;

/// The skew of every policy here.
pub(crate) const SKEW_SECS: u32 = 60;

/// A JSON object, read strictly.
pub(crate) fn object(text: &[u8]) -> Option<Map<String, Value>> {
    match json::from_slice(text, Part::IssuerJwt) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// The digest in base64url under the algorithm that a payload declares; SHA-256 if it declares none, or none of ours.
pub(crate) fn digest(algorithm: Option<&str>, text: &str) -> String {
    match algorithm {
        Some("sha-384") => token::encode(Sha384::digest(text)),
        Some("sha-512") => token::encode(Sha512::digest(text)),
        _ => token::encode(Sha256::digest(text)),
    }
}

/// What the specification makes of a payload and its Disclosures, by a reading that shares nothing with the engine's.
pub(crate) fn claims(payload: &[u8], disclosures: &[&str]) -> Option<Value> {
    let payload = object(payload)?;
    let algorithm = payload.get("_sd_alg").and_then(Value::as_str).map(str::to_owned);
    let decoded = disclosures.iter().map(|text| {
        let json = json::from_slice(&token::decode(text)?, Part::Disclosure(0)).ok()?;
        Some((digest(algorithm.as_deref(), text), json))
    });
    reference::processed(&payload.into(), &decoded.collect::<Option<Vec<_>>>()?)
}

/// Whether a header may stand over a signature by a key that goes by `algorithms`, and says `typ` if one is asked for.
/// `None` for an algorithm that is written with escapes: no honest issuer writes that, and nobody need read it.
pub(crate) fn header(text: &[u8], algorithms: &[&str], typ: Option<&str>) -> Option<bool> {
    let Some(header) = object(text) else { return Some(false) };
    let critical = header.contains_key("crit") || header.contains_key("b64");
    let odd_key_id = header.get("kid").is_some_and(|kid| !kid.is_string());
    let member = |name| header.get(name).and_then(Value::as_str);
    let right = !critical
        && !odd_key_id
        && member("alg").is_some_and(|name| algorithms.contains(&name))
        && typ.is_none_or(|typ| member("typ") == Some(typ));
    if right && text.contains(&b'\\') { None } else { Some(right) }
}

/// The last second that may stand in a date.
const LAST: i64 = 253_402_300_799;

/// A date rounded down and rounded up.
pub(crate) fn date(value: &Value) -> Option<(i64, i64)> {
    let range = -LAST..=LAST;
    if let Some(secs) = value.as_i64() {
        return range.contains(&secs).then_some((secs, secs));
    }
    let secs = value.as_f64().filter(|secs| (-LAST as f64..=LAST as f64).contains(secs))?;
    #[expect(clippy::cast_possible_truncation, reason = "it is in the range")]
    Some((secs.floor() as i64, secs.ceil() as i64))
}

/// Whether `exp` and `nbf`, where they are, allow the time at which everything here happens, and `iat` is a date.
pub(crate) fn dates_allow(claims: &Map<String, Value>) -> bool {
    let now = NOW.as_secs();
    let skew = i64::from(SKEW_SECS);
    claims.get("iat").is_none_or(|iat| date(iat).is_some())
        && claims.get("exp").is_none_or(|exp| date(exp).is_some_and(|(down, _)| now < down))
        && claims.get("nbf").is_none_or(|nbf| date(nbf).is_some_and(|(_, up)| up <= now + skew))
}

/// Panics if something of how claims were hidden is left in them.
pub(crate) fn assert_no_trace(claims: &Value) {
    match claims {
        Value::Object(members) => {
            for (name, value) in members {
                assert!(!["_sd", "...", "_sd_alg"].contains(&name.as_str()), "{name} is left");
                assert_no_trace(value);
            }
        }
        Value::Array(items) => items.iter().for_each(assert_no_trace),
        _ => {}
    }
}

/// Characters that control, turn the direction of text, or are not seen: by their ranges in Unicode, not by the
/// engine's list.
pub(crate) fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c), 0xad | 0x61c | 0x115f | 0x1160 | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x2800 | 0x3164 | 0xfeff | 0xffa0 | 0xfff9..=0xfffb | 0xe0000..=0xe007f)
}
