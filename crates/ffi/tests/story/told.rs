//! An agency issues, a bar asks, a person decides.

use std::sync::Arc;

use llavero_ffi::{
    CertificateTrust, ClaimValue, CredentialType, DcqlQuery, IssuerMetadata, KeyKind, PublicKey,
    Record, Revocation, SigningKey, ToSign, TrustList, TrustedIssuer, TypeDocument, TypeName,
    Wallet, issuer_metadata_url, refusal,
};
use llavero_tests::seeded;

use crate::certificates::{Certificate, uri};
use crate::support::agency::{
    ALL_TYPES, Agency, BAR, DAYS, EN, ES, ISSUANCE, ask, irene, left, over_18, question, sheet,
    show,
};
use crate::support::keys::AppKeys;
use crate::support::{AGENCY, AppRandom, Dictionary, NOW};

const AGE: CredentialType = CredentialType::Age;

#[test]
fn issue_ask_consent_verify() {
    let agency = Agency::new();
    let wallet = Wallet::in_memory(None, None, 60);
    for of in ALL_TYPES {
        let receipt = agency.give(&wallet, of, 3, KeyKind::P256);
        assert!(receipt.warnings.is_empty());
        assert_eq!(receipt.credential.known_type, Some(of));
        assert_eq!((receipt.credential.copies_left, receipt.credential.copies_received), (3, 3));
    }
    assert_eq!(wallet.credentials(ES).unwrap().len(), 3);

    let challenge = over_18();
    let request = challenge.request().unwrap();
    let choices = wallet.consider(&request, NOW, ES).unwrap();
    let parts = choices.queries().unwrap();
    // The card answers nothing here: another type was asked for.
    assert_eq!((parts.len(), parts[0].options.len(), parts[0].chosen), (1, 1, Some(0)));
    assert!(choices.credential_sets().unwrap().is_empty());
    choices.choose("part", &parts[0].options[0].credential.id).unwrap();
    let sheet = choices.sheet().unwrap();
    let contents = sheet.contents();
    assert_eq!((contents.client_id.as_str(), contents.credentials.len()), (BAR, 1));
    assert_eq!(contents.credentials[0].revealed[0].value, ClaimValue::Boolean { value: true });
    let codes: Vec<&str> = contents.warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert!(codes.contains(&"requester_unverified"), "{codes:?}");
    let answer = sheet.approve(&wallet, NOW).unwrap();
    let verdict = challenge.verify(&answer, &agency.trust(), NOW).unwrap();
    let shown = &verdict.credentials[0];
    assert_eq!(shown.claims[0].values, [ClaimValue::Boolean { value: true }]);
    assert_eq!((shown.issuer.as_str(), shown.revocation), (AGENCY, Revocation::NotProvided));
    assert_eq!(verdict.trust_issued_at, NOW);

    let another = over_18();
    let error = another.verify(&answer, &agency.trust(), NOW).unwrap_err();
    assert_eq!(error.code(), "nonce_mismatch");

    let history = wallet.history().unwrap();
    assert_eq!((history.len(), history[0].client_id.as_str()), (1, BAR));
    assert_eq!(history[0].shown[0].claims, ["age_equal_or_over.18"]);
    wallet.forget_history().unwrap();
    assert!(wallet.history().unwrap().is_empty());
}

#[test]
fn a_smaller_proof_is_suggested_in_the_language_of_the_sheet() {
    let agency = Agency::new();
    let wallet = Wallet::in_memory(None, None, 60);
    agency.give(&wallet, CredentialType::Curp, 2, KeyKind::P256);
    let request = question(CredentialType::Curp, "curp").request().unwrap();
    let mut whys = Vec::new();
    for language in [ES, EN] {
        let sheet = wallet.consider(&request, NOW, language).unwrap().sheet().unwrap();
        let contents = sheet.contents();
        assert!(contents.credentials[0].implied.iter().any(|fact| fact.id == "birthdate"));
        let suggestion = contents.warnings.iter().find_map(|warning| warning.suggestion.clone());
        whys.push(suggestion.unwrap().why);
        assert_eq!(sheet.decline().unwrap(), refusal());
    }
    assert_ne!(whys[0], whys[1]);
    assert_eq!(left(&wallet), 2, "declining costs nothing");
}

