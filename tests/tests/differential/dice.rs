//! Chance that falls the same way in every run.

use llavero_core::Random as _;
use llavero_tests::seeded::Seeded;

pub(crate) struct Dice(Seeded);

impl Dice {
    /// Those of a class, which fall as they do whatever other classes there are.
    pub(crate) fn of(name: &str) -> Self {
        let mix = |seed: u64, byte| seed * 31 % 0xffff_fffb + u64::from(byte);
        Self(Seeded::new(name.bytes().fold(9901, mix)))
    }

    fn word(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    }

    /// One of `0..end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.word() % end as u64).unwrap()
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(crate) fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes).unwrap();
        bytes
    }
}
