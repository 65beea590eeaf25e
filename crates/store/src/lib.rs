//! The wallet's default store: one file of sealed records.
//!
//! [`FileStore`] is an embedded pure-Rust database file. Each record is sealed with XChaCha20-Poly1305 under a key that
//! only this file has, stands under a name that is a keyed hash, and fits no other name. That key is itself sealed,
//! under 32 bytes from the platform's key store ([`StoreKey`]) or under a passphrase (Argon2id), so that either can be
//! changed without touching the records.
//!
//! ```
//! use llavero_holder::{SoftwareKeys, Wallet};
//! use llavero_store::{FileStore, StoreKey};
//! # struct Noise(u8); impl llavero_holder::Random for Noise {
//! #     fn fill(&mut self, out: &mut [u8]) -> Result<(), llavero_holder::RandomError> {
//! #         for byte in out { self.0 = self.0.wrapping_mul(5).wrapping_add(17); *byte = self.0 } Ok(()) } }
//! # let directory = tempfile::tempdir()?;
//! # let (path, key) = (directory.path().join("wallet"), StoreKey::from_bytes([7; 32]));
//! let store = FileStore::create(&path, &key, Noise(1))?;
//! let wallet = Wallet::new(store, SoftwareKeys);
//! # drop(wallet);
//! let store = FileStore::open(&path, &key, Noise(2))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does not do
//! - **It cannot notice its own past.** Whoever can write the file can put an older copy of the whole of it in its
//!   place, and with it copies of credentials that have been used. No file can tell; where that matters, keep a counter
//!   in hardware and compare.
//! - **It does not hide how much there is**: the number of records and the size of each, to the next KiB, can be seen.
//! - **Deleted records stay in free pages of the file, sealed**, until they are overwritten or [`FileStore::compact`]
//!   gives the space back. Whoever keeps an old copy of the file, with the old passphrase, can still read what was in it.
//! - **It does not guess passphrases' spelling**: the bytes count, so an app should normalize them (NFC) the same way
//!   everywhere.

mod file_store;
mod header;
mod key;
mod lock;
mod seal;

pub use file_store::FileStore;
pub use key::StoreKey;
