"""Callbacks that fail in every way. The error says so and nothing else, and the wallet is whole afterwards."""

import itertools
import logging
import time
from typing import Any, Callable, Iterator, List, Optional, Tuple

import pytest

from llavero import (
    Change,
    CredentialType,
    FileStore,
    HolderKeys,
    HolderKeysError,
    KeyKind,
    Language,
    LlaveroError,
    NewKey,
    RandomError,
    StoredRecord,
    StoreError,
    Wallet,
    new_nonce,
)
from own_callbacks import DictStore, OwnKeys, OwnRandom
from refused import everything_said, refused
from world import CANARY, NOW, Agency, World, adult, answer, ask

# What a callback does instead of its work.
Deed = Callable[[], Any]


class Broken(Exception):
    """An app's own exception, with something in it that is nobody's business."""


class UnspeakableError(Exception):
    """Cannot even be printed."""

    def __repr__(self) -> str:
        raise RuntimeError(CANARY)


def throw(error: BaseException) -> Deed:
    """A deed that raises."""

    def deed() -> None:
        raise error

    return deed


def give(value: object) -> Deed:
    """A deed that returns rubbish."""
    return lambda: value


def hang() -> None:
    """Longer than any limit of these tests, but not for ever, so that the process can end."""
    time.sleep(6)


class Turncoat:
    """Does its work until told to do something else, at the nth call of one kind."""

    def __init__(self) -> None:
        self.deed: Optional[Deed] = None
        self.call = ""
        self.after = 0

    def betray(self, call: str, deed: Deed, after: int = 0) -> None:
        self.call, self.deed, self.after = call, deed, after

    def behave(self) -> None:
        self.deed = None

    def turn(self, call: str) -> Optional[Tuple[Any]]:
        if self.deed is None or call != self.call:
            return None
        if self.after > 0:
            self.after -= 1
            return None
        return (self.deed(),)


class HostileKeys(OwnKeys):
    """A key store that turns."""

    def __init__(self, coat: Turncoat) -> None:
        super().__init__()
        self.coat = coat

    def create(self, kind: KeyKind, count: int) -> List[NewKey]:
        turned = self.coat.turn("create")
        return turned[0] if turned else super().create(kind, count)

    def sign(self, handle: bytes, message: bytes) -> bytes:
        turned = self.coat.turn("sign")
        return turned[0] if turned else super().sign(handle, message)

    def delete(self, handle: bytes) -> None:
        if self.coat.turn("delete") is None:
            super().delete(handle)


class HostileStore(DictStore):
    """A store that turns."""

    def __init__(self, coat: Turncoat) -> None:
        super().__init__()
        self.coat = coat

    def get(self, table: str, key: str) -> Optional[bytes]:
        turned = self.coat.turn("get")
        return turned[0] if turned else super().get(table, key)

    def list(self, table: str) -> List[StoredRecord]:
        turned = self.coat.turn("list")
        return turned[0] if turned else super().list(table)

    def commit(self, changes: List[Change]) -> None:
        if self.coat.turn("commit") is None:
            super().commit(changes)


class HostileRandom(OwnRandom):
    """A generator that turns."""

    def __init__(self, coat: Turncoat) -> None:
        super().__init__()
        self.coat = coat

    def bytes(self, count: int) -> bytes:
        turned = self.coat.turn("bytes")
        return turned[0] if turned else super().bytes(count)


