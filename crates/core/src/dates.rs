//! `exp`, `nbf` and `iat` (RFC 7519 §4.1), read from what is left after processing, never from the raw payload.

use serde_json::{Map, Number, Value};

use crate::json::{Json, Members, member};
use crate::{Error, UnixTime};

/// A NumericDate as whole seconds, rounded down and rounded up: a fraction may shorten a validity, never stretch it.
pub(crate) fn seconds(number: &Number, claim: &'static str) -> Result<(UnixTime, UnixTime), Error> {
    let malformed = Error::DateMalformed { claim };
    let (floor, ceil) = match (number.as_i64(), number.as_f64()) {
        (Some(secs), _) => (secs, secs),
        (None, Some(secs)) => {
            // What an i64 cannot hold becomes its greatest or least value, which is out of range below.
            #[expect(clippy::cast_possible_truncation)]
            (secs.floor() as i64, secs.ceil() as i64)
        }
        (None, None) => return Err(malformed),
    };
    if ceil > UnixTime::MAX.as_secs() || floor < -UnixTime::MAX.as_secs() {
        return Err(malformed);
    }
    Ok((UnixTime::from_secs(floor), UnixTime::from_secs(ceil)))
}

fn check(
    exp: Option<Option<&Number>>,
    nbf: Option<Option<&Number>>,
    now: UnixTime,
    skew_secs: u32,
) -> Result<Option<UnixTime>, Error> {
    let mut expires = None;
    if let Some(exp) = exp {
        let (expired_at, _) = seconds(exp.ok_or(Error::DateMalformed { claim: "exp" })?, "exp")?;
        // "On or after" (RFC 7519 §4.1.4). No skew: a verifier that wants grace says so in `now`.
        if now >= expired_at {
            return Err(Error::Expired { now, expired_at });
        }
        expires = Some(expired_at);
    }
    if let Some(nbf) = nbf {
        let (_, valid_from) = seconds(nbf.ok_or(Error::DateMalformed { claim: "nbf" })?, "nbf")?;
        if now.plus_secs(i64::from(skew_secs)) < valid_from {
            return Err(Error::NotYetValid { now, valid_from });
        }
    }
    Ok(expires)
}

/// Checks the dates of processed claims; gives back `exp`.
pub(crate) fn check_claims(
    claims: &Map<String, Value>,
    now: UnixTime,
    skew_secs: u32,
) -> Result<Option<UnixTime>, Error> {
    let date = |name| claims.get(name).map(Value::as_number);
    let expires = check(date("exp"), date("nbf"), now, skew_secs)?;
    // When it was issued decides nothing, but a reader must find a date there (RFC 7519 §4.1.6).
    if let Some(iat) = date("iat") {
        seconds(iat.ok_or(Error::DateMalformed { claim: "iat" })?, "iat")?;
    }
    Ok(expires)
}

/// Checks the dates of a JWT that has no Disclosures.
pub(crate) fn check_members(
    members: &Members<'_>,
    now: UnixTime,
    skew_secs: u32,
) -> Result<Option<UnixTime>, Error> {
    let date = |name| {
        member(members, name).map(|json| match json {
            Json::Number(number) => Some(number),
            _ => None,
        })
    };
    check(date("exp"), date("nbf"), now, skew_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(claims: Value, now: i64) -> Result<Option<UnixTime>, &'static str> {
        let now = UnixTime::from_secs(now);
        check_claims(claims.as_object().unwrap(), now, 60).map_err(|error| error.code())
    }

    #[test]
    fn refuses_from_the_very_second_of_exp_on() {
        assert_eq!(run(json!({"exp": 100}), 99), Ok(Some(UnixTime::from_secs(100))));
        assert_eq!(run(json!({"exp": 100}), 100), Err("expired"));
        assert_eq!(run(json!({"exp": 100.9}), 100), Err("expired"));
        assert_eq!(run(json!({"exp": -5}), 0), Err("expired"));
    }

    #[test]
    fn refuses_before_nbf_less_the_skew() {
        assert_eq!(run(json!({"nbf": 160}), 100), Ok(None));
        assert_eq!(run(json!({"nbf": 161}), 100), Err("not_yet_valid"));
        assert_eq!(run(json!({"nbf": 160.5}), 100), Err("not_yet_valid"));
    }

    #[test]
    fn takes_dates_up_to_the_ends_of_the_calendar() {
        let last = UnixTime::MAX.as_secs();
        assert_eq!(run(json!({"exp": last}), 0), Ok(Some(UnixTime::MAX)));
        assert_eq!(run(json!({"nbf": -last}), 0), Ok(None));
    }

    #[test]
    fn refuses_dates_that_are_no_dates() {
        for exp in [
            json!("9"),
            json!(null),
            json!([9]),
            json!(1e300),
            json!(-1e300),
            json!(253_402_300_800_i64),
            json!(-253_402_300_800_i64),
            json!(253_402_300_799.5),
            json!(-253_402_300_799.5),
            json!(u64::MAX),
        ] {
            assert_eq!(run(json!({ "exp": exp }), 0), Err("date_malformed"));
            assert_eq!(run(json!({ "nbf": exp }), 0), Err("date_malformed"));
            assert_eq!(run(json!({ "iat": exp }), 0), Err("date_malformed"));
        }
    }
}
