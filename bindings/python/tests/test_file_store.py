"""The wallet's default store: one sealed file."""

import threading
from pathlib import Path
from typing import Any, List

import pytest

from llavero import CredentialType, FileStore, Language, LlaveroError, Wallet
from own_callbacks import OwnKeys, OwnRandom
from refused import refused
from world import NOW, OVER_18, Agency, adult, answer, ask

KEY = bytes(range(32))
OTHER_KEY = bytes(32)


@pytest.fixture(name="path")
def fixture_path(tmp_path: Path) -> str:
    return str(tmp_path / "cartera ñ.llavero")


def filled(path: str) -> Agency:
    """Makes a store with one credential, and closes it."""
    agency = Agency()
    wallet = Wallet.with_file(FileStore.create(path, KEY), None)
    agency.issue(wallet, adult())
    return agency


def test_what_is_kept_is_there_after_reopening(path: str) -> None:
    agency = filled(path)
    wallet = Wallet.with_file(FileStore.open(path, KEY), None)
    [credential] = wallet.credentials(Language.EN)
    assert credential.copies_left == 3
    challenge = ask()
    verdict = challenge.verify(answer(wallet, challenge), agency.trust(), NOW)
    assert verdict.credential("age").value(OVER_18) is True
    del wallet
    [credential] = Wallet.with_file(FileStore.open(path, KEY), None).credentials(Language.EN)
    assert credential.copies_left == 2


def test_the_file_shows_nothing(path: str) -> None:
    agency, person = Agency(), adult()
    wallet = Wallet.with_file(FileStore.create(path, KEY), None)
    agency.issue(wallet, person, CredentialType.CURP)
    del wallet
    content = Path(path).read_bytes()
    assert len(content) > 0
    for secret in (person.curp(), "agencia.example", CredentialType.CURP.default_vct(), KEY.decode("latin-1")):
        assert secret.encode("latin-1") not in content


def test_it_opens_with_its_key_only(path: str) -> None:
    filled(path)
    with refused("store_wrong_key"):
        FileStore.open(path, OTHER_KEY)
    for length in (0, 31, 33):
        with refused("argument_malformed"):
            FileStore.open(path, bytes(length))
        with refused("argument_malformed"):
            FileStore.create(path + "2", bytes(length))
    with refused("store_wrong_key"):
        FileStore.open_with_passphrase(path, "otra cosa")


def test_it_is_open_once(path: str) -> None:
    filled(path)
    first = FileStore.open(path, KEY)
    with refused("store_locked"):
        FileStore.open(path, KEY)
    with Wallet.with_file(first, None):
        with refused("already_used"):
            Wallet.with_file(first, None)
        with refused("already_used"):
            first.compact()
        with refused("store_locked"):
            FileStore.open(path, KEY)
    FileStore.open(path, KEY).close()


def test_a_closed_wallet_gives_its_file_back(path: str) -> None:
    filled(path)
    store = FileStore.open(path, KEY)
    wallet = Wallet.with_file(store, None)
    # The wallet has it now.
    store.close()
    assert len(wallet.credentials(Language.EN)) == 1
    # This error goes on naming the wallet.
    with refused("json_syntax") as caught:
        wallet.consider("", NOW, Language.EN)
    wallet.close()
    wallet.close()
    FileStore.open(path, KEY).close()
    with pytest.raises(ValueError, match="this Wallet is closed"):
        wallet.credentials(Language.EN)
    with pytest.raises(ValueError, match="this FileStore is closed"):
        store.compact()
    assert caught.value.__traceback__ is not None


def test_a_block_closes_the_file_whatever_happens(path: str) -> None:
    filled(path)
    with pytest.raises(ZeroDivisionError):
        with FileStore.open(path, KEY):
            raise ZeroDivisionError
    with FileStore.open(path, KEY) as store:
        assert isinstance(store, FileStore)


