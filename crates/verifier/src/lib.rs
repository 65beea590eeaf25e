//! Asking for claims and verifying the answer, with no network and no clock.
//!
//! A verifier carries a [`TrustList`](llavero_core::trust::TrustList), poses a [`Challenge`], and turns the answer into
//! a [`Verdict`] that holds what was asked for and nothing else. It links no code that signs or issues.
//!
//! ```
//! use llavero_core::{ClaimPath, UnixTime, dcql::DcqlQuery, trust::TrustList};
//! use llavero_verifier::{Asker, Challenge};
//! # struct Fixed; impl llavero_core::Random for Fixed {
//! #     fn fill(&mut self, out: &mut [u8]) -> Result<(), llavero_core::RandomError> { out.fill(7); Ok(()) } }
//! # let random = &mut Fixed;
//! let over_18 = ClaimPath::names(["age_equal_or_over", "18"])?;
//! let query = DcqlQuery::for_claims("age", ["urn:example:mx:age:1"], [over_18])?;
//! let bar = Asker { client_id: "https://bar.example", client_name: Some("Bar La Esquina") };
//! let now = UnixTime::from_secs(1_767_225_600);
//!
//! let challenge = Challenge::new(&bar, "Vender alcohol", query, 300, now, random)?;
//! let request = challenge.request().to_json(); // to the wallet, as a QR code or however
//! # let _ = request;
//! let trust = TrustList::from_slice(br#"{"issued_at": 1767225600, "issuers": []}"#)?;
//! let answer = br#"{"vp_token": {}}"#; // from the wallet
//! let refused = challenge.verify(answer, &trust, now).unwrap_err();
//! assert_eq!(refused.code(), "answer_credential_missing");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What it does not do: fetch anything, ask the issuer, or keep a record. Whether a nonce was used before is known to
//! whoever keeps the challenges; [`Challenge::verify`] consumes its challenge so that it answers once.

mod challenge;
mod error;
mod verdict;

pub use challenge::{Asker, Challenge, MAX_LIFETIME_SECS};
pub use error::Error;
pub use verdict::{AskedClaim, Revocation, Verdict, VerifiedCredential};
