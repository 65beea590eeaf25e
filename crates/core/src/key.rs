//! Keys that know their algorithm, as JSON Web Keys (RFC 7517, RFC 8037) with RFC 7638 thumbprints.
//!
//! The header of a token never chooses the algorithm: it must name that of the key, and a name on the allow-list.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::error::JwkFault;
use crate::{Error, Part, base64url};

mod device;

/// A signature algorithm by its name in JOSE headers.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum JwsAlgorithm {
    /// `EdDSA` (RFC 8037), here always over Ed25519: the name most software writes.
    EdDsa,
    /// `Ed25519` (RFC 9864): the same signature under its fully specified name.
    Ed25519,
    /// `ES256` (RFC 7518 §3.4): ECDSA with P-256 and SHA-256.
    Es256,
}

impl JwsAlgorithm {
    /// The name in the `alg` header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Ed25519 => "Ed25519",
            Self::Es256 => "ES256",
        }
    }

    /// The algorithm of that name, or `None`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::EdDsa, Self::Ed25519, Self::Es256].into_iter().find(|alg| alg.name() == name)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::EdDsa => 1,
            Self::Ed25519 => 2,
            Self::Es256 => 4,
        }
    }
}

/// The algorithms allowed in one role: an issuer's, a holder's (RFC 8725 §3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AlgorithmSet(u8);

impl AlgorithmSet {
    /// Every algorithm of [`JwsAlgorithm`].
    pub const ALL: Self = Self(7);

    /// Only what is listed.
    #[must_use]
    pub const fn of(algorithms: &[JwsAlgorithm]) -> Self {
        let mut bits = 0;
        let mut rest = algorithms;
        while let [first, tail @ ..] = rest {
            bits |= first.bit();
            rest = tail;
        }
        Self(bits)
    }

    /// Whether it is listed.
    #[must_use]
    pub const fn contains(self, algorithm: JwsAlgorithm) -> bool {
        self.0 & algorithm.bit() != 0
    }
}

/// What a key is for, independent of how a header spells it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyKind {
    /// A key on Curve25519 for Ed25519 signatures.
    Ed25519,
    /// A key on P-256 for ES256 signatures: what the secure hardware of phones has.
    P256,
}

impl KeyKind {
    /// The name written into headers unless told otherwise.
    #[must_use]
    pub const fn default_algorithm(self) -> JwsAlgorithm {
        match self {
            Self::Ed25519 => JwsAlgorithm::EdDsa,
            Self::P256 => JwsAlgorithm::Es256,
        }
    }

    /// Whether signatures of such a key go by that name.
    #[must_use]
    pub const fn signs_as(self, algorithm: JwsAlgorithm) -> bool {
        matches!(
            (self, algorithm),
            (Self::Ed25519, JwsAlgorithm::EdDsa | JwsAlgorithm::Ed25519)
                | (Self::P256, JwsAlgorithm::Es256)
        )
    }
}

/// A public key that has been decoded and found to be a point of its curve.
///
/// Decoding costs several microseconds: keep the decoded key of an issuer, not its JWK.
#[derive(Clone, Eq, PartialEq)]
pub struct PublicKey(Inner);

#[derive(Clone, Eq, PartialEq)]
enum Inner {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
}

/// 64 bytes: `R ‖ S` of Ed25519, or `r ‖ s` of ES256 (RFC 7518 §3.4).
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// A signature as it stands in a JWS.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The bytes as they stand in a JWS.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl std::fmt::Debug for Signature {
    // A signature links two sightings of one credential, so it stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signature").finish_non_exhaustive()
    }
}

