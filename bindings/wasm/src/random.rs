//! Randomness is an argument here, too: a function of the caller's.

use js_sys::{Function, Uint8Array};
use llavero_core::{Random, RandomError};
use wasm_bindgen::{JsCast as _, JsValue};

/// A function that takes a number and returns a `Uint8Array` with as many random bytes.
pub(crate) struct Source<'f>(pub(crate) &'f Function);

impl Random for Source<'_> {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        let length = u32::try_from(out.len()).map_err(|_| RandomError)?;
        let bytes = self.0.call1(&JsValue::UNDEFINED, &length.into()).map_err(|_| RandomError)?;
        let bytes: Uint8Array = bytes.dyn_into().map_err(|_| RandomError)?;
        if bytes.length() != length {
            return Err(RandomError);
        }
        bytes.copy_to(out);
        Ok(())
    }
}
