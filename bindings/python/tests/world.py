"""The people and offices of the tests. None of them exists."""

import datetime
from typing import List, Optional, Sequence

from llavero import (
    Asker,
    CalendarDate,
    Challenge,
    CredentialSummary,
    CredentialType,
    DcqlQuery,
    HolderKeys,
    Issuer,
    KeyKind,
    Language,
    Random,
    Receipt,
    SigningKey,
    Store,
    SyntheticPerson,
    TrustedIssuer,
    TrustedKey,
    TrustList,
    TypeName,
    Wallet,
    new_nonce,
)

NOW = datetime.datetime(2026, 8, 1, 12, 0, tzinfo=datetime.timezone.utc)
TODAY = CalendarDate(year=2026, month=8, day=1)
BAR = Asker(client_id="https://bar.example", client_name="Bar La Esquina")
OVER_18 = "age_equal_or_over.18"

# What stands in exceptions of the tests' own callbacks and must not be seen outside of them.
CANARY = "CANARY-7f3a"


def later(**how_much: float) -> datetime.datetime:
    """Some time after `NOW`."""
    return NOW + datetime.timedelta(**how_much)


class Agency:
    """An agency that signs in software."""

    def __init__(self, identifier: str = "https://agencia.example", kind: KeyKind = KeyKind.P256) -> None:
        self.key = SigningKey.generate(kind)
        self.issuer = Issuer(identifier, self.key.public_key())

    def trust(self) -> TrustList:
        """A list with this agency alone."""
        entry = TrustedIssuer(
            issuer=self.issuer.identifier(),
            name="Agencia de Ejemplo",
            types=[known.default_vct() for known in CredentialType],
            keys=[TrustedKey(key=self.issuer.key())],
        )
        return TrustList(NOW, [entry])

    def copies(
        self, person: SyntheticPerson, known: CredentialType, proofs: List[str], nonce: str, days: int = 30
    ) -> List[str]:
        """One signed copy per proof."""
        draft = self.issuer.draft(person.record(known), TypeName(vct=known.default_vct()), days, NOW)
        return self.issuer.prepare(draft, proofs, nonce, NOW).sign(self.key)

    def issue(
        self,
        wallet: Wallet,
        person: SyntheticPerson,
        known: CredentialType = CredentialType.AGE,
        count: int = 3,
        kind: KeyKind = KeyKind.P256,
    ) -> Receipt:
        """From the wallet's keys to the batch in the wallet."""
        nonce = new_nonce()
        proofs = wallet.begin(self.issuer.identifier(), nonce, count, kind, NOW)
        copies = self.copies(person, known, proofs, nonce)
        return wallet.receive(copies, self.trust(), NOW, Language.EN)


def adult() -> SyntheticPerson:
    """Somebody with every credential."""
    return SyntheticPerson(25, 60, TODAY)


def query(known: CredentialType = CredentialType.AGE, paths: Sequence[str] = (OVER_18,)) -> DcqlQuery:
    """Asks for some claims of one credential."""
    return DcqlQuery.for_claims(known.name.lower(), [known.default_vct()], list(paths))


def ask(
    known: CredentialType = CredentialType.AGE,
    paths: Sequence[str] = (OVER_18,),
    asker: Asker = BAR,
    random: Optional[Random] = None,
    now: datetime.datetime = NOW,
) -> Challenge:
    """A bar's question."""
    return Challenge(asker, "Vender una bebida alcohólica", query(known, paths), 300, now, random)


def answer(wallet: Wallet, challenge: Challenge, now: datetime.datetime = NOW) -> str:
    """What a person who agrees to everything sends."""
    return wallet.consider(challenge.request(), now, Language.EN).sheet().approve(wallet, now)


class World:
    """An agency, a person, and their wallet with a credential of each type that is asked for."""

    def __init__(
        self,
        *types: CredentialType,
        count: int = 3,
        kind: KeyKind = KeyKind.P256,
        store: Optional[Store] = None,
        keys: Optional[HolderKeys] = None,
        random: Optional[Random] = None,
        callback_timeout_secs: int = 60,
    ) -> None:
        self.agency = Agency()
        self.trust = self.agency.trust()
        self.person = adult()
        if store is None:
            self.wallet = Wallet.in_memory(keys, random, callback_timeout_secs)
        else:
            self.wallet = Wallet.with_store(store, keys, random, callback_timeout_secs)
        for known in types:
            self.agency.issue(self.wallet, self.person, known, count, kind)

    def credential(self, known: CredentialType = CredentialType.AGE) -> CredentialSummary:
        """The wallet's only credential of a type."""
        found = [one for one in self.wallet.credentials(Language.EN) if one.known_type is known]
        assert len(found) == 1
        return found[0]

    def copies_left(self, known: CredentialType = CredentialType.AGE) -> int:
        """How often it can still be shown."""
        return self.credential(known).copies_left

    def is_whole(self) -> bool:
        """Whether the wallet still answers a question about age."""
        challenge = ask()
        return len(challenge.verify(answer(self.wallet, challenge), self.trust, NOW).credentials) == 1
