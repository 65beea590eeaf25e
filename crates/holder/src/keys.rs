//! The holder's private keys, one for each copy of a credential, wherever they live.

use llavero_core::{
    Error, JwkFault, KeyKind, PublicKey, Random, Signature, SignerError, SigningKey,
};
use zeroize::Zeroizing;

/// What a key store calls one of its keys: the alias of an Android Keystore entry, the wrapped key that a Secure
/// Enclave gives out, or, for [`SoftwareKeys`], the private key itself.
///
/// The wallet keeps it among its records and wipes it from memory; nobody else sees it.
pub struct KeyHandle(Zeroizing<Vec<u8>>);

impl KeyHandle {
    /// A handle of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes that the key store gave.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for KeyHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyHandle").finish_non_exhaustive()
    }
}

/// A key that has just been made.
#[derive(Debug)]
pub struct NewKey {
    /// What the key store calls it.
    pub handle: KeyHandle,
    /// Its public half, to which a copy will be bound.
    pub public_key: PublicKey,
}

/// A place that makes and uses private keys.
///
/// Where signing needs a prompt, take the two-step forms of the wallet, which never call [`sign`](Self::sign).
pub trait HolderKeys: Send {
    /// Makes `count` keys in one call, which is how hardware makes them fast.
    ///
    /// Keys must not be derived from each other in any way that the public halves show.
    ///
    /// # Errors
    /// [`Error::Signer`] or [`Error::Random`] if not all of them could be made; the key store keeps none then.
    fn create(
        &mut self,
        kind: KeyKind,
        count: usize,
        random: &mut dyn Random,
    ) -> Result<Vec<NewKey>, Error>;

    /// Signs `message` (not a hash of it) with a key.
    ///
    /// # Errors
    /// [`SignerError`] if there is no signature.
    fn sign(&self, handle: &KeyHandle, message: &[u8]) -> Result<Signature, SignerError>;

    /// Deletes a key for good. A key that is not there counts as deleted.
    ///
    /// # Errors
    /// [`SignerError`] if it may still be there; the wallet tries again later.
    fn delete(&mut self, handle: &KeyHandle) -> Result<(), SignerError>;

    /// Whether keys live on here when their handle is forgotten, so that they need deleting.
    fn keeps_keys(&self) -> bool;
}

/// Keys in software: the handle is the private key, so it stands in the wallet's own sealed records.
///
/// Good for computers, tests and credentials that need no hardware. Whoever can open the store can copy these keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct SoftwareKeys;

impl HolderKeys for SoftwareKeys {
    fn create(
        &mut self,
        kind: KeyKind,
        count: usize,
        random: &mut dyn Random,
    ) -> Result<Vec<NewKey>, Error> {
        use llavero_core::Signer as _;
        let make = |_| {
            let key = SigningKey::generate(kind, random)?;
            let handle = KeyHandle::new(key.to_private_jwk_text().as_bytes().to_vec());
            Ok(NewKey { handle, public_key: key.public_key() })
        };
        (0..count).map(make).collect()
    }

    fn sign(&self, handle: &KeyHandle, message: &[u8]) -> Result<Signature, SignerError> {
        use llavero_core::Signer as _;
        let key = read(handle).map_err(|_| SignerError::Unavailable)?;
        key.sign(message)
    }

    fn delete(&mut self, _: &KeyHandle) -> Result<(), SignerError> {
        Ok(())
    }

    fn keeps_keys(&self) -> bool {
        false
    }
}

fn read(handle: &KeyHandle) -> Result<SigningKey, Error> {
    let jwk = serde_json::from_slice(handle.as_bytes()).map_err(|_| Error::Jwk(JwkFault::Shape))?;
    SigningKey::from_jwk(&jwk)
}

/// Something to be signed by one of the holder's keys, in the two-step forms.
#[derive(Clone, Copy)]
pub struct ToSign<'a> {
    /// What the key store calls the key.
    pub key: &'a KeyHandle,
    /// Its public half.
    pub public_key: &'a PublicKey,
    /// The bytes to sign, not a hash of them.
    pub bytes: &'a [u8],
}

impl std::fmt::Debug for ToSign<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ToSign").field("public_key", self.public_key).finish_non_exhaustive()
    }
}
