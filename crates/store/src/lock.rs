//! What stands at the door of the file: the key of its records, sealed under the owner's key or passphrase.
//!
//! ```text
//! 0: format version  1: kind (0 key, 1 passphrase)  2..6: memory KiB  6..10: passes  10..26: salt
//! 26..50: nonce  50..98: sealed key
//! ```
//! Everything before the nonce is authenticated with the sealed key. A lock that does not open is the wrong key.

use argon2::{Algorithm, Argon2, Params, Version};
use llavero_holder::{Random, StoreError};
use zeroize::Zeroizing;

use crate::StoreKey;
use crate::seal::{self, Cipher};

/// The format of the whole file.
const FORMAT: u8 = 1;

/// Bytes of a lock.
const LOCK_BYTES: usize = 98;

/// 64 MiB and three passes: the second choice of RFC 9106 §4, for devices that cannot spare 2 GiB. On a phone it takes
/// some tenths of a second, once for each start of the app. One lane: a phone's small cores gain nothing from four.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// What a file may demand. More would only exhaust the device: nobody could have made it on one.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 16;

/// How the owner opens the store.
pub(crate) enum Opener<'k> {
    Key(&'k StoreKey),
    Passphrase(&'k str),
}

/// The part of a lock that says how the key under which it is sealed is made.
#[derive(Clone, Copy)]
struct Head {
    kind: u8,
    memory_kib: u32,
    passes: u32,
    salt: [u8; 16],
}

impl Head {
    const BYTES: usize = 26;

    fn new(opener: &Opener<'_>, random: &mut dyn Random) -> Result<Self, StoreError> {
        let mut head = Self { kind: 0, memory_kib: 0, passes: 0, salt: [0; 16] };
        if let Opener::Passphrase(_) = opener {
            head = Self { kind: 1, memory_kib: MEMORY_KIB, passes: PASSES, ..head };
            random.fill(&mut head.salt).map_err(|_| StoreError::Random)?;
        }
        Ok(head)
    }

    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = vec![FORMAT, self.kind];
        bytes.extend(self.memory_kib.to_le_bytes());
        bytes.extend(self.passes.to_le_bytes());
        bytes.extend(self.salt);
        bytes
    }

    /// Reads a head, as untrusted as the file.
    fn parse(bytes: &[u8]) -> Result<Self, StoreError> {
        let [format, kind, rest @ ..] = bytes else { return Err(StoreError::Corrupt) };
        if *format != FORMAT {
            return Err(StoreError::Version);
        }
        let (memory, rest) = rest.split_first_chunk().ok_or(StoreError::Corrupt)?;
        let (passes, rest) = rest.split_first_chunk().ok_or(StoreError::Corrupt)?;
        let head = Self {
            kind: *kind,
            memory_kib: u32::from_le_bytes(*memory),
            passes: u32::from_le_bytes(*passes),
            salt: rest.try_into().map_err(|_| StoreError::Corrupt)?,
        };
        let sane = match head.kind {
            0 => head.memory_kib == 0 && head.passes == 0 && head.salt == [0; 16],
            1 => head.memory_kib <= MAX_MEMORY_KIB && head.passes <= MAX_PASSES,
            _ => false,
        };
        if sane { Ok(head) } else { Err(StoreError::Corrupt) }
    }

    /// The cipher that this head and what the owner has make together.
    fn cipher(&self, opener: &Opener<'_>) -> Result<Cipher, StoreError> {
        match (self.kind, opener) {
            (0, Opener::Key(key)) => Ok(seal::cipher(key.expose())),
            (1, Opener::Passphrase(passphrase)) => {
                let params = Params::new(self.memory_kib, self.passes, 1, Some(32))
                    .map_err(|_| StoreError::Corrupt)?;
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let mut key = Zeroizing::new([0; 32]);
                argon2
                    .hash_password_into(passphrase.as_bytes(), &self.salt, key.as_mut())
                    .map_err(|_| StoreError::Unavailable)?;
                Ok(seal::cipher(&key))
            }
            _ => Err(StoreError::WrongKey),
        }
    }
}

/// Seals the key of the records for its owner.
pub(crate) fn close(
    data_key: &[u8; 32],
    opener: &Opener<'_>,
    random: &mut dyn Random,
) -> Result<Vec<u8>, StoreError> {
    let head = Head::new(opener, random)?;
    let mut lock = head.to_bytes();
    let sealed = seal::seal(&head.cipher(opener)?, data_key, &lock, random)?;
    lock.extend(sealed);
    Ok(lock)
}

/// Opens a lock.
pub(crate) fn open(lock: &[u8], opener: &Opener<'_>) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let (head_bytes, sealed) = lock.split_at_checked(Head::BYTES).ok_or(StoreError::Corrupt)?;
    let head = Head::parse(head_bytes)?;
    if lock.len() != LOCK_BYTES {
        return Err(StoreError::Corrupt);
    }
    let opened = seal::open(&head.cipher(opener)?, sealed, head_bytes);
    let opened = opened.ok_or(StoreError::WrongKey)?;
    let mut key = Zeroizing::new([0; 32]);
    if opened.len() != key.len() {
        return Err(StoreError::Corrupt);
    }
    key.copy_from_slice(&opened);
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::testing::Counter;

    #[test]
    fn opens_with_what_closed_it_and_with_nothing_else() {
        let random = &mut Counter(1);
        let key = StoreKey::generate(random).unwrap();
        let lock = close(&[9; 32], &Opener::Key(&key), random).unwrap();
        assert_eq!(*open(&lock, &Opener::Key(&key)).unwrap(), [9; 32]);
        let other = StoreKey::generate(random).unwrap();
        for opener in [Opener::Key(&other), Opener::Passphrase("")] {
            assert_eq!(open(&lock, &opener).unwrap_err(), StoreError::WrongKey);
        }
    }

    #[test]
    fn refuses_heads_that_nobody_made() {
        let random = &mut Counter(1);
        let key = StoreKey::generate(random).unwrap();
        let lock = close(&[9; 32], &Opener::Key(&key), random).unwrap();
        let mut later = lock.clone();
        later[0] = 2;
        assert_eq!(open(&later, &Opener::Key(&key)).unwrap_err(), StoreError::Version);
        for position in [1, 2, 9, 25] {
            let mut changed = lock.clone();
            changed[position] = 255;
            assert_eq!(open(&changed, &Opener::Key(&key)).unwrap_err(), StoreError::Corrupt);
        }
        for length in 0..lock.len() {
            let cut = &lock[..length];
            assert_eq!(open(cut, &Opener::Key(&key)).unwrap_err(), StoreError::Corrupt);
        }
        // A demand for all memory is refused before any of it is taken.
        let mut greedy = lock;
        greedy[1] = 1;
        greedy[2..6].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(open(&greedy, &Opener::Passphrase("")).unwrap_err(), StoreError::Corrupt);
    }
}
