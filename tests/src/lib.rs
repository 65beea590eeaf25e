//! Vectors, end to end, interop with peers, leaks.
