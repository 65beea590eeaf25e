//! Randomness is an argument: salts, decoys and keys come from the caller's generator.

/// A source of cryptographically secure random bytes.
///
/// A phone passes its own generator, a test a fixed one; with the feature `os-random` there is `OsRandom`.
pub trait Random {
    /// Fills `out` with bytes that nobody can foresee.
    ///
    /// # Errors
    /// [`RandomError`] if the source cannot be read. `out` must not be used then.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError>;
}

/// The source of random bytes failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no random bytes to be had")]
pub struct RandomError;

impl From<RandomError> for crate::Error {
    fn from(_: RandomError) -> Self {
        Self::Random
    }
}

impl<R: Random + ?Sized> Random for &mut R {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        (**self).fill(out)
    }
}

/// The operating system's generator.
#[cfg(feature = "os-random")]
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

#[cfg(feature = "os-random")]
impl Random for OsRandom {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}
