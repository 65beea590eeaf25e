//! What an agency publishes about a type of its own credentials.

use llavero_core::type_metadata::{Integrity, TypeDocuments, TypeMetadata};

use crate::{Error, TypeName};

/// A document that describes a type (SD-JWT VC §5), as an agency publishes it: its name, its hash, its rules.
///
/// Give it to [`Issuer::draft`](crate::Issuer::draft) in place of the name, and what does not satisfy it is not issued.
/// ```
/// use llavero_issuer::TypeDocument;
/// use llavero_mexico::CredentialType;
///
/// let vct = CredentialType::Age.vct_under("https://agencia.example/vct/mx");
/// let document = TypeDocument::new(&CredentialType::Age.type_metadata(&vct), &[])?;
/// assert_eq!(document.vct(), "https://agencia.example/vct/mx/age/1");
/// assert!(document.integrity().starts_with("sha256-"));
/// # Ok::<(), llavero_issuer::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TypeDocument {
    integrity: Integrity,
    metadata: TypeMetadata,
}

impl TypeDocument {
    /// The document with exactly the text that is published, and those of all types that it extends.
    ///
    /// # Errors
    /// [`Error::Core`] with [`TypeMetadata`](llavero_core::Error::TypeMetadata).
    pub fn new(text: &str, extended: &[&str]) -> Result<Self, Error> {
        let mut documents = TypeDocuments::new();
        let integrity = Integrity::of(text.as_bytes());
        let resolved = documents.add_self_named(text.as_bytes()).and_then(|vct| {
            for text in extended {
                documents.add_self_named(text.as_bytes())?;
            }
            documents.resolve(&vct, Some(&integrity))
        });
        let metadata = resolved.map_err(llavero_core::Error::from)?;
        Ok(Self { integrity, metadata })
    }

    /// `vct`.
    #[must_use]
    pub fn vct(&self) -> &str {
        self.metadata.vct()
    }

    /// `vct#integrity`: the SHA-256 hash of the text.
    #[must_use]
    pub fn integrity(&self) -> &str {
        self.integrity.as_str()
    }

    /// What it says, with what it inherits.
    #[must_use]
    pub const fn metadata(&self) -> &TypeMetadata {
        &self.metadata
    }
}

impl<'a> From<&'a TypeDocument> for TypeName<'a> {
    fn from(document: &'a TypeDocument) -> Self {
        Self {
            vct: document.vct(),
            integrity: Some(document.integrity()),
            metadata: Some(document.metadata()),
        }
    }
}