#[test]
fn copies_run_out_and_come_again() {
    let agency = Agency::new();
    let wallet = Wallet::in_memory(None, None, 60);
    let receipt = agency.give(&wallet, AGE, 2, KeyKind::Ed25519);
    for remaining in [1, 0] {
        show(&wallet, &agency, &over_18());
        assert_eq!(left(&wallet), remaining);
    }
    let error = wallet.consider(&over_18().request().unwrap(), NOW, EN).unwrap_err();
    assert_eq!(error.code(), "no_copies_left");
    assert_eq!(wallet.show(&receipt.credential.id, EN).unwrap_err().code(), "no_copies_left");
    agency.give(&wallet, AGE, 1, KeyKind::Ed25519);
    show(&wallet, &agency, &over_18());
    wallet.remove(&receipt.credential.id).unwrap();
    assert_eq!(wallet.credentials(EN).unwrap().len(), 1);
    assert_eq!(wallet.history().unwrap().len(), 3);
}

#[test]
fn keys_storage_and_randomness_of_the_app_serve_in_every_form() {
    for (kind, der) in [(KeyKind::P256, false), (KeyKind::P256, true), (KeyKind::Ed25519, false)] {
        let agency = Agency::new();
        let (keys, store) = (AppKeys::new(der), Dictionary::new());
        let wallet = || {
            let (keys, store) = (Arc::clone(&keys) as _, Arc::clone(&store) as _);
            Wallet::with_store(store, Some(keys), Some(AppRandom::new(7)), 60)
        };
        agency.give(&wallet(), AGE, 3, kind);
        assert_eq!(keys.count(), 3);
        // Another wallet over the same store goes on: whatever the first knew is in the store.
        show(&wallet(), &agency, &over_18());
        assert_eq!(keys.count(), 2, "the key of the spent copy is deleted");
        let records = store.records();
        let count = |table: &str| records.keys().filter(|(of, _)| of == table).count();
        assert_eq!((count("copy"), count("spent_key"), count("history")), (2, 0, 1));
        let id = wallet().credentials(EN).unwrap()[0].id.clone();
        wallet().remove(&id).unwrap();
        assert_eq!(keys.count(), 0);
    }
}

#[test]
fn signing_elsewhere_in_two_steps() {
    let agency = Agency::new();
    for (kind, der) in [(KeyKind::P256, true), (KeyKind::P256, false), (KeyKind::Ed25519, false)] {
        let keys = AppKeys::new(der);
        let wallet = Wallet::in_memory(Some(Arc::clone(&keys) as _), None, 60);
        let wallet = Arc::new(wallet);
        let sign = |to_sign: Vec<ToSign>| -> Vec<Vec<u8>> {
            to_sign.iter().map(|one| keys.sign_with(&one.handle, &one.bytes)).collect()
        };
        let pending = wallet.begin_unsigned(AGENCY, ISSUANCE, 2, kind, NOW).unwrap();
        let to_sign = pending.to_sign().unwrap();
        assert!(to_sign.iter().all(|one| PublicKey::from_jwk(&one.public_key).is_ok()));
        let signatures = sign(to_sign);
        // What can be tried again is not used up.
        let error = pending.finish(signatures[..1].to_vec()).unwrap_err();
        assert_eq!(error.code(), "signature_count");
        let error = pending.finish(vec![vec![1], vec![2]]).unwrap_err();
        assert_eq!(error.code(), "key_format");
        let proofs = pending.finish(signatures.clone()).unwrap();
        assert_eq!(pending.finish(signatures).unwrap_err().code(), "already_used");

        let record = Record::from_json(AGE, &irene(AGE).to_string(), NOW).unwrap();
        let name = TypeName { vct: AGE.default_vct(), integrity: None, document: None };
        let draft = agency.issuer.draft(&record, name, DAYS, NOW).unwrap();
        let batch = agency.issuer.prepare(&draft, proofs, ISSUANCE, NOW, None).unwrap();
        let inputs = batch.signing_inputs().unwrap().into_iter();
        let signatures = inputs.map(|input| agency.key.sign(input).unwrap()).collect();
        assert_eq!(batch.attach(vec![vec![1]]).unwrap_err().code(), "key_format");
        let copies = batch.attach(signatures).unwrap();
        wallet.receive(copies, &agency.trust(), NOW, EN).unwrap();

        let challenge = over_18();
        let pending = sheet(&wallet, &challenge).approve_unsigned(Arc::clone(&wallet), NOW);
        let pending = pending.unwrap();
        assert_eq!((left(&wallet), keys.count()), (1, 2), "spent before anything is signed");
        assert_eq!(pending.finish(Vec::new()).unwrap_err().code(), "signature_count");
        let answer = pending.finish(sign(pending.to_sign().unwrap())).unwrap();
        challenge.verify(&answer, &agency.trust(), NOW).unwrap();
        assert_eq!(keys.count(), 1);
        assert_eq!(pending.to_sign().unwrap_err().code(), "already_used");

        // A signature of nobody: the copy is spent, its key is deleted, nothing is disclosed.
        let pending = sheet(&wallet, &over_18()).approve_unsigned(Arc::clone(&wallet), NOW);
        let error = pending.unwrap().finish(vec![vec![0xab; 64]]).unwrap_err();
        assert_eq!((error.code().as_str(), left(&wallet), keys.count()), ("signature", 0, 0));
    }
}

