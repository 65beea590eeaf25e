//! How a command ends badly: a code, a sentence, and what to do next.

use std::path::Path;

/// Exit status for something that was looked at and refused.
pub(crate) const REFUSED: u8 = 1;

/// Exit status for a command that could not be carried out as given.
pub(crate) const USAGE: u8 = 2;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: u8,
    pub(crate) code: String,
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn refused(code: &str, message: impl Into<String>) -> Self {
        let hint = hint(code).map(str::to_owned);
        Self { status: REFUSED, code: code.to_owned(), message: message.into(), hint }
    }

    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            status: USAGE,
            code: "usage".to_owned(),
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "Check the path; \"-\" reads from standard input.",
            std::io::ErrorKind::AlreadyExists => "Choose another name, or remove the file first.",
            _ => "Check that the path and its permissions are right.",
        };
        Self {
            status: USAGE,
            code: "file".to_owned(),
            message: format!("{}: {error}", path.display()),
            hint: Some(hint.to_owned()),
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

macro_rules! refused {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::refused(error.code(), error.to_string())
            }
        }
    )*};
}
refused!(
    llavero_core::Error,
    llavero_core::dcql::QueryError,
    llavero_core::path::PathError,
    llavero_holder::StoreError,
    llavero_holder::WalletError,
    llavero_issuer::Error,
    llavero_mexico::Error,
    llavero_verifier::Error,
);

/// What somebody who reads a code can do about it.
fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "audience_mismatch" => {
            "The answer was made for another verifier: check --client-id on both sides."
        }
        "certificate" => {
            "See what the trust list asks of this issuer's certificates: anchors, key purpose, HAIP (SPEC.md §11.2)."
        }
        "challenge_closed" => "Ask again: `llavero request new` makes a fresh challenge.",
        "answer_credential_missing" | "answer_unrequested" | "answer_credential_set_missing" => {
            "The wallet left out something that was asked for: look at the request with `llavero inspect`."
        }
        "disclosure_unreferenced" | "digest_repeated" | "signature" | "sd_hash_mismatch" => {
            "The text was changed after it was signed, or signed with another key. Do not trust it; ask for a new one."
        }
        "expired" => "Ask the issuer for new copies.",
        "issuer_mismatch" | "untrusted" => {
            "If you do trust this issuer for this type, put it on the list: `llavero trust new`."
        }
        "key_binding_missing" | "key_binding_unexpected" => {
            "The text is not a presentation made for this challenge: ask the wallet to answer it."
        }
        "key_binding_expired" | "key_binding_in_future" => {
            "Check the clocks on both sides, then ask again."
        }
        "no_copies_left" => {
            "Ask the issuer for new copies: `llavero wallet enrol`, then `llavero issue`."
        }
        "nonce_mismatch" => {
            "This answers another challenge, or was used before. Ask again: `llavero request new`."
        }
        "not_yet_valid" => "Check the clock, or wait.",
        "store_locked" => "Close the other program that has the wallet open.",
        "store_wrong_key" => "Check the passphrase.",
        "no_credential" | "mismatch_claim_absent" | "mismatch_type" => {
            "The wallet has no credential that fits: see `llavero wallet list`."
        }
        "vct" => "See the types that the issuer may issue in the trust list.",
        _ => return None,
    })
}
