//! What a text says, for a person to read: nothing here is verified, and nothing may be decided by it.

use serde_json::{Map, Value};

use crate::request::{PresentationAnswer, PresentationRequest};
use crate::{Error, Part, SdJwt, json as strict_json, jws_json};

/// What an unverified text says: anybody could have written it.
///
/// A token (compact or JSON), a request, an answer, or a batch of an issuer: `{"credentials": [{"credential": …}, …]}`.
/// White space around the text is ignored. The document has a `kind`, `"verified": false`, and of each kind:
///
/// | `kind` | members |
/// |---|---|
/// | `sd-jwt`, `sd-jwt+kb` | `header`, `payload`, `disclosures`; `key_binding`: `null`, or its `header` and `payload` |
/// | `request` | `request` |
/// | `answer` | `presentations`: tokens by the id of the query that they answer |
/// | `batch` | `credentials`: tokens |
///
/// To learn whether it is true, use [`SdJwt::verify`] or a trust list.
///
/// # Errors
/// [`Error::Shape`] for a text of no known kind; else what is wrong with the layout of its kind, by the same names as
/// in verification.
pub fn inspect(text: &str) -> Result<Value, Error> {
    let text = text.trim();
    // The two spellings of a token are told apart by their first character, for reading only.
    if text.starts_with(['{', '[']) { json_document(text) } else { token(text) }
}

fn token(text: &str) -> Result<Value, Error> {
    let contents = SdJwt::parse(text)?.untrusted_contents()?;
    let kind = if contents.key_binding.is_some() { "sd-jwt+kb" } else { "sd-jwt" };
    let key_binding = contents.key_binding.map_or(Value::Null, |(header, payload)| {
        object([("header", header), ("payload", payload)])
    });
    Ok(unverified(
        kind,
        [
            ("header", contents.header),
            ("payload", contents.payload),
            ("disclosures", contents.disclosures.into()),
            ("key_binding", key_binding),
        ],
    ))
}

/// Moves the values where `json!` would copy them, and they may be large.
fn object<'n>(members: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn unverified<const N: usize>(kind: &str, members: [(&str, Value); N]) -> Value {
    object([("kind", kind.into()), ("verified", false.into())].into_iter().chain(members))
}

