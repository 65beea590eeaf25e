//! `llavero trust`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use llavero_core::PublicKey;
use llavero_core::certificate::{Anchors, X5cProfile};
use llavero_core::issuer_metadata::IssuerMetadata;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use serde_json::json;

use super::vct;
use crate::Context;
use crate::args::{KeySource, Trust};
use crate::failure::Failure;
use crate::files;
use crate::output::Output;

pub(crate) fn run(args: Trust, context: Context) -> Result<(), Failure> {
    let Trust::New { iss, name, types, source, type_documents, requires_type_metadata, out } = args;
    let (mut issuers, mut documents) = if out.exists() {
        let list = TrustList::from_slice(&files::read(&out)?)?;
        (list.issuers().to_vec(), list.type_documents().to_vec())
    } else {
        (Vec::new(), Vec::new())
    };
    for path in &type_documents {
        let document = files::read_exactly(path)?;
        if !documents.contains(&document) {
            documents.push(document);
        }
    }
    let keys = keys(&source, &iss, context.out)?;
    let types = types.iter().map(|named| vct(named)).collect();
    issuers.push(TrustedIssuer { issuer: iss, name, types, keys, requires_type_metadata });
    let list = TrustList::new(context.now, issuers)?.with_type_documents(documents)?;
    files::write_json(&out, &list.to_json(), false)?;
    context.out.json(&json!({ "trust": out, "issuers": list.issuers().len() }));
    context.out.good(format_args!("{}: {} issuer(s)", out.display(), list.issuers().len()));
    Ok(())
}

fn keys(source: &KeySource, issuer: &str, out: Output) -> Result<IssuerKeys, Failure> {
    if let Some(metadata) = &source.metadata {
        let published = match IssuerMetadata::from_slice(&files::read(metadata)?, issuer)? {
            IssuerMetadata::Keys(keys) => keys,
            IssuerMetadata::At(address) => match &source.jwk_set {
                Some(set) => address.read(&files::read(set)?)?,
                None => return Err(elsewhere(address.url(), out)),
            },
            _ => return Err(elsewhere("?", out)),
        };
        return Ok(IssuerKeys::Listed(published.keys().to_vec()));
    }
    if source.anchors.is_empty() {
        let read = |path| {
            Ok::<_, Failure>(TrustedKey::new(PublicKey::from_jwk(&files::read_json(path)?)?))
        };
        let keys = source.keys.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
        return Ok(IssuerKeys::Listed(keys));
    }
    let mut certificates = Vec::new();
    for path in &source.anchors {
        certificates.extend(certificates_in(path, out)?);
    }
    let profile = if source.no_haip { X5cProfile::SdJwtVc } else { X5cProfile::Haip };
    Ok(IssuerKeys::Certified(Anchors::new(&certificates, source.eku.as_deref(), profile)?))
}

fn elsewhere(url: &str, out: Output) -> Failure {
    let (es, en) = ("Las llaves están en otra dirección", "The keys are at another address");
    let hint = out.pick(
        "Descárguelas de ahí y dé el archivo con --jwk-set.",
        "Fetch them from there, and give the file with --jwk-set.",
    );
    Failure::usage(format!("{}: {url}", out.pick(es, en)), hint)
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates of a file: one in DER, or any number in PEM (RFC 7468 §5).
fn certificates_in(path: &Path, out: Output) -> Result<Vec<Vec<u8>>, Failure> {
    let bytes = files::read(path)?;
    let Some(text) = std::str::from_utf8(&bytes).ok().filter(|text| text.contains(BEGIN)) else {
        return Ok(vec![bytes]);
    };
    let malformed = || {
        let (es, en) = ("no es un certificado en PEM", "not a certificate in PEM");
        let hint = out.pick("Dé un archivo PEM o DER.", "Give a file in PEM or DER.");
        Failure::usage(format!("{}: {}", path.display(), out.pick(es, en)), hint)
    };
    let decode = |block: &str| {
        let (block, _) = block.split_once(END).ok_or_else(malformed)?;
        let letters: String =
            block.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
        STANDARD.decode(letters).map_err(|_| malformed())
    };
    text.split(BEGIN).skip(1).map(decode).collect()
}
