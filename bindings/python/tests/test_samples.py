"""The samples, as programs of their own, with the exit codes that they promise."""

import csv
import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

import pytest

from llavero import KeyKind, Language, TrustList, Wallet

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


class Desk:
    """Somebody at a terminal, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, sample: str, *arguments: str, typed: Optional[str] = None) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-B", str(SAMPLES / sample), *arguments],
            cwd=self.folder,
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def keep(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def output(self, sample: str, *arguments: str) -> str:
        """Of a run that goes well and says nothing else."""
        done = self.run(sample, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.strip()


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    # Python's own names for streams differ by system and locale.
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    desk = Desk(tmp_path)
    desk.keep("records.csv", desk.output("agency.py", "records"))
    desk.keep("trust.json", desk.output("agency.py", "trust", "--key", "hsm.pem"))
    return desk


def issued(desk: Desk) -> Wallet:
    """A wallet with a batch that the sample agency issued from a row of its table."""
    now = datetime.datetime.now(datetime.timezone.utc)
    wallet = Wallet.in_memory(None)
    nonce = desk.output("agency.py", "nonce")
    desk.keep("proofs.json", json.dumps(wallet.begin("https://agencia.example", nonce, 3, KeyKind.P256, now)))
    issue = ["issue", "--key", "hsm.pem", "--record", "records.csv", f"--nonce={nonce}", "--proofs", "proofs.json"]
    copies: List[str] = json.loads(desk.output("agency.py", *issue))
    trust = TrustList.from_json((desk.folder / "trust.json").read_text())
    assert wallet.receive(copies, trust, now, Language.EN).credential.copies_left == 3
    return wallet


def asked_and_answered(desk: Desk, wallet: Wallet, *arguments: str) -> str:
    """The sample verifier asks, and the person agrees."""
    now = datetime.datetime.now(datetime.timezone.utc)
    request = desk.output("verifier.py", "ask", "--challenge", "challenge.json", *arguments)
    return wallet.consider(request, now, Language.EN).sheet().approve(wallet, now)


CHECK = ["check", "--challenge", "challenge.json", "--trust", "trust.json"]


@pytest.mark.parametrize(("language", "word"), [("es-MX", "ACEPTADA"), ("en", "ACCEPTED")])
def test_the_demo(language: str, word: str, desk: Desk) -> None:
    told = desk.output("demo.py", "--language", language)
    assert told.count(word) == 2
    for code in ("nonce_mismatch", "audience_mismatch", "disclosure_unreferenced", "no_copies_left"):
        assert f"[{code}]" in told
    assert '{"error":"access_denied"}' in told


@pytest.mark.parametrize(
    ("language", "words"),
    [("es-MX", ["ACEPTADA", "Nombre", "Emisor: Agencia de Ejemplo"]), ("en", ["ACCEPTED", "Issuer: Agencia"])],
)
def test_a_border_officer_accepts_a_good_answer_once(desk: Desk, language: str, words: List[str]) -> None:
    wallet = issued(desk)
    answer = asked_and_answered(desk, wallet)
    done = desk.run("verifier.py", *CHECK, "--language", language, "-", typed=answer)
    assert (done.returncode, done.stderr) == (0, "")
    for word in [*words, "Irene", "Ejemplo", "2003-05-17"]:
        assert word in done.stdout
    # The question is gone, and with it the answer's use.
    again = desk.run("verifier.py", *CHECK, "-", typed=answer)
    assert again.returncode == 1
    assert "Irene" not in again.stdout + again.stderr


def test_a_border_officer_refuses_an_answer_to_another_question(desk: Desk) -> None:
    wallet = issued(desk)
    desk.keep("answer.json", asked_and_answered(desk, wallet))
    desk.output("verifier.py", "ask", "--challenge", "challenge.json")
    done = desk.run("verifier.py", *CHECK, "answer.json")
    assert done.returncode == 1
    assert "RECHAZADA" in done.stdout and "[nonce_mismatch]" in done.stdout
    assert "Irene" not in done.stdout + done.stderr


def test_a_border_officer_reads_a_file_and_asks_what_they_like(desk: Desk) -> None:
    wallet = issued(desk)
    desk.keep("answer.json", asked_and_answered(desk, wallet, "--claims", "birthdate", "--language", "en"))
    done = desk.run("verifier.py", *CHECK, "--language", "en", "answer.json")
    assert done.returncode == 0
    assert "2003-05-17" in done.stdout and "Irene" not in done.stdout


def test_the_agency_refuses_a_record_that_contradicts_itself(desk: Desk) -> None:
    desk.keep("proofs.json", "[]")
    issue = ["issue", "--key", "hsm.pem", "--record", "records.csv", "--row", "1", "--proofs", "proofs.json"]
    done = desk.run("agency.py", *issue)
    assert (done.returncode, done.stdout) == (1, "")
    assert "birthdate" in done.stderr
    assert "2003-05-18" not in done.stderr and "EEII030517MVZJMRA2" not in done.stderr


def test_the_agency_reads_json_too_and_refuses_proofs_for_another_nonce(desk: Desk) -> None:
    with (desk.folder / "records.csv").open(encoding="utf-8", newline="") as file:
        desk.keep("record.json", json.dumps(next(iter(csv.DictReader(file)))))
    wallet = Wallet.in_memory(None)
    nonce = desk.output("agency.py", "nonce")
    now = datetime.datetime.now(datetime.timezone.utc)
    desk.keep("proofs.json", json.dumps(wallet.begin("https://agencia.example", nonce, 1, KeyKind.P256, now)))
    issue = ["issue", "--key", "hsm.pem", "--record", "record.json", "--proofs", "proofs.json"]
    assert desk.run("agency.py", *issue, f"--nonce={nonce}").returncode == 0
    refused = desk.run("agency.py", *issue, f"--nonce={nonce}" + "x")
    assert refused.returncode == 1 and "nonce_mismatch" in refused.stderr


def test_the_readme_runs(desk: Desk) -> None:
    readme = (SAMPLES.parent / "README.md").read_text(encoding="utf-8")
    [program] = re.findall(r"^```python\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    desk.keep("story.py", program)
    done = subprocess.run(
        [sys.executable, "-W", "error", "story.py"],
        cwd=desk.folder,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_wrong_words_are_a_usage_error(desk: Desk) -> None:
    for sample, words in (("agency.py", ["issue"]), ("verifier.py", ["check", "--challenge", "c"]), ("demo.py", ["x"])):
        done = desk.run(sample, *words)
        assert (done.returncode, done.stdout) == (2, "")
