//! Kinds `core`, `kb` and `sdjwtvc`: one token, one policy, accept or reject.

use llavero_core::{
    AlgorithmSet, Challenge, Error, Format, JwsAlgorithm, KeyBinding, Policy, PublicKey, SdJwt,
    UnixTime, jws_json,
};
use serde_json::Value;

use super::answer::Answer;
use super::{Unreadable, member, text};

/// An SD-JWT of any `typ`.
pub(super) fn any(input: &Value) -> Result<Answer, Unreadable> {
    answer(input, |_| Format::SdJwt { typ: None })
}

/// An SD-JWT VC of one of the types that the policy accepts, of any if it names none.
pub(super) fn vc(input: &Value) -> Result<Answer, Unreadable> {
    answer(input, |types| Format::SdJwtVc { types })
}

fn answer(
    input: &Value,
    format: impl for<'t> Fn(Option<&'t [&'t str]>) -> Format<'t>,
) -> Result<Answer, Unreadable> {
    Ok(Answer::of(verify(input, format)?.map_err(|error| error.code())))
}

/// The outer result is about the case, the inner about the token in it.
fn verify(
    case: &Value,
    format: impl for<'t> Fn(Option<&'t [&'t str]>) -> Format<'t>,
) -> Result<Result<Value, Error>, Unreadable> {
    let policy = member(case, "policy")?;
    let key = PublicKey::from_jwk(member(policy, "issuer_jwk")?)
        .map_err(|_| Unreadable("policy.issuer_jwk"))?;
    let algorithms = algorithms(policy)?;
    let now = policy.get("now").and_then(Value::as_i64).ok_or(Unreadable("policy.now"))?;
    let required = strings(policy, "required_claims")?.unwrap_or_default();
    let types = strings(policy, "accepted_vcts")?;
    let seconds = |name, default: u32| match policy.get(name) {
        None => Ok(default),
        Some(secs) => {
            secs.as_u64().and_then(|secs| u32::try_from(secs).ok()).ok_or(Unreadable("policy"))
        }
    };
    let binding = if policy.get("require_key_binding") == Some(&Value::Bool(true)) {
        KeyBinding::Require(Challenge {
            audience: text(policy, "expected_aud")?,
            nonce: text(policy, "expected_nonce")?,
            max_age_secs: seconds("kb_max_age_s", 300)?,
            algorithms,
        })
    } else {
        KeyBinding::Forbid
    };
    let policy = Policy {
        issuer_key: &key,
        issuer_algorithms: algorithms,
        issuer: None,
        format: format(types.as_deref()),
        binding,
        required_claims: &required,
        clock_skew_secs: seconds("clock_skew_s", 0)?,
    };
    let compact = match member(case, "input")? {
        Value::String(text) => Ok(text.clone()),
        json => jws_json::to_compact(json.to_string().as_bytes()),
    };
    let verified =
        compact.and_then(|text| SdJwt::parse(&text)?.verify(&policy, UnixTime::from_secs(now)));
    Ok(verified.map(|verified| verified.claims().clone()))
}

/// The allow-list, ES256 unless the case says otherwise. Names that are not ours cannot be allowed.
fn algorithms(policy: &Value) -> Result<AlgorithmSet, Unreadable> {
    let Some(names) = strings(policy, "allowed_algs")? else {
        return Ok(AlgorithmSet::of(&[JwsAlgorithm::Es256]));
    };
    let known: Vec<_> = names.into_iter().filter_map(JwsAlgorithm::from_name).collect();
    Ok(AlgorithmSet::of(&known))
}

fn strings<'v>(object: &'v Value, name: &'static str) -> Result<Option<Vec<&'v str>>, Unreadable> {
    let Some(list) = object.get(name) else { return Ok(None) };
    let strings = list.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    strings.map(Some).ok_or(Unreadable(name))
}
