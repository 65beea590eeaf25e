//! Keys: public ones, an agency's in software, and those of a phone behind the app.

use std::sync::Arc;

use llavero_core::{
    Error as CoreError, KeyKind as CoreKind, OsRandom, PublicKey as CoreKey, Random as CoreRandom,
    Signature, Signer as _, SignerError, SigningKey as CoreSigningKey,
};
use llavero_holder as holder;

use crate::LlaveroError;
use crate::callback::Caller;
use crate::error::{Fault, Misuse};

/// The two kinds of keys.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum KeyKind {
    /// Ed25519, which signs as `EdDSA`.
    Ed25519,
    /// P-256, which signs as `ES256`. Phones' secure hardware has this one.
    P256,
}

impl From<KeyKind> for CoreKind {
    fn from(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Ed25519 => Self::Ed25519,
            KeyKind::P256 => Self::P256,
        }
    }
}

/// A public key.
#[derive(Clone, Debug, uniffi::Object)]
pub struct PublicKey(pub(crate) CoreKey);

#[uniffi::export]
impl PublicKey {
    /// Reads a public JWK (RFC 7517) from its JSON text.
    ///
    /// # Errors
    /// `jwk`, or a `json_*` code.
    #[uniffi::constructor]
    pub fn from_jwk(text: &str) -> Result<Self, LlaveroError> {
        let jwk = llavero_core::json::from_slice(text.as_bytes(), llavero_core::Part::Trust)?;
        Ok(Self(CoreKey::from_jwk(&jwk)?))
    }

    /// Reads a key as hardware gives it: SubjectPublicKeyInfo in DER (Android Keystore), an X9.63 point (Secure
    /// Enclave), or the 32 bytes of an Ed25519 key.
    ///
    /// # Errors
    /// `key_format`.
    #[uniffi::constructor]
    pub fn from_device(kind: KeyKind, bytes: Vec<u8>) -> Result<Self, LlaveroError> {
        Ok(Self(CoreKey::from_device(kind.into(), &bytes)?))
    }

    /// The JWK as JSON text.
    #[must_use]
    pub fn to_jwk(&self) -> String {
        self.0.to_jwk_text()
    }

    /// The RFC 7638 thumbprint, in base64url.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.0.thumbprint()
    }
}

/// A private key in software, such as that of an agency without an HSM. It prints as nothing.
#[derive(Debug, uniffi::Object)]
pub struct SigningKey(pub(crate) CoreSigningKey);

#[uniffi::export]
impl SigningKey {
    /// A new key from the operating system's generator.
    ///
    /// # Errors
    /// `random`.
    #[uniffi::constructor]
    pub fn generate(kind: KeyKind) -> Result<Self, LlaveroError> {
        Ok(Self(CoreSigningKey::generate(kind.into(), &mut OsRandom)?))
    }

    /// Reads a private JWK from its JSON text.
    ///
    /// # Errors
    /// `jwk`, or a `json_*` code.
    #[uniffi::constructor]
    pub fn from_jwk(text: &str) -> Result<Self, LlaveroError> {
        let jwk = llavero_core::json::from_slice(text.as_bytes(), llavero_core::Part::Trust)?;
        Ok(Self(CoreSigningKey::from_jwk(&jwk)?))
    }

    /// The private JWK as JSON text, to be kept where secrets are kept.
    #[must_use]
    pub fn to_private_jwk(&self) -> String {
        String::clone(&self.0.to_private_jwk_text())
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> Arc<PublicKey> {
        Arc::new(PublicKey(self.0.public_key()))
    }

    /// Signs a message, not a hash of it: 64 bytes.
    ///
    /// # Errors
    /// `signer_unavailable`.
    pub fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, LlaveroError> {
        Ok(self.0.sign(&message)?.as_bytes().to_vec())
    }
}

/// The key store of a phone or computer: Android Keystore, Secure Enclave, a smart card.
///
/// It is called from a thread of the library, one call at a time, and must return within the time limit of the wallet.
/// A call that took longer may still be running when the next step's first one comes. Where signing asks for a fingerprint, take the two-step forms, which never call `sign`.
#[uniffi::export(foreign)]
pub trait HolderKeys: Send + Sync {
    /// Makes `count` keys in one call, which is how hardware makes them fast.
    ///
    /// # Errors
    /// [`HolderKeysError`] if not all of them could be made; the key store keeps none then.
    fn create(&self, kind: KeyKind, count: u32) -> Result<Vec<NewKey>, HolderKeysError>;

