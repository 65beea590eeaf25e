"""Keys, storage and randomness of an app's own; and the forms in two steps, which call no key store."""

import threading
from pathlib import Path
from typing import List

import pytest

from llavero import (
    CredentialType,
    HolderKeysError,
    KeyKind,
    Language,
    LlaveroError,
    NewKey,
    PublicKey,
    ToSign,
    TypeName,
    Wallet,
    new_nonce,
)
from own_callbacks import (
    DictStore,
    OwnKeys,
    OwnRandom,
    SqliteStore,
    new_private_key,
    public_bytes,
    signature,
)
from refused import refused
from world import NOW, OVER_18, Agency, World, adult, answer, ask

KINDS = pytest.mark.parametrize("kind", list(KeyKind), ids=lambda kind: kind.name)
FORMS = pytest.mark.parametrize("raw", [False, True], ids=["der", "raw"])


@KINDS
@FORMS
def test_a_key_store_of_the_apps_own(kind: KeyKind, raw: bool) -> None:
    keys, store, random = OwnKeys(raw), DictStore(), OwnRandom()
    world = World(CredentialType.AGE, kind=kind, keys=keys, store=store, random=random)
    assert len(keys.keys) == 3
    challenge = ask(random=random)
    verdict = challenge.verify(answer(world.wallet, challenge), world.trust, NOW)
    assert verdict.credential("age").value(OVER_18) is True
    assert keys.calls == ["create", "sign", "sign", "sign", "sign", "delete"]
    assert len(keys.keys) == 2
    assert random.given > 0
    # The library's own thread, and always the same.
    assert len(keys.threads) == 1
    assert threading.get_ident() not in keys.threads


def test_private_keys_stay_in_the_key_store() -> None:
    store = DictStore()
    World(CredentialType.AGE, keys=OwnKeys(), store=store)
    assert not any(b'"d"' in value for value in store.records.values())
    with_software = DictStore()
    World(CredentialType.AGE, store=with_software)
    assert any(b'"d"' in value or len(value) > 0 for value in with_software.records.values())


@KINDS
@FORMS
def test_public_keys_as_devices_write_them(kind: KeyKind, raw: bool) -> None:
    key = new_private_key(kind)
    read = PublicKey.from_device(kind, public_bytes(key, raw))
    assert read.thumbprint() == PublicKey.from_jwk(read.to_jwk()).thumbprint()
    with refused("key_format"):
        PublicKey.from_device(kind, public_bytes(key, raw)[:-1])


def sign_all(keys: OwnKeys, to_sign: List[ToSign]) -> List[bytes]:
    """What an app does between the two steps."""
    return [signature(keys.keys[item.handle], item.bytes, keys.raw) for item in to_sign]


@KINDS
@FORMS
def test_enrolment_and_answer_in_two_steps(kind: KeyKind, raw: bool) -> None:
    agency, keys = Agency(), OwnKeys(raw)
    wallet, nonce = Wallet.in_memory(keys), new_nonce()
    pending = wallet.begin_unsigned(agency.issuer.identifier(), nonce, 2, kind, NOW)
    to_sign = pending.to_sign()
    for item in to_sign:
        key = PublicKey.from_device(kind, public_bytes(keys.keys[item.handle], raw=False))
        assert PublicKey.from_jwk(item.public_key).thumbprint() == key.thumbprint()
    with refused("signature_count"):
        pending.finish([])
    with refused("key_format"):
        pending.finish([b"x", b"y"])
    proofs = pending.finish(sign_all(keys, to_sign))
    wallet.receive(agency.copies(adult(), CredentialType.AGE, proofs, nonce), agency.trust(), NOW, Language.EN)

    challenge = ask()
    unsigned = wallet.consider(challenge.request(), NOW, Language.EN).sheet().approve_unsigned(wallet, NOW)
    given = unsigned.finish(sign_all(keys, unsigned.to_sign()))
    assert challenge.verify(given, agency.trust(), NOW).credential("age").value(OVER_18) is True
    assert "sign" not in keys.calls
    with refused("already_used"):
        unsigned.finish([])
    with refused("already_used"):
        unsigned.to_sign()


