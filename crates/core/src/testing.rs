//! A generator for tests: reproducible, and useless for anything else.

use crate::{Random, RandomError};

pub(crate) struct Counter(u64);

impl Counter {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Random for Counter {
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
