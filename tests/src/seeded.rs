//! Randomness and keys that are the same in every run: a failure can be looked at twice.

use llavero_core::{Error, KeyKind, Random, RandomError, SigningKey};

/// A generator whose bytes follow from its seed. Useless for anything but tests.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// The generator with this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for byte in out {
            // SplitMix64.
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = self.0;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (word ^ (word >> 31)).to_le_bytes()[0];
        }
        Ok(())
    }
}

/// The private key with this seed.
///
/// # Errors
/// As [`SigningKey::generate`].
pub fn key(kind: KeyKind, seed: u64) -> Result<SigningKey, Error> {
    SigningKey::generate(kind, &mut Seeded::new(seed))
}
