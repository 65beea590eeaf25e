//! `llavero trust`.

use llavero_core::PublicKey;
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer, TrustedKey};
use serde_json::json;

use super::vct;
use crate::Context;
use crate::args::Trust;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: Trust, context: Context) -> Result<(), Failure> {
    let Trust::New { iss, name, types, keys, out } = args;
    let mut issuers = if out.exists() {
        TrustList::from_slice(&files::read(&out)?)?.issuers().to_vec()
    } else {
        Vec::new()
    };
    let read =
        |path| Ok::<_, Failure>(TrustedKey::new(PublicKey::from_jwk(&files::read_json(path)?)?));
    issuers.push(TrustedIssuer {
        issuer: iss,
        name,
        types: types.iter().map(|named| vct(named)).collect(),
        keys: IssuerKeys::Listed(keys.iter().map(|path| read(path)).collect::<Result<_, _>>()?),
        requires_type_metadata: false,
    });
    let list = TrustList::new(context.now, issuers)?;
    files::write_json(&out, &list.to_json(), false)?;
    context.out.json(&json!({ "trust": out, "issuers": list.issuers().len() }));
    context.out.good(format_args!("{}: {} issuer(s)", out.display(), list.issuers().len()));
    Ok(())
}
