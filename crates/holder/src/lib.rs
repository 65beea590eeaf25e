//! A wallet: receive, consent, present, each copy once.
