//! The examples are the programs beside this file: `cargo run -p llavero-examples --example agency`.
