//! Issue batches of single-use SD-JWT VC copies, one per holder key.
