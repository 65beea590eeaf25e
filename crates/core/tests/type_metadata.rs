//! Type Metadata: documents that others have published, and properties that no list of cases can show. The cases are in
//! `tests/vectors/conformance/type-metadata.json`; `llavero conformance` runs them.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/published.rs"]
mod published;
#[path = "support/support.rs"]
mod support;

use std::time::{Duration, Instant};

use llavero_core::template::{Array, Object};
use llavero_core::type_metadata::{
    ClaimMetadata, Integrity, MAX_CHECK_STEPS, MAX_DESCRIPTION_CHARS, MAX_LOCALES,
    MAX_RESOLVED_BYTES, MAX_SVG_TEMPLATES, MAX_TYPE_CLAIMS, MAX_TYPE_DOCUMENTS, Rgb,
    SelectiveDisclosure, TypeDocuments, TypeMetadata, TypeMetadataError,
};
use llavero_core::{ClaimPath, PathSegment, UnixTime, Verified};
use proptest::prelude::*;
use published::published;
use serde_json::{Value, json};
use support::{accepted, vc, verify};

const T: &str = support::TYPE;

type Outcome<T> = Result<T, TypeMetadataError>;

// Documents that others have published.

fn read(name: &str) -> Option<Vec<u8>> {
    published(name).map(|path| std::fs::read(path).unwrap())
}

const BETELGEUSE: &str = "https://betelgeuse.example.com/education_credential/v42";
const GALAXY: &str = "https://galaxy.example.com/galactic-education-credential/v2";