    /// Signs `message` (not a hash of it) with the key that `handle` names. ECDSA signatures may be DER or 64 bytes.
    ///
    /// # Errors
    /// [`HolderKeysError`] if there is no signature.
    fn sign(&self, handle: Vec<u8>, message: Vec<u8>) -> Result<Vec<u8>, HolderKeysError>;

    /// Deletes a key for good. A key that is not there counts as deleted.
    ///
    /// # Errors
    /// [`HolderKeysError`] if it may still be there; the wallet tries again later.
    fn delete(&self, handle: Vec<u8>) -> Result<(), HolderKeysError>;
}

/// A key that has just been made by a [`HolderKeys`].
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct NewKey {
    /// What the key store calls it: an alias, or the wrapped key.
    pub handle: Vec<u8>,
    /// Its public half: SubjectPublicKeyInfo in DER, an X9.63 point, or 32 bytes of Ed25519.
    pub public_key: Vec<u8>,
}

redacted!(NewKey);

/// Why a key store did not do what it was asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum HolderKeysError {
    /// The person did not agree.
    #[error("the person did not agree")]
    Cancelled,
    /// The key store is not available, or has no such key.
    #[error("the key store is not available")]
    Unavailable,
    /// Anything that was not foreseen. Apps need not throw it: whatever else they throw becomes this.
    #[error("the key store threw something unexpected")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HolderKeysError {
    // The reason holds the other language's stack trace, so it is dropped.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

/// Something to be signed by one of the holder's keys, in the two-step forms.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct ToSign {
    /// What the key store calls the key.
    pub handle: Vec<u8>,
    /// Its public half, as a JWK in JSON text.
    pub public_key: String,
    /// The bytes to sign, not a hash of them.
    pub bytes: Vec<u8>,
}

redacted!(ToSign);

impl From<holder::ToSign<'_>> for ToSign {
    fn from(to_sign: holder::ToSign<'_>) -> Self {
        Self {
            handle: to_sign.key.as_bytes().to_vec(),
            public_key: to_sign.public_key.to_jwk_text(),
            bytes: to_sign.bytes.to_vec(),
        }
    }
}

/// Reads the signatures that came back for `to_sign`, each by a key of the kind that was asked.
pub(crate) fn signatures<'a>(
    to_sign: impl Iterator<Item = holder::ToSign<'a>>,
    signatures: &[Vec<u8>],
) -> Result<Vec<Signature>, LlaveroError> {
    let kinds: Vec<CoreKind> = to_sign.map(|to_sign| to_sign.public_key.kind()).collect();
    if kinds.len() != signatures.len() {
        return Err(holder::WalletError::SignatureCount { expected: kinds.len() }.into());
    }
    let pairs = kinds.into_iter().zip(signatures);
    Ok(pairs.map(|(kind, bytes)| Signature::from_device(kind, bytes)).collect::<Result<_, _>>()?)
}

/// The keys of a wallet: in software, or behind the app.
pub(crate) enum Keys {
    Software(holder::SoftwareKeys),
    App { keys: Arc<dyn HolderKeys>, caller: Arc<Caller> },
}

impl Keys {
    pub(crate) fn new(keys: Option<Arc<dyn HolderKeys>>, caller: &Arc<Caller>) -> Self {
        keys.map_or(Self::Software(holder::SoftwareKeys), |keys| Self::App {
            keys,
            caller: Arc::clone(caller),
        })
    }
}

