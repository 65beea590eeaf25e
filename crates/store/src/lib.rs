//! The default store of a wallet: one file of sealed records.