impl PublicKey {
    /// Reads a public JWK. Members it has no use for, `kid` and `use` among them, are ignored.
    ///
    /// # Errors
    /// [`Error::Jwk`]: another key type, curve or `alg`, a member of the wrong length, a point that is not on the
    /// curve, or a private member (RFC 8725 §3.4).
    pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        RawKey::from_jwk(jwk)?.decode()
    }

    /// A point of small order, under which anybody's signature verifies for some message, is not looked for here: the
    /// strict check of every signature refuses it, and looking twice would cost every presentation.
    fn ed25519(bytes: &[u8; 32]) -> Option<Self> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).ok()?;
        Some(Self(Inner::Ed25519(key)))
    }

    fn p256(x: &[u8; 32], y: &[u8; 32]) -> Option<Self> {
        let mut point = [4; 65];
        point.iter_mut().skip(1).zip(x.iter().chain(y)).for_each(|(to, from)| *to = *from);
        Self::sec1(&point)
    }

    fn sec1(point: &[u8]) -> Option<Self> {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
        Some(Self(Inner::P256(key)))
    }

    /// Which kind of key this is.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        match self.0 {
            Inner::Ed25519(_) => KeyKind::Ed25519,
            Inner::P256(_) => KeyKind::P256,
        }
    }

    /// The JWK as JSON text with its required members only, in the order of RFC 7638 §3.2, no white space.
    ///
    /// Its length is the same for all keys of one kind.
    #[must_use]
    pub fn to_jwk_text(&self) -> String {
        match RawKey::of(self) {
            RawKey::Ed25519(x) => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, base64url::encode(x))
            }
            RawKey::P256(x, y) => {
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
        }
    }

    /// The JWK with its required members.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        // The text above is JSON by construction.
        serde_json::from_str(&self.to_jwk_text()).unwrap_or_else(|_| json!({}))
    }

    /// The base64url-encoded SHA-256 thumbprint of the key (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        base64url::encode(Sha256::digest(self.to_jwk_text()))
    }

    /// Checks a signature over `message`: strictly for Ed25519 (no small-order points, RFC 8032 bounds),
    /// `r ‖ s` and nothing else for ES256.
    ///
    /// # Errors
    /// [`Error::Signature`], naming `part`, whatever is wrong with it.
    pub fn verify(&self, message: &[u8], signature: &Signature, part: Part) -> Result<(), Error> {
        let valid = match &self.0 {
            Inner::Ed25519(key) => key
                .verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0))
                .is_ok(),
            Inner::P256(key) => {
                use p256::ecdsa::signature::Verifier as _;
                p256::ecdsa::Signature::from_slice(&signature.0)
                    .is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        };
        if valid { Ok(()) } else { Err(Error::Signature { part }) }
    }
}

/// The coordinates in a JWK, before anybody has checked that they are a point: enough to compare keys, for far less.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum RawKey {
    Ed25519([u8; 32]),
    P256([u8; 32], [u8; 32]),
}

impl RawKey {
    pub(crate) fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        let members = jwk.as_object().ok_or(Error::Jwk(JwkFault::Shape))?;
        if members.keys().any(|name| PRIVATE_MEMBERS.contains(&name.as_str())) {
            return Err(Error::Jwk(JwkFault::Private));
        }
        Self::from_members(members)
    }

    fn from_members(members: &Map<String, Value>) -> Result<Self, Error> {
        let text = |name: &str| {
            members.get(name).and_then(Value::as_str).ok_or(Error::Jwk(JwkFault::Shape))
        };
        let coordinate = |name: &str| {
            base64url::decode_array::<32>(text(name)?).ok_or(Error::Jwk(JwkFault::Shape))
        };
        let unsupported = Error::Jwk(JwkFault::Unsupported);
        let key = match text("kty")? {
            "OKP" if text("crv")? == "Ed25519" => Self::Ed25519(coordinate("x")?),
            "EC" if text("crv")? == "P-256" => Self::P256(coordinate("x")?, coordinate("y")?),
            _ => return Err(unsupported),
        };
        if let Some(alg) = members.get("alg") {
            let named = alg.as_str().and_then(JwsAlgorithm::from_name);
            if !named.is_some_and(|alg| key.kind().signs_as(alg)) {
                return Err(unsupported);
            }
        }
        Ok(key)
    }

    pub(crate) fn of(key: &PublicKey) -> Self {
        match &key.0 {
            Inner::Ed25519(key) => Self::Ed25519(key.to_bytes()),
            Inner::P256(key) => {
                let point = key.to_sec1_point(false);
                let coordinate = |c: Option<_>| c.map_or([0; 32], <[u8; 32]>::from);
                Self::P256(coordinate(point.x().copied()), coordinate(point.y().copied()))
            }
        }
    }

    pub(crate) const fn kind(&self) -> KeyKind {
        match self {
            Self::Ed25519(_) => KeyKind::Ed25519,
            Self::P256(..) => KeyKind::P256,
        }
    }

    pub(crate) fn decode(&self) -> Result<PublicKey, Error> {
        let key = match self {
            Self::Ed25519(x) => PublicKey::ed25519(x),
            Self::P256(x, y) => PublicKey::p256(x, y),
        };
        key.ok_or(Error::Jwk(JwkFault::Point))
    }
}

/// Members of a JWK that hold secrets (RFC 7518 §6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl std::fmt::Debug for PublicKey {
    // A holder's key is an identifier of the holder's copy, so only the kind is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PublicKey").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

#[cfg(feature = "sign")]
pub use signing::{Signer, SigningKey};

#[cfg(feature = "sign")]
mod signing {
    use serde_json::Value;
    use zeroize::Zeroizing;

    use super::{Inner, KeyKind, PublicKey, RawKey, Signature};
    use crate::error::{JwkFault, SignerError};
    use crate::{Error, Random, base64url};