/// Calls the app's key store; what was not foreseen is noted and said by a code of its own.
fn ask<T: Send + 'static>(
    keys: &Arc<dyn HolderKeys>,
    caller: &Caller,
    question: impl FnOnce(&dyn HolderKeys) -> Result<T, HolderKeysError> + Send + 'static,
) -> Result<T, SignerError> {
    let keys = Arc::clone(keys);
    let fault = match caller.call(move || question(&*keys)) {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(HolderKeysError::Cancelled)) => {
            return Err(foreseen(caller, SignerError::Cancelled));
        }
        Ok(Err(HolderKeysError::Unavailable)) => {
            return Err(foreseen(caller, SignerError::Unavailable));
        }
        Ok(Err(HolderKeysError::Unexpected)) => Fault::Failed,
        Err(fault) => fault,
    };
    Err(noted(caller, fault))
}

fn foreseen(caller: &Caller, error: SignerError) -> SignerError {
    caller.note_foreseen();
    error
}

fn noted(caller: &Caller, fault: Fault) -> SignerError {
    caller.note(fault);
    SignerError::Unavailable
}

impl holder::HolderKeys for Keys {
    fn create(
        &mut self,
        kind: CoreKind,
        count: usize,
        random: &mut dyn CoreRandom,
    ) -> Result<Vec<holder::NewKey>, CoreError> {
        match self {
            Self::Software(keys) => keys.create(kind, count, random),
            Self::App { keys, caller } => {
                let wanted = match kind {
                    CoreKind::Ed25519 => KeyKind::Ed25519,
                    CoreKind::P256 => KeyKind::P256,
                    _ => return Err(SignerError::KeyMismatch.into()),
                };
                let many = u32::try_from(count).map_err(|_| SignerError::Unavailable)?;
                let made = ask(keys, caller, move |keys| keys.create(wanted, many))?;
                let read = |key: &NewKey| -> Result<_, CoreError> {
                    let public_key = CoreKey::from_device(kind, &key.public_key)?;
                    Ok(holder::NewKey {
                        handle: holder::KeyHandle::new(key.handle.clone()),
                        public_key,
                    })
                };
                let keys_read: Result<Vec<_>, CoreError> = made.iter().map(read).collect();
                match keys_read {
                    Ok(read) if read.len() == count && all_differ(&made) => Ok(read),
                    _ => {
                        let error = noted(caller, Fault::Malformed);
                        for key in made {
                            // Nobody has heard of them; a key that stays behind is of no use to anybody.
                            let _ = ask(keys, caller, move |keys| keys.delete(key.handle));
                        }
                        Err(error.into())
                    }
                }
            }
        }
    }

    fn sign(&self, handle: &holder::KeyHandle, message: &[u8]) -> Result<Signature, SignerError> {
        match self {
            Self::Software(keys) => keys.sign(handle, message),
            Self::App { keys, caller } => {
                let (handle, message) = (handle.as_bytes().to_vec(), message.to_vec());
                let bytes = ask(keys, caller, move |keys| keys.sign(handle, message))?;
                // Either kind's raw form has 64 bytes, and only ECDSA has another.
                Signature::from_device(CoreKind::P256, &bytes)
                    .map_err(|_| noted(caller, Fault::Malformed))
            }
        }
    }

    fn delete(&mut self, handle: &holder::KeyHandle) -> Result<(), SignerError> {
        match self {
            Self::Software(keys) => keys.delete(handle),
            Self::App { keys, caller } => {
                let handle = handle.as_bytes().to_vec();
                ask(keys, caller, move |keys| keys.delete(handle))
            }
        }
    }

    fn keeps_keys(&self) -> bool {
        matches!(self, Self::App { .. })
    }
}

/// One handle for two copies would sign for both with one key.
fn all_differ(keys: &[NewKey]) -> bool {
    let mut handles: Vec<&[u8]> = keys.iter().map(|key| key.handle.as_slice()).collect();
    let mut publics: Vec<&[u8]> = keys.iter().map(|key| key.public_key.as_slice()).collect();
    handles.sort_unstable();
    publics.sort_unstable();
    let repeated =
        |sorted: &[&[u8]]| sorted.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
    !repeated(&handles) && !repeated(&publics)
}

/// Reads bytes that must be a secret of 32.
pub(crate) fn secret(bytes: &[u8], argument: &'static str) -> Result<[u8; 32], LlaveroError> {
    <[u8; 32]>::try_from(bytes).map_err(|_| Misuse::Argument(argument).into())
}
