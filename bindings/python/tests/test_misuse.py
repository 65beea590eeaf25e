"""Calls that no app should make: an error with a code, or one of Python's own, and never the end of the process."""

import copy
import datetime
import os
import pickle
import subprocess
import sys
import time
from typing import Any, Callable, List, Type

import pytest

from llavero import (
    Asker,
    CalendarDate,
    Challenge,
    Choices,
    ConsentSheet,
    CredentialType,
    Curp,
    DcqlQuery,
    Differentiator,
    Draft,
    FileStore,
    Issuer,
    KeyKind,
    Language,
    LlaveroError,
    PendingAnswer,
    PendingEnrolment,
    PublicKey,
    Record,
    SigningKey,
    SyntheticPerson,
    TrustedIssuer,
    TrustedKey,
    TrustList,
    TypeName,
    UnsignedBatch,
    Wallet,
    curp_faults,
    inspect,
    new_nonce,
)
from refused import refused
from world import BAR, NOW, TODAY, World, answer, ask, query

SURROGATE = "\ud800"
HUGE = "x" * 2_000_000


def all_refused(steps: List[Callable[[], object]]) -> None:
    """Each of them says that it was taken before."""
    for step in steps:
        with refused("already_used"):
            step()


def test_every_step_that_uses_an_object_up_says_so_the_second_time() -> None:
    world = World(CredentialType.AGE)
    agency, wallet = world.agency, world.wallet
    nonce = new_nonce()

    pending = wallet.begin_unsigned("https://agencia.example", nonce, 1, KeyKind.P256, NOW)
    with refused("signature"):
        pending.finish([b"\x01" * 64])
    with refused("already_used"):
        pending.finish([b"\x01" * 64])
    with refused("already_used"):
        pending.to_sign()

    proofs = wallet.begin("https://agencia.example", nonce, 1, KeyKind.P256, NOW)
    draft = agency.issuer.draft(
        world.person.record(CredentialType.AGE), TypeName(vct=CredentialType.AGE.default_vct()), 30, NOW
    )
    batch = agency.issuer.prepare(draft, proofs, nonce, NOW)
    copies = batch.sign(agency.key)
    used_up: List[Callable[[], object]] = [
        batch.signing_inputs,
        lambda: batch.sign(agency.key),
        lambda: batch.attach([]),
    ]
    all_refused(used_up)
    wallet.receive(copies, world.trust, NOW, Language.EN)
    with refused("already_received"):
        wallet.receive(copies, world.trust, NOW, Language.EN)

    choices = wallet.consider(ask().request(), NOW, Language.EN)
    sheet = choices.sheet()
    used_up = [choices.queries, choices.credential_sets, choices.sheet]
    used_up += [lambda: choices.choose("age", "x"), lambda: choices.choose_set(0, 0)]
    all_refused(used_up)

    unsigned = sheet.approve_unsigned(wallet, NOW)
    used_up = [sheet.decline, lambda: sheet.approve(wallet, NOW), lambda: sheet.approve_unsigned(wallet, NOW)]
    all_refused(used_up)
    # What it shows stays.
    assert sheet.contents().client_id == BAR.client_id
    with refused("signature"):
        unsigned.finish([b"\x01" * 64])
    with refused("already_used"):
        unsigned.finish([b"\x01" * 64])

    challenge = ask()
    given = answer(wallet, challenge)
    challenge.verify(given, world.trust, NOW)
    used_up = [challenge.request, challenge.to_json, lambda: challenge.verify(given, world.trust, NOW)]
    all_refused(used_up)


def test_a_challenge_is_used_up_by_a_bad_answer_too() -> None:
    challenge = ask()
    with refused("json_syntax"):
        challenge.verify("", TrustList(NOW, []), NOW)
    with refused("already_used"):
        challenge.request()


TEXT_CALLS: List[Callable[[str], object]] = [
    inspect,
    PublicKey.from_jwk,
    SigningKey.from_jwk,
    TrustList.from_json,
    DcqlQuery.from_json,
    Challenge.from_json,
    lambda text: Record.from_json(CredentialType.CURP, text, NOW),
    lambda text: Curp.parse(text, TODAY, Differentiator.A_TO_J),
    lambda text: ask().verify(text, TrustList(NOW, []), NOW),
    lambda text: Challenge(Asker(client_id=text), "p", query(), 300, NOW),
    lambda text: Challenge(BAR, text.replace("ñ", "\n").replace("\U0001f600", "\n"), query(), 300, NOW),
    lambda text: Challenge(BAR, "p", DcqlQuery.for_claims(text, [text], [text]), 300, NOW),
    lambda text: Wallet.in_memory(None).consider(text, NOW, Language.EN),
    lambda text: Wallet.in_memory(None).receive([text], TrustList(NOW, []), NOW, Language.EN),
    lambda text: Wallet.in_memory(None).show(text, Language.EN),
    lambda text: Wallet.in_memory(None).remove(text),
    lambda text: World(CredentialType.AGE).wallet.consider(ask().request(), NOW, Language.EN).choose(text, text),
    lambda text: FileStore.open(text, bytes(32)),
    lambda text: FileStore.open_with_passphrase(text, text),
]


