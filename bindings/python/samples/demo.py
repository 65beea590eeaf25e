"""The whole story, with a person who does not exist: issue, ask, consent, answer, verify, and what an attacker gets.

    python demo.py [--language es-MX|en]

Everything happens in this process, without a network. The exit code is 0 if all went as it should.
"""

import argparse
import base64
import datetime
import json
import sys
from typing import List, Optional, Sequence

from agency import Agency, Hsm
from verifier import LANGUAGES, verdict_lines

from llavero import (
    Asker,
    CalendarDate,
    Challenge,
    ConsentSheet,
    CredentialType,
    DcqlQuery,
    KeyKind,
    Language,
    LlaveroError,
    SyntheticPerson,
    TrustList,
    Wallet,
    new_nonce,
)

COPIES = 5
OVER_18 = "age_equal_or_over.18"
BAR = Asker(client_id="https://bar.example", client_name="Bar La Esquina")
BANK = Asker(client_id="https://banco.example", client_name="Banco de Ejemplo")


class Demo:
    """An agency, a wallet, and those who ask."""

    def __init__(self, language: Language, now: datetime.datetime) -> None:
        self.language = language
        self.now = now
        self.agency = Agency(Hsm())
        self.trust = self.agency.trust(now)
        # Keys in software and nothing on disk: a phone has its own keys, and a `FileStore`.
        self.wallet = Wallet.in_memory(None)

    def say(self, spanish: str, english: str) -> None:
        """Prints in the language that was asked for."""
        print(spanish if self.language is Language.ES_MX else english)

    def issue(self, person: SyntheticPerson, known: CredentialType) -> None:
        """One batch, from the agency's record to the wallet."""
        nonce = new_nonce()
        proofs = self.wallet.begin(self.agency.issuer.identifier(), nonce, COPIES, KeyKind.P256, self.now)
        copies = self.agency.issue(person.record(known), proofs, nonce, self.now)
        receipt = self.wallet.receive(copies, self.trust, self.now, self.language)
        label, left = receipt.credential.label, receipt.credential.copies_left
        self.say(f"  {label}: {left} copias de un solo uso", f"  {label}: {left} single-use copies")

    def ask(self, asker: Asker, known: CredentialType, claims: Sequence[str]) -> Challenge:
        """A question."""
        query = DcqlQuery.for_claims(known.name.lower(), [known.default_vct()], list(claims))
        purpose = "Demostración" if self.language is Language.ES_MX else "Demonstration"
        return Challenge(asker, purpose, query, 300, self.now)

    def show(self, sheet: ConsentSheet) -> None:
        """What a person reads before they decide."""
        contents = sheet.contents()
        self.say(
            f"  {contents.client_id} dice llamarse {contents.unverified_client_name} (nadie lo comprobó)",
            f"  {contents.client_id} calls itself {contents.unverified_client_name} (nobody checked)",
        )
        for shown in contents.credentials:
            print(f"  {shown.credential.label}")
            for claim in shown.revealed:
                print(f"    {claim.label}: {claim.value.plain()}")
            for fact in shown.implied:
                print(f"    → {fact.label}")
        for warning in contents.warnings:
            print(f"  ! {warning.text}")
            if warning.suggestion is not None:
                print(f"    → {warning.suggestion.credential_type.label(self.language)}: {warning.suggestion.claims}")

    def answer(self, challenge: Challenge) -> str:
        """The person agrees; one copy is spent."""
        sheet = self.wallet.consider(challenge.request(), self.now, self.language).sheet()
        self.show(sheet)
        return sheet.approve(self.wallet, self.now)

    def verify(self, challenge: Challenge, answer: str, trust: Optional[TrustList] = None) -> None:
        """Prints what the asker knows now."""
        print("\n".join(verdict_lines(challenge.verify(answer, trust or self.trust, self.now), self.language)))

    def attack(self, spanish: str, english: str, challenge: Challenge, answer: str, code: str) -> None:
        """Something that must be refused, and how."""
        try:
            challenge.verify(answer, self.trust, self.now)
        except LlaveroError.Refused as error:
            if error.code() != code:
                raise
            self.say(f"  {spanish}: rechazado [{code}]", f"  {english}: refused [{code}]")
            return
        raise AssertionError(f"accepted: {english}")

    def run(self) -> None:
        """The story."""
        self.say("1. Una agencia emite a una persona inventada", "1. An agency issues to somebody invented")
        person = SyntheticPerson(25, 60, CalendarDate.from_date(self.now))
        for known in CredentialType:
            self.issue(person, known)

        self.say("\n2. Un bar pregunta: ¿mayor de 18?", "\n2. A bar asks: over 18?")
        bar = self.ask(BAR, CredentialType.AGE, [OVER_18])
        answer = self.answer(bar)
        self.verify(bar, answer)

        self.say("\n3. Un banco pide la CURP", "\n3. A bank asks for the CURP")
        bank = self.ask(BANK, CredentialType.CURP, ["curp"])
        self.verify(bank, self.answer(bank))

        self.say(
            "\n4. Otro pide la fecha, y la persona no quiere", "\n4. Another asks for the date; the person declines"
        )
        nosy = self.ask(BAR, CredentialType.CURP, ["birthdate"])
        sheet = self.wallet.consider(nosy.request(), self.now, self.language).sheet()
        self.show(sheet)
        print(f"  {sheet.decline()}")

        self.say("\n5. Ataques", "\n5. Attacks")
        again = self.ask(BAR, CredentialType.AGE, [OVER_18])
        self.attack("Repetir una respuesta", "Replay an answer", again, answer, "nonce_mismatch")
        relayed = self.ask(BANK, CredentialType.AGE, [OVER_18])
        self.attack("Usarla ante otro", "Use it with somebody else", relayed, answer, "audience_mismatch")
        swapped = self.ask(BAR, CredentialType.AGE, [OVER_18])
        lie = lied(
            self.wallet.consider(swapped.request(), self.now, self.language).sheet().approve(self.wallet, self.now)
        )
        self.attack("Cambiar un dato", "Change a claim", swapped, lie, "disclosure_unreferenced")

        self.say("\n6. Las copias se acaban", "\n6. Copies run out")
        while True:
            question = self.ask(BAR, CredentialType.AGE, [OVER_18])
            try:
                choices = self.wallet.consider(question.request(), self.now, self.language)
            except LlaveroError.Unmet as error:
                print(f"  {error.text(self.language)} [{error.code()}]")
                break
            question.verify(choices.sheet().approve(self.wallet, self.now), self.trust, self.now)

        self.say("\n7. Lo que la cartera recuerda", "\n7. What the wallet remembers")
        for entry in self.wallet.history():
            shown = ", ".join(claim for item in entry.shown for claim in item.claims)
            print(f"  {entry.at:%Y-%m-%d %H:%M}  {entry.client_id}  {shown}")
        self.say("\nTodo ocurrió sin red: nadie pudo anotarlo.", "\nAll without a network: nobody could keep a record.")


def lied(answer: str) -> str:
    """The same answer with the opposite in it."""
    given = json.loads(answer)
    [[text]] = given["vp_token"].values()
    issued, disclosure, proof = text.split("~")
    claim = json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    claim[-1] = not claim[-1]
    changed = base64.urlsafe_b64encode(json.dumps(claim).encode()).decode().rstrip("=")
    [name] = given["vp_token"]
    return json.dumps({"vp_token": {name: ["~".join([issued, changed, proof])]}})


def main(arguments: Optional[List[str]] = None) -> int:
    """0 if all went as it should."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=list(LANGUAGES), default="es-MX")
    given = parser.parse_args(arguments)
    Demo(LANGUAGES[given.language], datetime.datetime.now(datetime.timezone.utc)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
