//! Sealing of records, and the names under which they stand.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use llavero_holder::{Random, RecordBytes, StoreError, Table};
use sha2::Sha256;
use zeroize::Zeroizing;

pub(crate) type Cipher = XChaCha20Poly1305;

/// The name of a record in the file: a keyed hash of table and key.
pub(crate) type Name = [u8; 32];

const NONCE_BYTES: usize = 24;

/// Records are filled up to a multiple of this, so that their exact size tells nothing.
const PADDING: usize = 1024;

pub(crate) fn cipher(key: &[u8; 32]) -> Cipher {
    XChaCha20Poly1305::new(key.into())
}

/// Seals under a fresh nonce, which comes first in what is returned. Nonces of 192 bits may be drawn at random.
pub(crate) fn seal(
    cipher: &Cipher,
    message: &[u8],
    associated: &[u8],
    random: &mut dyn Random,
) -> Result<Vec<u8>, StoreError> {
    let mut nonce = [0; NONCE_BYTES];
    random.fill(&mut nonce).map_err(|_| StoreError::Random)?;
    let payload = Payload { msg: message, aad: associated };
    // It fails only for a message of more than 256 GiB.
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
    let mut out = nonce.to_vec();
    out.extend(sealed.map_err(|_| StoreError::Unavailable)?);
    Ok(out)
}

/// Opens what was sealed with the same associated data.
pub(crate) fn open(cipher: &Cipher, sealed: &[u8], associated: &[u8]) -> Option<RecordBytes> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload { msg: sealed, aad: associated };
    cipher.decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
}

/// What seals and names the records of one file.
pub(crate) struct Sealer {
    cipher: Cipher,
    names: Hkdf<Sha256>,
}

impl Sealer {
    pub(crate) fn new(data_key: &[u8; 32]) -> Result<Self, StoreError> {
        let keys = Hkdf::<Sha256>::new(None, data_key);
        let derive = |purpose: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            // 32 bytes are one block of the hash.
            keys.expand(purpose, key.as_mut()).map_err(|_| StoreError::Unavailable)?;
            Ok(key)
        };
        let names = derive(b"llavero store 1 names")?;
        Ok(Self {
            cipher: cipher(&*derive(b"llavero store 1 records")?),
            names: Hkdf::from_prk(names.as_ref()).map_err(|_| StoreError::Unavailable)?,
        })
    }

    pub(crate) fn name(&self, table: Table, key: &str) -> Result<Name, StoreError> {
        let mut name = [0; 32];
        // A table's name holds no zero byte.
        let parts: [&[u8]; 3] = [table.name().as_bytes(), &[0], key.as_bytes()];
        let expanded = self.names.expand_multi_info(&parts, &mut name);
        expanded.map(|()| name).map_err(|_| StoreError::Unavailable)
    }

    /// Seals a record for its name; it opens under no other.
    pub(crate) fn seal(
        &self,
        name: &Name,
        table: Table,
        key: &str,
        value: &[u8],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, StoreError> {
        let padded = padded_len(table, key, value);
        let mut plain = Zeroizing::new(Vec::with_capacity(padded));
        for part in [table.name().as_bytes(), key.as_bytes(), value] {
            let length = u32::try_from(part.len()).map_err(|_| StoreError::Unavailable)?;
            plain.extend(length.to_le_bytes());
            plain.extend(part);
        }
        plain.resize(padded, 0);
        seal(&self.cipher, &plain, name, random)
    }

    /// Opens the record under `name` and checks that it belongs there.
    pub(crate) fn open(
        &self,
        name: &Name,
        sealed: &[u8],
    ) -> Result<(Table, String, RecordBytes), StoreError> {
        let plain = open(&self.cipher, sealed, name).ok_or(StoreError::Corrupt)?;
        let mut rest = plain.as_slice();
        let mut parts = [(); 3].map(|()| take_part(&mut rest));
        let [table, key, value] = &mut parts;
        let text = |part: &Option<&[u8]>| {
            part.and_then(|part| std::str::from_utf8(part).ok()).map(str::to_owned)
        };
        let table = text(table).and_then(|name| Table::from_name(&name));
        let (Some(table), Some(key), Some(value)) = (table, text(key), value.take()) else {
            return Err(StoreError::Corrupt);
        };
        if self.name(table, &key)? != *name {
            return Err(StoreError::Corrupt);
        }
        Ok((table, key, Zeroizing::new(value.to_vec())))
    }
}

fn take_part<'p>(rest: &mut &'p [u8]) -> Option<&'p [u8]> {
    let (length, after) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (part, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(part)
}

fn padded_len(table: Table, key: &str, value: &[u8]) -> usize {
    let parts = [table.name().len(), key.len(), value.len()];
    let length =
        parts.iter().fold(0, |sum: usize, part| sum.saturating_add(part.saturating_add(4)));
    length.checked_next_multiple_of(PADDING).unwrap_or(length)
}

#[cfg(test)]
pub(crate) mod testing {
    use llavero_holder::{Random, RandomError};

    /// Reproducible, and useless for anything else.
    pub(crate) struct Counter(pub(crate) u64);

    impl Random for Counter {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
            for byte in out {
                self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                *byte = (self.0 >> 56) as u8;
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::Counter;
    use super::*;

    #[test]
    fn refuses_a_record_under_another_name_and_any_changed_byte() {
        let sealer = Sealer::new(&[1; 32]).unwrap();
        let name = sealer.name(Table::Copy, "a").unwrap();
        let other = sealer.name(Table::Batch, "a").unwrap();
        assert_ne!(name, other);
        let sealed = sealer.seal(&name, Table::Copy, "a", b"value", &mut Counter(1)).unwrap();
        let (table, key, value) = sealer.open(&name, &sealed).unwrap();
        assert_eq!((table, key.as_str(), value.as_slice()), (Table::Copy, "a", &b"value"[..]));
        assert_eq!(sealer.open(&other, &sealed).unwrap_err(), StoreError::Corrupt);
        for position in [0, 23, 24, 40, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(sealer.open(&name, &changed).unwrap_err(), StoreError::Corrupt);
        }
        assert_eq!(sealer.open(&name, &[]).unwrap_err(), StoreError::Corrupt);
    }

    #[test]
    fn refuses_a_record_that_was_sealed_for_a_name_that_is_not_its_own() {
        let sealer = Sealer::new(&[1; 32]).unwrap();
        let name = sealer.name(Table::Copy, "a").unwrap();
        let sealed = sealer.seal(&name, Table::Copy, "b", b"value", &mut Counter(1)).unwrap();
        assert_eq!(sealer.open(&name, &sealed).unwrap_err(), StoreError::Corrupt);
    }

    #[test]
    fn records_of_like_size_have_one_length() {
        let sealer = Sealer::new(&[1; 32]).unwrap();
        let length = |value: &[u8]| {
            let name = sealer.name(Table::Copy, "a").unwrap();
            sealer.seal(&name, Table::Copy, "a", value, &mut Counter(1)).unwrap().len()
        };
        assert_eq!(length(b""), length(&[0; 900]));
        assert_ne!(length(b""), length(&[0; 1024]));
    }
}
