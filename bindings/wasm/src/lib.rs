//! The verifier for JavaScript: the same names as in Rust, and no rule, check or default of its own.
//!
//! What is exported here is not what a page imports. The package's `verifier.js` stands between: it makes sure that an
//! argument is a text or a date before it comes here, and an `Error` of what is refused here. Texts come and go as
//! JSON, times as whole seconds; a verdict goes out as a tree of plain objects.
//!
//! `cargo xtask wasm` builds the package and runs its tests in Node and in Chromium.
//!
//! | what | where |
//! |---|---|
//! | pose, keep, verify | `challenge.rs` |
//! | whom to believe | `trust_list.rs` |
//! | a verdict as JavaScript values | `verdict.rs` |
//! | why something is refused | `refusal.rs` |
//! | randomness of the caller's | `random.rs` |

mod challenge;
mod random;
mod refusal;
mod trust_list;
mod verdict;

pub use challenge::Challenge;
pub use refusal::Refusal;
pub use trust_list::{TrustList, longest_text};
