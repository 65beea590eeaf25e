//! What somebody might try with a presentation, alone or together with issuer or holder.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use llavero_core::Signer as _;
use llavero_tests::peers::Binding;
use llavero_tests::seeded::{Key, Pair};
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::parties::{AUDIENCE, Attempt, NONCE, now};
use crate::person::{EXPIRES, ISSUED, ISSUER, TYPE};

pub(crate) struct Attack {
    pub(crate) name: &'static str,
    /// What we say to it.
    pub(crate) code: &'static str,
    pub(crate) make: Make,
}

pub(crate) enum Make {
    /// Changes a presentation that somebody made.
    Text(for<'k> fn(&str, &'k Pair) -> Attempt<'k>),
    /// Has the issuer or the holder itself sign something that must not be accepted.
    Draft(fn(&mut Draft<'_>)),
}

impl Make {
    pub(crate) fn on<'k>(&self, presentation: &str, pair: &'k Pair) -> Attempt<'k> {
        match self {
            Self::Text(make) => make(presentation, pair),
            Self::Draft(make) => {
                let mut draft = Draft::new(pair);
                make(&mut draft);
                draft.attempt()
            }
        }
    }
}

fn text(
    name: &'static str,
    code: &'static str,
    make: for<'k> fn(&str, &'k Pair) -> Attempt<'k>,
) -> Attack {
    Attack { name, code, make: Make::Text(make) }
}

