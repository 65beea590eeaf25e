//! From documents to one type: the chain of `extends`, and what is inherited along it (draft -19 §5.3 to §5.6.5).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::claim::{self, ClaimDisplay, ClaimMetadata, SelectiveDisclosure};
use super::display::{TypeDisplay, best};
use super::document::Document;
use super::integrity::{Digests, Integrity};
use super::tree::Tree;
use super::{
    MAX_RESOLVED_BYTES, MAX_TYPE_CHAIN, MAX_TYPE_CLAIMS, MAX_TYPE_DOCUMENTS,
    TypeMetadataError as Error,
};
use crate::Verified;
use crate::path::{ClaimPath, PathSegment};

/// Type Metadata documents that the caller has. Several for one type are its versions; integrity tells them apart.
#[derive(Clone, Debug, Default)]
pub struct TypeDocuments {
    by_vct: BTreeMap<String, Vec<Version>>,
    count: usize,
}

#[derive(Clone, Debug)]
struct Version {
    document: Document,
    own: bool,
}

impl TypeDocuments {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document that is the caller's own: it came with the app, or from a registry that is trusted to say what
    /// the type `vct` is. The octets are those that were published, unchanged.
    ///
    /// # Errors
    /// [`TypeMetadataError::VctMismatch`](Error::VctMismatch) if the document is of another type, what is wrong with it, or
    /// [`TypeMetadataError::LimitExceeded`](Error::LimitExceeded) past [`MAX_TYPE_DOCUMENTS`].
    pub fn add_own(&mut self, vct: &str, octets: &[u8]) -> Result<(), Error> {
        self.add(Document::read(Some(vct), octets)?, true)
    }

    /// Adds a document that is the caller's own under the name that it gives itself: an agency's about its type, or one
    /// from a list that is trusted to describe types. Returns that name.
    ///
    /// # Errors
    /// As for [`add_own`](Self::add_own).
    pub fn add_self_named(&mut self, octets: &[u8]) -> Result<String, Error> {
        let document = Document::read(None, octets)?;
        let vct = document.vct.clone();
        self.add(document, true)?;
        Ok(vct)
    }

    /// Adds a document that was fetched from the address `vct`, or that somebody sent along for it. Without integrity it
    /// may say anything: it describes, but what it extends counts for nothing in [`TypeMetadata::is_type`].
    ///
    /// # Errors
    /// As for [`add_own`](Self::add_own).
    pub fn add_fetched(&mut self, vct: &str, octets: &[u8]) -> Result<(), Error> {
        self.add(Document::read(Some(vct), octets)?, false)
    }

    fn add(&mut self, document: Document, own: bool) -> Result<(), Error> {
        let versions = self.by_vct.get_mut(&document.vct);
        let same = versions.and_then(|versions| {
            let sha256 = &document.digests.sha256;
            versions.iter_mut().find(|version| version.document.digests.sha256 == *sha256)
        });
        if let Some(version) = same {
            version.own |= own;
            return Ok(());
        }
        if self.count == MAX_TYPE_DOCUMENTS {
            return Err(Error::LimitExceeded { limit: "type documents" });
        }
        self.count += 1;
        self.by_vct.entry(document.vct.clone()).or_default().push(Version { document, own });
        Ok(())
    }

    /// The type of a credential, with the `vct#integrity` that its issuer signed, if there is one. `aka_vcts` is not
    /// looked at: what describes another type does not describe this one.
    ///
    /// # Errors
    /// As for [`resolve`](Self::resolve); [`TypeMetadataError::MemberMalformed`](Error::MemberMalformed) if
    /// `vct#integrity` is no string.
    pub fn resolve_for(&self, credential: &Verified) -> Result<TypeMetadata, Error> {
        let (vct, integrity) = reference(credential)?;
        self.resolve(vct, integrity.as_ref())
    }

    /// Every version of every type, each resolved, for who looks types up again and again.
    ///
    /// # Errors
    /// As for [`resolve`](Self::resolve), for any of them.
    pub(crate) fn resolve_all(&self) -> Result<ResolvedTypes, Error> {
        let mut by_vct = BTreeMap::new();
        let mut left = MAX_RESOLVED_BYTES;
        for (vct, versions) in &self.by_vct {
            let mut resolved = Vec::new();
            for Version { document: Document { digests, .. }, .. } in versions {
                let own = Integrity::new(format!("sha256-{}", digests.sha256));
                let metadata = Arc::new(self.resolve(vct, Some(&own))?);
                // What is inherited is there once for each type that inherits it.
                let over =
                    Error::LimitExceeded { limit: "bytes of type documents and what they extend" };
                left = left.checked_sub(metadata.bytes).ok_or(over)?;
                resolved.push(ResolvedType { digests: digests.clone(), metadata });
            }
            by_vct.insert(vct.clone(), resolved);
        }
        Ok(ResolvedTypes { by_vct })
    }