#[test]
fn a_challenge_can_be_forgotten_and_read_again() {
    let agency = Agency::new();
    let wallet = Wallet::in_memory(None, None, 60);
    agency.give(&wallet, AGE, 1, KeyKind::P256);
    let challenge = over_18();
    let kept = challenge.to_json().unwrap();
    let answer = sheet(&wallet, &challenge).approve(&wallet, NOW).unwrap();
    let again = llavero_ffi::Challenge::from_json(&kept).unwrap();
    assert_eq!(again.request().unwrap(), challenge.request().unwrap());
    again.verify(&answer, &agency.trust(), NOW).unwrap();
    assert_eq!(again.verify(&answer, &agency.trust(), NOW).unwrap_err().code(), "already_used");
    assert_eq!(again.to_json().unwrap_err().code(), "already_used");
}

#[test]
fn what_cannot_be_answered_is_told_by_its_part() {
    let wallet = Wallet::in_memory(None, None, 60);
    let error = wallet.consider(&over_18().request().unwrap(), NOW, EN).unwrap_err();
    let llavero_ffi::LlaveroError::Unmet { reason } = &error else { panic!("{error:?}") };
    assert_eq!((reason.code.as_str(), reason.query.as_deref()), ("no_credential", Some("part")));
}

/// A type that no table knows, as its publisher describes it.
const CLUB: &str = r#"{"vct": "urn:example:club:1",
 "display": [{"locale": "es", "name": "Carnet del club"}, {"locale": "en", "name": "Club card"}],
 "claims": [{"path": ["age_equal_or_over", "18"], "sd": "always", "display": [
   {"locale": "es", "label": "Mayoría de edad"}, {"locale": "en", "label": "Of full age"}]}]}"#;

#[test]
fn an_unknown_type_is_called_by_the_labels_of_its_document() {
    let agency = Agency::new();
    let document = Arc::new(TypeDocument::new(CLUB, Vec::new()).unwrap());
    let mut issuer = agency.trust().issuers().remove(0);
    issuer.types = vec![document.vct()];
    issuer.requires_type_metadata = true;
    let bare = TrustList::new(NOW, vec![issuer]).unwrap();
    let trust = bare.with_type_documents(vec![CLUB.to_owned()]).unwrap();
    assert_eq!(trust.type_documents(), [CLUB]);

    let wallet = Wallet::in_memory(None, None, 60);
    let proofs = wallet.begin(AGENCY, ISSUANCE, 1, KeyKind::P256, NOW).unwrap();
    let record = Record::from_json(AGE, &irene(AGE).to_string(), NOW).unwrap();
    let draft = agency.issuer.draft(&record, Arc::clone(&document).type_name(), DAYS, NOW).unwrap();
    let batch = agency.issuer.prepare(&draft, proofs, ISSUANCE, NOW, None).unwrap();
    let copies = batch.sign(&agency.key).unwrap();
    let error = wallet.receive(copies.clone(), &bare, NOW, ES).unwrap_err();
    assert_eq!(error.code(), "type_document_missing");
    let receipt = wallet.receive(copies, &trust, NOW, ES).unwrap();
    assert_eq!(
        (receipt.credential.label.as_str(), receipt.credential.known_type),
        ("Carnet del club", None)
    );

    let paths = vec!["age_equal_or_over.18".to_owned()];
    let query = DcqlQuery::for_claims("part", vec![document.vct()], paths).unwrap();
    let challenge = ask(&query);
    let sheet = sheet(&wallet, &challenge);
    assert_eq!(sheet.contents().credentials[0].revealed[0].label, "Of full age");
    let verdict = challenge.verify(&sheet.approve(&wallet, NOW).unwrap(), &trust, NOW).unwrap();
    let shown = &verdict.credentials[0];
    assert_eq!(shown.type_name_es_mx.as_deref(), Some("Carnet del club"));
    assert_eq!(shown.type_name_en.as_deref(), Some("Club card"));
    assert_eq!(shown.claims[0].label_es_mx.as_deref(), Some("Mayoría de edad"));
    assert_eq!(shown.claims[0].label_en.as_deref(), Some("Of full age"));
}

