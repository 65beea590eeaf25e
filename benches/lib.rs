//! Benches live in `sd_jwt.rs`; this package has no code of its own.