    /// A private key, wherever it lives: in memory, in an HSM, behind a phone's fingerprint sensor.
    ///
    /// Where signing needs a prompt or a network, the two-step forms (bytes out, signature in) need no `Signer`.
    pub trait Signer {
        /// The public half.
        fn public_key(&self) -> PublicKey;

        /// Signs `message` (not a hash of it) as the key's kind requires.
        ///
        /// # Errors
        /// [`SignerError`] if there is no signature; nothing has been issued or shown then.
        fn sign(&self, message: &[u8]) -> Result<Signature, SignerError>;
    }

    /// A private key in memory. It is wiped when dropped, has no `Clone` and prints nothing.
    pub struct SigningKey {
        secret: Secret,
        public: PublicKey,
    }

    /// One P-256 candidate in 2^32 is not below the group's order; a generator that misses often is broken.
    const MAX_DRAWS: u32 = 4;

    enum Secret {
        Ed25519(Box<ed25519_dalek::SigningKey>),
        P256(Box<p256::ecdsa::SigningKey>),
    }

    impl SigningKey {
        /// A new key from the caller's generator.
        ///
        /// # Errors
        /// [`Error::Random`] if the generator fails.
        pub fn generate(kind: KeyKind, random: &mut dyn Random) -> Result<Self, Error> {
            let mut bytes = Zeroizing::new([0; 32]);
            for _ in 0..MAX_DRAWS {
                random.fill(bytes.as_mut())?;
                if let Ok(key) = Self::from_secret_bytes(kind, &bytes) {
                    return Ok(key);
                }
            }
            Err(Error::Random)
        }

        fn from_secret_bytes(kind: KeyKind, bytes: &[u8; 32]) -> Result<Self, Error> {
            Ok(match kind {
                KeyKind::Ed25519 => {
                    let secret = ed25519_dalek::SigningKey::from_bytes(bytes);
                    let public = PublicKey(Inner::Ed25519(secret.verifying_key()));
                    Self { secret: Secret::Ed25519(Box::new(secret)), public }
                }
                KeyKind::P256 => {
                    let secret = p256::ecdsa::SigningKey::from_slice(bytes)
                        .map_err(|_| Error::Jwk(JwkFault::Point))?;
                    let public = PublicKey(Inner::P256(*secret.verifying_key()));
                    Self { secret: Secret::P256(Box::new(secret)), public }
                }
            })
        }

        /// Reads a private JWK.
        ///
        /// # Errors
        /// [`Error::Jwk`] as for a public one, and if `d` is missing or does not belong to the public members.
        pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
            let members = jwk.as_object().ok_or(Error::Jwk(JwkFault::Shape))?;
            let public = RawKey::from_members(members)?.decode()?;
            let bytes =
                members.get("d").and_then(Value::as_str).and_then(base64url::decode_array::<32>);
            let bytes = Zeroizing::new(bytes.ok_or(Error::Jwk(JwkFault::Shape))?);
            let key = Self::from_secret_bytes(public.kind(), &bytes)?;
            if key.public == public { Ok(key) } else { Err(Error::Jwk(JwkFault::Point)) }
        }