    /// The type `vct` with all it inherits. `integrity` is what refers to its document, if anything does.
    ///
    /// With integrity, the first document added that has the hash is taken; without, there must be exactly one.
    ///
    /// # Errors
    /// [`TypeMetadataError::DocumentMissing`](Error::DocumentMissing), [`IntegrityMismatch`](Error::IntegrityMismatch),
    /// [`IntegrityUnsupported`](Error::IntegrityUnsupported) or [`Ambiguous`](Error::Ambiguous) for the type or one it
    /// extends; [`Circular`](Error::Circular), [`ChainTooLong`](Error::ChainTooLong);
    /// [`SdChanged`](Error::SdChanged), [`MandatoryRelaxed`](Error::MandatoryRelaxed), [`SvgId`](Error::SvgId) or
    /// [`LimitExceeded`](Error::LimitExceeded) where types do not go together.
    pub fn resolve(&self, vct: &str, integrity: Option<&Integrity>) -> Result<TypeMetadata, Error> {
        let mut types: Vec<String> = Vec::new();
        let mut chain: Vec<&Document> = Vec::new();
        let mut relied_on = 1;
        let mut next = Some((vct, integrity));
        while let Some((vct, integrity)) = next {
            if types.iter().any(|known| known == vct) {
                return Err(Error::Circular);
            }
            if chain.len() == MAX_TYPE_CHAIN {
                return Err(Error::ChainTooLong);
            }
            let version = self.find(vct, integrity)?;
            types.push(vct.to_owned());
            chain.push(&version.document);
            // What a document extends is as reliable as it is, and as all documents that lead to it.
            if relied_on == types.len() && (version.own || integrity.is_some()) {
                relied_on += 1;
            }
            let extends = version.document.extends.as_ref();
            next = extends.map(|extends| (extends.vct.as_str(), extends.integrity.as_ref()));
        }
        TypeMetadata::inherit(types, relied_on, &chain)
    }

    fn find(&self, vct: &str, integrity: Option<&Integrity>) -> Result<&Version, Error> {
        let versions = self.by_vct.get(vct).map(Vec::as_slice).unwrap_or_default();
        choose(versions, |version| &version.document.digests, integrity)
    }
}

