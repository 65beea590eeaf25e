"""Issuers by certificates, and types that a trust list describes."""

import json
from pathlib import Path
from typing import Any, Dict

import pytest

from llavero import (
    CertificateTrust,
    Challenge,
    CredentialType,
    DcqlQuery,
    Issuer,
    IssuerMetadata,
    KeyKind,
    Language,
    SigningKey,
    TrustedIssuer,
    TrustedKey,
    TrustList,
    TypeDocument,
    TypeName,
    Wallet,
    issuer_metadata_url,
    new_nonce,
)
from refused import refused
from world import BAR, NOW, OVER_18, Agency, adult, answer, ask

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "refusals.json"
FILE: Dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))

CLUB = """{"vct": "urn:example:club:1",
 "display": [{"locale": "es", "name": "Carnet del club"}, {"locale": "en", "name": "Club card"}],
 "claims": [{"path": ["age_equal_or_over", "18"], "sd": "always", "display": [
   {"locale": "es", "label": "Mayoría de edad"}, {"locale": "en", "label": "Of full age"}]}]}"""


def test_an_unknown_type_is_called_by_the_labels_of_its_document() -> None:
    agency, document, wallet = Agency(), TypeDocument(CLUB), Wallet.in_memory(None)
    [listed] = agency.trust().issuers()
    listed.types, listed.requires_type_metadata = [document.vct()], True
    bare = TrustList(NOW, [listed])
    trust = bare.with_type_documents([CLUB])
    assert trust.type_documents() == [CLUB]

    name = document.type_name()
    assert (name.vct, name.integrity) == ("urn:example:club:1", document.integrity())
    draft = agency.issuer.draft(adult().record(CredentialType.AGE), name, 30, NOW)
    nonce = new_nonce()
    proofs = wallet.begin(agency.issuer.identifier(), nonce, 1, KeyKind.P256, NOW)
    copies = agency.issuer.prepare(draft, proofs, nonce, NOW).sign(agency.key)
    with refused("type_document_missing"):
        wallet.receive(copies, bare, NOW, Language.ES_MX)
    receipt = wallet.receive(copies, trust, NOW, Language.ES_MX)
    assert (receipt.credential.label, receipt.credential.known_type) == ("Carnet del club", None)

    asked = DcqlQuery.for_claims("club", [document.vct()], [OVER_18])
    challenge = Challenge(BAR, "Entrar", asked, 300, NOW)
    shown = challenge.verify(answer(wallet, challenge), trust, NOW).credential("club")
    [claim] = shown.claims
    assert [shown.type_name(language) for language in Language] == ["Carnet del club", "Club card"]
    assert [claim.label(language) for language in Language] == ["Mayoría de edad", "Of full age"]


def test_without_a_document_there_are_no_words() -> None:
    agency, wallet, challenge = Agency(), Wallet.in_memory(None), ask()
    agency.issue(wallet, adult())
    shown = challenge.verify(answer(wallet, challenge), agency.trust(), NOW).credential("age")
    assert (shown.type_name(Language.EN), shown.claims[0].label(Language.EN)) == (None, None)


def test_a_draft_that_is_not_as_its_document_says_is_not_issued() -> None:
    always = json.dumps({"vct": "urn:example:club:1", "claims": [{"path": ["socio"], "mandatory": True}]})
    with refused("type_claim_missing"):
        Agency().issuer.draft(adult().record(CredentialType.AGE), TypeDocument(always).type_name(), 30, NOW)


def test_an_agency_is_known_by_its_certificates() -> None:
    key = SigningKey.from_jwk(FILE["issuer_jwk"])
    plain = Issuer("https://agencia.example", key.public_key())
    certified = plain.with_certificates([bytes.fromhex(FILE["issuer_certificate"])])
    vct = CredentialType.AGE.default_vct()
    entry = TrustedIssuer(
        issuer=plain.identifier(),
        name="Agencia de Ejemplo",
        types=[vct],
        certificates=CertificateTrust(anchors=[bytes.fromhex(FILE["anchor_certificate"])]),
    )
    # What is read from a list makes the same list.
    trust = TrustList(NOW, TrustList.from_json(TrustList(NOW, [entry]).to_json()).issuers())
    [again] = trust.issuers()
    assert again.certificates == entry.certificates

    wallet, nonce = Wallet.in_memory(None), new_nonce()
    proofs = wallet.begin(plain.identifier(), nonce, 1, KeyKind.P256, NOW)

    def issued(agency: Issuer) -> Any:
        draft = agency.draft(adult().record(CredentialType.AGE), TypeName(vct=vct), 30, NOW)
        return agency.prepare(draft, proofs, nonce, NOW).sign(key)

    with refused("certificate"):
        wallet.receive(issued(plain), trust, NOW, Language.EN)
    wallet.receive(issued(certified), trust, NOW, Language.EN)
    challenge = ask()
    assert challenge.verify(answer(wallet, challenge), trust, NOW).credential("age").value(OVER_18) is True

    entry.keys = [TrustedKey(key=key.public_key())]
    with refused("argument_malformed"):
        TrustList(NOW, [entry])


def test_an_agency_is_listed_by_the_keys_that_it_publishes() -> None:
    agency = Agency()
    issuer, published = agency.issuer.identifier(), json.loads(agency.key.public_key().to_jwk())
    assert issuer_metadata_url(issuer) == f"{issuer}/.well-known/jwt-vc-issuer"
    document = json.dumps({"issuer": issuer, "jwks": {"keys": [published]}})
    metadata = IssuerMetadata.from_json(document, issuer)
    [key] = metadata.keys()
    assert (metadata.jwks_uri(), key.key.thumbprint()) == (None, agency.key.public_key().thumbprint())
    elsewhere = IssuerMetadata.from_json(json.dumps({"issuer": issuer, "jwks_uri": f"{issuer}/keys"}), issuer)
    assert elsewhere.jwks_uri() == f"{issuer}/keys"
    [key] = elsewhere.keys(json.dumps({"keys": [published]}))
    assert key.key.thumbprint() == agency.key.public_key().thumbprint()
    with refused("argument_malformed"):
        elsewhere.keys()
    with refused("issuer_mismatch"):
        IssuerMetadata.from_json(document, "https://otra.example")
