//! Why an answer was not accepted.

use llavero_core::UnixTime;
use llavero_core::dcql::AnswerError;

/// Why an answer was not accepted. Carries query ids and times, never the value of a claim.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The presentations are sound, but they are not what was asked for.
    #[error("not what was asked for: {0}")]
    Answer(#[from] AnswerError),
    /// The answer came too late, or before the question.
    #[error("the challenge of {issued_at} is not open at {now}")]
    ChallengeClosed {
        /// When the question was posed.
        issued_at: UnixTime,
        /// When the answer came.
        now: UnixTime,
    },
    /// The lifetime is 0 or longer than [`MAX_LIFETIME_SECS`](crate::MAX_LIFETIME_SECS).
    #[error("a challenge lives between 1 second and 1 day")]
    Lifetime,
    /// The request or the answer cannot be read.
    #[error(transparent)]
    Message(llavero_core::Error),
    /// A presentation is not sound.
    #[error("presentation {index} for query \"{query}\": {error}")]
    Presentation {
        /// The id of the credential query.
        query: String,
        /// Which of the presentations for it, counted from 0.
        index: usize,
        /// What is wrong with it.
        error: llavero_core::Error,
    },
    /// The answer has presentations for a query that was not asked.
    #[error("an answer to a query that was not asked")]
    UnknownQuery,
}

impl Error {
    /// A name that bindings, logs and tests may rely on: it never changes once released.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answer(error) => error.code(),
            Self::ChallengeClosed { .. } => "challenge_closed",
            Self::Lifetime => "challenge_lifetime",
            Self::Message(error) | Self::Presentation { error, .. } => error.code(),
            Self::UnknownQuery => "unknown_query",
        }
    }
}
