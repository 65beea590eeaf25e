//! What a text says, with nothing verified.

use crate::LlaveroError;

/// Reads an SD-JWT, a request, an answer or a batch for a developer's eyes, as JSON text. Nothing of it is verified:
/// anybody could have written it.
///
/// # Errors
/// What the text is not.
#[uniffi::export]
pub fn inspect(text: &str) -> Result<String, LlaveroError> {
    Ok(llavero_core::inspect(text)?.to_string())
}
