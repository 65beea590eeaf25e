//! What a certificate says that the path validation of `webpki` does not look at or does not give out.

use der::asn1::{AnyRef, BitStringRef, GeneralizedTime, UtcTime};
use der::{Decode as _, ErrorKind, Reader as _, SliceReader, Tag, TagNumber};

use crate::UnixTime;

/// The members of a certificate that are read here (RFC 5280 §4.1, §4.2).
#[derive(Default)]
pub(super) struct Extensions<'c> {
    /// The bytes of `keyIdentifier` in AuthorityKeyIdentifier (§4.2.1.1).
    pub(super) authority_key_id: Option<&'c [u8]>,
    /// §4.2.1.9.
    pub(super) is_ca: bool,
    /// §4.2.1.9.
    pub(super) max_intermediates: Option<u8>,
    /// `digitalSignature` and `keyCertSign` (§4.2.1.3), if the extension is there.
    pub(super) key_usage: Option<KeyUsage>,
    /// The key purposes, each as the content of an OBJECT IDENTIFIER (§4.2.1.12).
    pub(super) key_purposes: Vec<&'c [u8]>,
    /// Whether there are name constraints (§4.2.1.10).
    pub(super) constrains_names: bool,
    /// Whether something critical is not understood (§4.2).
    pub(super) unknown_critical: bool,
    /// The first and last second of validity (§4.1.2.5).
    pub(super) validity: Option<(UnixTime, UnixTime)>,
}

#[derive(Clone, Copy)]
pub(super) struct KeyUsage {
    pub(super) digital_signature: bool,
    pub(super) key_cert_sign: bool,
}

/// The content of the identifier 2.5.29.n (§4.2.1).
const fn id_ce(n: u8) -> [u8; 3] {
    [0x55, 0x1d, n]
}

const KEY_USAGE: [u8; 3] = id_ce(15);
const SUBJECT_ALT_NAME: [u8; 3] = id_ce(17);
const BASIC_CONSTRAINTS: [u8; 3] = id_ce(19);
const NAME_CONSTRAINTS: [u8; 3] = id_ce(30);
const AUTHORITY_KEY_ID: [u8; 3] = id_ce(35);
const EXT_KEY_USAGE: [u8; 3] = id_ce(37);

/// Understood here or by `webpki`, so that they may be critical.
const UNDERSTOOD: [[u8; 3]; 5] =
    [KEY_USAGE, SUBJECT_ALT_NAME, BASIC_CONSTRAINTS, NAME_CONSTRAINTS, EXT_KEY_USAGE];

/// `validity` is the fifth member of a certificate of version 3, whose version is written out (§4.1).
const VALIDITY: usize = 4;

impl<'c> Extensions<'c> {
    /// Reads a certificate of version 3.
    pub(super) fn read(certificate: &'c [u8]) -> der::Result<Self> {
        let mut outer = items(AnyRef::from_der(certificate)?)?;
        let mut members = items(AnyRef::decode(&mut outer)?)?;
        let mut read = Self::default();
        let mut position = 0;
        while !members.is_finished() {
            let member = AnyRef::decode(&mut members)?;
            if position == VALIDITY {
                let mut times = items(member)?;
                let first = AnyRef::decode(&mut times)?;
                read.validity = Some((time(first)?, time(AnyRef::decode(&mut times)?)?));
            }
            if context(member, 3) {
                let mut extensions = items(AnyRef::from_der(member.value())?)?;
                let mut seen = Vec::new();
                while !extensions.is_finished() {
                    let id = read.extension(AnyRef::decode(&mut extensions)?)?;
                    // "MUST NOT include more than one instance of a particular extension" (§4.2).
                    if seen.contains(&id) {
                        return Err(ErrorKind::Failed.into());
                    }
                    seen.push(id);
                }
            }
            position += 1;
        }
        Ok(read)
    }

    /// Reads one extension and gives back its identifier.
    fn extension(&mut self, extension: AnyRef<'c>) -> der::Result<&'c [u8]> {
        let mut members = items(extension)?;
        let id = AnyRef::decode(&mut members)?.value();
        let critical = Option::decode(&mut members)?.unwrap_or(false);
        let value = AnyRef::decode(&mut members)?.value();
        if critical && !UNDERSTOOD.iter().any(|known| known == id) {
            self.unknown_critical = true;
        }
        if id == KEY_USAGE {
            let bits = BitStringRef::from_der(value)?;
            let is_set = |bit| bits.get(bit).unwrap_or_default();
            self.key_usage =
                Some(KeyUsage { digital_signature: is_set(0), key_cert_sign: is_set(5) });
        } else if id == BASIC_CONSTRAINTS {
            let mut members = items(AnyRef::from_der(value)?)?;
            self.is_ca = Option::decode(&mut members)?.unwrap_or(false);
            self.max_intermediates = Option::decode(&mut members)?;
        } else if id == EXT_KEY_USAGE {
            let mut purposes = items(AnyRef::from_der(value)?)?;
            while !purposes.is_finished() {
                self.key_purposes.push(AnyRef::decode(&mut purposes)?.value());
            }
        } else if id == AUTHORITY_KEY_ID {
            let mut members = items(AnyRef::from_der(value)?)?;
            while !members.is_finished() {
                let member = AnyRef::decode(&mut members)?;
                if context(member, 0) {
                    self.authority_key_id = Some(member.value());
                }
            }
        }
        self.constrains_names |= id == NAME_CONSTRAINTS;
        Ok(id)
    }
}

/// The content of a SEQUENCE.
fn items(any: AnyRef<'_>) -> der::Result<SliceReader<'_>> {
    match any.header().tag() {
        Tag::Sequence => SliceReader::new(any.value()),
        tag => Err(tag.unexpected_error(Some(Tag::Sequence)).into()),
    }
}

fn context(any: AnyRef<'_>, number: u32) -> bool {
    matches!(any.header().tag(), Tag::ContextSpecific { number: found, .. } if found == TagNumber(number))
}

fn time(any: AnyRef<'_>) -> der::Result<UnixTime> {
    let since_1970 = match any.header().tag() {
        Tag::UtcTime => any.decode_as::<UtcTime>()?.to_unix_duration(),
        _ => any.decode_as::<GeneralizedTime>()?.to_unix_duration(),
    };
    i64::try_from(since_1970.as_secs())
        .map(UnixTime::from_secs)
        .map_err(|_| ErrorKind::DateTime.into())
}
