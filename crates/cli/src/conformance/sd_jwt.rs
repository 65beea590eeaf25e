//! Kinds `core`, `kb`, `sdjwtvc` and `x5c`: one token, one policy, accept or reject.

use llavero_core::trust::TrustList;
use llavero_core::{
    AlgorithmSet, Challenge, Error, Format, JwsAlgorithm, KeyBinding, Policy, PublicKey, SdJwt,
    UnixTime, Verified, jws_json,
};
use serde_json::{Value, json};

use super::answer::Answer;
use super::{Unreadable, member, text};

/// An SD-JWT of any `typ`.
pub(super) fn any(input: &Value) -> Result<Answer, Unreadable> {
    by_key(input, |_| Format::SdJwt { typ: None })
}

/// An SD-JWT VC of one of the types that the policy accepts, of any if it names none.
pub(super) fn vc(input: &Value) -> Result<Answer, Unreadable> {
    by_key(input, |types| Format::SdJwtVc { types })
}

/// An SD-JWT VC whose issuer is known by certificates.
pub(super) fn certified(input: &Value) -> Result<Answer, Unreadable> {
    let policy = member(input, "policy")?;
    let terms = Terms::read(policy)?;
    let haip = match policy.get("profile").map(Value::as_str) {
        None | Some(Some("sd-jwt-vc")) => false,
        Some(Some("haip")) => true,
        Some(_) => return Err(Unreadable("policy.profile")),
    };
    let (issuer, anchors) =
        (text(policy, "trusted_issuer")?, member(policy, "trust_anchors_der_b64")?);
    let trust = |types: &[&str]| {
        let x5c = json!({ "anchors": anchors, "haip": haip });
        let entry = json!({ "iss": issuer, "name": issuer, "types": types, "x5c": x5c });
        let list = json!({ "issued_at": terms.now.as_secs(), "issuers": [entry] });
        TrustList::from_slice(list.to_string().as_bytes())
    };
    trust(&[]).map_err(|_| Unreadable("policy.trust_anchors_der_b64"))?;
    let verify = |compact: String| {
        let sd_jwt = SdJwt::parse(&compact)?;
        let own = sd_jwt.untrusted_type();
        let types = terms.types.clone().unwrap_or_else(|| own.as_deref().into_iter().collect());
        let trust = trust(&types)?;
        let found = trust.verify(sd_jwt, terms.binding, &terms.required, terms.skew, terms.now)?;
        Ok(found.verified.claims().clone())
    };
    Ok(answer(compact(input)?.and_then(verify)))
}

/// The SD-JWT VC of a case that is about something else.
pub(super) fn verified_vc(input: &Value) -> Result<Result<Verified, Error>, Unreadable> {
    verify(input, |types| Format::SdJwtVc { types })
}

fn by_key(
    input: &Value,
    format: impl for<'t> Fn(Option<&'t [&'t str]>) -> Format<'t>,
) -> Result<Answer, Unreadable> {
    Ok(answer(verify(input, format)?.map(|verified| verified.claims().clone())))
}

/// The outer result is about the case, the inner about the token in it.
fn verify(
    input: &Value,
    format: impl for<'t> Fn(Option<&'t [&'t str]>) -> Format<'t>,
) -> Result<Result<Verified, Error>, Unreadable> {
    let policy = member(input, "policy")?;
    let terms = Terms::read(policy)?;
    let key = PublicKey::from_jwk(member(policy, "issuer_jwk")?)
        .map_err(|_| Unreadable("policy.issuer_jwk"))?;
    let policy = Policy {
        issuer_key: &key,
        issuer_algorithms: terms.algorithms,
        issuer: None,
        format: format(terms.types.as_deref()),
        binding: terms.binding,
        required_claims: &terms.required,
        clock_skew_secs: terms.skew,
    };
    Ok(compact(input)?.and_then(|text| SdJwt::parse(&text)?.verify(&policy, terms.now)))
}

fn answer(claims: Result<Value, Error>) -> Answer {
    Answer::of(claims.map_err(|error| error.code()))
}

/// The outer result is about the case, the inner about the token in it.
fn compact(input: &Value) -> Result<Result<String, Error>, Unreadable> {
    Ok(match member(input, "input")? {
        Value::String(text) => Ok(text.clone()),
        json => jws_json::to_compact(json.to_string().as_bytes()),
    })
}

/// What a policy says, whoever the issuer is.
struct Terms<'v> {
    now: UnixTime,
    algorithms: AlgorithmSet,
    required: Vec<&'v str>,
    types: Option<Vec<&'v str>>,
    binding: KeyBinding<'v>,
    skew: u32,
}

impl<'v> Terms<'v> {
    fn read(policy: &'v Value) -> Result<Self, Unreadable> {
        let now = policy.get("now").and_then(Value::as_i64).ok_or(Unreadable("policy.now"))?;
        let algorithms = algorithms(policy)?;
        let seconds = |name, default: u32| match policy.get(name) {
            None => Ok(default),
            Some(secs) => {
                secs.as_u64().and_then(|secs| u32::try_from(secs).ok()).ok_or(Unreadable("policy"))
            }
        };
        let binding = match policy.get("require_key_binding").map(Value::as_bool) {
            Some(Some(true)) => KeyBinding::Require(Challenge {
                audience: text(policy, "expected_aud")?,
                nonce: text(policy, "expected_nonce")?,
                max_age_secs: seconds("kb_max_age_s", 300)?,
                algorithms,
            }),
            None | Some(Some(false)) => KeyBinding::Forbid,
            Some(None) => return Err(Unreadable("policy.require_key_binding")),
        };
        Ok(Self {
            now: UnixTime::from_secs(now),
            algorithms,
            required: strings(policy, "required_claims")?.unwrap_or_default(),
            types: strings(policy, "accepted_vcts")?,
            binding,
            skew: seconds("clock_skew_s", 0)?,
        })
    }
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
