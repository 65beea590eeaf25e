"""The whole story: an agency issues, a bar asks, a person decides, the bar verifies."""

import base64
import json
from typing import List, Tuple

import pytest

from llavero import (
    Asker,
    CredentialType,
    DcqlQuery,
    KeyKind,
    Language,
    LlaveroError,
    Revocation,
    SheetContents,
    Wallet,
    inspect,
    refusal,
    smaller_proof,
)
from refused import refused
from world import BAR, NOW, OVER_18, Agency, World, adult, answer, ask, later


@pytest.fixture(name="world", params=[KeyKind.P256, KeyKind.ED25519], ids=["p256", "ed25519"])
def fixture_world(request: pytest.FixtureRequest) -> World:
    return World(*CredentialType, count=5, kind=request.param)


def test_an_agency_issues_every_type(world: World) -> None:
    credentials = world.wallet.credentials(Language.EN)
    assert {credential.known_type for credential in credentials} == set(CredentialType)
    assert [credential.copies_left for credential in credentials] == [5, 5, 5]
    assert [credential.copies_received for credential in credentials] == [5, 5, 5]
    for credential in credentials:
        assert credential.issuer == "https://agencia.example"
        assert credential.issuer_name == "Agencia de Ejemplo"
        assert credential.received_at == NOW
        assert credential.expires == later(days=30).replace(hour=0)
    spanish = world.wallet.credentials(Language.ES_MX)
    assert {credential.label for credential in spanish} == {known.label(Language.ES_MX) for known in CredentialType}
    assert {credential.label for credential in credentials} == {known.label(Language.EN) for known in CredentialType}


def test_the_person_sees_their_own_claims(world: World) -> None:
    curp = world.credential(CredentialType.CURP)
    shown = {claim.path: claim.value.plain() for claim in world.wallet.show(curp.id, Language.EN)}
    assert shown["curp"] == world.person.curp()


def test_a_bar_learns_one_bit(world: World) -> None:
    challenge = ask()
    sheet = world.wallet.consider(challenge.request(), NOW, Language.EN).sheet()
    contents = sheet.contents()
    assert contents.client_id == BAR.client_id
    assert contents.unverified_client_name == BAR.client_name
    assert contents.unverified_purpose == "Vender una bebida alcohólica"
    [shown] = contents.credentials
    assert [claim.path for claim in shown.revealed] == [OVER_18]
    assert shown.revealed[0].value.plain() is True
    assert "iss" in [claim.path for claim in shown.always_visible]
    assert len(contents.not_protected) >= 1

    verdict = challenge.verify(sheet.approve(world.wallet, NOW), world.trust, NOW)
    assert verdict.checked_at == verdict.trust_issued_at == NOW
    bar = verdict.credential("age")
    assert bar.value(OVER_18) is True
    assert [claim.path for claim in bar.claims] == [OVER_18]
    assert bar.issuer_name == "Agencia de Ejemplo"
    assert bar.credential_type == CredentialType.AGE.default_vct()
    assert bar.revocation is Revocation.NOT_PROVIDED
    assert bar.bound_at is not None and bar.bound_at <= NOW
    assert [world.copies_left(known) for known in CredentialType] == [4, 5, 5]


def everything_told(contents: SheetContents) -> List[Tuple[str, str]]:
    """The warnings and the notices, each with its code and text."""
    told = [(warning.code, warning.text) for warning in contents.warnings]
    return told + [(notice.code, notice.text) for notice in contents.not_protected]


