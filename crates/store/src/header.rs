//! The first bytes of the file, looked at before the database believes them.
//!
//! redb reads the pages that its header names before it can tell that they are not there, and a page may be named that is
//! larger than any memory; it counts on from the number of the last transaction, which may be the last there is; and it
//! takes the header's word for how the file is divided. A damaged byte would end the app instead of being an error. What
//! the pages themselves name is covered by their checksums. The layout is that of version 3 of redb's file format.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use llavero_holder::StoreError;

/// Where it says how the file is divided, and what it says in every file that redb makes for us and as long as it is
/// there: no pages apart from those with data, and 2^20 of these to a region.
const GEOMETRY: usize = 16;
const UNDIVIDED: [u8; 8] = [0, 0, 0, 0, 0, 0, 16, 0];

/// Where the two commit slots begin, and how long one is.
const SLOTS: usize = 64;
const SLOT_LEN: usize = 128;
const HEADER_LEN: usize = SLOTS + 2 * SLOT_LEN;

/// In a slot: for each of the two trees, where it says whether it has a root, and which.
const ROOTS: [(usize, usize); 2] = [(1, 8), (2, 40)];

/// In a slot: the number of its transaction. No wallet is written to so often in a lifetime.
const TRANSACTION: usize = 104;
const TRANSACTIONS: u64 = 1 << 48;

/// How far apart the two numbers may be: those that failed in between are counted, too. What is written after a damaged
/// one would be counted on from it, up to where the next reader refuses it.
const TRANSACTIONS_APART: u64 = 1 << 40;

/// The smallest page. A page of order n is 2^n times as long; the order stands in the five highest bits of its number.
const PAGE_LEN: u64 = 4_096;
const ORDER_SHIFT: u32 = 59;

/// Refuses a file whose header names a page longer than the file, a transaction that nobody can have made, or another
/// division of the file than ours.
pub(crate) fn refuse_the_impossible(path: &Path) -> Result<(), StoreError> {
    let mut header = [0; HEADER_LEN];
    // A file that cannot be read, or is too short, is for the database to judge.
    let Ok(mut file) = File::open(path) else { return Ok(()) };
    let (Ok(about), Ok(())) = (file.metadata(), file.read_exact(&mut header)) else {
        return Ok(());
    };
    let (slots, _) = header.get(SLOTS..).unwrap_or_default().as_chunks::<SLOT_LEN>();
    let mut roots = slots.iter().flat_map(|slot| {
        let there = |at: usize| slot.get(at).is_some_and(|flag| *flag != 0);
        let there = ROOTS.iter().filter(move |(flag, _)| there(*flag));
        there.filter_map(|(_, root)| slot.get(*root..)?.first_chunk().copied())
    });
    let fits = |root: [u8; 8]| {
        let order = u64::from_le_bytes(root) >> ORDER_SHIFT;
        PAGE_LEN << order <= about.len()
    };
    let number = |slot: &[u8; SLOT_LEN]| slot.get(TRANSACTION..)?.first_chunk().copied();
    let numbers = || slots.iter().filter_map(number).map(u64::from_le_bytes);
    let (first, last) = (numbers().min().unwrap_or_default(), numbers().max().unwrap_or_default());
    let are_numbers_possible = last < TRANSACTIONS && last - first < TRANSACTIONS_APART;
    let is_undivided = header.get(GEOMETRY..).is_some_and(|rest| rest.starts_with(&UNDIVIDED));
    if is_undivided && roots.all(fits) && are_numbers_possible {
        Ok(())
    } else {
        Err(StoreError::Corrupt)
    }
}
