//! A key store of the app's own that does as it is told, well or badly.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use llavero_core::{Signer as _, SigningKey};
use llavero_ffi::{HolderKeys, HolderKeysError, KeyKind, NewKey};
use llavero_tests::{seeded, token};

/// How a callback behaves once, and well afterwards.
#[derive(Clone)]
pub(crate) enum Behaviour {
    /// It never comes back in time.
    Hang,
    /// It dies with this text.
    Panic(&'static str),
    /// It calls something of the library first; what that gives is kept.
    Call(Arc<dyn Fn() -> String + Send + Sync>),
    /// It returns something else, by a number that says what.
    Rubbish(u8),
    /// It throws the error with this number.
    Throw(u8),
}

/// Longer than the limit of the wallets in these tests, which is a second.
pub(crate) const HANG: Duration = Duration::from_millis(1_500);

/// The next behaviour of one callback.
#[derive(Default)]
pub(crate) struct Next(Mutex<BTreeMap<&'static str, Behaviour>>);

impl Next {
    pub(crate) fn set(&self, callback: &'static str, behaviour: Behaviour) {
        self.0.lock().unwrap().insert(callback, behaviour);
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    /// Takes the behaviour, and carries out what is the same for every callback.
    pub(crate) fn take(&self, callback: &str, said: &Mutex<Vec<String>>) -> Option<Behaviour> {
        let behaviour = self.0.lock().unwrap().remove(callback)?;
        match &behaviour {
            Behaviour::Hang => thread::sleep(HANG),
            Behaviour::Panic(text) => panic!("{text}"),
            Behaviour::Call(call) => {
                let outcome = call();
                said.lock().unwrap().push(outcome);
            }
            Behaviour::Rubbish(_) | Behaviour::Throw(_) => return Some(behaviour),
        }
        None
    }
}

#[derive(Default)]
pub(crate) struct AppKeys {
    keys: Mutex<BTreeMap<Vec<u8>, SigningKey>>,
    made: AtomicU64,
    /// Whether ECDSA signatures are DER.
    der: bool,
    pub(crate) next: Next,
    /// What calls from inside gave.
    pub(crate) said: Mutex<Vec<String>>,
}

impl AppKeys {
    pub(crate) fn new(der: bool) -> Arc<Self> {
        Arc::new(Self { der, ..Self::default() })
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, SigningKey>> {
        self.keys.lock().unwrap()
    }

    pub(crate) fn sign_with(&self, handle: &[u8], message: &[u8]) -> Vec<u8> {
        let raw = self.lock()[handle].sign(message).unwrap().as_bytes().to_vec();
        if self.der && self.lock()[handle].public_key().kind() == llavero_core::KeyKind::P256 {
            der(&raw)
        } else {
            raw
        }
    }
}

const fn thrown(number: u8) -> HolderKeysError {
    match number {
        0 => HolderKeysError::Cancelled,
        1 => HolderKeysError::Unavailable,
        _ => HolderKeysError::Unexpected,
    }
}

impl HolderKeys for AppKeys {
    fn create(&self, kind: KeyKind, count: u32) -> Result<Vec<NewKey>, HolderKeysError> {
        let behaviour = self.next.take("create", &self.said);
        if let Some(Behaviour::Throw(number)) = behaviour {
            return Err(thrown(number));
        }
        let core = match kind {
            KeyKind::Ed25519 => llavero_core::KeyKind::Ed25519,
            KeyKind::P256 => llavero_core::KeyKind::P256,
        };
        let mut made = Vec::new();
        for _ in 0..count {
            let number = self.made.fetch_add(1, Ordering::Relaxed) + 1_000;
            let key = seeded::key(core, number).unwrap();
            let handle = format!("alias-{number}").into_bytes();
            made.push(NewKey { handle: handle.clone(), public_key: public(&key) });
            self.lock().insert(handle, key);
        }
        if let Some(Behaviour::Rubbish(number)) = behaviour {
            match number {
                0 => drop(made.pop()),
                1 => made[0].public_key.truncate(20),
                2 => made[1] = made[0].clone(),
                3 => made[1].handle = made[0].handle.clone(),
                4 => made.clear(),
                5 => made.push(NewKey { handle: Vec::new(), public_key: vec![4; 65] }),
                _ => made[0].public_key = vec![0; 1 << 20],
            }
        }
        Ok(made)
    }

    fn sign(&self, handle: Vec<u8>, message: Vec<u8>) -> Result<Vec<u8>, HolderKeysError> {
        match self.next.take("sign", &self.said) {
            Some(Behaviour::Throw(number)) => Err(thrown(number)),
            Some(Behaviour::Rubbish(0)) => Ok(Vec::new()),
            Some(Behaviour::Rubbish(1)) => Ok(vec![0xff; 64]),
            Some(Behaviour::Rubbish(2)) => Ok(vec![0x30; 1 << 20]),
            // The right form, and of nobody.
            Some(Behaviour::Rubbish(_)) => Ok(vec![0xab; 64]),
            _ => Ok(self.sign_with(&handle, &message)),
        }
    }

    fn delete(&self, handle: Vec<u8>) -> Result<(), HolderKeysError> {
        if let Some(Behaviour::Throw(number)) = self.next.take("delete", &self.said) {
            return Err(thrown(number));
        }
        self.lock().remove(&handle);
        Ok(())
    }
}

/// The public half as hardware gives it: an X9.63 point, or 32 bytes.
fn public(key: &SigningKey) -> Vec<u8> {
    let jwk = key.public_key().to_jwk();
    let member = |name: &str| token::decode(jwk[name].as_str().unwrap()).unwrap();
    match key.public_key().kind() {
        llavero_core::KeyKind::P256 => [vec![4], member("x"), member("y")].concat(),
        _ => member("x"),
    }
}

/// `r ‖ s` as DER.
fn der(raw: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap();
        let mut body = bytes[start..].to_vec();
        if body[0] >= 0x80 {
            body.insert(0, 0);
        }
        [vec![2, u8::try_from(body.len()).unwrap()], body].concat()
    };
    let (r, s) = raw.split_at(32);
    let body = [integer(r), integer(s)].concat();
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}