def test_the_sheet_speaks_both_languages(world: World) -> None:
    request = ask(CredentialType.CURP, ["curp"]).request()
    english = world.wallet.consider(request, NOW, Language.EN).sheet().contents()
    spanish = world.wallet.consider(request, NOW, Language.ES_MX).sheet().contents()
    said, dicho = everything_told(english), everything_told(spanish)
    assert [code for code, _ in said] == [code for code, _ in dicho]
    assert all(text != texto for (_, text), (_, texto) in zip(said, dicho))
    assert english.warnings != [] and english.not_protected != []
    labels = [claim.label for claim in english.credentials[0].revealed + english.credentials[0].always_visible]
    etiquetas = [claim.label for claim in spanish.credentials[0].revealed + spanish.credentials[0].always_visible]
    assert labels != etiquetas
    facts = [fact.id for fact in english.credentials[0].implied]
    assert facts == [fact.id for fact in spanish.credentials[0].implied]
    assert facts != []
    assert [fact.label for fact in english.credentials[0].implied] != [
        fact.label for fact in spanish.credentials[0].implied
    ]


def test_the_sheet_suggests_a_smaller_proof(world: World) -> None:
    request = ask(CredentialType.CURP, ["birthdate"]).request()
    warnings = world.wallet.consider(request, NOW, Language.EN).sheet().contents().warnings
    [suggestion] = [warning.suggestion for warning in warnings if warning.suggestion is not None]
    assert suggestion.credential_type is CredentialType.AGE
    assert suggestion == smaller_proof(CredentialType.CURP, ["birthdate"], Language.EN)
    in_spanish = smaller_proof(CredentialType.CURP, ["birthdate"], Language.ES_MX)
    assert in_spanish is not None
    assert (in_spanish.claims, in_spanish.why != suggestion.why) == (suggestion.claims, True)
    assert smaller_proof(CredentialType.AGE, [OVER_18], Language.EN) is None


def test_declining_discloses_nothing_and_spends_nothing(world: World) -> None:
    challenge = ask()
    sheet = world.wallet.consider(challenge.request(), NOW, Language.EN).sheet()
    told = sheet.decline()
    assert told == refusal()
    assert world.copies_left() == 5
    assert world.wallet.history() == []
    with refused("already_used"):
        sheet.approve(world.wallet, NOW)


def test_an_answer_serves_once_and_for_one_asker(world: World) -> None:
    challenge = ask()
    kept = challenge.to_json()
    given = answer(world.wallet, challenge)
    challenge.verify(given, world.trust, NOW)
    with refused("already_used"):
        challenge.verify(given, world.trust, NOW)
    with refused("nonce_mismatch"):
        ask().verify(given, world.trust, NOW)
    with refused("audience_mismatch"):
        ask(asker=Asker(client_id="https://banco.example")).verify(given, world.trust, NOW)
    with refused("challenge_closed"):
        type(challenge).from_json(kept).verify(given, world.trust, later(hours=1))


def test_forgeries_are_refused(world: World) -> None:
    challenge = ask()
    given = json.loads(answer(world.wallet, challenge))
    [text] = given["vp_token"]["age"]
    parts = text.split("~")

    def check(forged: List[str], code: str) -> None:
        again = type(challenge).from_json(kept)
        with refused(code):
            again.verify(json.dumps({"vp_token": {"age": ["~".join(forged)]}}), world.trust, NOW)

    kept = challenge.to_json()
    lie = json.loads(base64.urlsafe_b64decode(parts[1] + "==="))
    lie[-1] = not lie[-1]
    swapped = base64.urlsafe_b64encode(json.dumps(lie).encode()).decode().rstrip("=")
    check([parts[0], swapped, parts[2]], "disclosure_unreferenced")
    check([*parts[:-1], ""], "key_binding_missing")
    # Not the last character, some of whose bits count for nothing.
    head, _, sealed = parts[0].rpartition(".")
    check([f"{head}.{'B' if sealed[0] == 'A' else 'A'}{sealed[1:]}", *parts[1:]], "signature")
    with refused("untrusted") as caught:
        challenge.verify(json.dumps(given), Agency().trust(), NOW)
    assert isinstance(caught.value, LlaveroError.Refused)
    assert (caught.value.reason.query, caught.value.reason.index) == ("age", 0)


