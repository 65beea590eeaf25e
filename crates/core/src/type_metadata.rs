//! SD-JWT VC Type Metadata: what a type's publisher says of its claims (draft-ietf-oauth-sd-jwt-vc-19 §5, §6).
//!
//! Nothing is fetched. The caller hands over documents as the exact octets it has, each under the name it was obtained
//! for; [`TypeDocuments::resolve`] follows `extends` among them, checks every `#integrity` on the way, and gives a
//! [`TypeMetadata`] that owns all it says. That holds rules for credentials and texts for people:
//!
//! ```
//! use llavero_core::type_metadata::{Integrity, TypeDocuments};
//!
//! let text = br#"{
//!   "vct": "urn:example:carnet:1",
//!   "display": [{"locale": "es-MX", "name": "Carnet"}, {"locale": "en", "name": "Membership"}],
//!   "claims": [{"path": ["folio"], "mandatory": true, "sd": "always",
//!               "display": [{"locale": "es", "label": "Folio"}]}]
//! }"#;
//! let mut documents = TypeDocuments::new();
//! documents.add_own("urn:example:carnet:1", text)?;
//! let metadata = documents.resolve("urn:example:carnet:1", Some(&Integrity::of(text)))?;
//! assert_eq!(metadata.display(&["es"]).map(|display| display.name.as_str()), Some("Carnet"));
//! assert!(metadata.claims()[0].mandatory);
//! # Ok::<(), llavero_core::type_metadata::TypeMetadataError>(())
//! ```
//!
//! A credential is checked in one of two situations. [`TypeMetadata::check_complete`] (and, before signing,
//! `TypeMetadata::check_template`) is for who has every Disclosure: the issuer, and the holder on receipt.
//! [`TypeMetadata::check_presentation`] is for a verifier, who cannot know what was not shown.
//!
//! **A type is no authority.** Whether an issuer may issue is decided by a trust list, whatever its type extends and
//! whatever `aka_vcts` says (§7.7). A document is looked up by `vct` alone, never by a name in `aka_vcts`. What a
//! document says is as good as its publisher (§7.8): load those you would believe.
//!
//! **Texts and addresses are somebody else's.** A text that could deceive the eye is left out as if it were not there.
//! Addresses, `data:` ones included, are passed on as they stand; what is fetched from one is checked with
//! [`Integrity::verify`]. Nothing here draws an SVG template.

mod check;
mod claim;
mod display;
mod document;
mod error;
mod integrity;
mod resolve;
mod tree;

pub use claim::{ClaimDisplay, ClaimMetadata, SelectiveDisclosure};
pub use display::{ColorScheme, Contrast, Orientation, Resource, Rgb, SvgTemplate, TypeDisplay};
pub use error::TypeMetadataError;
pub use integrity::Integrity;
pub(crate) use resolve::ResolvedTypes;
pub use resolve::{TypeDocuments, TypeMetadata};

/// Documents that one [`TypeDocuments`] holds. A wallet has one or two for each type of credential.
pub const MAX_TYPE_DOCUMENTS: usize = 256;

/// Bytes of all documents of a list that are resolved together, each counted for every type that extends it.
pub const MAX_RESOLVED_BYTES: usize = 16 << 20;

/// Types of one chain of `extends`, the first one included. Real chains have two or three.
pub const MAX_TYPE_CHAIN: usize = 8;

/// Claims of one type, inherited ones included: as many as a token may have Disclosures.
pub const MAX_TYPE_CLAIMS: usize = 1_024;

/// Entries of one `display`: room for every official language of Mexico, which has 69.
pub const MAX_LOCALES: usize = 128;

/// SVG templates of one `display` entry: three properties with two values each make eight.
pub const MAX_SVG_TEMPLATES: usize = 16;

/// Characters of a description. Names and labels have [`MAX_TEXT_CHARS`](crate::request::MAX_TEXT_CHARS).
pub const MAX_DESCRIPTION_CHARS: usize = 2_000;

/// Bytes of one `#integrity` string: more than forty expressions of SHA-512.
pub const MAX_INTEGRITY_BYTES: usize = 4_096;

/// Claims and values that one check looks at. Real ones look at a few hundred; without a bound, every element of a
/// long array could be looked at for every claim of a long type.
pub const MAX_CHECK_STEPS: usize = 1 << 20;
