//! The classes of tokens: what is done to an honest presentation, and what a verifier must make of it.

use llavero_tests::seeded::Pair;
use llavero_tests::token::encode;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::draft::{Draft, Kind, Spelling, salt};
use crate::{bytes, honest, issuer, key_binding, shape, structure, vc};

/// A class. Its name is the key of the ledger.
pub(crate) struct Class {
    pub(crate) name: String,
    /// What we must say. Where a specification leaves it open, SPEC.md §9 says which way we go.
    pub(crate) is_accepted: bool,
    /// Whether key binding is asked for and given; without a value, now and then.
    bound: Option<bool>,
    make: Make,
}

type Change = Box<dyn Fn(&mut Draft<'_>, &mut Dice) -> Option<()> + Send + Sync>;
type Rewrite = Box<dyn Fn(&str, &mut Dice) -> Option<String> + Send + Sync>;

enum Make {
    /// Changes the draft, which is then signed. `None` where this draft does not suit.
    Draft(Change),
    /// Changes the text, which is signed no more.
    Text(Rewrite),
    /// An honest credential under another hash.
    Hash(&'static str),
}

/// A token of a class.
pub(crate) struct Case<'k> {
    pub(crate) text: String,
    pub(crate) draft: Draft<'k>,
}

impl Class {
    pub(crate) fn bound(mut self) -> Self {
        self.bound = Some(true);
        self
    }

    pub(crate) fn unbound(mut self) -> Self {
        self.bound = Some(false);
        self
    }

    /// A token of this class. The dice decide which.
    pub(crate) fn token<'k>(&self, pairs: &'k [Pair], dice: &mut Dice) -> Case<'k> {
        let is_bound = self.bound.unwrap_or_else(|| dice.coin());
        self.token_with(is_bound, pairs, dice)
    }

    /// The same, without key binding unless the class is about it.
    pub(crate) fn plain_token<'k>(&self, pairs: &'k [Pair], dice: &mut Dice) -> Case<'k> {
        self.token_with(self.bound == Some(true), pairs, dice)
    }

    fn token_with<'k>(&self, is_bound: bool, pairs: &'k [Pair], dice: &mut Dice) -> Case<'k> {
        loop {
            let mut draft = match &self.make {
                Make::Hash(hash) => shape::with_hash(pairs, dice, hash),
                Make::Draft(_) | Make::Text(_) => shape::common(pairs, dice),
            };
            if is_bound {
                draft.bind();
            }
            let text = match &self.make {
                Make::Draft(change) => change(&mut draft, dice).map(|()| draft.sign()),
                Make::Text(rewrite) => {
                    let text = draft.sign();
                    rewrite(&text, dice).filter(|changed| *changed != text)
                }
                Make::Hash(_) => Some(draft.sign()),
            };
            if let Some(text) = text {
                return Case { text, draft };
            }
        }
    }
}

fn class(name: impl Into<String>, is_accepted: bool, make: Make) -> Class {
    Class { name: name.into(), is_accepted, bound: None, make }
}

/// Must be refused, whoever signed it.
pub(crate) fn refuse(
    name: impl Into<String>,
    change: impl Fn(&mut Draft<'_>, &mut Dice) -> Option<()> + Send + Sync + 'static,
) -> Class {
    class(name, false, Make::Draft(Box::new(change)))
}

/// Must be accepted, and read as the draft's claims.
pub(crate) fn accept(
    name: impl Into<String>,
    change: impl Fn(&mut Draft<'_>, &mut Dice) -> Option<()> + Send + Sync + 'static,
) -> Class {
    class(name, true, Make::Draft(Box::new(change)))
}

pub(crate) fn under_hash(name: &str, hash: &'static str) -> Class {
    class(name, true, Make::Hash(hash))
}

/// Text that nobody signed, or not in this form.
pub(crate) fn rewritten(
    name: impl Into<String>,
    rewrite: impl Fn(&str, &mut Dice) -> Option<String> + Send + Sync + 'static,
) -> Class {
    class(name, false, Make::Text(Box::new(rewrite)))
}

/// All of them.
pub(crate) fn all() -> Vec<Class> {
    let classes: Vec<Class> = [
        honest::classes(),
        structure::classes(),
        issuer::classes(),
        vc::classes(),
        key_binding::classes(),
        bytes::classes(),
    ]
    .into_iter()
    .flatten()
    .collect();
    for (at, class) in classes.iter().enumerate() {
        let is_new = classes[..at].iter().all(|earlier| earlier.name != class.name);
        assert!(is_new, "{} twice", class.name);
    }
    classes
}

// What the classes have in common.

/// The token is checked as a plain SD-JWT.
pub(crate) fn plain(draft: &mut Draft<'_>) {
    draft.kind = Kind::SdJwt;
}

/// An entry for a Disclosure of the claim `apodo`.
pub(crate) fn nickname(dice: &mut Dice) -> Value {
    json!([salt(dice), "apodo", "x"])
}

/// Sends a Disclosure whose digest lies at the top, in an open object or in another Disclosure.
pub(crate) fn plant(draft: &mut Draft<'_>, dice: &mut Dice, entries: &Value) {
    plant_json(draft, dice, &entries.to_string());
}

/// The same for JSON text.
pub(crate) fn plant_json(draft: &mut Draft<'_>, dice: &mut Dice, json: &str) {
    plant_text(draft, dice, encode(json));
}

/// The same for the text as it is sent.
pub(crate) fn plant_text(draft: &mut Draft<'_>, dice: &mut Dice, text: String) {
    let object = json!({"_sd": [crate::draft::digest(draft.hash, &text)], "nota": 1});
    match dice.below(3) {
        0 => return draft.disclose_text(text),
        1 => drop(draft.payload().insert("anexo".to_owned(), object)),
        _ => draft.disclose(json!([salt(dice), "anexo", object])),
    }
    draft.disclosures.push(text);
}

/// Bytes for a Disclosure of `apodo` whose text has the length, the letters or the spare bits that a spelling needs.
pub(crate) fn spelt(dice: &mut Dice, spelling: Spelling) -> String {
    loop {
        let json = nickname(dice)
            .to_string()
            .replace("\"x\"", &format!("\"{}\"", "?ÿ".repeat(dice.below(6))));
        let right = encode(&json);
        let suits = match spelling {
            Spelling::Standard => right.contains(['-', '_']),
            _ => right.len() % 4 != 0,
        };
        if suits {
            return spelling.write(json.as_bytes());
        }
    }
}
