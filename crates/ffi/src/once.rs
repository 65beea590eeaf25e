//! Values that a step uses up. Rust moves them; the other languages can only be told that they are gone.

use std::sync::{Mutex, PoisonError};

use crate::LlaveroError;
use crate::error::Misuse;

/// A value that can be taken once, from any thread.
pub(crate) struct Once<T>(Mutex<Option<T>>);

impl<T> Once<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(Some(value)))
    }

    /// Takes the value away.
    pub(crate) fn take(&self) -> Result<T, LlaveroError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(used)
    }

    /// Looks at the value, or changes it in place.
    pub(crate) fn with<R>(&self, look: impl FnOnce(&mut T) -> R) -> Result<R, LlaveroError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(look).ok_or_else(used)
    }
}

fn used() -> LlaveroError {
    Misuse::AlreadyUsed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_to_be_taken_twice() {
        let once = Once::new(1);
        assert_eq!(once.with(|value| *value + 1).unwrap(), 2);
        assert_eq!(once.take().unwrap(), 1);
        assert_eq!(once.take().unwrap_err().code(), "already_used");
        assert_eq!(once.with(|_| ()).unwrap_err().code(), "already_used");
    }
}
