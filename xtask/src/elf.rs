//! As much of the ELF format as it takes to see whether Android loads a library.

use std::fs;
use std::path::Path;

use crate::process::Outcome;

/// Android's pages may be 16 KiB; where they are, a library whose segments are aligned to less does not load.
const PAGE: u64 = 0x4000;

/// Refuses a library, or what is none, that does not fit pages of 16 KiB.
pub(crate) fn check_pages(library: &Path) -> Outcome {
    let bytes = fs::read(library).map_err(|error| format!("{}: {error}", library.display()))?;
    let alignments = load_alignments(&bytes).unwrap_or_default();
    if alignments.is_empty() {
        return Err(format!("{} is no 64-bit ELF library", library.display()));
    }
    if alignments.iter().any(|alignment| *alignment < PAGE) {
        return Err(format!("{} is aligned to {alignments:?}, not {PAGE}", library.display()));
    }
    Ok(())
}

/// How the segments that are loaded are aligned; `None` for anything but 64 bits, low byte first.
fn load_alignments(bytes: &[u8]) -> Option<Vec<u64>> {
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let table = number::<8>(bytes, 0x20)?;
    let (size, count) = (number::<2>(bytes, 0x36)?, number::<2>(bytes, 0x38)?);
    let mut alignments = Vec::new();
    for index in 0..count {
        let header = table.checked_add(index * size)?;
        const LOAD: u64 = 1;
        if number::<4>(bytes, header)? == LOAD {
            alignments.push(number::<8>(bytes, header.checked_add(0x30)?)?);
        }
    }
    Some(alignments)
}

/// The number in so many bytes from there.
fn number<const BYTES: usize>(bytes: &[u8], at: u64) -> Option<u64> {
    let bytes = bytes.get(usize::try_from(at).ok()?..)?.get(..BYTES)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header, and one program header per type and alignment.
    fn library(segments: &[(u32, u64)]) -> Vec<u8> {
        let mut bytes = vec![0; 0x40];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[0x20] = 0x40;
        bytes[0x36] = 0x38;
        bytes[0x38] = u8::try_from(segments.len()).unwrap();
        for (kind, alignment) in segments {
            bytes.extend(kind.to_le_bytes());
            bytes.extend([0; 0x2c]);
            bytes.extend(alignment.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn reads_the_alignment_of_what_is_loaded() {
        let read = load_alignments(&library(&[(6, 8), (1, 0x4000), (1, 0x1000)]));
        assert_eq!(read, Some(vec![0x4000, 0x1000]));
    }

    #[test]
    fn refuses_small_pages_and_what_is_no_library() {
        let folder = std::env::temp_dir().join(format!("llavero-elf-{}", std::process::id()));
        let check = |bytes: &[u8]| {
            fs::write(&folder, bytes).unwrap();
            check_pages(&folder)
        };
        assert_eq!(check(&library(&[(1, 0x4000), (1, 0x10000)])), Ok(()));
        assert!(check(&library(&[(1, 0x4000), (1, 0x1000)])).is_err());
        assert!(check(&library(&[(6, 8)])).is_err());
        assert!(check(b"\x7fELF\x01\x01").is_err());
        assert!(check(&library(&[(1, 0x4000)])[..0x60]).is_err());
        fs::remove_file(&folder).unwrap();
    }
}