fn json_document(text: &str) -> Result<Value, Error> {
    let document = strict_json::from_slice(text.as_bytes(), Part::JwsJson)?;
    let has = |name| document.get(name).is_some();
    let (payload, vp_token, query) = (has("payload"), has("vp_token"), has("dcql_query"));
    if let (false, Some(credentials)) =
        (payload || vp_token || query, document.get("credentials").and_then(Value::as_array))
    {
        let texts = credentials.iter().filter_map(|entry| entry.get("credential")?.as_str());
        let tokens = texts.map(token).collect::<Result<Vec<_>, _>>()?;
        return Ok(unverified("batch", [("credentials", tokens.into())]));
    }
    // Each kind below is read again by its own reader, so what was read goes first.
    drop(document);
    if payload {
        return token(&jws_json::to_compact(text.as_bytes())?);
    }
    if vp_token {
        let answer = PresentationAnswer::from_slice(text.as_bytes())?;
        let shown = answer.presentations().iter().map(|(id, texts)| {
            let tokens = texts.iter().map(|text| token(text)).collect::<Result<Vec<_>, _>>()?;
            Ok((id.clone(), Value::from(tokens)))
        });
        let shown = shown.collect::<Result<Map<_, _>, Error>>()?;
        return Ok(unverified("answer", [("presentations", shown.into())]));
    }
    if query {
        let request = PresentationRequest::from_slice(text.as_bytes())?;
        return Ok(unverified("request", [("request", request.to_json())]));
    }
    Err(Error::Shape { part: Part::JwsJson })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{JsonFault, base64url};

    /// A token that nobody signed, and what it says.
    fn token(bound: bool) -> (String, Value) {
        let jwt = |payload: &str| {
            let [header, payload] = ["{}", payload].map(base64url::encode);
            format!("{header}.{payload}.{}", "A".repeat(86))
        };
        let disclosure = base64url::encode(r#"["salt","a",1]"#);
        let text = format!("{}~{disclosure}~", jwt(r#"{"iss":"x"}"#));
        let said = json!({
            "kind": if bound { "sd-jwt+kb" } else { "sd-jwt" },
            "verified": false,
            "header": {},
            "payload": { "iss": "x" },
            "disclosures": [["salt", "a", 1]],
            "key_binding": bound.then(|| json!({ "header": {}, "payload": { "aud": "y" } })),
        });
        (if bound { text + &jwt(r#"{"aud":"y"}"#) } else { text }, said)
    }

    fn request() -> Value {
        json!({
            "response_type": "vp_token", "client_id": "https://bar.example", "purpose": "Vender",
            "nonce": "n".repeat(22),
            "dcql_query": { "credentials": [{
                "id": "c", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:x"] },
            }] },
        })
    }

    #[test]
    fn says_what_a_token_says_in_each_of_its_spellings() {
        for bound in [false, true] {
            let (text, said) = token(bound);
            assert_eq!(inspect(&text).as_ref(), Ok(&said));
            assert_eq!(inspect(&format!(" {text}\r\n")).as_ref(), Ok(&said));
            for json in [jws_json::to_flattened(&text), jws_json::to_general(&text)] {
                assert_eq!(inspect(&json.unwrap().to_string()).as_ref(), Ok(&said));
            }
        }
    }

    #[test]
    fn says_what_requests_answers_and_batches_say() {
        let said = inspect(&format!("{:#}\n", request())).unwrap();
        assert_eq!((&said["kind"], &said["verified"]), (&json!("request"), &json!(false)));
        assert_eq!(said["request"]["client_id"], "https://bar.example");

        let ((bare, bare_said), (bound, bound_said)) = (token(false), token(true));
        let answer = json!({ "vp_token": { "c": [bound, bare] } });
        let said = json!({ "c": [bound_said, bare_said] });
        let expected = json!({ "kind": "answer", "verified": false, "presentations": said });
        assert_eq!(inspect(&answer.to_string()), Ok(expected));

        let batch = json!({ "credentials": [{ "credential": bare }, { "credential": bare }] });
        let said = json!([bare_said, bare_said]);
        let expected = json!({ "kind": "batch", "verified": false, "credentials": said });
        assert_eq!(inspect(&batch.to_string()), Ok(expected));
    }

    #[test]
    fn a_batch_is_a_batch_only_if_it_is_nothing_else() {
        let mut signed = jws_json::to_flattened(&token(false).0).unwrap();
        let mut answer = json!({ "vp_token": { "c": [token(false).0] } });
        let mut request = request();
        for (document, kind) in
            [(&mut signed, "sd-jwt"), (&mut answer, "answer"), (&mut request, "request")]
        {
            document["credentials"] = json!([]);
            assert_eq!(inspect(&document.to_string()).unwrap()["kind"], kind);
        }
    }

    #[test]
    fn refuses_a_text_of_no_known_kind() {
        let json = Error::Shape { part: Part::JwsJson };
        for text in ["{}", "[]", r#"{"a":1}"#, r#"{"credentials":7}"#] {
            assert_eq!(inspect(text), Err(json.clone()), "{text}");
        }
        for text in ["", "noise", "a.b.c", "7", "\"a~\""] {
            assert_eq!(inspect(text).map_err(|error| error.code()), Err("shape"), "{text}");
        }
        let fault = JsonFault::Syntax;
        for text in ["{", "[", "{} {}"] {
            assert_eq!(inspect(text), Err(Error::Json { part: Part::JwsJson, fault }), "{text}");
        }
    }

    #[test]
    fn refuses_a_known_kind_with_a_part_that_cannot_be_read() {
        let mut foreign = request();
        foreign["response_type"] = "code".into();
        for (document, code) in [
            (foreign, "member_malformed"),
            (json!({ "vp_token": { "c": [] } }), "member_malformed"),
            (json!({ "vp_token": { "c": ["noise"] } }), "shape"),
            (json!({ "credentials": [{ "credential": "noise" }] }), "shape"),
            (json!({ "payload": 7, "signature": "a" }), "member_malformed"),
        ] {
            assert_eq!(inspect(&document.to_string()).map_err(|error| error.code()), Err(code));
        }
    }
}