class HostileWorld(World):
    """A wallet with one credential, whose every callback may turn."""

    def __init__(self, callback_timeout_secs: int = 60) -> None:
        self.coat = Turncoat()
        self.store = HostileStore(self.coat)
        self.keys = HostileKeys(self.coat)
        self.random = HostileRandom(self.coat)
        super().__init__(
            CredentialType.AGE,
            count=6,
            store=self.store,
            keys=self.keys,
            random=self.random,
            callback_timeout_secs=callback_timeout_secs,
        )

    def begin(self) -> List[str]:
        return self.wallet.begin("https://agencia.example", new_nonce(), 2, KeyKind.P256, NOW)

    def receive(self) -> object:
        return self.wallet.receive(self.copies, self.trust, NOW, Language.EN)

    def with_copies(self) -> None:
        """Gets a batch ready that the wallet could take."""
        nonce = new_nonce()
        proofs = self.wallet.begin("https://agencia.example", nonce, 2, KeyKind.P256, NOW)
        self.copies: List[str] = self.agency.copies(self.person, CredentialType.AGE, proofs, nonce)

    def approve(self) -> str:
        return answer(self.wallet, ask())

    def steps(self) -> Iterator[Tuple[str, Callable[[], object], List[str]]]:
        """Every step that calls the app, with the callbacks that it makes."""
        credential = self.wallet.credentials(Language.EN)[0].id
        yield "begin", self.begin, ["create", "sign", "commit"]
        yield "receive", self.receive, ["get", "commit", "bytes"]
        yield "credentials", lambda: self.wallet.credentials(Language.EN), ["list"]
        yield "show", lambda: self.wallet.show(credential, Language.EN), ["get"]
        yield "consider", lambda: self.wallet.consider(ask().request(), NOW, Language.EN), ["list"]
        yield "approve", self.approve, ["get", "commit", "sign", "bytes"]
        yield "history", self.wallet.history, ["list"]
        yield "forget_history", self.wallet.forget_history, ["list"]
        yield "purge", lambda: self.wallet.purge(NOW), ["list"]


STEPS = [
    "begin-create",
    "begin-sign",
    "begin-commit",
    "receive-get",
    "receive-commit",
    "receive-bytes",
    "credentials-list",
    "show-get",
    "consider-list",
    "approve-get",
    "approve-commit",
    "approve-sign",
    "approve-bytes",
    "history-list",
    "forget_history-list",
    "purge-list",
]


def test_the_steps_below_are_all_there_are() -> None:
    world = HostileWorld()
    assert STEPS == [f"{name}-{call}" for name, _, calls in world.steps() for call in calls]


def find(world: HostileWorld, step: str) -> Tuple[Callable[[], object], str]:
    """The step by its name, and the callback that turns in it."""
    name, call = step.split("-")
    for found, run, _ in world.steps():
        if found == name:
            return run, call
    raise AssertionError(step)