/// The version that `integrity` means; without it, the only one.
fn choose<'v, V>(
    versions: &'v [V],
    digests: impl Fn(&V) -> &Digests,
    integrity: Option<&Integrity>,
) -> Result<&'v V, Error> {
    let Some(integrity) = integrity else {
        return match versions {
            [] => Err(Error::DocumentMissing),
            [version] => Ok(version),
            _ => Err(Error::Ambiguous),
        };
    };
    let mut refused = Error::DocumentMissing;
    for version in versions {
        match integrity.matches(digests(version)) {
            Ok(()) => return Ok(version),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// What a credential says which document is its type's.
fn reference(credential: &Verified) -> Result<(&str, Option<Integrity>), Error> {
    let vct = credential.credential_type().ok_or(Error::VctMismatch)?;
    let integrity = match credential.claim("vct#integrity") {
        None => None,
        Some(text) => {
            let at = || vec![PathSegment::Name("vct#integrity".to_owned())];
            let text = text.as_str().ok_or_else(|| Error::MemberMalformed { at: at() })?;
            Some(Integrity::new(text))
        }
    };
    Ok((vct, integrity))
}

/// The types of [`TypeDocuments`], resolved.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResolvedTypes {
    by_vct: BTreeMap<String, Vec<ResolvedType>>,
}

#[derive(Clone, Debug)]
struct ResolvedType {
    digests: Digests,
    metadata: Arc<TypeMetadata>,
}

impl ResolvedTypes {
    /// The type of a credential, or `None` if no document describes it.
    ///
    /// # Errors
    /// As for [`TypeDocuments::resolve_for`], but for missing documents.
    pub(crate) fn of(&self, credential: &Verified) -> Result<Option<&Arc<TypeMetadata>>, Error> {
        let (vct, integrity) = reference(credential)?;
        let Some(versions) = self.by_vct.get(vct) else { return Ok(None) };
        let version = choose(versions, |version| &version.digests, integrity.as_ref())?;
        Ok(Some(&version.metadata))
    }
}

/// A type with all it inherits: rules for its claims, and texts for people.
#[derive(Clone, Debug)]
pub struct TypeMetadata {
    types: Vec<String>,
    /// Of the documents it is made of.
    bytes: usize,
    relied_on: usize,
    name: Option<String>,
    description: Option<String>,
    display: Vec<TypeDisplay>,
    pub(super) claims: Vec<ClaimMetadata>,
    pub(super) tree: Tree,
}

impl TypeMetadata {
    /// The extended type first (§5.4): later documents are those nearer to the type itself.
    fn inherit(types: Vec<String>, relied_on: usize, chain: &[&Document]) -> Result<Self, Error> {
        let mut display = Vec::new();
        let mut claims = Vec::new();
        let mut by_path: BTreeMap<ClaimPath, usize> = BTreeMap::new();
        for document in chain.iter().rev() {
            if let Some(own) = &document.display {
                display.clone_from(own);
            }
            for claim in &document.claims {
                match by_path.get(&claim.path).and_then(|index| claims.get_mut(*index)) {
                    Some(inherited) => replace(inherited, claim)?,
                    None => {
                        by_path.insert(claim.path.clone(), claims.len());
                        claims.push(claim.clone());
                    }
                }
            }
            if claims.len() > MAX_TYPE_CLAIMS {
                return Err(Error::LimitExceeded { limit: "claims of a type" });
            }
        }
        claim::check_svg_ids(&claims)?;
        let tree = Tree::new(&claims);
        let (name, description) = chain
            .first()
            .map(|own| (own.name.clone(), own.description.clone()))
            .unwrap_or_default();
        let bytes = chain.iter().map(|document| document.bytes).sum();
        Ok(Self { types, bytes, relied_on, name, description, display, claims, tree })
    }

    /// The type's `vct`.
    #[must_use]
    pub fn vct(&self) -> &str {
        self.types.first().map(String::as_str).unwrap_or_default()
    }

    /// The type and those it extends, nearest first, as the documents say.
    #[must_use]
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// Whether a credential of this type is also one of type `vct`, for a query's `vct_values` (OpenID4VP 1.0 §B.3.5).
    ///
    /// A type counts if each document that leads to it is the caller's own or was referred to with integrity, by a
    /// document that counts itself or by the credential. This is no authority to issue (§7.7): check the issuer too.
    #[must_use]
    pub fn is_type(&self, vct: &str) -> bool {
        self.types.iter().take(self.relied_on).any(|known| known == vct)
    }

    /// The type's name for developers, of its own document.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The type's description for developers, of its own document.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// What to call the type for somebody who reads `locales`, the preferred one first.
    ///
    /// Each is looked up as it is, then without its last subtags one by one, then by its language in any region. If none
    /// is there, the document's first entry is given; its `locale` tells.
    #[must_use]
    pub fn display(&self, locales: &[&str]) -> Option<&TypeDisplay> {
        best(&self.display, locales)
    }

    /// Name and looks of the type in every language. A type's own replace all inherited ones (§5.5.2).
    #[must_use]
    pub fn displays(&self) -> &[TypeDisplay] {
        &self.display
    }

    /// The type's claims: inherited ones first, where the type that introduced them has them. An entry of an extending
    /// type takes the whole place of the inherited one with the same path (§5.6.5).
    #[must_use]
    pub fn claims(&self) -> &[ClaimMetadata] {
        &self.claims
    }

    /// What the type says of the claim at a location, as [`Verified::disclosed`] gives it. If several paths denote it,
    /// the most specific counts: an index before a wildcard, from the first component in which they differ.
    #[must_use]
    pub fn claim(&self, location: &[PathSegment]) -> Option<&ClaimMetadata> {
        self.tree.at(location).into_iter().find_map(|index| self.claims.get(index))
    }

    /// What to call the claim at a location, in the language chosen as in [`display`](Self::display). The most specific
    /// path that has a label counts.
    #[must_use]
    pub fn claim_display(
        &self,
        location: &[PathSegment],
        locales: &[&str],
    ) -> Option<&ClaimDisplay> {
        let claims = self.tree.at(location).into_iter().filter_map(|index| self.claims.get(index));
        claims.into_iter().find_map(|claim| best(&claim.display, locales))
    }
}

/// The child's entry counts as a whole, so that what it leaves out is the default, not what was inherited. It may say
/// more than the inherited one, not less.
fn replace(inherited: &mut ClaimMetadata, own: &ClaimMetadata) -> Result<(), Error> {
    if inherited.sd != SelectiveDisclosure::Allowed && inherited.sd != own.sd {
        return Err(Error::SdChanged { path: own.path.clone() });
    }
    if inherited.mandatory && !own.mandatory {
        return Err(Error::MandatoryRelaxed { path: own.path.clone() });
    }
    inherited.clone_from(own);
    Ok(())
}