def test_copies_run_out_and_say_so(world: World) -> None:
    for left in (4, 3, 2, 1, 0):
        challenge = ask()
        challenge.verify(answer(world.wallet, challenge), world.trust, NOW)
        assert world.copies_left() == left
    with refused("no_copies_left") as caught:
        world.wallet.consider(ask().request(), NOW, Language.EN)
    assert isinstance(caught.value, LlaveroError.Unmet)
    assert caught.value.reason.query == "age"


def test_the_history_says_what_was_shown_to_whom(world: World) -> None:
    answer(world.wallet, ask())
    bank = ask(CredentialType.CURP, ["curp"], Asker(client_id="https://banco.example"), now=later(hours=1))
    answer(world.wallet, bank, later(hours=1))
    latest, first = world.wallet.history()
    assert (latest.at, latest.client_id, latest.unverified_client_name) == (
        later(hours=1),
        "https://banco.example",
        None,
    )
    assert (first.at, first.client_id, first.unverified_client_name) == (NOW, BAR.client_id, BAR.client_name)
    assert [item.claims for item in first.shown] == [[OVER_18]]
    world.wallet.forget_history()
    assert world.wallet.history() == []


def test_removing_and_purging(world: World) -> None:
    age, curp = world.credential(), world.credential(CredentialType.CURP)
    world.wallet.remove(age.id)
    with refused("credential_unknown"):
        world.wallet.remove(age.id)
    with refused("no_credential"):
        world.wallet.consider(ask().request(), NOW, Language.EN)
    assert world.wallet.purge(NOW).credentials == 0
    assert world.wallet.purge(later(days=31)).credentials == 2
    assert world.wallet.credentials(Language.EN) == []
    with refused("credential_unknown"):
        world.wallet.show(curp.id, Language.EN)


def test_the_person_chooses_among_several_credentials(world: World) -> None:
    world.agency.issue(world.wallet, world.person, CredentialType.AGE, 2)
    choices = world.wallet.consider(ask().request(), NOW, Language.EN)
    [part] = choices.queries()
    assert part.chosen is not None
    other = part.options[1 - part.chosen].credential.id
    choices.choose("age", other)
    sheet = choices.sheet()
    assert [shown.credential.id for shown in sheet.contents().credentials] == [other]
    assert choices_are_used_up(choices.queries)


def choices_are_used_up(look: object) -> bool:
    with refused("already_used"):
        assert callable(look)
        look()
    return True


def test_a_request_in_combinations(world: World) -> None:
    def part(known: CredentialType, path: str) -> object:
        return {
            "id": known.name.lower(),
            "format": "dc+sd-jwt",
            "meta": {"vct_values": [known.default_vct()]},
            "claims": [{"path": path.split(".")}],
        }

    asked = DcqlQuery.from_json(
        json.dumps(
            {
                "credentials": [part(CredentialType.AGE, OVER_18), part(CredentialType.CURP, "curp")],
                "credential_sets": [{"options": [["age"], ["curp"]]}],
            }
        )
    )
    challenge = type(ask())(BAR, "Vender", asked, 300, NOW)
    choices = world.wallet.consider(challenge.request(), NOW, Language.EN)
    assert choices.credential_sets() == [[["age"], ["curp"]]]
    choices.choose_set(0, 1)
    verdict = challenge.verify(choices.sheet().approve(world.wallet, NOW), world.trust, NOW)
    assert verdict.credential("curp").value("curp") == world.person.curp()
    with pytest.raises(KeyError):
        verdict.credential("age")


def test_inspecting_verifies_nothing(world: World) -> None:
    challenge = ask()
    given = answer(world.wallet, challenge)
    assert isinstance(json.loads(inspect(given)), dict)
    assert json.loads(inspect(challenge.request())) != {}


def test_an_issuer_of_another_kind_of_key() -> None:
    agency = Agency(kind=KeyKind.ED25519)
    wallet = Wallet.in_memory(None)
    assert agency.issue(wallet, adult()).credential.copies_left == 3
    challenge = ask()
    verdict = challenge.verify(answer(wallet, challenge), agency.trust(), NOW)
    assert verdict.credential("age").value(OVER_18) is True