fn draft(name: &'static str, code: &'static str, make: fn(&mut Draft<'_>)) -> Attack {
    Attack { name, code, make: Make::Draft(make) }
}

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        text("issuer's signature altered", "signature", |text, pair| {
            let end = text.find('~').unwrap();
            Attempt::new(flip(text, end - 20), pair)
        }),
        text("claim altered in the issuer's payload", "signature", |text, pair| {
            let (jwt, rest) = text.split_once('~').unwrap();
            let mut parts: Vec<&str> = jwt.split('.').collect();
            let payload = decode(parts[1]).replace("ventanilla", "escritorio");
            let payload = BASE64URL.encode(payload);
            parts[1] = &payload;
            Attempt::new(format!("{}~{rest}", parts.join(".")), pair)
        }),
        text("holder's signature altered", "signature", |text, pair| {
            Attempt::new(flip(text, text.len() - 20), pair)
        }),
        text("disclosure removed", "sd_hash_mismatch", |text, pair| {
            let mut parts: Vec<&str> = text.split('~').collect();
            // One that no other disclosure hangs on.
            let at = parts.iter().position(|part| decode(part).contains("\"nada\"")).unwrap();
            parts.remove(at);
            Attempt::new(parts.join("~"), pair)
        }),
        text("disclosure altered", "disclosure_unreferenced", |text, pair| {
            let mut parts: Vec<String> = text.split('~').map(str::to_owned).collect();
            let at = parts.iter().position(|part| decode(part).contains("\"nada\"")).unwrap();
            parts[at] = BASE64URL.encode(decode(&parts[at]).replace("null", "true"));
            Attempt::new(parts.join("~"), pair)
        }),
        text("disclosure repeated", "disclosure_unreferenced", |text, pair| {
            let (jwt, rest) = text.split_once('~').unwrap();
            let (first, _) = rest.split_once('~').unwrap();
            Attempt::new(format!("{jwt}~{first}~{rest}"), pair)
        }),
        text("key binding removed", "key_binding_missing", |text, pair| {
            Attempt::new(text[..=text.rfind('~').unwrap()].to_owned(), pair)
        }),
        text("another audience", "audience_mismatch", |text, pair| Attempt {
            binding: Binding { aud: "https://otro.example".to_owned(), nonce: NONCE.to_owned() },
            ..Attempt::new(text.to_owned(), pair)
        }),
        text("another nonce", "nonce_mismatch", |text, pair| Attempt {
            binding: Binding { aud: AUDIENCE.to_owned(), nonce: NONCE.to_lowercase() },
            ..Attempt::new(text.to_owned(), pair)
        }),
        text("key of another issuer", "signature", |text, pair| Attempt {
            issuer: &pair.other_issuer,
            ..Attempt::new(text.to_owned(), pair)
        }),
        draft("key binding by another holder", "signature", |draft| {
            draft.holder = &draft.pair.other_holder;
        }),
        draft("key binding over another presentation", "sd_hash_mismatch", |draft| {
            draft.sd_hash = Some(json!(digest("another presentation")));
        }),
        draft("key binding over no presentation", "sd_hash_mismatch", |draft| {
            draft.sd_hash = Some(Value::Null);
        }),
        draft("key binding unsigned, alg none", "signature", |draft| {
            draft.binding_header["alg"] = json!("none");
        }),
        draft("key binding of another typ", "typ", |draft| {
            draft.binding_header["typ"] = json!("JWT");
        }),
        draft("key binding a year old", "key_binding_expired", |draft| {
            draft.binding["iat"] = json!(now().as_secs() - 31_536_000);
        }),
        draft("key binding of tomorrow", "key_binding_in_future", |draft| {
            draft.binding["iat"] = json!(now().as_secs() + 86_400);
        }),
        draft("key binding without iat", "date_malformed", |draft| {
            draft.binding.as_object_mut().unwrap().remove("iat");
        }),
        draft("key binding for several audiences", "audience_mismatch", |draft| {
            draft.binding["aud"] = json!([AUDIENCE, "https://otro.example"]);
        }),
        draft("issuer's JWT unsigned, alg none", "signature", |draft| {
            draft.header["alg"] = json!("none");
        }),
        draft("issuer's alg not that of the key", "algorithm_not_allowed", |draft| {
            draft.header["alg"] = json!("RS256");
        }),
        draft("issuer's typ that of another token", "typ", |draft| {
            draft.header["typ"] = json!("JWT");
        }),
        draft("critical header nobody knows", "critical_header", |draft| {
            draft.header["crit"] = json!(["urn:example:critical"]);
            draft.header["urn:example:critical"] = json!(true);
        }),
        draft("expired", "expired", |draft| draft.payload["exp"] = json!(ISSUED + 1)),
        draft("expiry in text", "date_malformed", |draft| {
            draft.payload["exp"] = json!(EXPIRES.to_string());
        }),
        draft("not valid yet", "not_yet_valid", |draft| draft.payload["nbf"] = json!(EXPIRES - 1)),
        draft("expired by a disclosure", "protected_claim", |draft| {
            draft.payload.as_object_mut().unwrap().remove("exp");
            draft.disclose(json!(["c2FsdHNhbHRzYWx0c2Fs", "exp", ISSUED + 1]));
        }),
        draft("expiry hidden", "protected_claim", |draft| {
            draft.payload.as_object_mut().unwrap().remove("exp");
            draft.disclose(json!(["c2FsdHNhbHRzYWx0c2Fs", "exp", EXPIRES]));
        }),
        draft("disclosure that nothing refers to", "disclosure_unreferenced", |draft| {
            let stray = json!(["c2FsdHNhbHRzYWx0c2Fs", "apodo", "x"]);
            draft.disclosures.push(encode(&stray));
        }),
        draft("disclosure sent twice, bound", "disclosure_unreferenced", |draft| {
            draft.disclosures.push(draft.disclosures[0].clone());
        }),
        draft("digest twice", "digest_repeated", |draft| {
            let first = draft.payload["_sd"][0].clone();
            draft.payload["_sd"].as_array_mut().unwrap().push(first);
        }),
        draft("digest that is a number", "reserved_name", |draft| {
            draft.payload["_sd"].as_array_mut().unwrap().push(json!(7));
        }),
        draft("disclosure that takes an open claim's name", "disclosure_name", |draft| {
            draft.disclose(json!(["c2FsdHNhbHRzYWx0c2Fs", "tramite", "x"]));
        }),
        draft("disclosure named _sd", "disclosure_name", |draft| {
            draft.disclose(json!(["c2FsdHNhbHRzYWx0c2Fs", "_sd", ["x"]]));
        }),
        draft("disclosure named ...", "disclosure_name", |draft| {
            draft.disclose(json!(["c2FsdHNhbHRzYWx0c2Fs", "...", "x"]));
        }),
        draft("element disclosed as a member", "disclosure_arity", |draft| {
            draft.disclose(json!(["c2FsdHNhbHRzYWx0c2Fs", "x"]));
        }),
        draft("member disclosed as an element", "disclosure_arity", |draft| {
            let disclosure = encode(&json!(["c2FsdHNhbHRzYWx0c2Fs", "apodo", "x"]));
            draft.payload["lista"] = json!(["a", {"...": digest(&disclosure)}]);
            draft.disclosures.push(disclosure);
        }),
        draft("placeholder with a second member", "reserved_name", |draft| {
            let disclosure = encode(&json!(["c2FsdHNhbHRzYWx0c2Fs", "x"]));
            draft.payload["lista"] = json!(["a", {"...": digest(&disclosure), "b": 1}]);
            draft.disclosures.push(disclosure);
        }),
        draft("hash that nobody knows", "hash_algorithm", |draft| {
            draft.payload["_sd_alg"] = json!("md5");
        }),
        draft("name twice in the payload", "json_duplicate_name", |draft| {
            let text = draft.payload.to_string();
            draft.payload_text = Some(text.replacen('{', "{\"mayor\":false,\"mayor\":true,", 1));
        }),
        draft("salt that is a number", "disclosure_malformed", |draft| {
            draft.disclose(json!([7, "apodo", "x"]));
        }),
    ]
}