def test_signatures_by_another_key_are_refused_and_nothing_is_disclosed() -> None:
    agency, keys = Agency(), OwnKeys()
    wallet = Wallet.in_memory(keys)
    pending = wallet.begin_unsigned(agency.issuer.identifier(), new_nonce(), 1, KeyKind.P256, NOW)
    [item] = pending.to_sign()
    with refused("signature"):
        pending.finish([signature(new_private_key(KeyKind.P256), item.bytes, raw=True)])
    with refused("already_used"):
        pending.finish(sign_all(keys, [item]))

    agency.issue(wallet, adult())
    sheet = wallet.consider(ask().request(), NOW, Language.EN).sheet()
    unsigned = sheet.approve_unsigned(wallet, NOW)
    [item] = unsigned.to_sign()
    with refused("signature"):
        unsigned.finish([signature(new_private_key(KeyKind.P256), item.bytes, raw=True)])
    [credential] = wallet.credentials(Language.EN)
    assert credential.copies_left == 2


@KINDS
@FORMS
def test_an_agency_with_an_hsm(kind: KeyKind, raw: bool) -> None:
    hsm = new_private_key(kind)
    agency = Agency()
    issuer = type(agency.issuer)("https://agencia.example", PublicKey.from_device(kind, public_bytes(hsm, raw=False)))
    wallet, nonce = Wallet.in_memory(None), new_nonce()
    proofs = wallet.begin(issuer.identifier(), nonce, 2, KeyKind.P256, NOW)
    name = TypeName(vct=CredentialType.CURP.default_vct())
    draft = issuer.draft(adult().record(CredentialType.CURP), name, 30, NOW)
    random = OwnRandom()
    batch = issuer.prepare(draft, proofs, nonce, NOW, random)
    assert random.given > 0
    with refused("key_format"):
        batch.attach([b"", b""])
    signatures = [signature(hsm, message, raw) for message in batch.signing_inputs()]
    copies = batch.attach(signatures)
    with refused("already_used"):
        batch.signing_inputs()
    assert len(copies) == 2
    agency.issuer = issuer
    assert wallet.receive(copies, agency.trust(), NOW, Language.EN).credential.copies_left == 2


def test_a_store_in_a_database_outlives_the_wallet(tmp_path: Path) -> None:
    path = tmp_path / "wallet.sqlite"
    store = SqliteStore(path)
    world = World(CredentialType.AGE, store=store)
    world.wallet.consider(ask().request(), NOW, Language.EN).sheet().approve(world.wallet, NOW)
    store.close()

    again = SqliteStore(path)
    reopened = Wallet.with_store(again, None)
    [credential] = reopened.credentials(Language.EN)
    assert credential.copies_left == 2
    challenge = ask()
    challenge.verify(answer(reopened, challenge), world.trust, NOW)
    again.close()
    with refused("callback_failed"):
        reopened.credentials(Language.EN)


def test_two_wallets_on_one_store_never_spend_a_copy_twice() -> None:
    store = DictStore()
    world = World(CredentialType.AGE, count=1, store=store)
    other = Wallet.with_store(store, None)
    sheets = [(wallet, wallet.consider(ask().request(), NOW, Language.EN).sheet()) for wallet in (world.wallet, other)]
    outcomes = []
    for wallet, sheet in sheets:
        try:
            sheet.approve(wallet, NOW)
            outcomes.append("approved")
        except LlaveroError as error:
            outcomes.append(error.code())
    assert outcomes[0] == "approved"
    assert outcomes[1] in ("no_copies_left", "store_conflict")


def test_a_person_who_says_no_to_the_key_store_is_heard() -> None:
    class Cancelling(OwnKeys):
        def sign(self, handle: bytes, message: bytes) -> bytes:
            raise HolderKeysError.Cancelled()

    wallet = Wallet.in_memory(Cancelling())
    with refused("signer_cancelled") as caught:
        wallet.begin("https://agencia.example", new_nonce(), 1, KeyKind.P256, NOW)
    assert isinstance(caught.value, LlaveroError.Device)


def test_a_key_store_that_is_away_says_so() -> None:
    class Away(OwnKeys):
        def create(self, kind: KeyKind, count: int) -> List[NewKey]:
            raise HolderKeysError.Unavailable()

    with refused("signer_unavailable"):
        Wallet.in_memory(Away()).begin("https://agencia.example", new_nonce(), 1, KeyKind.P256, NOW)
