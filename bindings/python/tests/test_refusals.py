"""Every case of `bindings/vectors/refusals.json` through this package; and that every code there is was seen."""

import datetime
import json
from pathlib import Path
from typing import Any, Callable, Dict, List, Set

import pytest

from llavero import (
    Asker,
    CalendarDate,
    Challenge,
    Choices,
    ClaveElector,
    ConsentSheet,
    CredentialType,
    Curp,
    DcqlQuery,
    Differentiator,
    Draft,
    IneMrz,
    Issuer,
    IssuerMetadata,
    KeyKind,
    Language,
    LlaveroError,
    PublicKey,
    Record,
    Rfc,
    SigningKey,
    TrustList,
    TypeDocument,
    TypeName,
    UnsignedBatch,
    Wallet,
    inspect,
)
from own_callbacks import DictStore
from refused import SEEN, refused

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "refusals.json"
FILE: Dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))

Input = Dict[str, Any]
# What is left to do when every step before it went well.
LastStep = Callable[[], object]

CASE_CODES = {case["code"] for case in FILE["cases"]}
SEEN_IN_CASES: Set[str] = set()


def expanded(value: Any) -> Any:
    """Writes out the texts that the file abbreviates."""
    if isinstance(value, dict):
        if set(value) == {"repeat", "times"}:
            return value["repeat"] * value["times"]
        return {name: expanded(member) for name, member in value.items()}
    return [expanded(item) for item in value] if isinstance(value, list) else value


class TimeOutOfReach(datetime.datetime):
    """A time that no `datetime` holds, for the code that only other languages' times lead to."""

    secs = 0

    def timestamp(self) -> float:
        return self.secs


def time(secs: int) -> datetime.datetime:
    try:
        return datetime.datetime.fromtimestamp(secs, datetime.timezone.utc)
    except (OverflowError, ValueError):
        beyond = TimeOutOfReach(9999, 12, 31, tzinfo=datetime.timezone.utc)
        beyond.secs = secs
        return beyond


def day(given: Input) -> CalendarDate:
    return CalendarDate(year=given["year"], month=given["month"], day=given["day"])


def known(given: Input) -> CredentialType:
    return CredentialType[given["credential_type"].upper()]


def kind(given: Input) -> KeyKind:
    return KeyKind[given["kind"].upper()]


def agency(identifier: str = "https://agencia.example") -> Issuer:
    return Issuer(identifier, SigningKey.from_jwk(FILE["issuer_jwk"]).public_key())


def record(given: Input) -> Record:
    return Record.from_json(known(given), given["text"], time(given["now"]))


def drafting(given: Input) -> Callable[[], Draft]:
    read = record(given)
    document = TypeDocument(given["documents"][0], given["documents"][1:]) if "documents" in given else None
    name = TypeName(vct=given["vct"], integrity=given.get("integrity"), document=document)
    return lambda: agency().draft(read, name, given["days"], time(given["now"]))


def preparing(given: Input) -> Callable[[], UnsignedBatch]:
    draft = drafting(given)()
    return lambda: agency().prepare(draft, given["proofs"], given["nonce"], time(given["now"]))


def signing(given: Input) -> LastStep:
    batch, key = preparing(given)(), SigningKey.from_jwk(given["signing_jwk"])
    return lambda: batch.sign(key)


def signatures(given: Input) -> List[bytes]:
    return [bytes.fromhex(text) for text in given["signatures"]]


def attaching(given: Input) -> LastStep:
    batch = preparing(given)()
    return lambda: batch.attach(signatures(given))


def challenging(given: Input) -> LastStep:
    asked = DcqlQuery.from_json(given["query"])
    asker = Asker(client_id=given["client_id"], client_name=given.get("client_name"))
    return lambda: Challenge(asker, given["purpose"], asked, given["lifetime_secs"], time(given["now"]))


def verifying(given: Input) -> LastStep:
    challenge, trust = Challenge.from_json(given["challenge"]), TrustList.from_json(given["trust"])
    return lambda: challenge.verify(given["answer"], trust, time(given["now"]))


class Kept:
    """A wallet over what a case says is stored."""

    def __init__(self, given: Input) -> None:
        self.store = DictStore()
        for item in given["store"]:
            self.store.records[item["table"], item["key"]] = item["value"].encode()
        self.wallet = Wallet.with_store(self.store, None)
        self.given = given

    def consider(self) -> Choices:
        return self.wallet.consider(self.given["request"], time(self.given["now"]), Language.EN)

    def sheet(self) -> ConsentSheet:
        return self.consider().sheet()


