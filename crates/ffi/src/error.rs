//! What can go wrong, sorted by who can do something about it.

use llavero_core::{Error as CoreError, SignerError};
use llavero_holder::{StoreError, WalletError};

use crate::Language;
use crate::text::text;

/// Why something was not done. Every error has a stable `code`, a sentence for people in two languages, and a detail
/// for developers; none of them holds a value of a person.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
#[expect(clippy::exhaustive_enums, reason = "sealed in the other languages, on purpose")]
pub enum LlaveroError {
    /// Something of this device failed or did not agree: its key store, its storage, its generator. Try again, or ask
    /// the person.
    #[error("{reason}")]
    Device {
        /// What happened.
        reason: Reason,
    },
    /// What an agency wants to issue, or what a person typed, contradicts itself, the rules of CURP, INE or RFC, or the
    /// document of its type. Correct it.
    #[error("{reason}")]
    Record {
        /// What happened.
        reason: Reason,
    },
    /// What somebody else sent is refused: a credential, a request, an answer, a trust list. Do not use it.
    #[error("{reason}")]
    Refused {
        /// What happened.
        reason: Reason,
    },
    /// The wallet cannot do this with what it holds. Tell the person what is missing; a verifier learns only that
    /// there is no answer.
    #[error("{reason}")]
    Unmet {
        /// What happened.
        reason: Reason,
    },
    /// The app called wrongly: a step taken twice, an argument that no app should pass. Correct the app.
    #[error("{reason}")]
    Usage {
        /// What happened.
        reason: Reason,
    },
}

/// What happened, in terms that never change and in words that people read.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
#[uniffi::export(Display)]
#[expect(clippy::exhaustive_structs, reason = "a record of the bindings is made by its fields")]
pub struct Reason {
    /// A name that apps, logs and tests may rely on: it never changes once released.
    pub code: String,
    /// A sentence for people, in Spanish of Mexico.
    pub text_es_mx: String,
    /// A sentence for people, in English.
    pub text_en: String,
    /// What exactly, for developers, in English: names, positions and times, never values.
    pub detail: String,
    /// The part of the request that it is about, if it is about one.
    pub query: Option<String>,
    /// The position of the copy, proof or presentation that it is about, counted from 0.
    pub index: Option<u32>,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl Reason {
    fn new(code: &str, detail: &impl std::fmt::Display) -> Self {
        let text = text(code);
        Self {
            code: code.to_owned(),
            text_es_mx: text.es_mx.to_owned(),
            text_en: text.en.to_owned(),
            detail: detail.to_string(),
            query: None,
            index: None,
        }
    }

    fn at(mut self, index: usize) -> Self {
        self.index = u32::try_from(index).ok();
        self
    }
}

#[uniffi::export]
impl LlaveroError {
    /// A name that apps, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub fn code(&self) -> String {
        self.inner().code.clone()
    }

    /// A sentence for people.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let reason = self.inner();
        match language {
            Language::EsMx => reason.text_es_mx.clone(),
            Language::En => reason.text_en.clone(),
        }
    }
}

impl LlaveroError {
    /// The same error, about the part of a request with this identifier.
    pub(crate) fn about(mut self, part: Option<String>) -> Self {
        if part.is_some() {
            let (Self::Device { reason }
            | Self::Record { reason }
            | Self::Refused { reason }
            | Self::Unmet { reason }
            | Self::Usage { reason }) = &mut self;
            reason.query = part;
        }
        self
    }

    const fn inner(&self) -> &Reason {
        match self {
            Self::Device { reason }
            | Self::Record { reason }
            | Self::Refused { reason }
            | Self::Unmet { reason }
            | Self::Usage { reason } => reason,
        }
    }
}

/// A mistake that Rust's types rule out and other languages' do not.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum Misuse {
    #[error("this step has been taken before")]
    AlreadyUsed,
    #[error("the argument {0} is malformed")]
    Argument(&'static str),
    #[error("called from inside a callback")]
    Reentered,
}

impl From<Misuse> for LlaveroError {
    fn from(misuse: Misuse) -> Self {
        let code = match misuse {
            Misuse::AlreadyUsed => "already_used",
            Misuse::Argument(_) => "argument_malformed",
            Misuse::Reentered => "callback_reentered",
        };
        Self::Usage { reason: Reason::new(code, &misuse) }
    }
}

