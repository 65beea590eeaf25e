//! What the publishers of types say: a document on each line, behind `o` if it is our own and `f` if it was fetched.
//! The first is the type in question; `<n>` stands for the integrity of document n, as far as it comes later.

use std::sync::LazyLock;

use llavero_core::type_metadata::{
    ClaimMetadata, Integrity, MAX_TYPE_CHAIN, SelectiveDisclosure, TypeDocuments, TypeMetadata,
};
use llavero_core::{Part, PathSegment, SdJwt, Verified, json};
use serde_json::Value;

use super::Outcome;
use super::fixture::{ISSUERS, KNOWN, policy};
use super::hostile_issuer::fill;
use super::model;
use crate::world::NOW;

struct Document {
    json: Value,
    own: bool,
    /// Whether one that was obtained under the same name has another text.
    is_one_of_several: bool,
}

/// Nothing is relaxed along the chain, nothing deceives, no fetched document says what a type is; and what holds for a
/// credential holds for each presentation of it.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').take(16).collect();
    let mut integrity = vec![String::new(); lines.len()];
    let mut texts = Vec::new();
    for (index, line) in lines.iter().enumerate().rev() {
        let (own, text) = match line {
            [b'f', text @ ..] => (false, text),
            [b'o', text @ ..] => (true, text),
            text => (true, *text),
        };
        let text = fill(text, &integrity);
        integrity[index] = Integrity::of(&text).as_str().to_owned();
        texts.push((own, text));
    }
    let (mut documents, mut known): (_, Vec<Document>) = (TypeDocuments::new(), Vec::new());
    for (own, text) in texts.iter().rev() {
        let Ok(json) = json::from_slice(text, Part::Trust) else { continue };
        let Some(vct) = json["vct"].as_str() else { continue };
        let added =
            if *own { documents.add_own(vct, text) } else { documents.add_fetched(vct, text) };
        if added.is_ok() {
            let first = known.iter_mut().find(|document| document.json["vct"] == vct);
            let is_one_of_several = first.is_some();
            if let Some(first) = first {
                first.is_one_of_several = true;
            }
            known.push(Document { json, own: *own, is_one_of_several });
        }
    }
    let Some(vct) = known.first().and_then(|first| first.json["vct"].as_str()) else {
        return Outcome::Refused;
    };
    let Ok(metadata) = documents.resolve(vct, None) else { return Outcome::Refused };
    assert!(metadata.vct() == vct && metadata.types().len() <= MAX_TYPE_CHAIN);
    keeps_what_was_promised(&metadata, &known);
    shows_plain_texts(&metadata);
    for (whole, parts) in CREDENTIALS.iter() {
        if metadata.check_complete(whole).is_ok() {
            is_as_the_type_says(&metadata, whole);
            for part in parts {
                assert_eq!(metadata.check_presentation(part), Ok(()), "a part of what is right");
            }
        }
    }
    Outcome::Accepted
}

/// Each type of the chain may add rules. Which types it is depends on documents of ours, or with integrity.
fn keeps_what_was_promised(metadata: &TypeMetadata, known: &[Document]) {
    let chain: Vec<&Document> = metadata
        .types()
        .iter()
        .map(|vct| known.iter().find(|document| document.json["vct"] == **vct).expect("a document"))
        .collect();
    // With several under one name, integrity chooses, and this reading does not follow.
    if chain.iter().any(|document| document.is_one_of_several) {
        return;
    }
    let mut relied_on = true;
    let mut with_integrity = false;
    for (vct, document) in metadata.types().iter().zip(&chain) {
        assert_eq!(metadata.is_type(vct), relied_on, "{vct}");
        relied_on &= document.own || with_integrity;
        with_integrity = document.json.get("extends#integrity").is_some();
        for said in document.json["claims"].as_array().into_iter().flatten() {
            let claim = metadata.claims().iter().find(|claim| claim.path.to_json() == said["path"]);
            let claim = claim.expect("a claim that the type or one it extends has");
            assert!(claim.mandatory || said["mandatory"] != true, "relaxed");
            let sd = match claim.sd {
                SelectiveDisclosure::Always => "always",
                SelectiveDisclosure::Never => "never",
                SelectiveDisclosure::Allowed => "allowed",
            };
            let before = said["sd"].as_str().unwrap_or("allowed");
            assert!(before == "allowed" || before == sd, "changed");
        }
    }
}

fn shows_plain_texts(metadata: &TypeMetadata) {
    let own = [metadata.name(), metadata.description()].into_iter().flatten();
    let of_type = metadata.displays().iter().flat_map(|display| {
        [Some(&display.name), display.description.as_ref(), display.logo_alt_text.as_ref()]
    });
    let of_claims = metadata.claims().iter().flat_map(|claim| &claim.display);
    let of_claims = of_claims.flat_map(|one| [Some(&one.label), one.description.as_ref()]);
    let texts = own.chain(of_type.chain(of_claims).flatten().map(String::as_str));
    for text in texts {
        assert!(!text.chars().any(model::deceives), "a text that deceives the eye");
    }
    for locales in [&["es-MX"][..], &["en", "es"], &[]] {
        assert_eq!(metadata.display(locales).is_some(), !metadata.displays().is_empty());
    }
}

fn is_as_the_type_says(metadata: &TypeMetadata, whole: &Verified) {
    let disclosed: Vec<&[PathSegment]> = whole.disclosed().collect();
    for ClaimMetadata { path, mandatory, sd, .. } in metadata.claims() {
        let found = path.select_located(whole.claims(), whole.positions()).unwrap_or_default();
        assert!(!mandatory || !found.is_empty(), "{path} is missing");
        for (location, _) in found {
            let hidden = disclosed.contains(&location.as_slice());
            match sd {
                SelectiveDisclosure::Always => assert!(hidden, "{path} is open"),
                SelectiveDisclosure::Never => assert!(!hidden, "{path} was hidden"),
                SelectiveDisclosure::Allowed => {}
            }
            assert!(metadata.claim(&location).is_some());
        }
    }
}

/// Credentials that are known, each with its presentations.
static CREDENTIALS: LazyLock<Vec<(Verified, Vec<Verified>)>> = LazyLock::new(|| {
    let issuer = &ISSUERS[0];
    let verify = |text: &str, bound| {
        SdJwt::parse(text).and_then(|text| text.verify(&policy(issuer, bound), NOW)).unwrap()
    };
    let of_issuer = KNOWN.iter().take(1);
    of_issuer
        .map(|known| {
            let parts = known.presentations.iter().map(|text| verify(text, true));
            (verify(&known.issued, false), parts.collect())
        })
        .collect()
});
