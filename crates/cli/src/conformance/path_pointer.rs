//! Kind `path-pointer`: which values a claims path pointer selects (OpenID4VP 1.0 §7.1.1).

use llavero_core::ClaimPath;
use serde_json::Value;

use super::answer::Answer;
use super::{Unreadable, member};

pub(super) fn answer(input: &Value) -> Result<Answer, Unreadable> {
    let (credential, path) = (member(input, "credential")?, member(input, "path")?);
    let selected = ClaimPath::from_json(path)
        .and_then(|path| Ok(path.select(credential)?.into_iter().cloned().collect()));
    Ok(Answer::of(selected.map_err(|error| error.code())))
}