def enrolment(given: Input) -> Callable[[Callable[..., Any]], Any]:
    """The arguments of both ways to begin."""
    return lambda begin: begin(given["issuer"], given["nonce"], given["count"], kind(given), time(given["now"]))


def finishing_enrolment(given: Input) -> LastStep:
    pending = enrolment(given)(Kept(given).wallet.begin_unsigned)
    return lambda: pending.finish(signatures(given))


def receiving(given: Input) -> LastStep:
    wallet, trust = Kept(given).wallet, TrustList.from_json(given["trust"])
    return lambda: wallet.receive(given["copies"], trust, time(given["now"]), Language.ES_MX)


def choosing(given: Input) -> LastStep:
    choices = Kept(given).consider()
    return lambda: choices.choose(given["query"], given["credential"])


def choosing_set(given: Input) -> LastStep:
    choices = Kept(given).consider()
    return lambda: choices.choose_set(given["set"], given["option"])


def approving(given: Input) -> LastStep:
    kept = Kept(given)
    sheet = kept.sheet()
    for item in given.get("drop", []):
        del kept.store.records[item["table"], item["key"]]
    return lambda: sheet.approve(kept.wallet, time(given["approve_now"]))


def finishing_answer(given: Input) -> LastStep:
    kept = Kept(given)
    pending = kept.sheet().approve_unsigned(kept.wallet, time(given["now"]))
    return lambda: pending.finish(signatures(given))


CALLS: Dict[str, Callable[[Input], LastStep]] = {
    "curp": lambda given: lambda: Curp.parse(given["text"], day(given), Differentiator.A_TO_J),
    "ine_mrz": lambda given: lambda: IneMrz.parse(given["lines"], day(given)),
    "clave_elector": lambda given: lambda: ClaveElector.parse(given["text"]),
    "rfc": lambda given: lambda: Rfc.parse(given["text"]),
    "record": lambda given: lambda: record(given),
    "draft": drafting,
    "prepare": preparing,
    "sign": signing,
    "attach": attaching,
    "issuer": lambda given: lambda: agency(given["identifier"]),
    "issuer_metadata": lambda given: lambda: IssuerMetadata.from_json(given["text"], given["identifier"]),
    "public_key_jwk": lambda given: lambda: PublicKey.from_jwk(given["text"]),
    "signing_key_jwk": lambda given: lambda: SigningKey.from_jwk(given["text"]),
    "public_key_device": lambda given: lambda: PublicKey.from_device(kind(given), bytes.fromhex(given["hex"])),
    "trust_list": lambda given: lambda: TrustList.from_json(given["text"]),
    "query": lambda given: lambda: DcqlQuery.from_json(given["text"]),
    "query_for_claims": lambda given: lambda: DcqlQuery.for_claims(given["id"], given["vct_values"], given["paths"]),
    "challenge": challenging,
    "challenge_json": lambda given: lambda: Challenge.from_json(given["text"]),
    "verify": verifying,
    "inspect": lambda given: lambda: inspect(given["text"]),
    "credentials": lambda given: lambda: Kept(given).wallet.credentials(Language.ES_MX),
    "show": lambda given: lambda: Kept(given).wallet.show(given["id"], Language.ES_MX),
    "remove": lambda given: lambda: Kept(given).wallet.remove(given["id"]),
    "history": lambda given: lambda: Kept(given).wallet.history(),
    "begin": lambda given: lambda: enrolment(given)(Kept(given).wallet.begin),
    "finish_enrolment": finishing_enrolment,
    "receive": receiving,
    "consider": lambda given: Kept(given).consider,
    "choose": choosing,
    "choose_set": choosing_set,
    "sheet": lambda given: Kept(given).consider().sheet,
    "approve": approving,
    "finish_answer": finishing_answer,
}


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_case(case: Dict[str, Any]) -> None:
    last_step = CALLS[case["call"]](expanded(case["input"]))
    with refused(case["code"]) as caught:
        last_step()
    assert type(caught.value) is getattr(LlaveroError, case["error"])
    SEEN_IN_CASES.add(case["code"])


def test_every_code_was_seen() -> None:
    """Runs last: the codes that the other tests have met are all there are."""
    native, unreachable = set(FILE["native"]), set(FILE["unreachable"])
    assert SEEN_IN_CASES == CASE_CODES
    assert native <= SEEN
    assert unreachable & SEEN == set()
    assert SEEN_IN_CASES | native | unreachable == set(FILE["codes"])
    assert SEEN <= set(FILE["codes"])
    # Nothing is unreachable without a reason.
    assert all(FILE["unreachable"].values())