#[test]
fn an_agency_known_by_certificates_stays_so_when_the_list_is_made_again() {
    let authority = seeded::key(llavero_core::KeyKind::P256, 5).unwrap();
    let key = seeded::key(llavero_core::KeyKind::P256, 1).unwrap();
    let root = Certificate::authority("Autoridad", "Autoridad", &authority).signed_by(&authority);
    let leaf = Certificate::leaf("Autoridad", &key, &[uri(AGENCY)]).signed_by(&authority);
    let mut agency = Agency::of(SigningKey::from_jwk(&key.to_private_jwk_text()).unwrap());
    let uncertified = Agency::of(SigningKey::from_jwk(&key.to_private_jwk_text()).unwrap());
    agency.issuer = agency.issuer.with_certificates(vec![leaf.clone()]).unwrap();

    let listed = agency.trust().issuers().remove(0);
    let certificates = CertificateTrust { anchors: vec![root], key_purpose: None, haip: true };
    let both = TrustedIssuer { certificates: Some(certificates), ..listed };
    let error = TrustList::new(NOW, vec![both.clone()]).unwrap_err();
    assert_eq!(error.code(), "argument_malformed");
    let issuer = TrustedIssuer { keys: Vec::new(), ..both };
    let trust = TrustList::new(NOW, vec![issuer.clone()]).unwrap();
    let again = TrustList::new(NOW, TrustList::from_json(&trust.to_json()).unwrap().issuers());
    assert_eq!(again.unwrap().to_json(), trust.to_json());
    let no_authority = CertificateTrust { anchors: vec![leaf], key_purpose: None, haip: true };
    let issuer = TrustedIssuer { certificates: Some(no_authority), ..issuer };
    assert_eq!(TrustList::new(NOW, vec![issuer]).unwrap_err().code(), "certificate");

    for (agency, expected) in [(uncertified, Err("certificate".to_owned())), (agency, Ok(1))] {
        let wallet = Wallet::in_memory(None, None, 60);
        let proofs = wallet.begin(AGENCY, ISSUANCE, 1, KeyKind::P256, NOW).unwrap();
        let received = wallet.receive(agency.copies(AGE, proofs), &trust, NOW, EN);
        let outcome = received.map(|receipt| receipt.credential.copies_left);
        assert_eq!(outcome.map_err(|error| error.code()), expected);
    }
}

#[test]
fn an_agency_is_listed_by_the_keys_that_it_publishes() {
    let agency = Agency::new();
    let set = format!(r#"{{"keys": [{}]}}"#, agency.key.public_key().to_jwk());
    let url = issuer_metadata_url(AGENCY).unwrap();
    assert_eq!(url, format!("{AGENCY}/.well-known/jwt-vc-issuer"));
    assert_eq!(issuer_metadata_url("agencia").unwrap_err().code(), "member_malformed");
    let inside = format!(r#"{{"issuer": "{AGENCY}", "jwks": {set}}}"#);
    let elsewhere = format!(r#"{{"issuer": "{AGENCY}", "jwks_uri": "{AGENCY}/keys"}}"#);
    for (document, jwks_uri) in
        [(inside, None), (elsewhere.clone(), Some(format!("{AGENCY}/keys")))]
    {
        let metadata = IssuerMetadata::from_json(&document, AGENCY).unwrap();
        assert_eq!(metadata.jwks_uri(), jwks_uri);
        let (right, wrong) =
            if jwks_uri.is_some() { (Some(set.clone()), None) } else { (None, Some(set.clone())) };
        assert_eq!(metadata.keys(wrong).unwrap_err().code(), "argument_malformed");
        let keys = metadata.keys(right).unwrap();
        let [listed] = agency.trust().issuers().try_into().unwrap();
        let trust = TrustList::new(NOW, vec![TrustedIssuer { keys, ..listed }]).unwrap();
        assert_eq!(trust.to_json(), agency.trust().to_json());
    }
    let another = IssuerMetadata::from_json(&elsewhere, "https://otra.example").unwrap_err();
    assert_eq!(another.code(), "issuer_mismatch");
}

#[test]
fn keys_read_back_from_what_they_print() {
    for kind in [KeyKind::Ed25519, KeyKind::P256] {
        let key = SigningKey::generate(kind).unwrap();
        let again = SigningKey::from_jwk(&key.to_private_jwk()).unwrap();
        let (one, other) = (key.public_key(), again.public_key());
        assert_eq!((one.to_jwk(), one.thumbprint()), (other.to_jwk(), other.thumbprint()));
        assert_eq!(PublicKey::from_jwk(&one.to_jwk()).unwrap().thumbprint(), one.thumbprint());
    }
}