/// How a callback of the app failed where it should have answered or thrown one of the errors foreseen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("a callback threw something unexpected")]
    Failed,
    #[error("a callback returned something impossible")]
    Malformed,
    #[error("a callback did not return in time")]
    TimedOut,
}

impl From<Fault> for LlaveroError {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::Failed => "callback_failed",
            Fault::Malformed => "callback_malformed",
            Fault::TimedOut => "callback_timed_out",
        };
        Self::Device { reason: Reason::new(code, &fault) }
    }
}

fn core(error: &CoreError, reason: Reason) -> LlaveroError {
    match error {
        CoreError::KeyFormat | CoreError::Random | CoreError::Signer(_) => {
            LlaveroError::Device { reason }
        }
        CoreError::TemplateName => LlaveroError::Record { reason },
        _ => LlaveroError::Refused { reason },
    }
}

impl From<CoreError> for LlaveroError {
    fn from(error: CoreError) -> Self {
        core(&error, Reason::new(error.code(), &error))
    }
}

impl From<SignerError> for LlaveroError {
    fn from(error: SignerError) -> Self {
        CoreError::from(error).into()
    }
}

impl From<StoreError> for LlaveroError {
    fn from(error: StoreError) -> Self {
        Self::Device { reason: Reason::new(error.code(), &error) }
    }
}

impl From<WalletError> for LlaveroError {
    fn from(error: WalletError) -> Self {
        let reason = Reason::new(error.code(), &error);
        match &error {
            WalletError::AlreadyReceived { copy }
            | WalletError::KeyNotOffered { copy }
            | WalletError::KeyRepeated { copy } => Self::Refused { reason: reason.at(*copy) },
            WalletError::Copy { copy, error } => core(error, reason.at(*copy)),
            WalletError::Engine(error) => core(error, reason),
            WalletError::Lint(_) => Self::Refused { reason },
            WalletError::CredentialExpired
            | WalletError::CredentialUnknown
            | WalletError::NoCopiesLeft
            | WalletError::Unmet(_) => Self::Unmet { reason },
            WalletError::RecordCorrupt { .. }
            | WalletError::RecordVersion { .. }
            | WalletError::Store(_) => Self::Device { reason },
            _ => Self::Usage { reason },
        }
    }
}

impl From<llavero_verifier::Error> for LlaveroError {
    fn from(error: llavero_verifier::Error) -> Self {
        use llavero_verifier::Error;
        let reason = Reason::new(error.code(), &error);
        match error {
            Error::Lifetime => Self::Usage { reason },
            Error::Message(error) => core(&error, reason),
            Error::Presentation { query, index, .. } => {
                Self::Refused { reason: Reason { query: Some(query), ..reason.at(index) } }
            }
            _ => Self::Refused { reason },
        }
    }
}

impl From<llavero_issuer::Error> for LlaveroError {
    fn from(error: llavero_issuer::Error) -> Self {
        use llavero_issuer::Error;
        let reason = Reason::new(error.code(), &error);
        match error {
            Error::KeyKindMixed { index }
            | Error::KeyRepeated { index }
            | Error::Proof { index, .. } => Self::Refused { reason: reason.at(index) },
            // What an agency publishes about its own type, or would issue against it.
            Error::Core(CoreError::TypeMetadata(_))
            | Error::ClaimOverflow { .. }
            | Error::ClaimUnknown { .. }
            | Error::OutlivesDocument
            | Error::Record(_) => Self::Record { reason },
            Error::Core(error) => core(&error, reason),
            _ => Self::Usage { reason },
        }
    }
}

impl From<llavero_mexico::Error> for LlaveroError {
    fn from(error: llavero_mexico::Error) -> Self {
        Self::Record { reason: Reason::new(error.code(), &error) }
    }
}

impl From<llavero_core::PathError> for LlaveroError {
    fn from(error: llavero_core::PathError) -> Self {
        Self::Usage { reason: Reason::new(error.code(), &error) }
    }
}

impl From<llavero_core::dcql::QueryError> for LlaveroError {
    fn from(error: llavero_core::dcql::QueryError) -> Self {
        Self::Usage { reason: Reason::new(error.problem().code(), &error) }
    }
}
