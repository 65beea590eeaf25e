//! Ask, and verify the answer, with no network.
