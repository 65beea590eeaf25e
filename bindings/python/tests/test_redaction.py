"""Nothing personal is printed: what an app logs by accident holds no value, no key and no place."""

import dataclasses
import enum
import json
import logging
import pprint
from typing import Any, Iterator, List, Set

import pytest

import llavero
from llavero import (
    Change,
    ClaimValue,
    ClaveElector,
    CredentialType,
    Curp,
    Differentiator,
    IneMrz,
    KeyKind,
    Language,
    NewKey,
    Rfc,
    SigningKey,
    StoredRecord,
    ToSign,
    Wallet,
    new_nonce,
)
from own_callbacks import OwnKeys
from world import BAR, NOW, TODAY, World, ask


def printed(one: object) -> Iterator[str]:
    """Every form in which an object becomes text by itself."""
    yield repr(one)
    yield str(one)
    yield f"{one} {one!r} {one!a}"
    yield "%s %r" % (one, one)
    yield "{}".format([one])
    yield pprint.pformat({"one": one})
    if not isinstance(one, type):
        yield logging.LogRecord("n", logging.INFO, "p", 1, "%s", (one,), None).getMessage()


def inside(one: Any, seen: Set[int]) -> Iterator[Any]:
    """An object and whatever it holds."""
    if id(one) in seen or isinstance(one, (str, bytes, int, enum.Enum)) or one is None:
        return
    seen.add(id(one))
    yield one
    for held in one if isinstance(one, (list, tuple)) else vars(one).values() if hasattr(one, "__dict__") else []:
        yield from inside(held, seen)


@pytest.fixture(name="everything", scope="module")
def fixture_everything() -> "tuple[List[Any], List[str]]":
    """All that comes out of the whole story, and what must not be seen of it."""
    world = World(*CredentialType)
    person, wallet = world.person, world.wallet
    things: List[Any] = [world.agency.key, world.agency.issuer, world.trust, person, wallet]
    secrets = [person.curp(), person.rfc(), *(person.mrz() or []), BAR.client_id]
    secrets.append(json.loads(world.agency.key.to_private_jwk())["d"])

    things += [person.record(known) for known in CredentialType]
    curp = Curp.parse(person.curp(), TODAY, Differentiator.A_TO_Z)
    mrz = IneMrz.parse(person.mrz() or [], TODAY)
    things += [curp, mrz, Rfc.parse(person.rfc())]
    secrets += [mrz.cic(), mrz.ocr(), mrz.id_ciudadano(), *mrz.surnames(), *mrz.given_names()]
    for credential in wallet.credentials(Language.EN):
        claims = wallet.show(credential.id, Language.EN)
        things += [credential, claims]
        values = {claim.path: claim.value.plain() for claim in claims}
        if "clave_elector" in values:
            things.append(ClaveElector.parse(str(values["clave_elector"])))
        personal = {path: value for path, value in values.items() if path not in ("iss", "vct")}
        secrets += [value for value in personal.values() if isinstance(value, str) and len(value) > 5]

    nonce = new_nonce()
    keys = OwnKeys()
    pending = Wallet.in_memory(keys).begin_unsigned("https://agencia.example", nonce, 1, KeyKind.P256, NOW)
    to_sign = pending.to_sign()
    secrets += [to_sign[0].public_key, repr(to_sign[0].bytes), repr(to_sign[0].handle)]
    secret_bytes = b"\x01secret-of-an-app"
    things += [pending, to_sign, NewKey(handle=secret_bytes, public_key=secret_bytes)]
    things += [StoredRecord(key="secret-of-an-app", value=secret_bytes)]
    things += [Change.PUT("table", "secret-of-an-app", secret_bytes), Change.DELETE("table", "secret-of-an-app")]
    things += [ToSign(handle=secret_bytes, public_key="secret-of-an-app", bytes=secret_bytes)]
    things += [ClaimValue.TEXT("secret-of-an-app"), ClaimValue.JSON('["secret-of-an-app"]')]
    secrets.append("secret-of-an-app")

    for known, path in ((CredentialType.CURP, "curp"), (CredentialType.INE, "cic"), (CredentialType.CURP, "birthdate")):
        challenge = ask(known, [path])
        choices = wallet.consider(challenge.request(), NOW, Language.ES_MX)
        things += [challenge, choices, choices.queries()]
        sheet = choices.sheet()
        things += [sheet, sheet.contents()]
        answer = sheet.approve(wallet, NOW)
        verdict = challenge.verify(answer, world.trust, NOW)
        things += [verdict, verdict.credentials]
    things.append(wallet.history())
    # "DE" of a surname stands in other words, too.
    return things, [secret for secret in secrets if len(secret) > 4]


def test_what_is_printed(everything: "tuple[List[Any], List[str]]") -> None:
    things, secrets = everything
    assert len(secrets) > 20
    seen: Set[int] = set()
    objects = [one for thing in things for one in inside(thing, seen)]
    for one in objects:
        for text in printed(one):
            found = [secret for secret in secrets if secret in text]
            assert found == [], f"{type(one).__name__} prints {len(found)} secrets"
    kinds = {type(one).__name__.split(".")[0] for one in objects}
    personal = {
        *("AskedClaim", "Challenge", "Choice", "Choices", "ClaimValue", "ClaveElector", "ConsentSheet", "Curp"),
        *("HistoryEntry", "HistoryItem", "IneMrz", "NewKey", "PendingEnrolment", "QueryChoices", "Record", "Rfc"),
        *(
            "Fact",
            "SheetContents",
            "SheetCredential",
            "ShownClaim",
            "SigningKey",
            "StoredRecord",
            "Change",
            "SyntheticPerson",
            "ToSign",
        ),
        *("Verdict", "VerifiedCredential", "Wallet"),
    }
    assert personal <= kinds


def test_the_search_finds_what_is_printed(everything: "tuple[List[Any], List[str]]") -> None:
    """So that the test above can fail."""

    @dataclasses.dataclass
    class Talkative:
        curp: str

    _, secrets = everything
    assert any(secrets[0] in text for text in printed(Talkative(secrets[0])))


def test_records_with_values_say_only_what_they_are() -> None:
    assert repr(ClaimValue.TEXT("x")) == str(ClaimValue.INTEGER(1)) == "<ClaimValue redacted>"
    assert repr(NewKey(handle=b"", public_key=b"")) == "<NewKey redacted>"
    # It may be the day on which somebody was born.
    assert repr(TODAY) == str(TODAY) == "<CalendarDate redacted>"


def test_records_without_values_say_what_they_hold() -> None:
    assert "copies_left=3" in repr(World(CredentialType.AGE).credential())


def test_objects_are_opaque() -> None:
    assert "SigningKey object at" in repr(SigningKey.generate(KeyKind.P256))
    assert llavero.Wallet.__repr__ is object.__repr__
