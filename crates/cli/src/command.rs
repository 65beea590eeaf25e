//! One module per command.

pub(crate) mod conformance;
pub(crate) mod curp;
pub(crate) mod demo;
pub(crate) mod ine;
pub(crate) mod inspect;
pub(crate) mod issue;
pub(crate) mod keys;
pub(crate) mod request;
pub(crate) mod trust;
pub(crate) mod types;
pub(crate) mod verify;
pub(crate) mod wallet;

use llavero_core::KeyKind;
use llavero_mexico::CredentialType;

use crate::args::Kind;

/// The `vct` that a person means by `age`, `curp`, `ine` or by the name itself.
fn vct(named: &str) -> String {
    CredentialType::from_name(named)
        .map_or_else(|_| named.to_owned(), |known| known.default_vct().to_owned())
}

impl From<Kind> for KeyKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::P256 => Self::P256,
            Kind::Ed25519 => Self::Ed25519,
        }
    }
}
