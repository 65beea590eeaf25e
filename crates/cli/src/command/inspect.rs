//! `llavero inspect`: what a text says, with nothing verified.

use llavero_core::Error;

use crate::Context;
use crate::args::Inspect;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: &Inspect, context: Context) -> Result<(), Failure> {
    let text = files::read_text(&args.file)?;
    let document = llavero_core::inspect(&text).map_err(|error| match error {
        Error::Shape { .. } => Failure::from(error)
            .with_hint("Give an SD-JWT, a request, an answer or a batch, whole, as it was sent."),
        _ => error.into(),
    })?;
    if context.out.json {
        context.out.json(&document);
        return Ok(());
    }
    context.out.note(context.out.pick(
        "Nada de esto está verificado: cualquiera pudo escribirlo. Para verificar: `llavero verify`.",
        "None of this is verified: anybody could have written it. To verify: `llavero verify`.",
    ));
    context.out.line(format_args!("{document:#}"));
    Ok(())
}