def test_closing_while_steps_run_harms_nobody(path: str) -> None:
    filled(path)
    for _ in range(10):
        wallet = Wallet.with_file(FileStore.open(path, KEY), None)
        outcomes: List[object] = []

        def look(wallet: Wallet = wallet, outcomes: List[object] = outcomes) -> None:
            try:
                while True:
                    outcomes.append(len(wallet.credentials(Language.EN)))
            except ValueError as error:
                outcomes.append(str(error))

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        wallet.close()
        for thread in threads:
            thread.join(30)
        assert outcomes.count("this Wallet is closed") == 4
        assert set(outcomes) <= {1, "this Wallet is closed"}


def test_an_argument_that_cannot_be_handed_over_leaves_nothing_behind(path: str) -> None:
    filled(path)
    wallet = Wallet.with_file(FileStore.open(path, KEY), None)
    with pytest.raises(ValueError, match="lone surrogate"):
        wallet.consider("\ud800", NOW, Language.EN)
    once: Any = (copy for copy in ["x"])
    for copies in (["\ud800"], once):
        with pytest.raises((ValueError, TypeError)):
            wallet.receive(copies, Agency().trust(), NOW, Language.EN)
    wallet.close()
    store = FileStore.open(path, KEY)
    for key in (bytearray(KEY), memoryview(KEY), KEY.decode("latin-1")):
        wrong: Any = key
        with pytest.raises(TypeError, match="must be bytes"):
            store.change_key(wrong)
    store.close()
    FileStore.open(path, KEY).close()


def test_exists_and_missing(path: str, tmp_path: Path) -> None:
    with refused("store_missing"):
        FileStore.open(path, KEY)
    filled(path)
    with refused("store_exists"):
        FileStore.create(path, KEY)
    for nowhere in (tmp_path / "no" / "such" / "folder", Path(path) / "below a file", tmp_path):
        with refused("store_unavailable" if nowhere != tmp_path else "store_exists"):
            FileStore.create(str(nowhere), KEY)


def test_damage_is_noticed(path: str) -> None:
    filled(path)
    content = bytearray(Path(path).read_bytes())
    for position in range(4096, len(content) // 2, 64):
        content[position] ^= 0xFF
    Path(path).write_bytes(content)
    with refused("store_corrupt"):
        Wallet.with_file(FileStore.open(path, KEY), None).credentials(Language.EN)
    Path(path).write_bytes(b"something else entirely" * 400)
    with refused("store_corrupt"):
        FileStore.open(path, KEY)


def test_a_file_of_another_format_is_left_alone(path: str) -> None:
    filled(path)
    content = bytearray(Path(path).read_bytes())
    # The number of the format.
    content[64] = 2
    Path(path).write_bytes(content)
    with refused("store_version"):
        FileStore.open(path, KEY)


def test_changing_the_key(path: str) -> None:
    filled(path)
    store = FileStore.open(path, KEY)
    store.change_key(OTHER_KEY)
    with refused("argument_malformed"):
        store.change_key(b"short")
    store.compact()
    store.close()
    with refused("store_wrong_key"):
        FileStore.open(path, KEY)
    FileStore.open(path, OTHER_KEY)


def test_passphrases(path: str) -> None:
    store = FileStore.create_with_passphrase(path, "una frase larga", OwnRandom())
    store.change_passphrase("otra frase más larga")
    del store
    with refused("store_wrong_key"):
        FileStore.open_with_passphrase(path, "una frase larga")
    wallet = Wallet.with_file(FileStore.open_with_passphrase(path, "otra frase más larga"), None)
    assert wallet.credentials(Language.EN) == []


def test_a_file_with_keys_and_randomness_of_the_apps_own(path: str) -> None:
    random, keys = OwnRandom(), OwnKeys()
    file = FileStore.create(path, KEY, random)
    assert random.given > 0
    agency = Agency()
    wallet = Wallet.with_file(file, keys, random, 5)
    agency.issue(wallet, adult())
    challenge = ask()
    challenge.verify(answer(wallet, challenge), agency.trust(), NOW)
    assert len(keys.keys) == 2


def test_errors_of_the_store_are_of_the_device(path: str) -> None:
    with pytest.raises(LlaveroError.Device):
        FileStore.open(path, KEY)