        /// The private JWK as JSON text, to be kept where secrets are kept.
        #[must_use]
        pub fn to_private_jwk_text(&self) -> Zeroizing<String> {
            let d = Zeroizing::new(match &self.secret {
                Secret::Ed25519(key) => key.to_bytes(),
                Secret::P256(key) => key.to_bytes().into(),
            });
            let d = Zeroizing::new(base64url::encode(*d));
            let public = self.public.to_jwk_text();
            let open = public.strip_suffix('}').unwrap_or(&public);
            let mut text = Zeroizing::new(String::with_capacity(public.len() + 56));
            for piece in [open, ",\"d\":\"", d.as_str(), "\"}"] {
                text.push_str(piece);
            }
            text
        }
    }

    impl Signer for SigningKey {
        fn public_key(&self) -> PublicKey {
            self.public.clone()
        }

        fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
            Ok(Signature::from_bytes(match &self.secret {
                Secret::Ed25519(key) => {
                    use ed25519_dalek::Signer as _;
                    key.sign(message).to_bytes()
                }
                Secret::P256(key) => {
                    use p256::ecdsa::signature::Signer as _;
                    let signature: p256::ecdsa::Signature =
                        key.try_sign(message).map_err(|_| SignerError::Unavailable)?;
                    signature.to_bytes().into()
                }
            }))
        }
    }

    impl std::fmt::Debug for SigningKey {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("SigningKey").field("kind", &self.public.kind()).finish_non_exhaustive()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OKP: &str =
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn key(jwk: &str) -> Result<PublicKey, Error> {
        PublicKey::from_jwk(&serde_json::from_str(jwk).unwrap())
    }

    #[test]
    fn makes_the_thumbprint_of_the_specification() {
        // RFC 8037 appendix A.3.
        assert_eq!(key(OKP).unwrap().thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn refuses_private_members_in_a_public_key() {
        let private = OKP.replace('}', r#","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#);
        assert_eq!(key(&private), Err(Error::Jwk(JwkFault::Private)));
    }

    #[test]
    fn refuses_points_off_the_curve() {
        let x = base64url::encode([1; 32]);
        let off = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{x}"}}"#);
        assert_eq!(key(&off), Err(Error::Jwk(JwkFault::Point)));
        let off =
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, base64url::encode([2; 32]));
        assert_eq!(key(&off), Err(Error::Jwk(JwkFault::Point)));
    }

    #[test]
    fn refuses_every_signature_under_a_key_of_small_order() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let jwk =
            format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, base64url::encode(neutral));
        let weak = key(&jwk).unwrap();
        // R the neutral element and S zero satisfy the equation for every message under this key.
        let mut forged = [0; 64];
        forged[0] = 1;
        for message in [&b"one"[..], b"two", b""] {
            let refused = weak.verify(message, &Signature::from_bytes(forged), Part::IssuerJwt);
            assert_eq!(refused, Err(Error::Signature { part: Part::IssuerJwt }));
        }
    }

    #[test]
    fn refuses_other_curves_and_an_alg_that_is_not_the_keys() {
        for jwk in [
            r#"{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}"#.to_owned(),
            r#"{"kty":"oct","crv":"Ed25519","x":"AA"}"#.to_owned(),
            OKP.replace('}', r#","alg":"ES256"}"#),
            OKP.replace('}', r#","alg":7}"#),
        ] {
            assert_eq!(key(&jwk), Err(Error::Jwk(JwkFault::Unsupported)), "{jwk}");
        }
        assert!(key(&OKP.replace('}', r#","alg":"EdDSA","kid":"k","use":"sig"}"#)).is_ok());
        assert_eq!(key(&OKP.replace("11qY", "1qY")), Err(Error::Jwk(JwkFault::Shape)));
    }

    #[test]
    fn an_algorithm_set_holds_what_it_lists() {
        let set = AlgorithmSet::of(&[JwsAlgorithm::Es256, JwsAlgorithm::Ed25519]);
        assert!(set.contains(JwsAlgorithm::Es256) && set.contains(JwsAlgorithm::Ed25519));
        assert!(!set.contains(JwsAlgorithm::EdDsa));
        assert_eq!(JwsAlgorithm::from_name("none"), None);
        assert_eq!(JwsAlgorithm::from_name("es256"), None);
    }

    #[cfg(feature = "sign")]
    mod private {
        use super::super::*;
        use crate::Part;
        use crate::testing::Counter;

        #[test]
        fn signs_verifies_and_survives_its_own_jwk() {
            for kind in [KeyKind::Ed25519, KeyKind::P256] {
                let first = SigningKey::generate(kind, &mut Counter::new(1)).unwrap();
                let jwk = serde_json::from_str(&first.to_private_jwk_text()).unwrap();
                let again = SigningKey::from_jwk(&jwk).unwrap();
                let signature = again.sign(b"message").unwrap();
                let public = PublicKey::from_jwk(&first.public_key().to_jwk()).unwrap();
                assert_eq!(public.verify(b"message", &signature, Part::IssuerJwt), Ok(()));
                assert!(public.verify(b"another", &signature, Part::IssuerJwt).is_err());
                assert_eq!(
                    public.to_jwk_text().len(),
                    if kind == KeyKind::P256 { 126 } else { 79 }
                );
            }
        }

        #[test]
        fn refuses_a_private_key_that_does_not_match_its_public_members() {
            for kind in [KeyKind::Ed25519, KeyKind::P256] {
                let one = SigningKey::generate(kind, &mut Counter::new(1)).unwrap();
                let two = SigningKey::generate(kind, &mut Counter::new(2)).unwrap();
                let mut jwk: Value = serde_json::from_str(&one.to_private_jwk_text()).unwrap();
                let other: Value = serde_json::from_str(&two.to_private_jwk_text()).unwrap();
                jwk["d"] = other["d"].clone();
                assert_eq!(SigningKey::from_jwk(&jwk).err(), Some(Error::Jwk(JwkFault::Point)));
                assert!(SigningKey::from_jwk(&one.public_key().to_jwk()).is_err());
            }
        }

        #[test]
        fn fails_when_the_generator_fails() {
            struct Broken;
            impl crate::Random for Broken {
                fn fill(&mut self, _: &mut [u8]) -> Result<(), crate::RandomError> {
                    Err(crate::RandomError)
                }
            }
            assert_eq!(SigningKey::generate(KeyKind::P256, &mut Broken).err(), Some(Error::Random));
        }
    }
}
