//! Finding a secret in a text, however it is written there, and spoiling inputs in every place.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

/// Secrets, each under a description that a failing test may print.
#[derive(Clone, Debug, Default)]
pub struct Canaries {
    needles: HashMap<[u8; KEY], Vec<Needle>>,
}

#[derive(Clone, Debug)]
struct Needle {
    text: Vec<u8>,
    what: String,
}

/// The shortest text that is looked for.
const KEY: usize = 5;

/// The shortest half of a secret that is looked for by itself.
const MIN_HALF: usize = 6;

/// A secret over twice this long is looked for in pieces of this length.
const PIECE: usize = 16;

impl Canaries {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text: it and its halves, in upper and lower case, in hexadecimal, in base64 at any offset and as a list
    /// of bytes.
    pub fn add(&mut self, what: &str, secret: &str) {
        let characters: Vec<char> = secret.chars().collect();
        for piece in pieces(&characters) {
            let piece: String = piece.iter().collect();
            self.needle(what, piece.to_lowercase());
            self.encoded(what, piece.as_bytes());
        }
    }

    /// Adds bytes: they and their parts, in hexadecimal, in base64 at any offset and as a list.
    pub fn add_bytes(&mut self, what: &str, secret: &[u8]) {
        for piece in pieces(secret) {
            self.encoded(what, piece);
        }
    }

    /// What of it stands in the text, if anything does.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&str> {
        let lower = text.to_lowercase();
        // `{:#?}` puts each byte of a list on a line of its own.
        let dense: String = lower.chars().filter(|letter| !letter.is_whitespace()).collect();
        [lower, dense].iter().find_map(|text| self.find_in(text.as_bytes()))
    }

    fn find_in(&self, text: &[u8]) -> Option<&str> {
        (0..text.len())
            .find_map(|start| {
                let rest = text.get(start..)?;
                let candidates = self.needles.get(rest.first_chunk::<KEY>()?)?;
                candidates.iter().find(|needle| rest.starts_with(&needle.text))
            })
            .map(|needle| needle.what.as_str())
    }

    fn needle(&mut self, what: &str, text: String) {
        let text = text.into_bytes();
        if let Some(key) = text.first_chunk::<KEY>() {
            self.needles.entry(*key).or_default().push(Needle { text, what: what.to_owned() });
        }
    }

    fn encoded(&mut self, what: &str, piece: &[u8]) {
        if piece.len() < KEY {
            return;
        }
        self.needle(what, piece.iter().map(|byte| format!("{byte:02x}")).collect());
        let list: Vec<String> = piece.iter().map(u8::to_string).collect();
        self.needle(what, list.join(","));
        for offset in 0..3 {
            let shifted = [vec![0; offset].as_slice(), piece].concat();
            for text in [URL_SAFE_NO_PAD.encode(&shifted), STANDARD_NO_PAD.encode(&shifted)] {
                // The characters at the edges hold bits of what stands beside.
                let end = text.len() - usize::from(!shifted.len().is_multiple_of(3));
                let start = (offset * 8).div_ceil(6);
                self.needle(what, text.get(start..end).unwrap_or_default().to_lowercase());
            }
        }
    }
}

/// A short secret and its halves; a long one in parts, any of which would say enough.
fn pieces<T>(secret: &[T]) -> Vec<&[T]> {
    if secret.len() > 2 * PIECE {
        return secret.chunks_exact(PIECE).collect();
    }
    let (first, second) = secret.split_at(secret.len() / 2);
    let halves = [first, second].into_iter().filter(|half| half.len() >= MIN_HALF);
    std::iter::once(secret).chain(halves).collect()
}

/// A change of an object at the member with this name, with a canary.
type Change = fn(&mut Map<String, Value>, &str, &str);

/// A JSON document with one place after the other spoilt: replaced, removed, renamed, added to. Of arrays the first
/// two elements.
#[must_use]
pub fn json_mutations(root: &Value, canary: &str) -> Vec<Value> {
    let replacements = [
        Value::Null,
        json!(canary),
        json!(""),
        json!(true),
        json!(-1),
        json!(1e300),
        json!([]),
        json!([canary]),
        json!({}),
        json!({ "_sd": [canary] }),
        json!({ "...": canary }),
    ];
    let mut found = Vec::new();
    let mut places = Vec::new();
    walk(root, String::new(), &mut places);
    for place in places {
        for replacement in &replacements {
            let mut spoilt = root.clone();
            if let Some(value) = spoilt.pointer_mut(&place) {
                value.clone_from(replacement);
                found.push(spoilt);
            }
        }
        let changes: [Change; 3] = [
            |members, _, canary| {
                members.insert(canary.to_owned(), canary.into());
            },
            |members, name, _| {
                members.remove(name);
            },
            |members, name, canary| {
                let value = members.remove(name).unwrap_or_default();
                members.insert(canary.to_owned(), value);
            },
        ];
        let (parent, name) = place.rsplit_once('/').unwrap_or_default();
        for change in changes {
            let mut spoilt = root.clone();
            if let Some(members) = spoilt.pointer_mut(parent).and_then(Value::as_object_mut) {
                change(members, name, canary);
                found.push(spoilt);
            }
        }
    }
    found
}

fn walk(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(value, format!("{place}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().take(2).enumerate() {
                walk(value, format!("{place}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(place);
}

/// A text with characters replaced, removed, doubled and cut off, at `places` places.
#[must_use]
pub fn text_mutations(text: &str, places: usize, canary: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = vec![
        String::new(),
        canary.to_owned(),
        format!("{text}{canary}"),
        format!("{canary}{text}"),
        text.to_lowercase(),
        text.to_uppercase(),
        format!(" {text}"),
        text.repeat(2),
    ];
    let step = letters.len().div_ceil(places.max(1)).max(1);
    for place in (0..letters.len()).step_by(step) {
        let (before, rest) = letters.split_at(place);
        let (before, after): (String, String) =
            (before.iter().collect(), rest.iter().skip(1).collect());
        for letter in ["", "A", "9", "0", "Z", "~", ".", "\u{0}", "é", "<", "-", "{", "\""] {
            found.push(format!("{before}{letter}{after}"));
        }
        found.push(before);
    }
    found
}
