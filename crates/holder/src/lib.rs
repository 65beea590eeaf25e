//! The citizen's wallet: receive credentials, ask for consent, present, each copy once.
//!
//! | what | where |
//! |---|---|
//! | ask an issuer for a batch | [`Wallet::begin`], [`Enrolment`] |
//! | take it after checking every copy | [`Wallet::receive`], [`LintRefusal`], [`LintWarning`] |
//! | find what answers a request (OpenID4VP 1.0 §6.4) | [`Wallet::consider`], [`Choices`] |
//! | show what is revealed, implied, doubtful | [`ConsentSheet`], [`Warning`], [`NotProtected`] |
//! | disclose | [`ConsentSheet::approve`], [`PendingAnswer`] |
//! | keep state | [`Store`], [`MemoryStore`] |
//! | keep keys | [`HolderKeys`], [`SoftwareKeys`] |
//!
//! It reads no clock, no file and no network: time, randomness, keys, trust and storage are arguments.
//!
//! **One copy, one use.** A commit that removes a copy has returned before the presentation that uses it is made. If
//! the app dies in between, the copy is lost; it is never used again. Nothing of a spent copy stays but an entry of the
//! person's own history, without values.
//!
//! **What it does not protect from** is said by [`NotProtected`], on every sheet.
//!
//! ```
//! use llavero_holder::{Language, MemoryStore, SoftwareKeys, Wallet};
//! # fn run(request: &[u8], now: llavero_holder::UnixTime, random: &mut dyn llavero_holder::Random)
//! #     -> Result<(), llavero_holder::WalletError> {
//! let mut wallet = Wallet::new(MemoryStore::new(), SoftwareKeys);
//! let request = llavero_holder::PresentationRequest::from_slice(request)?;
//!
//! let sheet = wallet.consider(&request, now, Language::EsMx)?.sheet()?;
//! for credential in sheet.credentials() {
//!     for claim in credential.revealed() {
//!         println!("{}: {}", claim.label(), claim.value().expose());
//!     }
//! }
//! let answer = sheet.approve(&mut wallet, now, random)?;
//! println!("{}", answer.to_json());
//! # Ok(())
//! # }
//! ```

mod answer;
mod choices;
mod credential;
mod description;
mod enrolment;
mod error;
mod history;
mod keys;
mod labels;
mod lint;
mod notice;
mod personal;
mod receive;
mod record;
mod sheet;
mod shown;
mod store;
mod wallet;

pub use answer::PendingAnswer;
pub use choices::{Choice, Choices, QueryChoices};
pub use credential::{CredentialId, CredentialSummary};
pub use enrolment::{Enrolment, PendingEnrolment};
pub use error::{Unmet, WalletError};
pub use history::{HistoryEntry, HistoryItem};
pub use keys::{HolderKeys, KeyHandle, NewKey, SoftwareKeys, ToSign};
pub use lint::{LintRefusal, LintWarning};
pub use notice::{NotProtected, Warning};
pub use personal::Personal;
pub use receive::Receipt;
pub use sheet::{ConsentSheet, Refusal, SheetCredential};
pub use shown::ShownClaim;
pub use store::{Change, MemoryStore, RecordBytes, Store, StoreError, Table};
pub use wallet::{Purged, Wallet};

pub use llavero_core::request::{PresentationAnswer, PresentationRequest};
pub use llavero_core::trust::TrustList;
pub use llavero_core::{KeyKind, Random, RandomError, UnixTime};
pub use llavero_mexico::Language;
pub use llavero_mexico::implied::{Fact, Suggestion};

/// Copies of one batch. An issuer hands out some dozens; more would only be work.
pub const MAX_COPIES: usize = 100;
