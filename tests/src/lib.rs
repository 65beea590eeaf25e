//! What the tests of this package share. The tests themselves are in `tests/`.
//!
//! | test | what it shows |
//! |---|---|
//! | `dependency_tree` | no network, clock, file access or C below the crates that promise none |
//! | `differential` | where six other implementations say something else than we, who is right, and why (feature `peers`) |
//! | `fuzz` | no bytes at all break what the functions of [`fuzz`] assert |
//! | `end_to_end` | agency, wallet and verifier together, with a store that is closed between steps |
//! | `interop` | other implementations accept what is made here, and the reverse (feature `peers`) |
//! | `no_personal_data` | nothing printed by accident, and no error, says anything about a person |
//! | `unlinkability` | two presentations of one person are no more alike than those of two people |
//! | `verifier` | what a verifier learns from an answer, and which answers it refuses |

pub mod fuzz;
pub mod leaks;
#[cfg(feature = "peers")]
pub mod peers;
pub mod seeded;
pub mod token;
pub mod world;
