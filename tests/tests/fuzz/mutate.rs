//! Changes of inputs that keep enough of them to get past the first check.

use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use llavero_core::Random as _;
use llavero_tests::seeded::Seeded;

/// Words that mean something to one reader or another: the fuzzer's own.
static WORDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let lines = include_str!("../../../fuzz/words.dict").lines();
    let quoted = lines.filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescape).collect()
});

/// A word of libFuzzer's dictionaries: `\\`, `\"` and `\xAB` stand for one byte each.
fn unescape(word: &str) -> Vec<u8> {
    let mut bytes = word.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        plain.push(match (byte, if byte == b'\\' { bytes.next() } else { None }) {
            (_, Some(b'x')) => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            (_, Some(escaped)) => escaped,
            (byte, None) => byte,
        });
    }
    plain
}

/// A generator of mutations that follow from its seed.
pub(crate) struct Mutator(Seeded);

impl Mutator {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(Seeded::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A number below `end`; 0 if there is none.
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes).unwrap();
        usize::try_from(u32::from_le_bytes(bytes)).unwrap() % end.max(1)
    }

    fn range(&mut self, length: usize) -> Range<usize> {
        let (a, b) = (self.below(length + 1), self.below(length + 1));
        // Short pieces more often than long ones.
        let end =
            if self.below(2) == 0 { a.max(b) } else { (a.min(b) + self.below(9)).min(length) };
        a.min(b)..end
    }

    /// One of the inputs with one to four changes.
    pub(crate) fn mutation(&mut self, corpus: &[&[u8]]) -> Vec<u8> {
        let mut input = corpus[self.below(corpus.len())].to_vec();
        for _ in 0..=self.below(4) {
            let other = corpus[self.below(corpus.len())];
            self.change(&mut input, other);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(input.len() + 1);
        match self.below(9) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = b"0129AZaz-_~.,:\"\\{}[] "[self.below(21)],
            2 => {
                let range = self.range(input.len());
                input.drain(range);
            }
            3 => {
                let piece = input[self.range(input.len())].to_vec();
                input.splice(at..at, piece);
            }
            4 => {
                let from = self.range(other.len());
                let range = self.range(input.len());
                input.splice(range, other[from].iter().copied());
            }
            5 => {
                let word = self.word();
                input.splice(at..at, word.iter().copied());
            }
            6 => self.change_base64url(input, other),
            _ => self.change_json(input, other),
        }
    }

    /// Changes what a part in base64url says, and writes it in base64url again.
    fn change_base64url(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let Some(range) = self.piece(input, 16, is_part) else { return };
        if let Ok(mut inner) = URL_SAFE_NO_PAD.decode(&input[range.clone()]) {
            self.change_json(&mut inner, other);
            input.splice(range, URL_SAFE_NO_PAD.encode(inner).into_bytes());
        }
    }

    /// Puts another piece in the place of a string or number, or of what stands between two commas.
    fn change_json(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let is_scalar = |byte: &u8| !b",:{}[]\n".contains(byte);
        let is_member = |byte: &u8| !b",\n".contains(byte);
        let kind: fn(&u8) -> bool = if self.below(2) == 0 { is_scalar } else { is_member };
        let Some(range) = self.piece(input, 1, kind) else { return };
        let source = if self.below(2) == 0 { input.clone() } else { other.to_vec() };
        let with = match (self.below(3), self.piece(&source, 1, kind)) {
            (0, Some(from)) => source[from].to_vec(),
            (1, _) => self.word().to_vec(),
            _ => [b"\"", self.word(), b"\""].concat(),
        };
        input.splice(range, with);
    }

    fn word(&mut self) -> &'static [u8] {
        &WORDS[self.below(WORDS.len())]
    }

    /// A run of at least `least` bytes of one kind.
    fn piece(
        &mut self,
        input: &[u8],
        least: usize,
        kind: impl Fn(&u8) -> bool,
    ) -> Option<Range<usize>> {
        let mut runs = Vec::new();
        let mut start = 0;
        for end in 0..=input.len() {
            if input.get(end).is_none_or(|byte| !kind(byte)) {
                if end - start >= least {
                    runs.push(start..end);
                }
                start = end + 1;
            }
        }
        let index = self.below(runs.len());
        runs.get(index).cloned()
    }
}
