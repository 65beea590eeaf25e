//! The whole story through the surface, as an app lives it: well, badly, and from many threads at once.

#![allow(
    clippy::result_large_err,
    reason = "an error is made once and leaves at once; its texts go with it"
)]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

#[path = "../../../core/tests/support/certificates.rs"]
mod certificates;
#[path = "../support/mod.rs"]
mod support;

mod files;
mod hostile;
mod misuse;
mod printed;
mod threads;
mod told;
