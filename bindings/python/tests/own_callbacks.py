"""Keys, storage and randomness of an app's own, as an app would write them."""

import os
import sqlite3
import threading
from pathlib import Path
from typing import Dict, List, Optional, Tuple, Union

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from llavero import (
    Change,
    HolderKeys,
    HolderKeysError,
    KeyKind,
    NewKey,
    Random,
    Store,
    StoredRecord,
    StoreError,
)

PrivateKey = Union[ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey]


def new_private_key(kind: KeyKind) -> PrivateKey:
    """A key of the other library's."""
    if kind is KeyKind.P256:
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate()


def public_bytes(key: PrivateKey, raw: bool) -> bytes:
    """The public half: SubjectPublicKeyInfo in DER as most key stores give it, or the bare point or bytes."""
    if not raw:
        return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signature(key: PrivateKey, message: bytes, raw: bool) -> bytes:
    """ECDSA in DER, or as 64 bytes; Ed25519 has one form."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    der = key.sign(message, ec.ECDSA(SHA256()))
    if not raw:
        return der
    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class OwnKeys(HolderKeys):
    """A key store, in place of a smart card. It notes what it is asked, and from which threads."""

    def __init__(self, raw: bool = False) -> None:
        self.raw = raw
        self.keys: Dict[bytes, PrivateKey] = {}
        self.calls: List[str] = []
        self.threads: Dict[int, None] = {}

    def _note(self, call: str) -> None:
        self.calls.append(call)
        self.threads[threading.get_ident()] = None

    def create(self, kind: KeyKind, count: int) -> List[NewKey]:
        self._note("create")
        made = []
        for _ in range(count):
            handle, key = os.urandom(16), new_private_key(kind)
            self.keys[handle] = key
            made.append(NewKey(handle=handle, public_key=public_bytes(key, self.raw)))
        return made

    def sign(self, handle: bytes, message: bytes) -> bytes:
        self._note("sign")
        if handle not in self.keys:
            raise HolderKeysError.Unavailable()
        return signature(self.keys[handle], message, self.raw)

    def delete(self, handle: bytes) -> None:
        self._note("delete")
        self.keys.pop(handle, None)


class OwnRandom(Random):
    """A generator of the app's own, which notes how much it was asked for."""

    def __init__(self) -> None:
        self.given = 0

    def bytes(self, count: int) -> bytes:
        self.given += count
        return os.urandom(count)


class DictStore(Store):
    """A store in memory."""

    def __init__(self) -> None:
        self.records: Dict[Tuple[str, str], bytes] = {}

    def get(self, table: str, key: str) -> Optional[bytes]:
        return self.records.get((table, key))

    def list(self, table: str) -> List[StoredRecord]:
        found = [(key, value) for (where, key), value in self.records.items() if where == table]
        return [StoredRecord(key=key, value=value) for key, value in found]

    def commit(self, changes: List[Change]) -> None:
        after = dict(self.records)
        for change in changes:
            if isinstance(change, Change.PUT):
                after[change.table, change.key] = change.value
            elif isinstance(change, Change.DELETE):
                if after.pop((change.table, change.key), None) is None:
                    raise StoreError.Conflict()
        self.records = after


class SqliteStore(Store):
    """A store in a database. The library calls it from a thread of its own, so the connection must allow for that."""

    def __init__(self, path: Path) -> None:
        self.database = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS records (place TEXT, key TEXT, value BLOB, PRIMARY KEY (place, key))"
        )

    def get(self, table: str, key: str) -> Optional[bytes]:
        row = self.database.execute("SELECT value FROM records WHERE place = ? AND key = ?", (table, key)).fetchone()
        return None if row is None else bytes(row[0])

    def list(self, table: str) -> List[StoredRecord]:
        rows = self.database.execute("SELECT key, value FROM records WHERE place = ?", (table,))
        return [StoredRecord(key=key, value=value) for key, value in rows]

    def commit(self, changes: List[Change]) -> None:
        self.database.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                if isinstance(change, Change.PUT):
                    row = (change.table, change.key, change.value)
                    self.database.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", row)
                elif isinstance(change, Change.DELETE):
                    gone = self.database.execute(
                        "DELETE FROM records WHERE place = ? AND key = ?", (change.table, change.key)
                    )
                    if gone.rowcount != 1:
                        raise StoreError.Conflict()
            self.database.execute("COMMIT")
        except BaseException:
            self.database.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Gives the file back."""
        self.database.close()
