//! Honest credentials: what an issuer may write and a holder may show, with the claims that must be read from it.

use std::collections::BTreeSet;

use llavero_tests::seeded::Pair;
use llavero_tests::token::encode;
use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::draft::{Draft, FAR, ISSUER, NOW, TYPE, digest, salt};

/// A credential of the kind that every peer reads: of any size and nesting, hidden and shown at will.
pub(crate) fn common<'k>(pairs: &'k [Pair], dice: &mut Dice) -> Draft<'k> {
    with_hash(pairs, dice, "sha-256")
}

/// The same under another hash.
pub(crate) fn with_hash<'k>(pairs: &'k [Pair], dice: &mut Dice, hash: &'static str) -> Draft<'k> {
    let pair = &pairs[dice.below(pairs.len())];
    let mut tree = Tree { dice, hash, sent: vec![], hidden: vec![] };
    let members = 2 + tree.dice.below(5);
    let (mut payload, mut claims) = tree.object(members, 3, true);
    // An open `null` at the top is a class of its own.
    let open: Vec<String> = payload.keys().cloned().collect();
    payload.retain(|_, value| !value.is_null());
    for name in open {
        if !payload.contains_key(&name) {
            claims.remove(&name);
        }
    }
    let (sent, hidden) = (tree.sent, tree.hidden);
    for (name, value) in [
        ("iss", json!(ISSUER)),
        ("vct", json!(TYPE)),
        ("exp", json!(FAR)),
        ("iat", json!(NOW - 86_400)),
        ("nbf", json!(NOW - 86_400)),
        ("cnf", json!({"jwk": pair.holder.public})),
    ] {
        if ["iat", "nbf"].contains(&name) && dice.coin() {
            continue;
        }
        payload.insert(name.to_owned(), value.clone());
        claims.insert(name.to_owned(), value);
    }
    if hash != "sha-256" || dice.coin() {
        payload.insert("_sd_alg".to_owned(), json!(hash));
    }
    let mut draft = Draft::new(pair, payload);
    draft.claims = claims;
    draft.disclosures = sent;
    draft.hidden = hidden;
    draft.hash = hash;
    draft
}

/// Claims as they grow.
struct Tree<'d> {
    dice: &'d mut Dice,
    hash: &'static str,
    sent: Vec<String>,
    hidden: Vec<String>,
}

const NAMES: &[&str] = &[
    "nombre",
    "apellidos",
    "código postal",
    "año",
    "mayor_de_edad",
    "domicilio",
    "entidad",
    "x-clave",
    "folio",
    "cargo",
    "nacionalidades",
    "municipio",
    "李",
    "given_name",
    "birthdate",
];

const TEXTS: &[&str] = &[
    "Xóchitl",
    "",
    "Ñuñez de la O",
    "李",
    "a\\b \"c\" /d",
    "línea 1\nlínea 2",
    "2001-02-28",
    "~.~",
    "W10",
];

