//! What the tests of this package share. The tests themselves are in `tests/`.
//!
//! | test | what it shows |
//! |---|---|
//! | `dependency_tree` | no network, clock, file access or C below the crates that promise none |
//! | `interop` | other implementations accept what is made here, and the reverse (feature `peers`) |
//! | `verifier` | what a verifier learns from an answer, and which answers it refuses |

#[cfg(feature = "peers")]
pub mod peers;
pub mod seeded;
