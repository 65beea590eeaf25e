//! Llavero for Kotlin, Swift and Python.

uniffi::setup_scaffolding!("llavero");

/// Error of a test.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
#[non_exhaustive]
pub enum LlaveroError {
    /// Refused.
    #[error("{code}")]
    Refused {
        /// The code.
        code: String,
    },
}

#[uniffi::export]
impl LlaveroError {
    /// The code.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Refused { code } => code.clone(),
        }
    }
}

/// The version.
///
/// # Errors
/// Never.
#[uniffi::export]
pub fn version() -> Result<String, LlaveroError> {
    Ok("x".into())
}
