//! Random bytes: the operating system's, or the app's own.

use std::sync::Arc;

use llavero_core::{OsRandom, RandomError as CoreRandomError};
use zeroize::Zeroizing;

use crate::callback::Caller;
use crate::error::Fault;

/// A generator of the app's own, such as that of a certified module. Without one the operating system's is used.
///
/// It is called from a thread of the library.
#[uniffi::export(foreign)]
pub trait Random: Send + Sync {
    /// Returns exactly `count` bytes that nobody can foresee.
    ///
    /// # Errors
    /// [`RandomError`] if there are none to be had.
    fn bytes(&self, count: u32) -> Result<Vec<u8>, RandomError>;
}

/// Why a generator of the app's own gave nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum RandomError {
    /// The generator failed.
    #[error("no random bytes to be had")]
    Unavailable,
    /// Anything that was not foreseen. Apps need not throw it: whatever else they throw becomes this.
    #[error("the generator threw something unexpected")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for RandomError {
    // The reason holds the other language's stack trace, so it is dropped.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// Where a step takes its random bytes from.
#[derive(Clone)]
pub(crate) enum Generator {
    System,
    App { generator: Arc<dyn Random>, caller: Arc<Caller> },
}

impl Generator {
    pub(crate) fn new(generator: Option<Arc<dyn Random>>, caller: &Arc<Caller>) -> Self {
        generator
            .map_or(Self::System, |generator| Self::App { generator, caller: Arc::clone(caller) })
    }
}

impl llavero_core::Random for Generator {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), CoreRandomError> {
        match self {
            Self::System => OsRandom.fill(out),
            Self::App { generator, caller } => {
                let generator = Arc::clone(generator);
                let count = u32::try_from(out.len()).map_err(|_| CoreRandomError)?;
                let fault = match caller.call(move || generator.bytes(count)) {
                    Ok(Ok(bytes)) => {
                        let bytes = Zeroizing::new(bytes);
                        if bytes.len() == out.len() {
                            out.copy_from_slice(&bytes);
                            return Ok(());
                        }
                        Fault::Malformed
                    }
                    Ok(Err(RandomError::Unavailable)) => {
                        caller.note_foreseen();
                        return Err(CoreRandomError);
                    }
                    Ok(Err(RandomError::Unexpected)) => Fault::Failed,
                    Err(fault) => fault,
                };
                caller.note(fault);
                Err(CoreRandomError)
            }
        }
    }
}
