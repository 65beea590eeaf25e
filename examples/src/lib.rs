//! One program per audience.
