"""A border officer's check, without a network: ask one question, read the answer, show the verdict.

    python verifier.py ask --challenge challenge.json > request.json
    python verifier.py check --challenge challenge.json --trust trust.json answer.json
    … | python verifier.py check --challenge challenge.json --trust trust.json -

The request goes to the traveller's wallet and the answer comes back, by QR code, cable or radio: that is the app's. The
challenge stays here between the two, and is deleted as soon as there is an answer, good or bad: it serves once.

`--language` is es-MX or en. The exit code is 0 for an accepted answer, 1 for a refused one.
"""

import argparse
import datetime
import sys
from pathlib import Path
from typing import List, Optional

from llavero import (
    Asker,
    Challenge,
    CredentialType,
    DcqlQuery,
    Language,
    LlaveroError,
    Revocation,
    TrustList,
    Verdict,
)

OFFICE = Asker(client_id="https://frontera.example", client_name="Puesto fronterizo de Ejemplo")
LIFETIME_SECS = 300
QUESTION = ["given_name", "primer_apellido", "birthdate", "nationalities"]

LANGUAGES = {"es-MX": Language.ES_MX, "en": Language.EN}
WORDS = {
    "purpose": ("Control fronterizo", "Border control"),
    "accepted": ("ACEPTADA", "ACCEPTED"),
    "refused": ("RECHAZADA", "REFUSED"),
    "issuer": ("Emisor", "Issuer"),
    "valid": ("Vigente hasta", "Valid until"),
    "trust": ("Lista de confianza del", "Trust list of"),
    "unrevoked": ("No se consultó si fue revocada.", "Nobody was asked whether it was revoked."),
    "short-lived": (
        "El emisor no publica revocaciones: la credencial vive hasta que vence.",
        "The issuer publishes no revocations: the credential lives until it expires.",
    ),
    "yes": ("sí", "yes"),
    "no": ("no", "no"),
}


def word(name: str, language: Language) -> str:
    """A word of this program."""
    spanish, english = WORDS[name]
    return spanish if language is Language.ES_MX else english


def ask(claims: List[str], known: CredentialType, language: Language, now: datetime.datetime) -> Challenge:
    """A question about some claims of one credential."""
    query = DcqlQuery.for_claims(known.name.lower(), [known.default_vct()], claims)
    return Challenge(OFFICE, word("purpose", language), query, LIFETIME_SECS, now)


def plain(value: object, language: Language) -> str:
    """A claim's value for a screen."""
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    return str(value)


def verdict_lines(verdict: Verdict, language: Language) -> List[str]:
    """What the officer reads. Labels come from the library, in both languages."""
    labels = {spec.name: spec.label for known in CredentialType for spec in known.claims(language)}
    lines = [word("accepted", language)]
    for shown in verdict.credentials:
        for claim in shown.claims:
            values = ", ".join(plain(value.plain(), language) for value in claim.values)
            lines.append(f"  {labels.get(claim.path, claim.path)}: {values}")
        lines.append(f"  {word('issuer', language)}: {shown.issuer_name}")
        if shown.expires is not None:
            lines.append(f"  {word('valid', language)}: {shown.expires:%Y-%m-%d %H:%M} UTC")
        unchecked = shown.revocation is Revocation.NOT_CHECKED
        lines.append(f"  {word('unrevoked' if unchecked else 'short-lived', language)}")
    lines.append(f"  {word('trust', language)} {verdict.trust_issued_at:%Y-%m-%d}")
    return lines


def check(challenge: Challenge, answer: str, trust: TrustList, language: Language, now: datetime.datetime) -> int:
    """Prints the verdict, and returns the exit code."""
    try:
        verdict = challenge.verify(answer, trust, now)
    except LlaveroError as error:
        print(f"{word('refused', language)}\n  {error.text(language)}\n  [{error.code()}]")
        return 1
    print("\n".join(verdict_lines(verdict, language)))
    return 0


def main(arguments: Optional[List[str]] = None) -> int:
    """0: asked, or accepted. 1: refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["ask", "check"])
    parser.add_argument("answer", nargs="?", default="-", help="a file, or - for the standard input")
    parser.add_argument("--challenge", type=Path, required=True)
    parser.add_argument("--trust", type=Path)
    parser.add_argument("--type", choices=["age", "curp", "ine"], default="curp")
    parser.add_argument("--claims", nargs="+", default=QUESTION)
    parser.add_argument("--language", choices=list(LANGUAGES), default="es-MX")
    given = parser.parse_intermixed_args(arguments)
    language = LANGUAGES[given.language]
    now = datetime.datetime.now(datetime.timezone.utc)
    try:
        if given.what == "ask":
            challenge = ask(given.claims, CredentialType[given.type.upper()], language, now)
            given.challenge.write_text(challenge.to_json(), encoding="utf-8")
            print(challenge.request())
            return 0
        if given.trust is None:
            parser.error("check needs --trust")
        trust = TrustList.from_json(given.trust.read_text(encoding="utf-8"))
        answer = sys.stdin.read() if given.answer == "-" else Path(given.answer).read_text(encoding="utf-8")
        challenge = Challenge.from_json(given.challenge.read_text(encoding="utf-8"))
        # Before anything is said: whoever comes back with the same answer finds no question.
        given.challenge.unlink()
    except (LlaveroError, OSError) as error:
        print(error.text(language) if isinstance(error, LlaveroError) else error, file=sys.stderr)
        return 1
    return check(challenge, answer, trust, language, now)


if __name__ == "__main__":
    sys.exit(main())
