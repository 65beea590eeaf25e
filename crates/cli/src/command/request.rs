//! `llavero request`.

use llavero_core::dcql::DcqlQuery;
use llavero_core::{ClaimPath, OsRandom};
use llavero_verifier::{Asker, Challenge};
use serde_json::json;

use super::vct;
use crate::Context;
use crate::args::Request;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: Request, context: Context) -> Result<(), Failure> {
    let Request::New {
        client_id,
        name,
        purpose,
        credential_type,
        claims,
        dcql,
        lifetime,
        out,
        challenge,
    } = args;
    let query = match (&dcql, &credential_type) {
        (Some(file), _) => DcqlQuery::from_value(&files::read_json(file)?)?,
        (None, Some(named)) => {
            let paths = claims.iter().map(|path| ClaimPath::parse_dotted(path));
            DcqlQuery::for_claims(
                "credential",
                [vct(named).as_str()],
                paths.collect::<Result<Vec<_>, _>>()?,
            )?
        }
        (None, None) => {
            return Err(Failure::usage(
                "nothing is asked for",
                "Give --type and --claim, or --dcql.",
            ));
        }
    };
    let asker = Asker { client_id: &client_id, client_name: name.as_deref() };
    let posed = Challenge::new(&asker, &purpose, query, lifetime, context.now, &mut OsRandom)?;
    // The challenge first: a request without it could be answered but never verified.
    files::write_json(&challenge, &posed.to_json(), true)?;
    files::write_json(&out, &posed.request().to_json(), false)?;
    context.out.json(&json!({ "request": out, "challenge": challenge, "lifetime_secs": lifetime }));
    context.out.good(format_args!("request for the wallet in {}", out.display()));
    context.out.good(format_args!(
        "challenge for `llavero verify` in {}: it is used once",
        challenge.display()
    ));
    Ok(())
}
