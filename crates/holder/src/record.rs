//! The wallet's records as JSON, and how they are read back: like input from a stranger.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use llavero_core::Random;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::WalletError;
use crate::description::Description;
use crate::keys::KeyHandle;
use crate::store::{Change, Store, Table};

/// The version that every record carries.
const VERSION: u8 = 1;

/// A record of one table.
pub(crate) trait Record: Serialize + DeserializeOwned {
    const TABLE: Table;
}

/// A credential: what is the same for all of its copies, and which copies are left.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchRecord {
    pub(crate) vct: String,
    pub(crate) issuer: String,
    pub(crate) issuer_name: String,
    pub(crate) received_at: i64,
    pub(crate) expires: Option<i64>,
    pub(crate) received: usize,
    /// Keys of [`CopyRecord`]s. A spent copy is in neither place: nothing of it is kept.
    pub(crate) copies: Vec<String>,
    /// What the metadata of the type says, if there was any that this wallet has a use for. Versions before had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Description>,
}

impl BatchRecord {
    /// Whether this is of the type, or of one that extends it.
    pub(crate) fn is_of_type(&self, vct: &str) -> bool {
        let extends = |description: &Description| description.extends(vct);
        self.vct == vct || self.description.as_ref().is_some_and(extends)
    }
}

impl Record for BatchRecord {
    const TABLE: Table = Table::Batch;
}

/// A copy that has not been used.
#[derive(Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(crate) struct CopyRecord {
    pub(crate) text: String,
    pub(crate) key: String,
}

impl Record for CopyRecord {
    const TABLE: Table = Table::Copy;
}

/// A key that was offered to an issuer, under its thumbprint.
#[derive(Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(crate) struct PendingKeyRecord {
    pub(crate) issuer: String,
    pub(crate) created_at: i64,
    pub(crate) key: String,
}

impl Record for PendingKeyRecord {
    const TABLE: Table = Table::PendingKey;
}

/// A key whose copy is gone, which the key store has yet to delete.
#[derive(Deserialize, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpentKeyRecord {
    pub(crate) key: String,
}

impl Record for SpentKeyRecord {
    const TABLE: Table = Table::SpentKey;
}

/// What was shown to whom: names of claims, never their values.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryRecord {
    pub(crate) at: i64,
    pub(crate) client_id: String,
    pub(crate) client_name: Option<String>,
    pub(crate) purpose: String,
    pub(crate) shown: Vec<HistoryShown>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryShown {
    pub(crate) vct: String,
    pub(crate) issuer: String,
    pub(crate) claims: Vec<String>,
}

impl Record for HistoryRecord {
    const TABLE: Table = Table::History;
}

/// The frame around every record.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Versioned<R> {
    v: u8,
    r: R,
}

#[derive(Deserialize)]
struct VersionOnly {
    v: u8,
}

/// The change that writes `record`.
pub(crate) fn put<R: Record>(key: &str, record: &R) -> Result<Change, WalletError> {
    let frame = Versioned { v: VERSION, r: record };
    // Names and texts only: there is nothing in a record that JSON could not hold.
    let value = serde_json::to_vec(&frame)
        .map_err(|_| WalletError::RecordCorrupt { table: R::TABLE.name() })?;
    Ok(Change::Put { table: R::TABLE, key: key.to_owned(), value: Zeroizing::new(value) })
}

/// The change that removes a record.
pub(crate) fn delete<R: Record>(key: &str) -> Change {
    Change::Delete { table: R::TABLE, key: key.to_owned() }
}

/// The record under `key`, if there is one.
pub(crate) fn get<R: Record>(store: &dyn Store, key: &str) -> Result<Option<R>, WalletError> {
    store.get(R::TABLE, key)?.map(|bytes| read(&bytes)).transpose()
}

/// Every record of a table.
pub(crate) fn list<R: Record>(store: &dyn Store) -> Result<Vec<(String, R)>, WalletError> {
    let records = store.list(R::TABLE)?;
    records.into_iter().map(|(key, bytes)| Ok((key, read(&bytes)?))).collect()
}

fn read<R: Record>(bytes: &[u8]) -> Result<R, WalletError> {
    let table = R::TABLE.name();
    let corrupt = |_| WalletError::RecordCorrupt { table };
    let VersionOnly { v } = serde_json::from_slice(bytes).map_err(corrupt)?;
    if v != VERSION {
        return Err(WalletError::RecordVersion { table });
    }
    serde_json::from_slice::<Versioned<R>>(bytes).map(|frame| frame.r).map_err(corrupt)
}

/// A handle as it stands in a record.
pub(crate) fn encode_handle(handle: &KeyHandle) -> String {
    URL_SAFE_NO_PAD.encode(handle.as_bytes())
}

/// The handle that stands in a record of `table`.
pub(crate) fn decode_handle(text: &str, table: Table) -> Result<KeyHandle, WalletError> {
    let bytes = URL_SAFE_NO_PAD.decode(text);
    bytes.map(KeyHandle::new).map_err(|_| WalletError::RecordCorrupt { table: table.name() })
}

/// A new key for a record: random, so that it tells nothing.
pub(crate) fn new_id(random: &mut dyn Random) -> Result<String, WalletError> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes).map_err(llavero_core::Error::from)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    fn read_back(table: Table, text: &str) -> Result<(), &'static str> {
        let mut store = MemoryStore::new();
        let value = Zeroizing::new(text.as_bytes().to_vec());
        store.commit(&[Change::Put { table, key: "k".to_owned(), value }]).unwrap();
        match table {
            Table::Copy => get::<CopyRecord>(&store, "k").map(|_| ()),
            _ => get::<BatchRecord>(&store, "k").map(|_| ()),
        }
        .map_err(|error| error.code())
    }

    #[test]
    fn refuses_records_that_are_not_exactly_what_was_written() {
        assert_eq!(read_back(Table::Copy, r#"{"v":1,"r":{"text":"t","key":"aw"}}"#), Ok(()));
        for text in [
            "",
            "[]",
            r#"{"v":1}"#,
            r#"{"v":1,"r":{"text":"t"}}"#,
            r#"{"v":1,"r":{"text":"t","key":"aw","more":1}}"#,
            r#"{"v":1,"r":{"text":"t","text":"u","key":"aw"}}"#,
            r#"{"v":1,"r":{"text":1,"key":"aw"}}"#,
            r#"{"v":1,"r":{"text":"t","key":"aw"}} "x""#,
            r#"{"v":"1","r":{"text":"t","key":"aw"}}"#,
        ] {
            assert_eq!(read_back(Table::Copy, text), Err("record_corrupt"), "{text}");
        }
        assert_eq!(read_back(Table::Copy, r#"{"v":2,"s":0}"#), Err("record_version"));
    }
}
