//! Kinds `type-metadata-resolve`, `type-metadata-check` and `sri`: documents that describe types, credentials held to
//! them, and the hashes that refer to them (SD-JWT VC §5, §6).

use llavero_core::ClaimPath;
use llavero_core::path::{Location, PathError};
use llavero_core::type_metadata::{
    ClaimDisplay, ClaimMetadata, Integrity, SelectiveDisclosure, TypeDocuments, TypeMetadata,
    TypeMetadataError,
};
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::{Unreadable, member, sd_jwt, text};

pub(super) fn sri(input: &Value) -> Result<Answer, Unreadable> {
    let integrity = Integrity::new(text(input, "metadata")?);
    Ok(answer(integrity.verify(text(input, "octets")?.as_bytes()).map(|()| Value::Null)))
}

pub(super) fn resolve(input: &Value) -> Result<Answer, Unreadable> {
    let vct = text(input, "vct")?;
    let integrity = match input.get("integrity") {
        None => None,
        Some(_) => Some(Integrity::new(text(input, "integrity")?)),
    };
    let ask = Ask::read(input.get("ask"))?;
    let metadata =
        documents(input)?.and_then(|documents| documents.resolve(vct, integrity.as_ref()));
    Ok(answer(metadata.map(|metadata| resolved(&metadata, &ask))))
}

pub(super) fn check(input: &Value) -> Result<Answer, Unreadable> {
    let credential = sd_jwt::verified_vc(input)?.map_err(|_| Unreadable("input"))?;
    let complete = match text(input, "situation")? {
        "complete" => true,
        "presentation" => false,
        _ => return Err(Unreadable("situation")),
    };
    let metadata = documents(input)?.and_then(|documents| documents.resolve_for(&credential));
    let checked = metadata.and_then(|metadata| {
        if complete {
            metadata.check_complete(&credential)
        } else {
            metadata.check_presentation(&credential)
        }
    });
    Ok(answer(checked.map(|()| Value::Null)))
}

fn answer(result: Result<Value, TypeMetadataError>) -> Answer {
    Answer::of(result.map_err(|error| error.code()))
}

/// The outer result is about the case, the inner about the documents in it.
fn documents(input: &Value) -> Result<Result<TypeDocuments, TypeMetadataError>, Unreadable> {
    let mut documents = TypeDocuments::new();
    for document in member(input, "documents")?.as_array().ok_or(Unreadable("documents"))? {
        let (vct, octets) = (text(document, "vct")?, text(document, "text")?.as_bytes());
        let own = match document.get("own") {
            None => true,
            Some(own) => own.as_bool().ok_or(Unreadable("own"))?,
        };
        let added =
            if own { documents.add_own(vct, octets) } else { documents.add_fetched(vct, octets) };
        if let Err(error) = added {
            return Ok(Err(error));
        }
    }
    Ok(Ok(documents))
}

/// What a case asks of a type, besides what every type says.
#[derive(Default)]
struct Ask<'v> {
    is_type: Vec<&'v str>,
    names: Vec<Vec<&'v str>>,
    labels: Vec<(Location, Vec<&'v str>)>,
}

impl<'v> Ask<'v> {
    fn read(ask: Option<&'v Value>) -> Result<Self, Unreadable> {
        let Some(ask) = ask else { return Ok(Self::default()) };
        let list = |name| ask.get(name).and_then(Value::as_array).into_iter().flatten();
        let label = |label: &'v Value| {
            Ok((location(member(label, "location")?)?, texts(member(label, "locales")?)?))
        };
        Ok(Self {
            is_type: ask.get("is_type").map_or(Ok(Vec::new()), texts)?,
            names: list("names").map(texts).collect::<Result<_, _>>()?,
            labels: list("labels").map(label).collect::<Result<_, _>>()?,
        })
    }
}

/// A place in a credential; unlike a path it may be the credential itself.
fn location(json: &Value) -> Result<Location, Unreadable> {
    match ClaimPath::from_json(json) {
        Ok(path) => Ok(path.segments().to_vec()),
        Err(PathError::Empty) => Ok(Location::new()),
        Err(_) => Err(Unreadable("location")),
    }
}

fn texts(list: &Value) -> Result<Vec<&str>, Unreadable> {
    let texts = list.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    texts.ok_or(Unreadable("ask"))
}

fn resolved(metadata: &TypeMetadata, ask: &Ask<'_>) -> Value {
    let display = metadata.displays().iter().map(|display| {
        let object = json!({ "locale": display.locale, "name": display.name });
        described(object, display.description.as_ref())
    });
    let is_type = ask.is_type.iter().map(|vct| metadata.is_type(vct));
    let names = ask.names.iter().map(|locales| metadata.display(locales).map(|found| &*found.name));
    let labels = ask.labels.iter().map(|(location, locales)| {
        metadata.claim_display(location, locales).map(|found| &*found.label)
    });
    json!({
        "types": metadata.types(),
        "name": metadata.name(),
        "display": display.collect::<Value>(),
        "claims": metadata.claims().iter().map(claim).collect::<Value>(),
        "is_type": is_type.collect::<Value>(),
        "names": names.collect::<Value>(),
        "labels": labels.collect::<Value>(),
    })
}

fn claim(claim: &ClaimMetadata) -> Value {
    let sd = match claim.sd {
        SelectiveDisclosure::Always => "always",
        SelectiveDisclosure::Never => "never",
        _ => "allowed",
    };
    let mut object = Map::new();
    object.insert("path".to_owned(), claim.path.to_json());
    object.insert("mandatory".to_owned(), claim.mandatory.into());
    object.insert("sd".to_owned(), sd.into());
    if let Some(id) = &claim.svg_id {
        object.insert("svg_id".to_owned(), id.as_str().into());
    }
    object.insert("display".to_owned(), claim.display.iter().map(label).collect());
    object.into()
}

fn label(display: &ClaimDisplay) -> Value {
    let object = json!({ "locale": display.locale, "label": display.label });
    described(object, display.description.as_ref())
}

fn described(mut object: Value, description: Option<&String>) -> Value {
    if let (Some(object), Some(text)) = (object.as_object_mut(), description) {
        object.insert("description".to_owned(), text.as_str().into());
    }
    object
}