/// A presentation that issuer and holder sign as they are told.
pub(crate) struct Draft<'k> {
    pair: &'k Pair,
    header: Value,
    payload: Value,
    /// Sent in place of `payload`, for what no JSON value can say.
    payload_text: Option<String>,
    disclosures: Vec<String>,
    binding_header: Value,
    binding: Value,
    holder: &'k Key,
    /// In place of the true one; `null` leaves it out.
    sd_hash: Option<Value>,
}

impl<'k> Draft<'k> {
    pub(crate) fn new(pair: &'k Pair) -> Self {
        let header =
            json!({"alg": pair.issuer.algorithm().name(), "typ": "dc+sd-jwt", "kid": "2026"});
        let mut draft = Self {
            pair,
            header,
            payload: json!({
                "iss": ISSUER, "vct": TYPE, "iat": ISSUED, "exp": EXPIRES,
                "cnf": {"jwk": pair.holder.public}, "tramite": "ventanilla",
                "_sd_alg": "sha-256", "_sd": [],
            }),
            payload_text: None,
            disclosures: Vec::new(),
            binding_header: json!({"alg": pair.holder.algorithm().name(), "typ": "kb+jwt"}),
            binding: json!({"iat": now().as_secs(), "aud": AUDIENCE, "nonce": NONCE}),
            holder: &pair.holder,
            sd_hash: None,
        };
        draft.disclose(json!(["b3RyYSBzYWwgZGUgcHJ1ZWJh", "nombre", "Xóchitl"]));
        draft
    }

    /// Sends a disclosure and puts its digest at the top.
    fn disclose(&mut self, disclosure: Value) {
        let disclosure = encode(&disclosure);
        let digest = digest(&disclosure);
        self.payload["_sd"].as_array_mut().unwrap().push(json!(digest));
        self.disclosures.push(disclosure);
    }

    pub(crate) fn attempt(self) -> Attempt<'k> {
        let payload = self.payload_text.unwrap_or_else(|| self.payload.to_string());
        let mut text = jwt(&self.header, &payload, &self.pair.issuer);
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(disclosure);
            text.push('~');
        }
        let mut binding = self.binding;
        match self.sd_hash {
            None => binding["sd_hash"] = json!(digest(&text)),
            Some(Value::Null) => {}
            Some(other) => binding["sd_hash"] = other,
        }
        let kb = jwt(&self.binding_header, &binding.to_string(), self.holder);
        Attempt::new(text + &kb, self.pair)
    }
}

/// A JWT signed by `key`, or not at all if its header says so.
fn jwt(header: &Value, payload: &str, key: &Key) -> String {
    let input = format!("{}.{}", encode(header), BASE64URL.encode(payload));
    if header["alg"] == "none" {
        return format!("{input}.");
    }
    let signature = key.signing.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", BASE64URL.encode(signature.as_bytes()))
}

fn encode(value: &Value) -> String {
    BASE64URL.encode(value.to_string())
}

/// The text in a part of a token; empty if it is none.
fn decode(part: &str) -> String {
    let bytes = BASE64URL.decode(part).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn digest(text: &str) -> String {
    BASE64URL.encode(sha2::Sha256::digest(text))
}

/// The text with the character at `at` replaced by another of the same alphabet.
fn flip(text: &str, at: usize) -> String {
    let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}