#[test]
fn the_example_of_the_draft_resolves_under_the_hash_in_its_credential() {
    let Some(text) = read("ietf-sd-jwt-vc/metadata/A.2-type-metadata.exact.json") else {
        return;
    };
    let credential = read("ietf-sd-jwt-vc/metadata/A.2-1.json").unwrap();
    let credential: Value = serde_json::from_slice(&credential).unwrap();
    let integrity = Integrity::new(credential["vct#integrity"].as_str().unwrap());
    assert_eq!(integrity.verify(&text), Ok(()));
    let mut documents = TypeDocuments::new();
    documents.add_fetched(BETELGEUSE, &text).unwrap();
    // The draft gives the hash of the extended document and not the document.
    let missing = documents.resolve(BETELGEUSE, Some(&integrity)).map(drop);
    assert_eq!(missing, Err(TypeMetadataError::DocumentMissing));
    documents.add_own(GALAXY, format!(r#"{{"vct":"{GALAXY}"}}"#).as_bytes()).unwrap();
    let other = documents.resolve(BETELGEUSE, Some(&integrity)).map(drop);
    assert_eq!(other, Err(TypeMetadataError::IntegrityMismatch));
    let spoilt = [text.as_slice(), b"\n"].concat();
    assert_eq!(integrity.verify(&spoilt), Err(TypeMetadataError::IntegrityMismatch));

    // Without the link to what is not published, the rest of it.
    let mut rest: Value = serde_json::from_slice(&text).unwrap();
    rest.as_object_mut().unwrap().remove("extends");
    let mut documents = TypeDocuments::new();
    documents.add_own(BETELGEUSE, rest.to_string().as_bytes()).unwrap();
    let metadata = documents.resolve(BETELGEUSE, None).unwrap();
    assert_eq!(metadata.claims().len(), 7);
    let german = metadata.display(&["de-AT"]).unwrap();
    assert_eq!(german.name, "Betelgeuse-Bildungsnachweis");
    assert_eq!(german.background_color, Some(Rgb { red: 0x12, green: 0x10, blue: 0x7c }));
    assert_eq!(
        german.logo_alt_text.as_deref(),
        Some("Logo des Betelgeusischen Bildungsministeriums")
    );
    assert_eq!(german.svg_templates.len(), 1);
    assert!(german.logo.as_ref().unwrap().integrity.is_some());
    let place = |index| {
        let name = |name: &str| PathSegment::Name(name.to_owned());
        [name("degrees"), PathSegment::Index(index), name("date_awarded")]
    };
    assert_eq!(metadata.claim_display(&place(2), &["en"]).unwrap().label, "Date Awarded");
    assert!(metadata.claim(&place(0)[..2]).unwrap().display.is_empty());
}

#[test]
fn the_european_pid_resolves() {
    let Some(text) = read("eudi-sdjwt-kt/pid_arf_v18.json") else { return };
    let mut documents = TypeDocuments::new();
    documents.add_own("urn:eudi:pid:1", &text).unwrap();
    let metadata = documents.resolve("urn:eudi:pid:1", None).unwrap();
    assert_eq!(metadata.display(&["es"]).unwrap().name, "PID");
    assert!(metadata.claims().len() > 20, "{}", metadata.claims().len());
    let family = metadata.claim(&[PathSegment::Name("family_name".to_owned())]).unwrap();
    assert_eq!(family.sd, SelectiveDisclosure::Always);
}

// Limits, at them and one past them.

fn add(text: &Value) -> Outcome<()> {
    TypeDocuments::new().add_own(T, text.to_string().as_bytes())
}

fn code<T>(outcome: Outcome<T>) -> Result<(), &'static str> {
    outcome.map(drop).map_err(|error| error.code())
}

#[test]
fn refuses_more_bytes_claims_languages_and_templates_than_the_limits() {
    let many =
        |count: usize, make: &dyn Fn(usize) -> Value| (0..count).map(make).collect::<Value>();
    let claim = |index| json!({"path": [format!("c{index}")]});
    let display = |_| json!({"locale": "es", "name": "N"});
    let template =
        |_| json!({"uri": "https://emisor.example/t.svg", "properties": {"contrast": "high"}});
    let rendering = |count| {
        let templates = many(count, &template);
        json!([{"locale": "es", "name": "N", "rendering": {"svg_templates": templates}}])
    };
    for past in [0, 1] {
        let expected = if past == 0 { Ok(()) } else { Err("type_limit_exceeded") };
        let claims = json!({"vct": T, "claims": many(MAX_TYPE_CLAIMS + past, &claim)});
        assert_eq!(code(add(&claims)), expected);
        let displays = json!({"vct": T, "display": many(MAX_LOCALES + past, &display)});
        assert_eq!(code(add(&displays)), expected);
        let templates = json!({"vct": T, "display": rendering(MAX_SVG_TEMPLATES + past)});
        assert_eq!(code(add(&templates)), expected);
        let empty = json!({"vct": T, "x": ""}).to_string().len();
        let long = json!({"vct": T, "x": "x".repeat((1 << 20) - empty + past)});
        assert_eq!(code(add(&long)), expected);
    }
    let long = |chars: usize| {
        let text = json!({"vct": T, "description": "d".repeat(chars)}).to_string();
        let mut documents = TypeDocuments::new();
        documents.add_own(T, text.as_bytes()).unwrap();
        documents.resolve(T, None).unwrap().description().is_some()
    };
    assert!(long(MAX_DESCRIPTION_CHARS) && !long(MAX_DESCRIPTION_CHARS + 1));
}

#[test]
fn refuses_inherited_claims_over_the_limit() {
    let claims = |count: usize, name: &str| {
        (0..count).map(|index| json!({"path": [format!("{name}{index}")]})).collect::<Value>()
    };
    for (own, expected) in [(1, Ok(())), (2, Err("type_limit_exceeded"))] {
        let mut documents = TypeDocuments::new();
        let base = json!({"vct": "urn:b", "claims": claims(MAX_TYPE_CLAIMS - 1, "b")});
        let child = json!({"vct": T, "extends": "urn:b", "claims": claims(own, "c")});
        documents.add_own("urn:b", base.to_string().as_bytes()).unwrap();
        documents.add_own(T, child.to_string().as_bytes()).unwrap();
        assert_eq!(code(documents.resolve(T, None)), expected);
    }
}

#[test]
fn refuses_more_documents_than_the_limit() {
    let mut documents = TypeDocuments::new();
    let text = |index: usize| json!({"vct": T, "name": format!("{index}")}).to_string();
    for index in 0..MAX_TYPE_DOCUMENTS {
        documents.add_own(T, text(index).as_bytes()).unwrap();
    }
    // One that is there already takes no room.
    assert_eq!(documents.add_own(T, text(7).as_bytes()), Ok(()));
    assert_eq!(
        code(documents.add_own(T, text(MAX_TYPE_DOCUMENTS).as_bytes())),
        Err("type_limit_exceeded")
    );
}

#[test]
fn refuses_a_check_of_more_steps_than_the_limit() {
    // Every element of a long array, for every claim of a long type.
    let (elements, each) = (19_784, 52);
    let list = vec!["{}"; elements].join(",");
    let credential = accepted(verify(&vc(&format!(r#""l":[{list}]"#), &[])));
    let check = |beside: usize| {
        let below = (0..each).map(|index| json!({"path": ["l", null, format!("c{index}")]}));
        let beside = (0..beside).map(|index| json!({"path": [format!("b{index}")]}));
        let claims: Value = below.chain(beside).collect();
        metadata(json!({ "claims": claims })).check_complete(&credential)
    };
    // One step for the array, one for the wildcard, for each element one and one for each claim, and one for each
    // claim beside the array.
    let at = MAX_CHECK_STEPS - 2 - elements * (1 + each);
    assert_eq!(check(at), Ok(()));
    assert_eq!(code(check(at + 1)), Err("type_limit_exceeded"));
}

// What the cases do not say.

fn metadata(members: Value) -> TypeMetadata {
    let mut text = members;
    text["vct"] = json!(T);
    let mut documents = TypeDocuments::new();
    documents.add_own(T, text.to_string().as_bytes()).unwrap();
    documents.resolve(T, None).unwrap()
}

#[test]
fn refuses_a_credential_of_another_type() {
    let mut documents = TypeDocuments::new();
    documents.add_own("urn:b", br#"{"vct":"urn:b"}"#).unwrap();
    documents.add_own("urn:c", br#"{"vct":"urn:c","extends":"urn:b"}"#).unwrap();
    let other = documents.resolve("urn:c", None).unwrap();
    let credential = accepted(verify(&vc("", &[])));
    for outcome in [other.check_complete(&credential), other.check_presentation(&credential)] {
        assert_eq!(outcome, Err(TypeMetadataError::VctMismatch));
    }
    let claims = Object::new().open("vct", "urn:b");
    assert_eq!(other.check_template(&claims), Err(TypeMetadataError::VctMismatch));
}

#[test]
fn refuses_a_template_before_it_is_signed() {
    let rules = metadata(json!({"claims": [
        {"path": ["a"], "sd": "always", "mandatory": true},
        {"path": ["l", null], "sd": "always"},
        {"path": ["l", 0, "k"], "sd": "never"},
        {"path": ["open", "in"], "sd": "never"},
    ]}));
    let good = || Object::new().open("vct", T).disclosable("a", 1);
    assert_eq!(rules.check_template(&good()), Ok(()));
    let fine = Array::new().disclosable(Object::new().open("k", 1));
    assert_eq!(rules.check_template(&good().disclosable("l", fine)), Ok(()));
    let open = Array::new().open(Object::new());
    let always = |path: &str| TypeMetadataError::SdAlways { path: path.parse().unwrap() };
    assert_eq!(rules.check_template(&good().open("l", open)), Err(always("l[*]")));
    assert_eq!(rules.check_template(&Object::new().open("vct", T).open("a", 1)), Err(always("a")));
    let missing = TypeMetadataError::ClaimMissing { path: "a".parse().unwrap() };
    assert_eq!(rules.check_template(&Object::new().open("vct", T).min_digests(4)), Err(missing));
    let never = TypeMetadataError::SdNever { path: "open.in".parse().unwrap() };
    let hidden = good().open("open", Object::new().disclosable("in", 1));
    assert_eq!(rules.check_template(&hidden), Err(never));
    // A plain value is looked into, too.
    assert_eq!(rules.check_template(&good().open("open", json!({"in": 1}))), Ok(()));
}

#[test]
fn an_error_tells_the_place_in_the_document_and_no_value() {
    let text = json!({"vct": T, "claims": [{"path": ["a"]}, {"path": ["b"], "display": [
        {"locale": "es", "label": "B"}, {"locale": "es", "label": 7},
    ]}]});
    let error = add(&text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "type document, claims[1].display[1].label: missing or malformed"
    );
    let text = json!({"vct": T, "claims": [{"path": ["a"]}, {"path": ["a"]}]});
    let error = add(&text).unwrap_err();
    assert_eq!(error.to_string(), "type document, claims[1]: the path is given twice");
}

#[test]
fn colours_and_templates_come_as_what_they_are() {
    let colour = |text: &str| {
        let simple = json!({"background_color": text});
        let display = json!([{"locale": "es", "name": "N", "rendering": {"simple": simple}}]);
        let metadata = metadata(json!({ "display": display }));
        assert_eq!(metadata.displays()[0].name, "N");
        metadata.displays()[0].background_color
    };
    assert_eq!(colour("#1a2B3c"), Some(Rgb { red: 0x1a, green: 0x2b, blue: 0x3c }));
    assert_eq!(colour("#fa0"), Some(Rgb { red: 0xff, green: 0xaa, blue: 0 }));
    assert_eq!(colour("#1cd"), Some(Rgb { red: 0x11, green: 0xcc, blue: 0xdd }));
    for other in ["", "#", "red", "#12345", "#+12345", "#1234567", "1a2b3c", "#fff;}", "url(x)"] {
        assert_eq!(colour(other), None, "{other}");
    }
}

#[test]
fn a_claim_is_called_as_the_reader_calls_it() {
    let display = json!([
        {"locale": "en", "label": "Name"},
        {"locale": "es-MX", "label": "Nombre"},
        {"locale": "de", "label": "Name der Person"},
    ]);
    let metadata = metadata(json!({"claims": [{"path": ["name"], "display": display}]}));
    let at = |name: &str| [PathSegment::Name(name.to_owned())];
    for (locales, label) in [
        (vec!["es-MX"], "Nombre"),
        (vec!["es"], "Nombre"),
        (vec!["de-AT", "es"], "Name der Person"),
        (vec!["fr"], "Name"),
    ] {
        assert_eq!(metadata.claim_display(&at("name"), &locales).unwrap().label, label);
    }
    assert_eq!(metadata.claim(&at("name")).unwrap().path.to_string(), "name");
    assert!(metadata.claim(&at("other")).is_none());
    assert!(metadata.claim_display(&at("other"), &["en"]).is_none());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..4).prop_map(Value::from),
        prop::sample::select(vec!["", "a", "l", "es", "always", "never", T, "urn:b", "#fff", "9"])
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let names = vec![
        "vct",
        "extends",
        "extends#integrity",
        "display",
        "claims",
        "path",
        "sd",
        "mandatory",
        "svg_id",
        "locale",
        "name",
        "label",
        "description",
        "rendering",
        "simple",
        "logo",
        "uri",
        "svg_templates",
        "properties",
        "orientation",
        "a",
        "l",
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(prop::sample::select(names.clone()), inner, 0..6).prop_map(
                |map| Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            ),
        ]
    })
}

/// Entries that are well formed more often than not, so that more than parsing is reached.
fn any_claims() -> impl Strategy<Value = Value> {
    let segment = prop_oneof![
        Just(json!("a")),
        Just(json!("l")),
        Just(Value::Null),
        (0_u8..3).prop_map(|index| json!(index)),
    ];
    let claim = (
        prop::collection::vec(segment, 1..4),
        prop::sample::select(vec!["always", "allowed", "never"]),
        any::<bool>(),
    );
    let claim = claim
        .prop_map(|(path, sd, mandatory)| json!({"path": path, "sd": sd, "mandatory": mandatory}));
    prop::collection::vec(claim, 0..4).prop_map(Value::from)
}

/// Credentials with something open, disclosed and hidden at every depth.
fn credentials() -> Vec<Verified> {
    let texts = [
        vc("", &[]),
        vc(
            r#""a":{"l":[{"...":"<0>"},{"...":"x"},3]},"l":[[{"a":1}],5],"_sd":["y"]"#,
            &[r#"["s",{"a":{"_sd":["z"]}}]"#],
        ),
        vc(
            r#""l":[{"...":"<0>"}],"_sd":["<1>"]"#,
            &[r#"["s",[1,[2,{"a":null}]]]"#, r#"["s","a",{"a":[]}]"#],
        ),
    ];
    texts.iter().map(|text| accepted(verify(text))).collect()
}

proptest! {
    #[test]
    fn no_document_makes_resolving_panic(text in any_json(), vct in prop::bool::ANY) {
        let mut text = text;
        if let (Some(object), true) = (text.as_object_mut(), vct) {
            object.insert("vct".to_owned(), json!(T));
        }
        let mut documents = TypeDocuments::new();
        documents.add_own("urn:b", br#"{"vct":"urn:b"}"#).unwrap();
        let added = documents.add_own(T, text.to_string().as_bytes());
        if let Ok(metadata) = added.and_then(|()| documents.resolve(T, None)) {
            let _ = metadata.display(&["es", ""]);
        }
    }

    #[test]
    fn no_octets_make_reading_panic(octets in prop::collection::vec(any::<u8>(), 0..64)) {
        prop_assert!(TypeDocuments::new().add_own(T, &octets).is_err());
    }

    #[test]
    fn a_child_never_weakens_what_it_extends(base in any_claims(), child in any_claims()) {
        let mut documents = TypeDocuments::new();
        let (base, child) = (json!({"vct": "urn:b", "claims": base}), json!({"vct": T, "extends": "urn:b", "claims": child}));
        prop_assume!(documents.add_own("urn:b", base.to_string().as_bytes()).is_ok());
        prop_assume!(documents.add_own(T, child.to_string().as_bytes()).is_ok());
        let (Ok(child), base) = (documents.resolve(T, None), documents.resolve("urn:b", None).unwrap()) else { return Ok(()) };
        for rule in base.claims() {
            let own = child.claims().iter().find(|own| own.path == rule.path).unwrap();
            prop_assert!(own.mandatory || !rule.mandatory);
            prop_assert!(rule.sd == SelectiveDisclosure::Allowed || own.sd == rule.sd);
        }
    }

    /// What passes with everything there passes with less, if a presentation is all that is seen; and the walk over all
    /// paths together selects what each path selects by itself.
    #[test]
    fn a_check_agrees_with_the_paths_one_by_one(claims in any_claims()) {
        let text = json!({"vct": T, "claims": claims});
        let mut documents = TypeDocuments::new();
        prop_assume!(documents.add_own(T, text.to_string().as_bytes()).is_ok());
        let metadata = documents.resolve(T, None).unwrap();
        for credential in credentials() {
            let complete = metadata.check_complete(&credential);
            prop_assert!(complete.is_err() || metadata.check_presentation(&credential).is_ok());
            let mut expected = Ok(());
            for claim in metadata.claims() {
                expected = expected.and_then(|()| one_by_one(claim, &credential));
            }
            prop_assert_eq!(complete.is_ok(), expected.is_ok(), "{:?} {:?}", complete, expected);
        }
    }
}

fn one_by_one(claim: &ClaimMetadata, credential: &Verified) -> Result<(), ()> {
    let path: &ClaimPath = &claim.path;
    let selected = match path.select_located(credential.claims(), credential.positions()) {
        Ok(selected) => selected,
        Err(error) if error.code() == "path_nothing_selected" => Vec::new(),
        Err(_) => return Err(()),
    };
    let disclosed = |at: &Vec<PathSegment>| credential.disclosed().any(|place| place == at);
    let fits = selected.iter().all(|(at, _)| match claim.sd {
        SelectiveDisclosure::Allowed => true,
        SelectiveDisclosure::Always => disclosed(at),
        SelectiveDisclosure::Never => !disclosed(at),
    });
    if fits && !(claim.mandatory && selected.is_empty()) { Ok(()) } else { Err(()) }
}

/// Twice the work takes about twice the time, however the claims are laid out; four times as long would be quadratic.
#[test]
fn the_time_to_resolve_and_check_grows_with_the_size_alone() {
    let time = |count: usize| {
        let claims: Vec<Value> = (0..count)
            .map(|index| json!({"path": ["l", null, format!("c{index}")], "svg_id": format!("c{index}"), "display": [{"locale": "es", "label": "L"}]}))
            .collect();
        let text = json!({"vct": T, "extends": "urn:b", "claims": claims}).to_string();
        let base = json!({"vct": "urn:b", "claims": claims}).to_string();
        let members: Vec<String> =
            (0..count).map(|index| format!(r#""c{index}":{index}"#)).collect();
        let credential = accepted(verify(&vc(&format!(r#""l":[{{{}}}]"#, members.join(",")), &[])));
        let run = || {
            let start = Instant::now();
            let mut documents = TypeDocuments::new();
            documents.add_own("urn:b", base.as_bytes()).unwrap();
            documents.add_own(T, text.as_bytes()).unwrap();
            documents.resolve(T, None).unwrap().check_complete(&credential).unwrap();
            start.elapsed()
        };
        (0..7).map(|_| run()).min().unwrap()
    };
    // Sixteen times the size. A square would take 256 times as long; the rest is room for logarithms, memory further
    // away and a busy machine, which gets a few tries.
    let mut tries = (0..5).map(|_| (time(64), time(1_024)));
    assert!(tries.any(|(small, large)| large < small * 64 + Duration::from_millis(2)));
}

/// A list of many small types that extend one large one must not become many large ones in memory.
#[test]
fn a_list_resolves_no_more_than_its_limit() {
    let base = json!({ "vct": "urn:example:base", "description": "x".repeat(900_000) }).to_string();
    let child = |number: usize| {
        json!({ "vct": format!("urn:example:{number:04}"), "extends": "urn:example:base" })
            .to_string()
    };
    let each = base.len() + child(0).len();
    let most = (MAX_RESOLVED_BYTES - base.len()) / each;
    let list = |children: usize| {
        let mut documents: Vec<String> = (0..children).map(child).collect();
        documents.push(base.clone());
        let list = llavero_core::trust::TrustList::new(UnixTime::from_secs(0), vec![]).unwrap();
        let list = list.with_type_documents(documents);
        list.map(|list| assert_eq!(list.type_documents().len(), children + 1))
            .map_err(|error| error.code())
    };
    assert!(most > 10);
    assert_eq!(list(most), Ok(()));
    assert_eq!(list(most + 1), Err("type_limit_exceeded"));
}
