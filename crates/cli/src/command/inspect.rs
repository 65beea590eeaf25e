//! `llavero inspect`: what a text says, with nothing verified.

use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::{Part, SdJwt, json as strict_json, jws_json};
use serde_json::{Value, json};

use crate::Context;
use crate::args::Inspect;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: &Inspect, context: Context) -> Result<(), Failure> {
    let text = files::read_text(&args.file)?;
    // The two spellings of a token are told apart by their first character, for reading only.
    let document = if text.starts_with(['{', '[']) { json_document(&text)? } else { token(&text)? };
    if context.out.json {
        context.out.json(&document);
        return Ok(());
    }
    context.out.note(context.out.pick(
        "Nada de esto está verificado: cualquiera pudo escribirlo. Para verificar: `llavero verify`.",
        "None of this is verified: anybody could have written it. To verify: `llavero verify`.",
    ));
    context.out.line(format_args!("{document:#}"));
    Ok(())
}

fn token(text: &str) -> Result<Value, Failure> {
    let contents = SdJwt::parse(text)?.untrusted_contents()?;
    Ok(json!({
        "kind": if contents.key_binding.is_some() { "sd-jwt+kb" } else { "sd-jwt" },
        "verified": false,
        "header": contents.header,
        "payload": contents.payload,
        "disclosures": contents.disclosures,
        "key_binding": contents.key_binding.map(|(header, payload)| json!({ "header": header, "payload": payload })),
    }))
}

fn json_document(text: &str) -> Result<Value, Failure> {
    let document = strict_json::from_slice(text.as_bytes(), Part::JwsJson)?;
    if document.get("payload").is_some() {
        return token(&jws_json::to_compact(text.as_bytes())?);
    }
    if document.get("vp_token").is_some() {
        let answer = PresentationAnswer::from_slice(text.as_bytes())?;
        let shown = answer.presentations().iter().map(|(id, texts)| {
            let tokens: Result<Vec<Value>, Failure> =
                texts.iter().map(|text| token(text)).collect();
            Ok((id.clone(), Value::from(tokens?)))
        });
        let shown = shown.collect::<Result<serde_json::Map<_, _>, Failure>>()?;
        return Ok(json!({ "kind": "answer", "verified": false, "presentations": shown }));
    }
    if document.get("dcql_query").is_some() {
        let request = PresentationRequest::from_slice(text.as_bytes())?;
        return Ok(json!({ "kind": "request", "verified": false, "request": request.to_json() }));
    }
    if let Some(credentials) = document.get("credentials").and_then(Value::as_array) {
        let texts = credentials.iter().filter_map(|entry| entry.get("credential")?.as_str());
        let tokens = texts.map(token).collect::<Result<Vec<_>, _>>()?;
        return Ok(json!({ "kind": "batch", "verified": false, "credentials": tokens }));
    }
    Err(Failure::usage(
        "neither an SD-JWT, a request, an answer nor a batch",
        "Give the text that was sent, whole.",
    ))
}
