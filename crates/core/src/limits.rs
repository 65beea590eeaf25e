//! How much work one token may cause. Each number has a test at it and one past it.

/// Bytes of one token in compact form: room for a portrait, far below what a phone feels.
pub const MAX_TOKEN_BYTES: usize = 1 << 20;

/// Disclosures of one token. A Mexican `ine` has fewer than 60; 300 are seen in test suites.
pub const MAX_DISCLOSURES: usize = 1_024;

/// Digests of one token, decoys and hidden claims included.
pub const MAX_DIGESTS: usize = 16_384;

/// Objects and arrays inside each other, counted in the processed payload as well as in each JSON text.
/// Real credentials use 4 or 5; the stack of a phone's thread (512 KiB) bears this many with room to spare.
pub const MAX_DEPTH: usize = 64;
