//! `llavero keys`.

use llavero_core::{KeyKind, OsRandom, Signer as _, SigningKey};
use serde_json::json;

use crate::Context;
use crate::args::Keys;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: Keys, context: Context) -> Result<(), Failure> {
    let Keys::New { kind, out, public } = args;
    let key = SigningKey::generate(KeyKind::from(kind), &mut OsRandom)?;
    files::write(&out, key.to_private_jwk_text().as_bytes(), true)?;
    let jwk = key.public_key().to_jwk();
    if let Some(public) = &public {
        files::write_json(public, &jwk, false)?;
    }
    let thumbprint = key.public_key().thumbprint();
    context
        .out
        .json(&json!({ "private": out, "public": public, "jwk": jwk, "thumbprint": thumbprint }));
    context.out.good(format_args!("private key in {}: keep it to yourself", out.display()));
    if let Some(public) = &public {
        context
            .out
            .good(format_args!("public key in {}: give it to whoever verifies", public.display()));
    }
    context.out.faint(format_args!("  thumbprint {thumbprint}"));
    Ok(())
}
