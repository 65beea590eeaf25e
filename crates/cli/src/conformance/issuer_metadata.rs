//! Kinds `issuer-metadata-url` and `issuer-metadata-doc`: where an issuer publishes its keys, and whether a document gives
//! the one that a token names (SD-JWT VC §4).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use llavero_core::issuer_metadata::{IssuerMetadata, PublishedKeys, well_known_url};
use llavero_core::trust::TrustList;
use llavero_core::{Error, KeyBinding, SdJwt, UnixTime};
use serde_json::{Value, json};

use super::answer::Answer;
use super::{Unreadable, member, text};

pub(super) fn url(input: &Value) -> Result<Answer, Unreadable> {
    let url = well_known_url(text(input, "iss")?);
    Ok(Answer::of(url.map(Value::from).map_err(|error| error.code())))
}

pub(super) fn document(input: &Value) -> Result<Answer, Unreadable> {
    let (issuer, key_id) = (text(input, "iss")?, text(input, "kid")?);
    let metadata = member(input, "metadata")?.to_string();
    let keys = match IssuerMetadata::from_slice(metadata.as_bytes(), issuer) {
        Ok(IssuerMetadata::At(address)) => {
            address.read(member(input, "jwk_set")?.to_string().as_bytes())
        }
        Ok(IssuerMetadata::Keys(keys)) => Ok(keys),
        Ok(_) => return Ok(Answer::Skip),
        Err(error) => Err(error),
    };
    let found = keys.and_then(|keys| find(keys, issuer, key_id));
    Ok(Answer::of(found.map(|()| Value::Null).map_err(|error| error.code())))
}

/// Whether the keys are enough for a token that names one: one that nobody signed is then refused for its signature.
fn find(keys: PublishedKeys, issuer: &str, key_id: &str) -> Result<(), Error> {
    const TYPE: &str = "urn:example:type";
    let entry = keys.trusted_for(issuer.to_owned(), vec![TYPE.to_owned()]);
    let list = TrustList::new(UnixTime::from_secs(0), vec![entry])?;
    let part = |members: Value| URL_SAFE_NO_PAD.encode(members.to_string());
    let header = json!({ "alg": "ES256", "typ": "dc+sd-jwt", "kid": key_id });
    let token = format!(
        "{}.{}.{}~",
        part(header),
        part(json!({ "iss": issuer, "vct": TYPE })),
        URL_SAFE_NO_PAD.encode([0; 64])
    );
    let sd_jwt = SdJwt::parse(&token)?;
    match list.verify(sd_jwt, KeyBinding::Forbid, &[], 0, UnixTime::from_secs(0)) {
        Err(Error::AlgorithmNotAllowed { .. } | Error::Signature { .. }) => Ok(()),
        Err(error) => Err(error),
        // Nobody signed it.
        Ok(_) => Err(Error::Untrusted),
    }
}