THROWN = [
    Broken(CANARY),
    UnspeakableError(CANARY),
    ValueError(CANARY + "\ud800"),
    SystemExit(CANARY),
    KeyboardInterrupt(CANARY),
    GeneratorExit(CANARY),
    # A variant's base says nothing that the library knows.
    StoreError(CANARY),
    HolderKeysError(CANARY),
    RandomError(CANARY),
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("error", THROWN, ids=lambda error: type(error).__name__)
def test_a_callback_that_throws(
    step: str, error: BaseException, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world = HostileWorld()
    world.with_copies()
    run, call = find(world, step)
    left = sorted(credential.copies_left for credential in world.wallet.credentials(Language.EN))
    world.coat.betray(call, throw(error))
    with refused("callback_failed") as caught:
        run()
    world.coat.behave()
    assert isinstance(caught.value, LlaveroError.Device)
    assert CANARY not in everything_said(caught.value)
    assert "Traceback" not in caught.value.reason.detail
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err + caplog.text
    after = sorted(credential.copies_left for credential in world.wallet.credentials(Language.EN))
    # A signature that fails comes after the copy is spent.
    assert sum(after) == sum(left) - (1 if step == "approve-sign" else 0)
    assert world.is_whole()
    run()


FORESEEN = [
    ("begin-create", HolderKeysError.Cancelled(), "signer_cancelled"),
    ("begin-create", HolderKeysError.Unavailable(), "signer_unavailable"),
    ("begin-create", HolderKeysError.Unexpected(), "callback_failed"),
    ("begin-sign", HolderKeysError.Cancelled(), "signer_cancelled"),
    ("approve-sign", HolderKeysError.Cancelled(), "signer_cancelled"),
    ("approve-sign", HolderKeysError.Unavailable(), "signer_unavailable"),
    ("approve-commit", StoreError.Unavailable(), "store_unavailable"),
    ("approve-commit", StoreError.Corrupt(), "store_corrupt"),
    ("approve-get", StoreError.Unexpected(), "callback_failed"),
    ("receive-commit", StoreError.Conflict(), "store_conflict"),
    ("credentials-list", StoreError.Corrupt(), "store_corrupt"),
    ("receive-bytes", RandomError.Unavailable(), "random"),
    ("approve-bytes", RandomError.Unexpected(), "callback_failed"),
]


@pytest.mark.parametrize(("step", "error", "code"), FORESEEN)
def test_a_callback_that_throws_what_is_foreseen(step: str, error: Exception, code: str) -> None:
    world = HostileWorld()
    world.with_copies()
    run, call = find(world, step)
    world.coat.betray(call, throw(error))
    with refused(code):
        run()
    world.coat.behave()
    assert world.is_whole()


@pytest.mark.parametrize("step", ["begin-create", "begin-sign", "credentials-list", "approve-commit", "approve-bytes"])
def test_a_callback_that_hangs(step: str) -> None:
    world = HostileWorld(callback_timeout_secs=2)
    world.with_copies()
    run, call = find(world, step)
    world.coat.betray(call, hang)
    start = time.monotonic()
    with refused("callback_timed_out") as caught:
        run()
    assert 1.9 < time.monotonic() - start < 5.5
    world.coat.behave()
    assert isinstance(caught.value, LlaveroError.Device)
    assert world.is_whole()


def new_keys(*lengths: int) -> List[NewKey]:
    """Keys that are none."""
    numbers = itertools.count(1)
    return [NewKey(handle=bytes([next(numbers)]), public_key=b"k" * length) for length in lengths]


def the_same_key_twice() -> List[NewKey]:
    [key] = OwnKeys().create(KeyKind.P256, 1)
    return [key, NewKey(handle=b"another", public_key=key.public_key)]


def the_same_handle_twice() -> List[NewKey]:
    one, other = OwnKeys().create(KeyKind.P256, 2)
    return [one, NewKey(handle=one.handle, public_key=other.public_key)]


IMPOSSIBLE: List[Tuple[str, Deed, str]] = [
    ("begin-create", give([]), "callback_malformed"),
    ("begin-create", lambda: OwnKeys().create(KeyKind.P256, 1), "callback_malformed"),
    ("begin-create", lambda: OwnKeys().create(KeyKind.P256, 3), "callback_malformed"),
    ("begin-create", lambda: OwnKeys().create(KeyKind.ED25519, 2), "callback_malformed"),
    ("begin-create", give(new_keys(0, 65)), "callback_malformed"),
    ("begin-create", the_same_key_twice, "callback_malformed"),
    ("begin-create", the_same_handle_twice, "callback_malformed"),
    ("begin-sign", give(b""), "callback_malformed"),
    ("begin-sign", give(b"s" * 63), "callback_malformed"),
    ("begin-sign", give(b"s" * 64), "signature"),
    ("approve-sign", give(b"s" * 100_000), "callback_malformed"),
    ("receive-bytes", give(b""), "callback_malformed"),
    ("approve-bytes", give(b"r" * 1000), "callback_malformed"),
    ("credentials-list", give([StoredRecord(key="k", value=b"\xff" * 100)]), "record_corrupt"),
    ("credentials-list", give([StoredRecord(key="", value=b"")]), "record_corrupt"),
    ("credentials-list", give([StoredRecord(key="k", value=b"[" * 2_000_000)]), "record_corrupt"),
    ("show-get", give(b"{}"), "record_corrupt"),
    ("history-list", give([StoredRecord(key="k", value=b"\x00")]), "record_corrupt"),
    # What Python's types would not allow.
    ("begin-create", give(None), "callback_failed"),
    ("begin-create", give([None, 7]), "callback_failed"),
    ("begin-create", give(CANARY), "callback_failed"),
    ("begin-sign", give(CANARY), "callback_failed"),
    ("begin-sign", give(7), "callback_failed"),
    ("credentials-list", give([NewKey(handle=b"", public_key=b"")]), "callback_failed"),
    ("credentials-list", give([StoredRecord(key="\ud800", value=b"")]), "callback_failed"),
    ("show-get", give(CANARY), "callback_failed"),
    ("approve-bytes", give(object()), "callback_failed"),
]


@pytest.mark.parametrize(("step", "deed", "code"), IMPOSSIBLE)
def test_a_callback_that_returns_rubbish(step: str, deed: Deed, code: str) -> None:
    world = HostileWorld()
    world.with_copies()
    run, call = find(world, step)
    world.coat.betray(call, deed)
    with refused(code) as caught:
        run()
    world.coat.behave()
    assert CANARY not in everything_said(caught.value)
    assert world.is_whole()
    run()


@pytest.mark.parametrize("step", STEPS)
def test_a_callback_that_calls_the_wallet_again(step: str) -> None:
    world = HostileWorld(callback_timeout_secs=20)
    world.with_copies()
    run, call = find(world, step)
    codes = []

    def reenter() -> None:
        # Any wallet, and whatever else could call the app.
        for again in (
            lambda: world.wallet.credentials(Language.EN),
            lambda: Wallet.in_memory(None).history(),
            lambda: ask(),
            lambda: FileStore.open("nowhere", bytes(32)),
        ):
            try:
                again()
            except LlaveroError as error:
                codes.append((type(error), error.code()))
        raise Broken(CANARY)

    world.coat.betray(call, reenter)
    start = time.monotonic()
    with refused("callback_failed"):
        run()
    # Nobody waited for anybody.
    assert time.monotonic() - start < 15
    world.coat.behave()
    assert codes == [(LlaveroError.Usage, "callback_reentered")] * 4
    assert world.is_whole()


def test_the_refusal_of_a_second_call_is_an_error_like_any_other() -> None:
    world = HostileWorld()
    caught: List[LlaveroError] = []

    def reenter() -> List[StoredRecord]:
        try:
            world.wallet.history()
        except LlaveroError as error:
            caught.append(error)
        return []

    world.coat.betray("list", reenter)
    assert world.wallet.credentials(Language.EN) == []
    world.coat.behave()
    with refused("callback_reentered"):
        raise caught[0]
    assert world.is_whole()


def test_a_key_that_cannot_be_deleted_is_deleted_later() -> None:
    world = HostileWorld()
    world.coat.betray("delete", throw(Broken(CANARY)))
    assert world.is_whole()
    assert len(world.keys.keys) == 6
    world.coat.behave()
    assert world.wallet.purge(NOW).spent_keys == 1
    assert len(world.keys.keys) == 5


def test_hostile_randomness_elsewhere() -> None:
    coat = Turncoat()
    random = HostileRandom(coat)
    coat.betray("bytes", throw(RandomError.Unavailable()))
    with refused("random"):
        ask(random=random)
    coat.betray("bytes", throw(Broken(CANARY)))
    with refused("callback_failed") as caught:
        ask(random=random)
    assert CANARY not in everything_said(caught.value)
    coat.betray("bytes", give(b"short"))
    with refused("callback_malformed"):
        ask(random=random)


def test_hostile_randomness_of_a_file(tmp_path: Any) -> None:
    coat = Turncoat()
    random = HostileRandom(coat)
    path = str(tmp_path / "store")
    coat.betray("bytes", throw(RandomError.Unavailable()))
    with refused("store_random"):
        FileStore.create(path, bytes(32), random)
    coat.betray("bytes", throw(Broken(CANARY)))
    with refused("callback_failed"):
        FileStore.create(path, bytes(32), random)
    coat.behave()
    FileStore.create(path, bytes(32), random)


def test_a_store_that_says_yes_and_does_nothing() -> None:
    class Liar(DictStore):
        def commit(self, changes: List[Change]) -> None:
            pass

    wallet, agency, nonce = Wallet.with_store(Liar(), None), Agency(), new_nonce()
    proofs = wallet.begin(agency.issuer.identifier(), nonce, 1, KeyKind.P256, NOW)
    with refused("key_not_offered"):
        wallet.receive(agency.copies(adult(), CredentialType.AGE, proofs, nonce), agency.trust(), NOW, Language.EN)


def test_a_callback_that_is_missing_counts_as_failed() -> None:
    class Half(HolderKeys):
        pass

    with refused("callback_failed"):
        Wallet.in_memory(Half()).begin("https://agencia.example", new_nonce(), 1, KeyKind.P256, NOW)
