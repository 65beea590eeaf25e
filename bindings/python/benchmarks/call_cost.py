"""What a call costs. Run it by hand, with a wheel that holds the release library:

    cargo build --release -p llavero-ffi
    LLAVERO_LIBRARY=target/release/libllavero_ffi.so pip install bindings/python
    python bindings/python/benchmarks/call_cost.py

It prints microseconds per call, by the clock and of processor time: the median of five rounds, each a mean. On a busy
machine only the second says something.
"""

import datetime
import statistics
import time
from typing import Callable, List

from llavero import (
    Asker,
    CalendarDate,
    Challenge,
    CredentialType,
    DcqlQuery,
    Issuer,
    KeyKind,
    Language,
    SigningKey,
    Store,
    StoredRecord,
    SyntheticPerson,
    TrustedIssuer,
    TrustedKey,
    TrustList,
    TypeName,
    Wallet,
    new_nonce,
)

NOW = datetime.datetime(2026, 8, 1, 12, tzinfo=datetime.timezone.utc)
ROUNDS = 5


def show(name: str, calls: int, call: Callable[[int], object]) -> None:
    """Times `call`, which is told how many times it was called before."""
    clock: List[float] = []
    processor: List[float] = []
    for turn in range(ROUNDS):
        start, start_processor = time.perf_counter(), time.process_time()
        for number in range(turn * calls, (turn + 1) * calls):
            call(number)
        clock.append((time.perf_counter() - start) / calls * 1e6)
        processor.append((time.process_time() - start_processor) / calls * 1e6)
    print(f"{name:<40}{statistics.median(clock):10.1f} µs{statistics.median(processor):10.1f} µs")


class Empty(Store):
    """Has nothing."""

    def list(self, table: str) -> List[StoredRecord]:
        return []


class Bench:
    """An agency, a person and their wallet."""

    def __init__(self) -> None:
        self.key = SigningKey.generate(KeyKind.P256)
        self.issuer = Issuer("https://agencia.example", self.key.public_key())
        types = [known.default_vct() for known in CredentialType]
        trusted = TrustedIssuer(
            issuer="https://agencia.example", name="Agencia", types=types, keys=[TrustedKey(key=self.key.public_key())]
        )
        self.trust = TrustList(NOW, [trusted])
        self.person = SyntheticPerson(25, 60, CalendarDate.from_date(NOW))
        vct = CredentialType.AGE.default_vct()
        self.query = DcqlQuery.for_claims("age", [vct], ["age_equal_or_over.18"])

    def issue(self, wallet: Wallet, count: int) -> None:
        nonce = new_nonce()
        proofs = wallet.begin("https://agencia.example", nonce, count, KeyKind.P256, NOW)
        record = self.person.record(CredentialType.AGE)
        draft = self.issuer.draft(record, TypeName(vct=CredentialType.AGE.default_vct()), 30, NOW)
        copies = self.issuer.prepare(draft, proofs, nonce, NOW).sign(self.key)
        wallet.receive(copies, self.trust, NOW, Language.EN)

    def ask(self) -> Challenge:
        return Challenge(Asker(client_id="https://bar.example"), "Vender", self.query, 300, NOW)

    def run(self) -> None:
        show("a constant text (default_vct)", 20_000, lambda _: CredentialType.AGE.default_vct())
        show("the same of an object (identifier)", 20_000, lambda _: self.issuer.identifier())

        wallet = Wallet.in_memory(None)
        for _ in range(20):
            self.issue(wallet, 1)
        show("list 20 credentials", 200, lambda _: wallet.credentials(Language.EN))
        own = Wallet.with_store(Empty(), None)
        show("list 0 credentials, one callback", 2_000, lambda _: own.credentials(Language.EN))

        wallet = Wallet.in_memory(None)
        for _ in range(2):
            self.issue(wallet, 100)
        challenges = [self.ask() for _ in range(100)]
        answers: List[str] = []

        def approve(number: int) -> None:
            sheet = wallet.consider(challenges[number].request(), NOW, Language.EN).sheet()
            sheet.contents()
            answers.append(sheet.approve(wallet, NOW))

        show("request to answer, sheet looked at", 20, approve)
        show("verify an answer", 20, lambda number: challenges[number].verify(answers[number], self.trust, NOW))


if __name__ == "__main__":
    Bench().run()