impl Tree<'_> {
    /// An object as the token has it and as it should be read, if it `is_seen` at all.
    fn object(
        &mut self,
        members: usize,
        depth: usize,
        is_seen: bool,
    ) -> (Map<String, Value>, Map<String, Value>) {
        let (mut written, mut read, mut digests) = (Map::new(), Map::new(), BTreeSet::new());
        let mut names = BTreeSet::new();
        for _ in 0..members {
            let name = self.dice.pick(NAMES);
            if !names.insert(name) {
                continue;
            }
            let (concealed, shown) = (self.dice.below(3) > 0, self.dice.below(3) > 0);
            let at = self.sent.len();
            let (value, seen) = self.value(depth, is_seen && (shown || !concealed));
            if concealed {
                let entries = json!([salt(self.dice), name, value]);
                digests.insert(self.conceal(&entries, is_seen && shown, at));
            } else {
                written.insert(name.to_owned(), value);
            }
            if is_seen && (shown || !concealed) {
                read.insert(name.to_owned(), seen);
            }
        }
        if self.dice.below(4) == 0 {
            for _ in 0..1 + self.dice.below(3) {
                digests.insert(digest(self.hash, &salt(self.dice)));
            }
        }
        if !digests.is_empty() {
            written.insert("_sd".to_owned(), json!(digests));
        }
        if written.is_empty() {
            written.insert("nota".to_owned(), json!(true));
            read.insert("nota".to_owned(), json!(true));
        }
        (written, read)
    }

    fn array(&mut self, depth: usize, is_seen: bool) -> (Vec<Value>, Vec<Value>) {
        let (mut written, mut read) = (vec![], vec![]);
        for _ in 0..1 + self.dice.below(3) {
            let (concealed, shown) = (self.dice.coin(), self.dice.below(3) > 0);
            let at = self.sent.len();
            let (value, seen) = self.element(depth, is_seen && (shown || !concealed));
            if concealed {
                let entries = json!([salt(self.dice), value]);
                written.push(json!({"...": self.conceal(&entries, is_seen && shown, at)}));
            } else {
                written.push(value);
            }
            if is_seen && (shown || !concealed) {
                read.push(seen);
            }
        }
        if self.dice.below(6) == 0 {
            written.push(json!({"...": digest(self.hash, &salt(self.dice))}));
        }
        (written, read)
    }

    fn value(&mut self, depth: usize, is_seen: bool) -> (Value, Value) {
        match self.dice.below(if depth == 0 { 6 } else { 9 }) {
            0 => twice(json!(self.dice.pick(TEXTS))),
            1 => twice(self.whole()),
            2 => twice(self.fraction()),
            3 => twice(json!(self.dice.coin())),
            4 => twice(Value::Null),
            5 => twice(self.text()),
            6 => {
                let (written, read) = self.array(depth - 1, is_seen);
                (Value::Array(written), Value::Array(read))
            }
            _ => self.nested(depth, is_seen),
        }
    }

    /// An element of an array: no array, and no value that comes up twice. Those are classes of their own.
    fn element(&mut self, depth: usize, is_seen: bool) -> (Value, Value) {
        match self.dice.below(if depth == 0 { 3 } else { 4 }) {
            0 => twice(self.whole()),
            1 => twice(self.fraction()),
            2 => twice(self.text()),
            _ => self.nested(depth, is_seen),
        }
    }

    fn nested(&mut self, depth: usize, is_seen: bool) -> (Value, Value) {
        let members = 1 + self.dice.below(3);
        let (written, read) = self.object(members, depth - 1, is_seen);
        (Value::Object(written), Value::Object(read))
    }

    fn whole(&mut self) -> Value {
        json!(i64::try_from(self.dice.below(2_000_000_000)).unwrap() - 1_000_000_000)
    }

    fn fraction(&mut self) -> Value {
        json!((f64::from(u16::try_from(self.dice.below(20_000)).unwrap()) - 10_000.5) / 8.0)
    }

    fn text(&mut self) -> Value {
        json!(encode(self.dice.bytes::<12>()))
    }

    /// Makes a Disclosure, before the ones inside it if it is sent, and gives its digest.
    fn conceal(&mut self, entries: &Value, is_sent: bool, at: usize) -> String {
        let text = encode(self.spell(entries));
        let digest = digest(self.hash, &text);
        if is_sent {
            self.sent.insert(at, text)
        } else {
            self.hidden.push(text)
        }
        digest
    }

    /// The JSON text is the issuer's to choose.
    fn spell(&mut self, entries: &Value) -> String {
        match self.dice.below(4) {
            0 => serde_json::to_string_pretty(entries).unwrap(),
            1 => {
                let mut escaped = String::new();
                for letter in entries.to_string().chars() {
                    if letter.is_ascii() {
                        escaped.push(letter);
                    } else {
                        let mut units = [0; 2];
                        for unit in letter.encode_utf16(&mut units) {
                            escaped.push_str(&format!("\\u{unit:04x}"));
                        }
                    }
                }
                escaped
            }
            _ => entries.to_string(),
        }
    }
}

fn twice(value: Value) -> (Value, Value) {
    (value.clone(), value)
}
