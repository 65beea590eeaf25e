//! The two signature algorithms of certificates, over the same arithmetic as those of tokens.

use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

use crate::{KeyKind, Part, PublicKey, Signature};

/// What a certificate may be signed with: P-256 with SHA-256 (RFC 5758 §3.2) and Ed25519 (RFC 8410 §3).
pub(super) static ALL: [&dyn SignatureVerificationAlgorithm; 2] =
    [&Algorithm(KeyKind::P256), &Algorithm(KeyKind::Ed25519)];

#[derive(Debug)]
struct Algorithm(KeyKind);

/// A point of P-256 with both coordinates: the only form that RFC 5480 §2.2 makes everybody read.
const UNCOMPRESSED_LEN: usize = 65;

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let signature = match self.0 {
            KeyKind::Ed25519 => signature.try_into().ok().map(Signature::from_bytes),
            // The encoding of a JWS, `r ‖ s`, is none of a certificate's.
            KeyKind::P256 if public_key.len() == UNCOMPRESSED_LEN => {
                let signature = p256::ecdsa::Signature::from_der(signature).ok();
                signature.map(|signature| Signature::from_bytes(signature.to_bytes().into()))
            }
            KeyKind::P256 => None,
        };
        let key = PublicKey::from_device(self.0, public_key).map_err(|_| InvalidSignature)?;
        let signature = signature.ok_or(InvalidSignature)?;
        key.verify(message, &signature, Part::IssuerJwt).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        match self.0 {
            KeyKind::Ed25519 => alg_id::ED25519,
            KeyKind::P256 => alg_id::ECDSA_P256,
        }
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match self.0 {
            KeyKind::Ed25519 => alg_id::ED25519,
            KeyKind::P256 => alg_id::ECDSA_SHA256,
        }
    }
}
