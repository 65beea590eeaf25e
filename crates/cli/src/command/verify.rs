//! `llavero verify`.

use llavero_core::trust::TrustList;
use llavero_mexico::{CredentialType, Language};
use llavero_verifier::{AskedClaim, Challenge, Revocation, Verdict, VerifiedCredential};
use serde_json::{Value, json};

use crate::Context;
use crate::args::Verify;
use crate::failure::Failure;
use crate::files::{self, show_time};

pub(crate) fn run(args: &Verify, context: Context) -> Result<(), Failure> {
    let trust = TrustList::from_slice(&files::read(&args.trust)?)?;
    let answer = files::read(&args.answer)?;
    let challenge = Challenge::from_slice(&files::read(&args.challenge).map_err(|failure| {
        failure.with_hint("A challenge is used once. Ask again: `llavero request new`.")
    })?)?;
    if !args.keep_challenge {
        // Before the check: whatever comes of it, this question has been answered.
        std::fs::remove_file(&args.challenge)
            .map_err(|error| Failure::file(&args.challenge, &error))?;
    }
    let verdict = challenge.verify(&answer, &trust, context.now)?;
    context.out.json(&verdict_json(&verdict));
    print_verdict(&verdict, context);
    Ok(())
}

pub(super) fn verdict_json(verdict: &Verdict) -> Value {
    let credentials: Vec<Value> = verdict.credentials().iter().map(credential_json).collect();
    json!({
        "verified": true,
        "credentials": credentials,
        "checked_at": verdict.checked_at().as_secs(),
        "trust_issued_at": verdict.trust_issued_at().as_secs(),
    })
}

fn credential_json(credential: &VerifiedCredential) -> Value {
    let claims: Vec<Value> = credential
        .claims()
        .iter()
        .map(|claim| json!({ "path": claim.path().to_json(), "values": claim.values() }))
        .collect();
    json!({
        "query": credential.query(),
        "issuer": credential.issuer(),
        "issuer_name": credential.issuer_name(),
        "vct": credential.credential_type(),
        "claims": claims,
        "expires": credential.expires().map(llavero_core::UnixTime::as_secs),
        "bound_at": credential.bound_at().map(llavero_core::UnixTime::as_secs),
        "revocation": match credential.revocation() {
            Revocation::NotProvided => "not_provided",
            _ => "not_checked",
        },
    })
}

pub(super) fn print_verdict(verdict: &Verdict, context: Context) {
    let out = context.out;
    for credential in verdict.credentials() {
        let known = CredentialType::from_vct(credential.credential_type());
        let name = match known {
            Some(known) => Some(known.label(out.language)),
            None => credential.type_name(&[out.language.tag()]),
        };
        out.good(format_args!(
            "{}: {} ({})",
            out.pick("Verificado", "Verified"),
            name.unwrap_or(credential.credential_type()),
            credential.issuer_name(),
        ));
        for claim in credential.claims() {
            let values: Vec<String> = claim.values().iter().map(show_value).collect();
            out.line(format_args!(
                "    {}: {}",
                label(known, claim, out.language),
                values.join(", ")
            ));
        }
        if let Some(expires) = credential.expires() {
            out.faint(format_args!(
                "    {} {}",
                out.pick("válida hasta", "valid until"),
                show_time(expires)
            ));
        }
        out.faint(match credential.revocation() {
            Revocation::NotProvided => out.pick(
                "    sin lista de revocación: vale hasta que vence",
                "    no status list: it lives until it expires",
            ),
            _ => out.pick("    revocación no consultada", "    revocation not checked"),
        });
    }
    out.faint(format_args!(
        "    {} {}",
        out.pick("lista de confianza del", "trust list of"),
        show_time(verdict.trust_issued_at()),
    ));
}

fn label(known: Option<CredentialType>, claim: &AskedClaim, language: Language) -> String {
    let path = claim.path().to_string();
    let told = match known {
        Some(known) => known.claim(&path).map(|claim| claim.label(language)),
        None => claim.label(&[language.tag()]),
    };
    told.map_or(path, str::to_owned)
}

/// A JSON value without the quotes of a string.
pub(super) fn show_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
