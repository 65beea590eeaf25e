"""The package as it is installed: its names, types, documentation, licences and tag."""

import ast
import importlib.metadata
import inspect as python_inspect
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

import llavero
from llavero import (
    AskedClaim,
    CalendarDate,
    ClaimValue,
    KeyKind,
    Language,
    LlaveroError,
    Reason,
    Revocation,
    SigningKey,
    Verdict,
    VerifiedCredential,
    Wallet,
    _native,
)
from refused import refused
from world import NOW, TODAY

INSTALLED = Path(llavero.__file__).parent
SOURCES = Path(__file__).resolve().parents[1]


def test_what_is_tested_is_what_was_installed() -> None:
    assert INSTALLED.parent.name == "site-packages"
    for name in ("__init__.py", "_closing.py", "_native.py", "_native.pyi", "_repairs.py", "_sugar.py", "py.typed"):
        assert (INSTALLED / name).read_bytes() == (SOURCES / "llavero" / name).read_bytes()


def test_the_public_names_are_the_generated_ones() -> None:
    # The generator's own: what a type checker sees of an object, and callbacks that come back.
    inner = ("Protocol", "Impl")
    generated = [name for name in _native.__all__ if not name.endswith(inner)]
    assert sorted(llavero.__all__) == sorted(generated)
    assert len(set(llavero.__all__)) == len(llavero.__all__)
    for name in llavero.__all__:
        assert getattr(llavero, name) is getattr(_native, name)


def test_the_types_are_in_step_with_the_generated_module() -> None:
    check = [sys.executable, str(SOURCES / "tools/stub.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_documentation_came_through() -> None:
    for documented, words in (
        (llavero, "identity credentials that show only what a person chooses"),
        (Wallet, "Credentials of one person"),
        (Wallet.begin, "proves possession of each to the issuer"),
        (llavero.ConsentSheet.approve, "The person agrees: spends the copies"),
        (llavero.HolderKeys.sign, "not a hash of it"),
        (llavero.Store.commit, "or none of them"),
        (LlaveroError.Refused, "Do not use it"),
        (llavero.new_nonce, "256 bits"),
        (llavero.CredentialType, "Mexican credential types"),
        (llavero.Verdict, "An answer that was accepted"),
        (llavero.CalendarDate.from_date, "The same day"),
        (llavero.Wallet.close, "Gives the file back"),
    ):
        assert words in " ".join((python_inspect.getdoc(documented) or "").split())
    for name in llavero.__all__:
        assert python_inspect.getdoc(getattr(llavero, name)), name


def test_the_wheel_is_for_any_python_3_on_this_kind_of_machine() -> None:
    distribution = importlib.metadata.distribution("llavero")
    tag = (distribution.read_text("WHEEL") or "").split("Tag: ")[1].split()[0]
    assert tag.startswith("py3-none-") and not tag.endswith("-any")
    assert distribution.requires is None
    metadata: Any = distribution.metadata
    assert metadata["Requires-Python"] == ">=3.9"
    assert metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert sorted(metadata.get_all("License-File")) == ["LICENSE-APACHE", "LICENSE-MIT"]


def test_the_licences_are_the_projects() -> None:
    installed = {path.name: path for path in importlib.metadata.files("llavero") or []}
    for name in ("LICENSE-APACHE", "LICENSE-MIT"):
        text = (SOURCES.parents[1] / name).read_text()
        assert (SOURCES / name).read_text() == text
        assert installed[name].read_text() == text


def test_the_version_is_the_projects() -> None:
    workspace = (SOURCES.parents[1] / "Cargo.toml").read_text()
    assert f'\nversion = "{importlib.metadata.version("llavero")}"\n' in workspace


@pytest.mark.parametrize("folder", ["llavero", "samples"])
def test_the_sources_are_python_3_9(folder: str) -> None:
    sources = sorted((SOURCES / folder).glob("*.py*"))
    assert len(sources) >= 3
    for source in sources:
        ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_one_handler_catches_every_error_and_five_tell_them_apart() -> None:
    variants = [LlaveroError.Device, LlaveroError.Record, LlaveroError.Refused, LlaveroError.Unmet, LlaveroError.Usage]
    reason = Reason(code="c", text_es_mx="es", text_en="en", detail="d", query=None, index=None)
    for variant in variants:
        try:
            raise variant(reason)
        except LlaveroError as error:
            assert (error.code(), error.text(Language.ES_MX), error.text(Language.EN)) == ("c", "es", "en")
            assert (str(error), error.reason) == ("c: d", reason)
            assert repr(error) == f"LlaveroError.{variant.__name__}(c: d)"
            assert [isinstance(error, other) for other in variants].count(True) == 1


def test_the_base_of_the_errors_is_an_exception_and_nothing_wider() -> None:
    assert issubclass(LlaveroError, Exception)
    with refused("jwk"):
        SigningKey.from_jwk("{}")


def test_dates() -> None:
    assert CalendarDate.from_date(NOW.date()) == CalendarDate.from_date(NOW) == TODAY
    assert TODAY.to_date() == NOW.date()
    with pytest.raises(ValueError):
        CalendarDate(year=2026, month=2, day=30).to_date()


def test_values_as_python_has_them() -> None:
    assert ClaimValue.BOOLEAN(True).plain() is True
    assert ClaimValue.INTEGER(7).plain() == 7
    assert ClaimValue.TEXT("ñ").plain() == "ñ"
    assert ClaimValue.JSON('{"a": [null, 1.5]}').plain() == {"a": [None, 1.5]}


def test_looking_into_a_verdict() -> None:
    texts: List[ClaimValue] = [ClaimValue.TEXT("MX"), ClaimValue.TEXT("US")]
    shown = VerifiedCredential(
        query="id",
        issuer="i",
        issuer_name="n",
        credential_type="t",
        claims=[
            AskedClaim(path="one", values=texts[:1]),
            AskedClaim(path="two", values=texts),
            AskedClaim(path="none", values=[]),
        ],
        expires=None,
        bound_at=None,
        revocation=Revocation.NOT_PROVIDED,
    )
    verdict = Verdict(credentials=[shown], checked_at=NOW, trust_issued_at=NOW)
    assert verdict.credential("id") is shown
    assert shown.value("one") == "MX"
    with pytest.raises(ValueError, match="2 values"):
        shown.value("two")
    with pytest.raises(ValueError, match="0 values"):
        shown.value("none")
    with pytest.raises(KeyError):
        shown.value("three")
    with pytest.raises(KeyError):
        verdict.credential("other")


def test_keys_go_through_their_texts() -> None:
    key = SigningKey.generate(KeyKind.ED25519)
    again = SigningKey.from_jwk(key.to_private_jwk())
    assert again.sign(b"message") == key.sign(b"message")
    assert len(key.sign(b"")) == 64
