//! The key that opens a store.

use llavero_holder::{Random, StoreError};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 32 secret bytes, kept by the platform's key store. Wiped when dropped; no `Clone`, and it prints nothing.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// A key that the platform kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key.
    ///
    /// # Errors
    /// [`StoreError::Random`].
    pub fn generate(random: &mut dyn Random) -> Result<Self, StoreError> {
        let mut key = Self([0; 32]);
        random.fill(&mut key.0).map_err(|_| StoreError::Random)?;
        Ok(key)
    }

    /// The bytes, for the platform to keep.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreKey").finish_non_exhaustive()
    }
}
