//! How much work one token may cause. Each number has a test at it and one past it.
//!
//! From them follows what reading and verifying takes. At its peak the heap holds at most **128 bytes for each byte of
//! the text and 5 MiB besides**, and never more than 64 MiB for one token or one trust list: `{"":{"":{}}}` is the worst,
//! since every object of one member takes some 650 bytes. An honest credential takes five to ten bytes for each of its
//! own. Time is linear in the length. `tests/costs.rs` measures both, shape by shape.

/// Bytes of one token in compact form: room for a portrait, far below what a phone feels.
pub const MAX_TOKEN_BYTES: usize = 1 << 20;

/// JSON values of one token, payload and Disclosures together, or of one JSON document: objects, arrays, strings,
/// numbers, `true`, `false`, `null`. Twice what digests take in arrays; a Mexican `ine` has fewer than 400.
pub const MAX_VALUES: usize = 65_536;

/// Disclosures of one token. A Mexican `ine` has fewer than 60; 300 are seen in test suites.
pub const MAX_DISCLOSURES: usize = 1_024;

/// Digests of one token, decoys and hidden claims included.
pub const MAX_DIGESTS: usize = 16_384;

/// Objects and arrays inside each other, counted in the processed payload as well as in each JSON text.
/// Real credentials use 4 or 5; the stack of a phone's thread (512 KiB) bears this many with room to spare.
pub const MAX_DEPTH: usize = 64;