@pytest.mark.parametrize("text", ["", "\0", "ñ" * 17, HUGE, "[" * 2_000_000, "\U0001f600" * 18], ids=range(6))
@pytest.mark.parametrize("call", TEXT_CALLS)
def test_texts_that_mean_nothing(call: Callable[[str], object], text: str) -> None:
    start = time.monotonic()
    with pytest.raises(LlaveroError) as caught:
        call(text)
    assert time.monotonic() - start < 10
    # Not the text again.
    assert len(str(caught.value)) < 1000


def test_a_huge_name_is_a_name() -> None:
    key = SigningKey.generate(KeyKind.P256).public_key()
    assert Issuer(HUGE, key).identifier() == HUGE
    assert len(curp_faults(HUGE, TODAY, Differentiator.A_TO_Z)) >= 1


@pytest.mark.parametrize("call", TEXT_CALLS)
def test_texts_that_are_no_unicode(call: Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match="lone surrogate") as caught:
        call("a secret" + SURROGATE)
    assert "a secret" not in repr(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


WRONG: List[Callable[[Any], object]] = [
    lambda wrong: inspect(wrong),
    lambda wrong: Wallet.in_memory(wrong),
    lambda wrong: Wallet.with_store(wrong, None),
    lambda wrong: Wallet.with_file(wrong, None),
    lambda wrong: Wallet.in_memory(None).credentials(wrong),
    lambda wrong: Wallet.in_memory(None).purge(wrong),
    lambda wrong: Wallet.in_memory(None).receive(wrong, TrustList(NOW, []), NOW, Language.EN),
    lambda wrong: Wallet.in_memory(None).receive([], wrong, NOW, Language.EN),
    lambda wrong: Wallet.in_memory(None).begin("i", "n", wrong, KeyKind.P256, NOW),
    lambda wrong: Wallet.in_memory(None, None, wrong),
    lambda wrong: SigningKey.generate(wrong),
    lambda wrong: SigningKey.generate(KeyKind.P256).sign(wrong),
    lambda wrong: SyntheticPerson(wrong, 60, TODAY),
    lambda wrong: TrustList(NOW, [wrong]),
    lambda wrong: CalendarDate.from_date(wrong),
    lambda wrong: Curp.parse("", wrong, Differentiator.A_TO_J),
]


@pytest.mark.parametrize(
    "wrong", [object(), 3.5, -1, 2**70, ["x", 1], {"a": 1}, bytearray(b"x"), iter("x")], ids=range(8)
)
@pytest.mark.parametrize("call", WRONG)
def test_arguments_of_other_types(call: Callable[[Any], object], wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        call(wrong)


CLOSED = [
    Choices,
    ConsentSheet,
    Draft,
    FileStore,
    PendingAnswer,
    PendingEnrolment,
    PublicKey,
    SigningKey,
    UnsignedBatch,
    Wallet,
]


@pytest.mark.parametrize("closed", CLOSED)
def test_objects_cannot_be_made_past_their_constructors(closed: Type[Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        closed()
    empty: Any = object.__new__(closed)
    for name in dir(empty):
        if not name.startswith("_") and name not in ("close",):
            with pytest.raises((AttributeError, TypeError, ValueError)):
                getattr(empty, name)()
    del empty


def times(year: int) -> datetime.datetime:
    return datetime.datetime(year, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)


def test_far_times_are_refused_or_carried() -> None:
    world = World(CredentialType.AGE)
    for year in (1, 1969, 9999):
        assert TrustList(times(year), []).issued_at() == times(year)
    name = TypeName(vct=CredentialType.AGE.default_vct())
    with refused("validity_out_of_range"):
        world.agency.issuer.draft(world.person.record(CredentialType.AGE), name, 65535, times(9999))
    with refused("no_credential"):
        world.wallet.consider(ask(CredentialType.INE, ["cic"]).request(), times(9999), Language.EN)
    with refused("credential_expired"):
        world.wallet.consider(ask().request(), times(9999), Language.EN)
    assert world.wallet.purge(times(1)).credentials == 0
    assert world.wallet.purge(times(9999)).credentials == 1


def test_years_that_no_calendar_has() -> None:
    for year in (0, 10_000, 32_767):
        with pytest.raises(ValueError):
            datetime.datetime(year, 1, 1)
        with pytest.raises(ValueError):
            CalendarDate(year=year, month=1, day=1).to_date()
    for year, month, day in (
        (2026, 2, 30),
        (2026, 13, 1),
        (2026, 0, 1),
        (32_767, 1, 1),
        (-32_768, 1, 1),
        (2026, -1, -1),
    ):
        with refused("argument_malformed"):
            SyntheticPerson(20, 30, CalendarDate(year=year, month=month, day=day))
    for year in (32_768, -32_769):
        with pytest.raises(ValueError):
            SyntheticPerson(20, 30, CalendarDate(year=year, month=1, day=1))
    with refused("date_range"):
        SyntheticPerson(60, 25, TODAY)


def test_a_time_in_a_document_that_no_datetime_holds_is_refused() -> None:
    text = TrustList(NOW, []).to_json()
    for secs in (-1, 253402300800, 2**62):
        with refused("member_malformed"):
            TrustList.from_json(text.replace(str(int(NOW.timestamp())), str(secs)))


def test_a_time_without_a_zone_is_local_time() -> None:
    program = (
        "import datetime, llavero\n"
        "naive = datetime.datetime(2026, 8, 1, 12)\n"
        "print(llavero.TrustList(naive, []).issued_at().isoformat())\n"
    )
    for zone, expected in (("UTC0", "12:00:00+00:00"), ("<-06>6", "18:00:00+00:00")):
        done = run(program, TZ=zone)
        assert done.stdout.strip() == f"2026-08-01T{expected}", done.stderr


def test_parts_of_seconds_are_cut_off() -> None:
    for micro in (1, 500_000, 999_999):
        assert TrustList(NOW.replace(microsecond=micro), []).issued_at() == NOW
    before = datetime.datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=datetime.timezone.utc)
    assert TrustList(before, []).issued_at() == before.replace(microsecond=0)


def run(program: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program of its own with the installed package."""
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_objects_are_neither_copied_nor_pickled() -> None:
    world = World(CredentialType.AGE)
    key = SigningKey.generate(KeyKind.P256)
    trusted = TrustedIssuer(issuer="i", name="n", types=[], keys=[TrustedKey(key=key.public_key())])
    shared: List[Any] = [world.wallet, key, key.public_key(), ask(), world.person, world.trust, trusted.keys[0].key]
    for one in shared:
        for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="cannot be copied or pickled"):
                attempt(one)
    with pytest.raises(TypeError, match="cannot be copied or pickled"):
        copy.deepcopy(trusted)
    assert copy.copy(trusted) == trusted


def test_errors_survive_a_process_pool() -> None:
    with refused("store_missing") as caught:
        FileStore.open("nowhere", bytes(32))
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value)
    assert (again.code(), str(again)) == (caught.value.code(), str(caught.value))


def test_records_compare_with_anything() -> None:
    assert TODAY == CalendarDate(year=2026, month=8, day=1)
    assert TODAY != CalendarDate(year=2026, month=8, day=2)
    for other in (None, 0, "2026-08-01", BAR, datetime.date(2026, 8, 1)):
        assert TODAY != other
    assert TODAY in [None, TODAY]


def test_a_process_ends_well_with_a_callback_that_runs_on() -> None:
    program = (
        "import datetime, time, llavero\n"
        "class Slow(llavero.HolderKeys):\n"
        "    def create(self, kind, count):\n"
        "        end = time.monotonic() + 60\n"
        "        while time.monotonic() < end:\n"
        "            time.sleep(0.0002)\n"
        "now = datetime.datetime.now(datetime.timezone.utc)\n"
        "wallet = llavero.Wallet.in_memory(Slow(), callback_timeout_secs=1)\n"
        "try:\n"
        "    wallet.begin('https://agencia.example', 'n', 1, llavero.KeyKind.P256, now)\n"
        "except llavero.LlaveroError as error:\n"
        "    print(error.code())\n"
    )
    for _ in range(3):
        done = run(program)
        assert (done.returncode, done.stdout, done.stderr) == (0, "callback_timed_out\n", "")


def test_a_process_ends_well_with_everything_still_alive() -> None:
    program = (
        "import datetime, llavero\n"
        "now = datetime.datetime.now(datetime.timezone.utc)\n"
        "class Own(llavero.Store):\n"
        "    def list(self, table): return []\n"
        "wallet = llavero.Wallet.with_store(Own(), None)\n"
        "print(wallet.credentials(llavero.Language.EN))\n"
        "cycle = [wallet, llavero.SigningKey.generate(llavero.KeyKind.P256)]\n"
        "cycle.append(cycle)\n"
    )
    done = run(program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
