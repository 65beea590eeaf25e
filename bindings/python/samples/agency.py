"""An agency: from its own records to batches of single-use copies, signed in an HSM.

    python agency.py records                               two invented people, to try it with
    python agency.py trust --key hsm.pem                   the list that wallets and verifiers load
    python agency.py nonce                                 a nonce for one issuance
    python agency.py issue --key hsm.pem --type curp --record records.csv --row 0 --nonce NONCE --proofs proofs.json

A record is a JSON object, or a row of a CSV file whose first row names the members. The proofs are what the wallet sends,
a JSON array of texts; the batch goes back to it in the same form. A file in place of an HSM keeps this sample short: what
it does with the key is what an HSM would do, and the library never sees the key.
"""

import argparse
import csv
import datetime
import json
import sys
from pathlib import Path
from typing import Dict, List, Optional

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from llavero import (
    CredentialType,
    Issuer,
    KeyKind,
    Language,
    LlaveroError,
    PublicKey,
    Record,
    TrustedIssuer,
    TrustedKey,
    TrustList,
    TypeName,
    new_nonce,
)

IDENTIFIER = "https://agencia.example"
NAME = "Agencia de Ejemplo"
DAYS = 30

# Nobody: an invented person, and a record of hers with a wrong date.
RECORDS = [
    {
        "given_name": "Irene",
        "primer_apellido": "Ejemplo",
        "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-17",
        "sexo": "M",
        "entidad_nacimiento": "VZ",
        "curp": "EEII030517MVZJMRA2",
        "curp_tipo": "definitiva",
    }
]
RECORDS.append({**RECORDS[0], "birthdate": "2003-05-18"})


class Hsm:
    """Signs with a key that never leaves it. An HSM has no more than these two functions, over PKCS #11 or a network."""

    def __init__(self, path: Optional[Path] = None) -> None:
        if path is not None and path.exists():
            key = load_pem_private_key(path.read_bytes(), password=None)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise ValueError("the file has no elliptic-curve key")
            self._key = key
            return
        self._key = ec.generate_private_key(ec.SECP256R1())
        if path is not None:
            path.write_bytes(self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            path.chmod(0o600)

    def public_key(self) -> bytes:
        """SubjectPublicKeyInfo in DER."""
        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, messages: List[bytes]) -> List[bytes]:
        """ECDSA with SHA-256 over each message. DER will do, and so will 64 bytes."""
        return [self._key.sign(message, ec.ECDSA(SHA256())) for message in messages]


class Agency:
    """What an agency does, given its HSM."""

    def __init__(self, hsm: Hsm) -> None:
        self.hsm = hsm
        self.issuer = Issuer(IDENTIFIER, PublicKey.from_device(KeyKind.P256, hsm.public_key()))

    def trust(self, now: datetime.datetime) -> TrustList:
        """The list that wallets and verifiers load while they have a network."""
        types = [known.default_vct() for known in CredentialType]
        key = TrustedKey(key=self.issuer.key())
        return TrustList(now, [TrustedIssuer(issuer=IDENTIFIER, name=NAME, types=types, keys=[key])])

    def issue(self, record: Record, proofs: List[str], nonce: str, now: datetime.datetime) -> List[str]:
        """One copy per proof. `nonce` must be one that the agency made, and each is used once."""
        known = record.credential_type()
        if known is None:
            raise ValueError("a type that this agency does not issue")
        draft = self.issuer.draft(record, TypeName(vct=known.default_vct()), DAYS, now)
        batch = self.issuer.prepare(draft, proofs, nonce, now)
        # The bytes go out, the signatures come in, and each is checked on the way.
        return batch.attach(self.hsm.sign(batch.signing_inputs()))


def read_record(path: Path, row: int) -> Dict[str, str]:
    """A record from JSON or CSV. Empty cells are members that are not there."""
    if path.suffix == ".json":
        record = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(record, dict):
            raise ValueError("a record is a JSON object")
        return record
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: value for name, value in rows[row].items() if value}


def main(arguments: Optional[List[str]] = None) -> int:
    """0: done. 1: refused; the code and the reason are on the error output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["records", "trust", "nonce", "issue"])
    parser.add_argument("--key", type=Path)
    parser.add_argument("--type", choices=["age", "curp", "ine"], default="curp")
    parser.add_argument("--record", type=Path)
    parser.add_argument("--row", type=int, default=0)
    parser.add_argument("--nonce", default="")
    parser.add_argument("--proofs", type=Path)
    given = parser.parse_args(arguments)
    now = datetime.datetime.now(datetime.timezone.utc)
    if given.what == "records":
        writer = csv.DictWriter(sys.stdout, list(RECORDS[0]))
        writer.writeheader()
        writer.writerows(RECORDS)
        return 0
    try:
        if given.what == "nonce":
            print(new_nonce())
        elif given.what == "trust":
            print(Agency(Hsm(given.key)).trust(now).to_json())
        else:
            if given.record is None or given.proofs is None:
                parser.error("issue needs --record and --proofs")
            text = json.dumps(read_record(given.record, given.row))
            record = Record.from_json(CredentialType[given.type.upper()], text, now)
            proofs = json.loads(given.proofs.read_text(encoding="utf-8"))
            print(json.dumps(Agency(Hsm(given.key)).issue(record, proofs, given.nonce, now)))
    except LlaveroError as error:
        # For the clerk, then for whoever keeps the system. Neither has a value of a person in it.
        print(error.text(Language.ES_MX), error, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
