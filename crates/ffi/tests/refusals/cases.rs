//! The cases, in groups: what is typed, what is issued, what is received, what is asked, what is answered.

use std::sync::Arc;

use llavero_core::Signer as _;
use llavero_ffi::{
    CredentialType, Issuer, KeyKind, Language, Record, SigningKey, TrustList, TypeName, Wallet,
};
use llavero_tests::token::{Token, encode};
use serde_json::{Value, json};

use crate::certificates::base64;
use crate::forge::{
    AGE, AGENCY_KEY, AUTHORITY_KEY, CERTIFICATES, ED_KEY, HEADER, HOLDER_KEY, ISSUANCE, KB_HEADER,
    NONCE, OTHER_KEY, OVER_18, VERIFIER, bind, bound, certificate, certified_header, credential,
    kb_payload, over_18, payload, proof, proof_by, proof_payload, token, token_by,
};
use crate::support::{AGENCY, AppRandom, Dictionary, NOW, Records};

const DAY: i64 = 86_400;
const OTHER_TYPE: &str = "urn:example:other";
/// A type that others extend.
const BASE: &str = "urn:example:base";

/// All cases, in the order in which they stand in the file.
pub(crate) fn all() -> Vec<Value> {
    let mut cases = Cases(Vec::new());
    cases.identifiers();
    cases.records();
    cases.keys();
    cases.issuing();
    cases.received_tokens();
    cases.received_batches();
    cases.held();
    cases.queries();
    cases.requests();
    cases.answers();
    cases.certificates();
    cases.type_documents();
    cases.issuer_metadata();
    cases.types();
    cases.0
}

/// The agency's private key.
pub(crate) fn issuer_jwk() -> String {
    AGENCY_KEY.to_private_jwk_text().to_string()
}

/// Bytes as they stand in the file.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Cases(Vec<Value>);

impl Cases {
    /// Expects `code` in an error of the variant `error`.
    fn expect(&mut self, error: &str, code: &str, call: &str, name: &str, input: Value) {
        let case = json!({
            "name": name, "code": code, "error": error, "call": call, "input": input,
        });
        self.0.push(case);
    }

    fn identifiers(&mut self) {
        for (name, text) in from_vectors("curp_cases.json", "curp", "curp_", &[]) {
            self.record_error(&name, "curp", on_the_day(json!({ "text": text })));
        }
        let late = json!({ "text": "JINK181116HNLWKXK9" });
        self.record_error("curp_differentiator", "curp", on_the_day(late));
        for (name, text) in from_vectors("rfc_cases.json", "rfc", "rfc_", &UNCHECKED_RFC) {
            self.record_error(&name, "rfc", json!({ "text": text }));
        }
        for (name, text) in
            from_vectors("clave_elector_cases.json", "clave_elector", "clave_elector_", &[])
        {
            self.record_error(&name, "clave_elector", json!({ "text": text }));
        }
        for (name, lines) in from_vectors("mrz_cases.json", "lines", "mrz_", &[]) {
            self.record_error(&name, "ine_mrz", on_the_day(json!({ "lines": lines })));
        }
        // A letter in the CIC of the first of the vectors' zones.
        let lines = [
            "IDMEX04532A9351<<1652485169648",
            "7710034H3312315MEX<07<<74062<5",
            "HIPOTESIS<DEMOSTRADOR<<NICANOR",
        ];
        self.record_error("mrz_cic_not_numeric", "ine_mrz", on_the_day(json!({ "lines": lines })));
    }

    /// A case named after the code.
    fn record_error(&mut self, code: &str, call: &str, input: Value) {
        self.expect("Record", code, call, code, input);
    }

    fn records(&mut self) {
        let mut record = |code: &str, credential_type: &str, record: Value| {
            self.record_error(code, "record", record_input(credential_type, &record));
        };
        record("not_an_object", "Age", json!(["2000-01-01"]));
        record("field_missing", "Age", json!({}));
        record("field_type", "Age", json!({ "birthdate": 2000 }));
        record("field_unknown", "Age", json!({ "birthdate": "2000-01-01", "nickname": "Bety" }));
        record("date_format", "Age", json!({ "birthdate": "01/01/2000" }));
        record("date_range", "Age", json!({ "birthdate": "2027-01-01" }));
        let curp = |field: &str, value: &str| curp_record(&[(field, value)]);
        record("choice", "Curp", curp("curp_tipo", "vitalicia"));
        record("conflict", "Curp", curp("pais_nacimiento", "US"));
        record("curp_of_another", "Curp", curp("sexo", "H"));
        record("entidad", "Curp", curp("entidad_nacimiento", "ZZ"));
        record("sexo", "Curp", curp("sexo", "F"));
        record("pais", "Curp", curp("nationalities", "MX,US"));
        record("repeated", "Curp", curp("nationalities", "MX US MX"));
        record("too_many", "Curp", curp("nationalities", "MX US FR ES"));
        record("name_charset", "Curp", curp("given_name", "Irene2"));
        record("name_empty", "Curp", curp("given_name", "-"));
        record("name_length", "Curp", curp("given_name", &"A".repeat(101)));
        record("name_spacing", "Curp", curp("given_name", "Irene "));
        record("text_charset", "Curp", curp("issuing_authority", "Registro\u{202e}civil"));
        record("text_length", "Curp", curp("issuing_authority", &"A".repeat(201)));
        record("text_spacing", "Curp", curp("issuing_authority", " Registro"));
        record("picture_base64", "Curp", curp("picture", "data:image/png;base64,AAA"));
        record("picture_media_type", "Curp", curp("picture", "data:image/svg+xml;base64,AAAA"));
        let ine = |field: &str, value: &str| ine_record(&[(field, value)]);
        record("digits", "Ine", ine("seccion", "137"));
        record("modelo", "Ine", ine("modelo", "Z"));
        record("underage", "Ine", ine_record(&[("birthdate", "2010-01-01"), ("curp", "")]));
        let picture = format!("data:image/png;base64,{}", "A".repeat(32 * 1024));
        record("picture_length", "Curp", curp("picture", &picture));
        let mut input = record_input("Age", &json!({ "birthdate": "2000-01-01" }));
        input["now"] = (i64::MAX / 1_000_000).into();
        self.expect("Usage", "time_out_of_range", "record", "a_day_of_no_calendar", input);
    }

    fn keys(&mut self) {
        let public = AGENCY_KEY.public_key().to_jwk_text();
        let mut refused = |code: &str, call: &str, name: &str, text: &str| {
            self.expect("Refused", code, call, name, json!({ "text": text }));
        };
        refused("jwk", "public_key_jwk", "a_key_without_members", "{}");
        refused("jwk", "public_key_jwk", "a_private_key_for_a_public_one", &issuer_jwk());
        refused("jwk", "signing_key_jwk", "a_public_key_for_a_private_one", &public);
        refused("json_syntax", "signing_key_jwk", "a_key_that_is_not_json", "key");
        let hex = "04".to_owned() + &"ab".repeat(64);
        for (name, kind, hex) in [
            ("a_point_that_is_on_no_curve", "P256", hex.as_str()),
            ("no_bytes_for_a_key", "Ed25519", ""),
        ] {
            let input = json!({ "kind": kind, "hex": hex });
            self.expect("Device", "key_format", "public_key_device", name, input);
        }
    }

    fn issuing(&mut self) {
        self.expect(
            "Usage",
            "identifier_malformed",
            "issuer",
            "an_issuer_without_a_name",
            json!({ "identifier": "" }),
        );
        let with = |input: Value, member: &str, value: Value| {
            let mut input = input;
            input[member] = value;
            input
        };
        let draft = || {
            let mut input = record_input("Ine", &ine_record(&[]));
            input["vct"] = "urn:example:mx:ine:1".into();
            input["days"] = 30.into();
            input
        };
        for (name, member, value) in [
            ("a_type_without_a_name", "vct", ""),
            ("an_integrity_of_no_known_hash", "integrity", "md5-AAAA"),
        ] {
            let input = with(draft(), member, value.into());
            self.expect("Usage", "identifier_malformed", "draft", name, input);
        }
        for (name, days) in [("valid_for_no_days", 0), ("valid_for_more_than_a_year", 367)] {
            let input = with(draft(), "days", days.into());
            self.expect("Usage", "validity_out_of_range", "draft", name, input);
        }
        let last_days = ine_record(&[("date_of_expiry", "2026-12-31")]).to_string();
        let input = with(with(draft(), "text", last_days.into()), "days", 60.into());
        self.expect("Record", "outlives_document", "draft", "valid_after_the_card", input);

        let prepare = |proofs: &[String]| {
            let mut input = record_input("Age", &json!({ "birthdate": "2000-01-01" }));
            input["vct"] = AGE.into();
            input["days"] = 7.into();
            input["proofs"] = proofs.into();
            input["nonce"] = ISSUANCE.into();
            input
        };
        let one = || vec![proof(&HOLDER_KEY)];
        self.expect("Usage", "batch_size", "prepare", "no_proofs", prepare(&[]));
        let mut refused = |code: &str, name: &str, proofs: &[String]| {
            self.expect("Refused", code, "prepare", name, prepare(proofs));
        };
        refused("key_repeated", "two_proofs_of_one_key", &[one(), one()].concat());
        refused("key_kind_mixed", "keys_of_two_kinds", &[proof(&HOLDER_KEY), proof(&ED_KEY)]);
        let said =
            |from: &str, to: &str| vec![proof_by(&proof_payload().replace(from, to), &HOLDER_KEY)];
        let now = NOW.to_string();
        let (old, ahead) = (NOW.plus_secs(-601).to_string(), NOW.plus_secs(61).to_string());
        refused("nonce_mismatch", "a_proof_for_another_nonce", &said(ISSUANCE, "another"));
        refused("audience_mismatch", "a_proof_for_another_issuer", &said(AGENCY, VERIFIER));
        refused("key_binding_expired", "an_old_proof", &said(&now, &old));
        refused("key_binding_in_future", "a_proof_from_the_future", &said(&now, &ahead));
        refused("typ", "a_presentation_for_a_proof", &[bound("").replacen('~', "", 1)]);
        refused("shape", "a_text_for_a_proof", &["proof".to_owned()]);

        let mut input = prepare(&one());
        input["signing_jwk"] = OTHER_KEY.to_private_jwk_text().as_str().into();
        self.expect("Device", "signer_key_mismatch", "sign", "signed_with_another_key", input);
        let attach = |signatures: &[&str]| with(prepare(&one()), "signatures", signatures.into());
        let (number, short) = ("ab".repeat(64), "ab".repeat(63));
        let input = attach(&[&number]);
        self.expect("Refused", "signature", "attach", "the_signature_of_nobody", input);
        let input = attach(&[&short]);
        self.expect("Device", "key_format", "attach", "a_signature_that_is_too_short", input);
        let input = attach(&[]);
        self.expect("Usage", "signature_count", "attach", "no_signature_for_a_copy", input);
    }

    /// Copies that are wrong by themselves.
    fn received_tokens(&mut self) {
        let mut refused = |code: &str, name: &str, copy: String| {
            let input =
                json!({ "store": [], "copies": [copy], "trust": trust(), "now": NOW.as_secs() });
            self.expect("Refused", code, "receive", name, input);
        };
        let with_header = |header: &str| token_by(header, &payload(""), &[], &AGENCY_KEY);
        let one = [r#"["bm9ib2R5IGtub3dzIGl0","a",1]"#];
        refused("shape", "not_a_token", "copy".to_owned());
        refused("base64url", "padding", credential("", &[]).replacen('.', "=.", 1));
        refused("typ", "another_kind_of_token", with_header(r#"{"alg":"ES256","typ":"JWT"}"#));
        let header = r#"{"alg":"none","typ":"dc+sd-jwt"}"#;
        refused("algorithm_not_allowed", "no_algorithm", with_header(header));
        let header = r#"{"alg":"ES256","typ":"dc+sd-jwt","crit":["exp"]}"#;
        refused("critical_header", "an_extension_that_nobody_knows", with_header(header));
        let by_another = token_by(HEADER, &payload(""), &[], &OTHER_KEY);
        refused("signature", "signed_with_the_key_of_another", by_another);
        let stranger = payload("").replace(AGENCY, "https://otra.example");
        refused("untrusted", "an_issuer_that_is_not_on_the_list", token(&stranger, &[]));
        let unknown = payload("").replace(AGE, "urn:example:unlisted");
        refused("untrusted", "a_type_that_the_issuer_may_not_issue", token(&unknown, &[]));
        let start = NOW.start_of_day().as_secs();
        refused("expired", "expired_at_midnight", credential(&format!(r#""exp":{start}"#), &[]));
        let tomorrow = start + DAY;
        let early = credential(&format!(r#""nbf":{tomorrow}"#), &[]);
        refused("not_yet_valid", "valid_from_tomorrow", early);
        refused("date_malformed", "a_date_in_words", credential(r#""exp":"mañana""#, &[]));
        let also = r#""aka_vcts":[]"#;
        refused("vct", "a_type_with_a_list_of_no_other_names", credential(also, &[]));
        refused(
            "vc_claim_malformed",
            "a_status_that_is_no_object",
            credential(r#""status":0"#, &[]),
        );
        let keyless = format!(r#"{{"iss":"{AGENCY}","vct":"{AGE}"}}"#);
        refused("confirmation_missing", "bound_to_no_key", token(&keyless, &[]));
        refused("key_binding_unexpected", "a_presentation_for_a_copy", bound(&over_18()));

        refused("hash_algorithm", "a_hash_that_nobody_uses", credential(r#""_sd_alg":"md5""#, &[]));
        refused("reserved_name", "digests_that_are_no_list", credential(r#""_sd":"x""#, &[]));
        refused("digest_repeated", "one_digest_twice", credential(r#""_sd":["x","x"]"#, &[]));
        refused("disclosure_unreferenced", "a_disclosure_of_nothing", credential("", &one));
        refused(
            "disclosure_malformed",
            "a_disclosure_with_only_a_salt",
            credential(r#""_sd":["<0>"]"#, &[r#"["bm9ib2R5IGtub3dzIGl0"]"#]),
        );
        refused(
            "disclosure_arity",
            "an_element_where_a_member_belongs",
            credential(r#""_sd":["<0>"]"#, &[r#"["bm9ib2R5IGtub3dzIGl0",1]"#]),
        );
        refused(
            "disclosure_name",
            "a_disclosed_name_that_is_taken",
            credential(r#""_sd":["<0>"],"a":2"#, &one),
        );
        refused(
            "protected_claim",
            "an_expiry_that_can_be_hidden",
            credential(r#""_sd":["<0>"]"#, &[r#"["bm9ib2R5IGtub3dzIGl0","exp",1900000000]"#]),
        );
        refused("json_duplicate_name", "a_name_given_twice", credential(r#""a":1,"a":2"#, &[]));
        refused("json_not_an_object", "a_copy_whose_header_is_a_list", with_header("[]"));
        refused("json_syntax", "a_payload_that_is_not_json", token("{", &[]));
        let deep = format!(r#""a":{}{}"#, "[".repeat(64), "]".repeat(64));
        refused("json_too_deep", "lists_in_lists", credential(&deep, &[]));

        let many = json!({ "repeat": "a~", "times": 1 << 20 });
        let input =
            json!({ "store": [], "copies": [many], "trust": trust(), "now": NOW.as_secs() });
        self.expect("Refused", "limit_exceeded", "receive", "a_copy_of_two_megabytes", input);
        let input = |copies: Value| json!({ "store": [], "copies": copies, "trust": trust(), "now": NOW.as_secs() });
        self.expect("Usage", "batch_size", "receive", "no_copies", input(json!([])));
        let many = vec!["a"; 101];
        self.expect(
            "Usage",
            "batch_size",
            "receive",
            "more_copies_than_a_batch_has",
            input(json!(many)),
        );
    }

    /// Batches that would let somebody recognise their holder, or that were not asked for.
    fn received_batches(&mut self) {
        let offered = Offered::new(2);
        let store = dump(&offered.store);
        let receive = |copies: &[String]| json!({ "store": store, "copies": copies, "trust": trust(), "now": NOW.as_secs() });
        let mut refused = |code: &str, name: &str, copies: &[String]| {
            self.expect("Refused", code, "receive", name, receive(copies));
        };
        let second = |change: &dyn Fn(&mut Token)| offered.altered(&[false, true], change);
        let both = |change: &dyn Fn(&mut Token)| offered.altered(&[true, true], change);

        let [one, other] = &*offered.copies else { unreachable!("two copies") };
        refused("key_repeated", "one_copy_twice", &[one.clone(), one.clone()]);
        let foreign = over_18();
        refused("key_not_offered", "a_key_of_somebody_else", &[one.clone(), foreign]);

        let other_value = |token: &mut Token| {
            let mut disclosure = token.disclosure(0).unwrap();
            disclosure[2] = (!disclosure[2].as_bool().unwrap()).into();
            token.replace_disclosure(0, &disclosure);
        };
        refused("lint_claims_differ", "copies_that_disagree", &second(&other_value));
        let tag = |token: &mut Token| token.payload["cnf"]["tag"] = "a".into();
        refused("lint_cnf_extra", "a_mark_beside_the_key", &both(&tag));
        let odd = |token: &mut Token| {
            token.payload["exp"] = (token.payload["exp"].as_i64().unwrap() + 1).into();
        };
        refused("lint_date_not_whole_day", "an_expiry_to_the_second", &both(&odd));
        let decoy = |token: &mut Token| token.payload["_sd"] = json!(["D".repeat(43)]);
        refused("lint_digest_shared", "one_decoy_in_two_copies", &both(&decoy));
        let nameless = |token: &mut Token| {
            token.header.as_object_mut().unwrap().remove("kid").unwrap();
        };
        refused("lint_header_differs", "one_header_without_a_key_name", &second(&nameless));
        let address = |token: &mut Token| token.header["x5u"] = "https://agencia.example".into();
        refused("lint_header_extra", "an_address_in_the_header", &both(&address));
        let subject = |token: &mut Token| token.payload["sub"] = "persona".into();
        refused("lint_identifier_open", "a_subject_that_all_can_see", &both(&subject));
        let reversed = |token: &mut Token| token.disclosures.reverse();
        refused("lint_layout_differs", "disclosures_in_another_order", &second(&reversed));
        let number = |token: &mut Token| token.payload["number"] = 44_100.into();
        refused("lint_open_claim_unique", "a_number_that_all_can_see", &both(&number));
        let short = |token: &mut Token| {
            let mut disclosure = token.disclosure(0).unwrap();
            disclosure[0] = "short".into();
            token.replace_disclosure(0, &disclosure);
        };
        refused("lint_salt_short", "a_short_salt", &both(&short));
        let salt = Token::parse(one).disclosure(0).unwrap()[0].clone();
        let same = |token: &mut Token| {
            let mut disclosure = token.disclosure(1).unwrap();
            disclosure[0] = salt.clone();
            token.replace_disclosure(1, &disclosure);
        };
        refused("lint_salt_shared", "one_salt_in_two_copies", &second(&same));
        let uri = "https://agencia.example/status/4";
        let status = |token: &mut Token| {
            token.payload["status"] = json!({ "status_list": { "idx": 7, "uri": uri } });
        };
        refused("lint_status_index_shared", "one_status_position_twice", &both(&status));
        let status = |token: &mut Token| token.payload["status"] = json!({ "tag": 1 });
        refused("lint_status_malformed", "a_status_of_another_kind", &both(&status));

        let held = Held::new(2);
        let copies = held.copies.clone();
        let input = json!({
            "store": dump(&held.records), "copies": copies, "trust": trust(), "now": NOW.as_secs(),
        });
        self.expect("Refused", "already_received", "receive", "the_same_batch_again", input);
        // What is changed above is what is refused: untouched, the same copies are taken.
        offered.take(&[one.clone(), other.clone()]);
        offered.take(&both(&|_| {}));
    }

    /// What a wallet does without anybody else.
    fn held(&mut self) {
        let held = Held::new(1);
        let on = |records: &Records, more: Value| {
            let mut input = more;
            input["store"] = dump(records);
            input
        };
        for (code, name, value) in [
            ("record_corrupt", "a_record_that_is_cut_short", r#"{"v":1,"#),
            ("record_version", "a_record_of_a_later_version", r#"{"v":2,"r":{}}"#),
        ] {
            let mut spoilt = held.records.clone();
            spoilt.insert(held.batch(), value.as_bytes().to_vec());
            self.expect("Device", code, "credentials", name, on(&spoilt, json!({})));
        }
        let history = ("history".to_owned(), "entry".to_owned());
        let spoilt: Records = [(history, b"\xc3\xb1".to_vec())].into();
        let name = "a_history_that_is_not_json";
        self.expect("Device", "record_corrupt", "history", name, on(&spoilt, json!({})));
        let nobody = json!({ "id": "nobody" });
        for call in ["show", "remove"] {
            let (name, input) =
                (format!("{call}_what_is_not_there"), on(&held.records, nobody.clone()));
            self.expect("Unmet", "credential_unknown", call, &name, input);
        }
        let (_, id) = held.batch();
        let input = on(&held.spent(), json!({ "id": id }));
        self.expect("Unmet", "no_copies_left", "show", "show_without_a_copy", input);
        let mut cut = held.records.clone();
        cut.retain(|(table, _), _| table != "copy");
        let input = on(&cut, json!({ "id": id }));
        self.expect("Device", "record_corrupt", "show", "show_a_copy_that_is_gone", input);

        let begin = |count: u32, more: Value| {
            let mut input = more;
            input["store"] = json!([]);
            input["issuer"] = AGENCY.into();
            input["nonce"] = ISSUANCE.into();
            input["count"] = count.into();
            input["kind"] = "P256".into();
            input["now"] = NOW.as_secs().into();
            input
        };
        for (name, count) in [("no_keys", 0), ("too_many_keys", 101), ("all_the_keys", u32::MAX)] {
            self.expect("Usage", "batch_size", "begin", name, begin(count, json!({})));
        }
        let (number, short) = ("ab".repeat(64), "ab".repeat(63));
        let call = "finish_enrolment";
        let input = begin(2, json!({ "signatures": [number, number] }));
        self.expect("Refused", "signature", call, "proofs_signed_by_nobody", input);
        let input = begin(2, json!({ "signatures": [number] }));
        self.expect("Usage", "signature_count", call, "one_signature_for_two_proofs", input);
        let input = begin(1, json!({ "signatures": [short] }));
        self.expect("Device", "key_format", call, "a_short_signature_of_a_proof", input);
    }

    fn queries(&mut self) {
        let mut usage = |code: &str, name: &str, query: &Value| {
            self.expect("Usage", code, "query", name, json!({ "text": query.to_string() }));
        };
        let with = |pointer: &str, value: Value| {
            let mut query = full_query();
            *query.pointer_mut(pointer).unwrap() = value;
            query
        };
        let without = |pointer: &str, name: &str| {
            let mut query = full_query();
            query.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name).unwrap();
            query
        };
        usage(
            "query_claim_sets_without_claims",
            "sets_of_no_claims",
            &without("/credentials/0", "claims"),
        );
        usage("query_empty", "a_query_for_nothing", &with("/credentials", json!([])));
        usage(
            "query_id_malformed",
            "an_identifier_with_a_space",
            &with("/credentials/0/id", json!("a b")),
        );
        usage(
            "query_id_repeated",
            "one_identifier_twice",
            &with("/credentials/1/id", json!("one")),
        );
        let unknown = with("/credential_sets/0/options/0/0", json!("three"));
        usage("query_id_unknown", "a_set_of_what_is_not_asked", &unknown);
        usage("query_missing", "a_credential_of_no_type", &without("/credentials/0", "meta"));
        let many: Vec<String> = (0..1_000).map(|n| format!("urn:example:{n}")).collect();
        let many = with("/credentials/0/meta/vct_values", json!(many));
        usage("query_too_many", "a_thousand_types", &many);
        let fraction = with("/credentials/0/claims/0/values", json!([1.5]));
        usage("query_value_unsupported", "a_value_with_a_fraction", &fraction);
        usage("query_wrong_type", "a_flag_in_words", &with("/credentials/0/multiple", json!("no")));
        let path = |value: Value| with("/credentials/0/claims/0/path", value);
        usage("path_component_invalid", "a_path_with_a_flag", &path(json!([true])));
        usage("path_empty", "a_path_to_nowhere", &path(json!([])));
        usage("path_not_an_array", "a_path_in_one_word", &path(json!("a")));
        let long = "a.".repeat(32) + "a";
        for (code, name, path) in [
            ("path_empty", "no_path", ""),
            ("path_syntax", "a_path_with_two_dots", "a..b"),
            ("path_too_many_segments", "a_long_path", long.as_str()),
        ] {
            let input = json!({ "id": "one", "vct_values": [AGE], "paths": [path] });
            self.expect("Usage", code, "query_for_claims", name, input);
        }
        let input = json!({ "id": "", "vct_values": [AGE], "paths": ["a"] });
        self.expect("Usage", "query_empty", "query_for_claims", "no_identifier", input);
        let input = json!({ "text": "{" });
        self.expect("Refused", "json_syntax", "query", "half_a_query", input);
        let input = json!({ "text": { "repeat": "[", "times": 100_000 } });
        self.expect("Refused", "json_too_deep", "query", "a_hundred_thousand_brackets", input);
        let input = json!({ "text": "{}" });
        self.expect("Refused", "member_malformed", "trust_list", "a_list_without_issuers", input);
        let input = json!({ "text": "\u{feff}{}" });
        self.expect("Refused", "json_syntax", "trust_list", "a_mark_before_the_list", input);
        let input = json!({ "text": { "repeat": " ", "times": (8 << 20) + 1 } });
        self.expect("Refused", "limit_exceeded", "trust_list", "a_list_of_eight_megabytes", input);
        let input = json!({ "text": "{}" });
        self.expect("Refused", "shape", "inspect", "inspect_what_nobody_knows", input);
        let input = json!({ "text": { "repeat": "a", "times": (1 << 20) + 1 } });
        self.expect("Refused", "limit_exceeded", "inspect", "inspect_a_megabyte", input);
        let input = json!({ "text": "\u{0}" });
        self.expect("Refused", "shape", "inspect", "inspect_a_zero", input);
    }

    /// What a wallet makes of a request.
    fn requests(&mut self) {
        let held = Held::new(1);
        let over = |records: &Records, request: &Value| json!({ "store": dump(records), "request": request.to_string(), "now": NOW.as_secs() });
        let mut consider = |error: &str, code: &str, name: &str, request: &Value| {
            self.expect(error, code, "consider", name, over(&held.records, request));
        };
        let with = |member: &str, value: Value| {
            let mut request = request(&age_query());
            request[member] = value;
            request
        };
        for (name, member, value) in [
            ("a_request_without_a_purpose", "purpose", json!("")),
            ("a_purpose_that_turns_around", "purpose", json!("Vender\u{202e}bebidas")),
            ("a_short_nonce", "nonce", json!("short")),
            ("a_request_for_a_transaction", "transaction_data", json!([])),
        ] {
            consider("Refused", "member_malformed", name, &with(member, value));
        }
        consider("Unmet", "no_credential", "nothing_of_this_type", &asks(OTHER_TYPE, "a"));
        consider(
            "Unmet",
            "mismatch_claim_absent",
            "an_age_that_is_not_there",
            &asks(AGE, "age_equal_or_over.99"),
        );
        let mut query = age_query();
        query["credentials"][0]["trusted_authorities"] =
            json!([{ "type": "aki", "values": ["eA"] }]);
        consider("Unmet", "mismatch_authority", "an_authority_above_the_issuer", &request(&query));
        let mut query = age_query();
        query["credentials"][0]["claims"] = json!([
            { "id": "a", "path": ["age_equal_or_over", "98"] },
            { "id": "b", "path": ["age_equal_or_over", "99"] },
        ]);
        query["credentials"][0]["claim_sets"] = json!([["a"], ["b"]]);
        consider("Unmet", "mismatch_claim_sets", "no_set_of_claims_fits", &request(&query));
        let mut query = two_queries(OTHER_TYPE, "urn:example:third");
        query["credential_sets"] = json!([{ "options": [["one"], ["two"]] }]);
        consider("Unmet", "credential_set_unmet", "no_combination_fits", &request(&query));

        let mut keyless = held.records.clone();
        let copy =
            format!(r#"{{"iss":"{AGENCY}","vct":"{AGE}","age_equal_or_over":{{"18":true}}}}"#);
        held.write_over(&mut keyless, &token(&copy, &[]));
        let input = over(&keyless, &request(&age_query()));
        self.expect("Unmet", "mismatch_holder_binding", "consider", "a_copy_of_nobody", input);
        let input = over(&held.spent(), &request(&age_query()));
        self.expect("Unmet", "no_copies_left", "consider", "all_copies_are_spent", input);
        let mut input = over(&held.records, &request(&age_query()));
        input["now"] = (NOW.as_secs() + 8 * DAY).into();
        self.expect("Unmet", "credential_expired", "consider", "a_week_later", input);
        let long = json!({ "repeat": " ", "times": 64 * 1024 + 1 });
        let input = json!({ "store": [], "request": long, "now": NOW.as_secs() });
        self.expect("Refused", "limit_exceeded", "consider", "a_request_of_blanks", input);

        let mut chosen = over(&held.records, &request(&age_query()));
        chosen["query"] = "one".into();
        chosen["credential"] = "nobody".into();
        self.expect("Usage", "choice_unknown", "choose", "choose_what_is_not_there", chosen);
        let mut query = two_queries(AGE, AGE);
        query["credential_sets"] = json!([{ "options": [["one"]], "required": false }]);
        let mut chosen = over(&held.records, &request(&query));
        let unchosen = chosen.clone();
        chosen["set"] = 0.into();
        chosen["option"] = u32::MAX.into();
        self.expect("Usage", "choice_unknown", "choose_set", "choose_the_last_combination", chosen);
        self.expect("Usage", "nothing_chosen", "sheet", "nothing_of_what_is_welcome", unchosen);
        let twice = over(&held.records, &request(&two_queries(AGE, AGE)));
        self.expect("Unmet", "no_copies_left", "sheet", "two_parts_and_one_copy", twice);

        let approve = |later: i64, dropped: &[(String, String)]| {
            let mut input = over(&held.records, &request(&age_query()));
            input["approve_now"] = (NOW.as_secs() + later).into();
            let drop = |(table, key): &(String, String)| json!({ "table": table, "key": key });
            input["drop"] = dropped.iter().map(drop).collect();
            input
        };
        let input = approve(8 * DAY, &[]);
        self.expect("Unmet", "credential_expired", "approve", "agreed_a_week_later", input);
        let input = approve(1, &[held.batch()]);
        self.expect("Unmet", "credential_unknown", "approve", "removed_before_agreed", input);
        let input = approve(1, &[held.copy()]);
        self.expect("Device", "record_corrupt", "approve", "a_copy_gone_before_agreed", input);
        let finish = |signatures: &[&str]| {
            let mut input = over(&held.records, &request(&age_query()));
            input["signatures"] = signatures.into();
            input
        };
        let (number, short) = ("ab".repeat(64), "ab".repeat(63));
        let call = "finish_answer";
        let input = finish(&[&number]);
        self.expect("Refused", "signature", call, "an_answer_signed_by_nobody", input);
        let input = finish(&[&number, &number]);
        self.expect("Usage", "signature_count", call, "two_signatures_for_one_answer", input);
        let input = finish(&[&short]);
        self.expect("Device", "key_format", call, "a_short_signature_of_an_answer", input);
    }

    /// What a verifier makes of an answer.
    fn answers(&mut self) {
        let challenge_input = |member: &str, value: Value| {
            let mut input = json!({
                "client_id": VERIFIER, "client_name": "La Cantina", "purpose": "Vender bebidas",
                "query": age_query().to_string(), "lifetime_secs": 300, "now": NOW.as_secs(),
            });
            input[member] = value;
            input
        };
        for (name, secs) in [("a_question_for_no_time", 0), ("a_question_for_ever", u32::MAX)] {
            let input = challenge_input("lifetime_secs", secs.into());
            self.expect("Usage", "challenge_lifetime", "challenge", name, input);
        }
        let input = challenge_input("client_id", "with a space".into());
        self.expect("Refused", "member_malformed", "challenge", "a_verifier_with_a_space", input);
        let kept = |lifetime: Value| {
            let challenge = json!({
                "request": request(&age_query()), "issued_at": NOW.as_secs(), "lifetime_secs": lifetime,
            });
            challenge.to_string()
        };
        let input = json!({ "text": kept(0.into()) });
        self.expect("Usage", "challenge_lifetime", "challenge_json", "kept_for_no_time", input);
        let input = json!({ "text": kept("long".into()) });
        self.expect("Refused", "member_malformed", "challenge_json", "kept_without_an_end", input);

        let mut verify = |code: &str, name: &str, query: &Value, answer: Value| {
            self.expect("Refused", code, "verify", name, verify_input(query, &answer, 0));
        };
        let plain = age_query();
        let mut refused = |code: &str, name: &str, presentation: String| {
            verify(code, name, &plain, json!({ "vp_token": { "one": [presentation] } }));
        };
        let copy = over_18();
        let said = |from: &str, to: &str| {
            bind(&copy, KB_HEADER, &kb_payload().replace(from, to), &HOLDER_KEY)
        };
        let now = NOW.to_string();
        let (old, ahead) = (NOW.plus_secs(-421).to_string(), NOW.plus_secs(61).to_string());
        refused("key_binding_missing", "nobody_says_it", copy.clone());
        refused("audience_mismatch", "an_answer_for_somebody_else", said(VERIFIER, AGENCY));
        refused("nonce_mismatch", "an_answer_to_another_question", said(NONCE, "another"));
        refused("key_binding_expired", "an_old_answer", said(&now, &old));
        refused("key_binding_in_future", "an_answer_from_the_future", said(&now, &ahead));
        refused("sd_hash_mismatch", "said_of_another_copy", {
            let other = bound(&credential(r#""age_equal_or_over":{}"#, &[]));
            copy.clone() + other.rsplit_once('~').unwrap().1
        });
        refused(
            "signature",
            "said_with_another_key",
            bind(&copy, KB_HEADER, &kb_payload(), &OTHER_KEY),
        );
        refused("typ", "a_copy_for_a_saying", bind(&copy, HEADER, &kb_payload(), &HOLDER_KEY));
        let no_key = token(&format!(r#"{{"iss":"{AGENCY}","vct":"{AGE}"}}"#), &[]);
        refused("confirmation_missing", "a_saying_about_no_key", bound(&no_key));
        let more = credential(
            r#""age_equal_or_over":{"_sd":["<0>","<1>"]}"#,
            &[OVER_18, r#"["bm9ib2R5IGtub3dzIGl1","21",true]"#],
        );
        refused("answer_over_disclosed", "more_than_was_asked", bound(&more));
        let less = credential(r#""age_equal_or_over":{"_sd":[]}"#, &[]);
        refused("mismatch_claim_absent", "less_than_was_asked", bound(&less));
        let other = token(&payload("").replace(AGE, OTHER_TYPE), &[]);
        refused("mismatch_type", "a_credential_of_another_type", bound(&other));
        refused("untrusted", "a_credential_of_a_stranger", {
            bound(&token(&payload("").replace(AGENCY, "https://otra.example"), &[]))
        });

        let answer = |ids: &[&str]| {
            let shown = ids.iter().map(|id| ((*id).to_owned(), json!([bound(&copy)])));
            json!({ "vp_token": shown.collect::<serde_json::Map<_, _>>() })
        };
        verify("answer_credential_missing", "no_answer", &plain, answer(&[]));
        verify("unknown_query", "an_answer_to_nothing", &plain, answer(&["three"]));
        let two = json!({ "vp_token": { "one": [bound(&copy), bound(&copy)] } });
        verify("answer_too_many_presentations", "two_answers_for_one", &plain, two);
        verify(
            "member_malformed",
            "a_list_of_no_answers",
            &plain,
            json!({ "vp_token": { "one": [] } }),
        );
        verify("json_not_an_object", "a_header_that_is_a_list", &plain, {
            json!({ "vp_token": { "one": [bound(&token_by("[]", &payload(""), &[], &AGENCY_KEY))] } })
        });
        let mut sets = two_queries(AGE, AGE);
        sets["credential_sets"] = json!([{ "options": [["one", "two"]] }]);
        verify("answer_credential_set_missing", "half_a_combination", &sets, answer(&["one"]));
        sets["credential_sets"] = json!([{ "options": [["one"]] }]);
        verify("answer_unrequested", "more_than_a_combination", &sets, answer(&["one", "two"]));
        let mut foreign = age_query();
        foreign["credentials"][0]["format"] = "mso_mdoc".into();
        foreign["credentials"][0]["meta"] = json!({});
        verify("mismatch_format", "a_credential_of_another_format", &foreign, answer(&["one"]));
        for (name, later) in [("an_answer_too_late", 301), ("an_answer_before_the_question", -61)] {
            let input = verify_input(&plain, &answer(&["one"]), later);
            self.expect("Refused", "challenge_closed", "verify", name, input);
        }
    }
}

impl Cases {
    /// Issuers that are known by certificates.
    fn certificates(&mut self) {
        let listed = |anchor: &[u8]| {
            json!([{
                "iss": AGENCY, "name": "Agencia de Ejemplo", "types": [AGE],
                "x5c": { "anchors": [base64(anchor)] },
            }])
        };
        let trust = trust_in(&listed(&CERTIFICATES.anchor), &[]);
        let mut refused = |name: &str, header: &str| {
            let copy = token_by(
                header,
                &payload(r#""age_equal_or_over":{"_sd":["<0>"]}"#),
                &[OVER_18],
                &AGENCY_KEY,
            );
            let answer = json!({ "vp_token": { "one": [bound(&copy)] } });
            let mut input = verify_input(&age_query(), &answer, 0);
            input["trust"] = trust.as_str().into();
            self.expect("Refused", "certificate", "verify", name, input);
        };
        refused("no_certificate_where_one_is_asked_for", HEADER);
        let of = |name: &str, authority| certified_header(&certificate(name, authority));
        refused("a_certificate_of_somebody_else", &of("https://otra.example", &AUTHORITY_KEY));
        refused("a_certificate_under_no_anchor", &of(AGENCY, &OTHER_KEY));
        refused("the_anchor_for_a_certificate", &certified_header(&CERTIFICATES.anchor));
        let input = json!({ "text": trust_in(&listed(&CERTIFICATES.issuer), &[]) });
        self.expect("Refused", "certificate", "trust_list", "an_anchor_of_no_authority", input);
        let input = json!({ "text": trust_in(&listed(b"\x30\x00"), &[]) });
        self.expect("Refused", "certificate", "trust_list", "an_anchor_of_two_bytes", input);
    }

    /// What an issuer publishes of its keys.
    fn issuer_metadata(&mut self) {
        let mut refused = |code: &str, name: &str, document: Value| {
            let input = json!({ "text": document.to_string(), "identifier": AGENCY });
            self.expect("Refused", code, "issuer_metadata", name, input);
        };
        let keys = |keys: Value| json!({ "issuer": AGENCY, "jwks": { "keys": keys } });
        let elsewhere = |issuer: &str, url: &str| json!({ "issuer": issuer, "jwks_uri": url });
        let others = elsewhere("https://otra.example", "https://otra.example/keys");
        refused("issuer_mismatch", "metadata_of_another_issuer", others);
        let slash = elsewhere(&format!("{AGENCY}/"), "https://agencia.example/keys");
        refused("issuer_mismatch", "metadata_of_an_issuer_with_a_slash", slash);
        let plain = elsewhere(AGENCY, "http://agencia.example/keys");
        refused("member_malformed", "keys_at_an_address_without_encryption", plain);
        refused("jwk", "metadata_without_a_key_of_ours", keys(json!([])));
        let private: Value = serde_json::from_str(&AGENCY_KEY.to_private_jwk_text()).unwrap();
        refused("jwk", "metadata_with_a_private_key", keys(json!([private])));
    }

    /// Documents of types that are wrong, or do not go together.
    fn type_documents(&mut self) {
        let mut refused = |code: &str, name: &str, documents: &[Value]| {
            let input = json!({ "text": trust_with(documents) });
            self.expect("Refused", code, "trust_list", name, input);
        };
        let claims = |claims: Value| json!({ "vct": AGE, "claims": claims });
        let malformed = json!({ "vct": AGE, "claims": 1 });
        refused("type_member_malformed", "a_type_whose_claims_are_a_number", &[malformed]);
        refused("json_not_an_object", "a_type_that_is_a_list", &[json!([])]);
        let path = claims(json!([{ "path": [] }]));
        refused("path_empty", "a_type_with_a_path_to_nowhere", &[path]);
        let twice = claims(json!([{ "path": ["a"] }, { "path": ["a"] }]));
        refused("type_claim_repeated", "a_type_with_one_claim_twice", &[twice]);
        let id = claims(json!([{ "path": ["a"], "svg_id": "1" }]));
        refused("type_svg_id", "an_svg_id_that_begins_with_a_digit", &[id]);
        let long = json!({ "vct": AGE, "extends": BASE, "extends#integrity": "a".repeat(4_097) });
        refused("type_limit_exceeded", "a_long_integrity", &[long, json!({ "vct": BASE })]);
        let extends = |vct: &str, base: &str| json!({ "vct": vct, "extends": base });
        refused("type_document_missing", "a_type_that_extends_nothing", &[extends(AGE, BASE)]);
        refused("type_circular", "a_type_that_extends_itself", &[extends(AGE, AGE)]);
        let link = |n: u32| extends(&format!("urn:{n}"), &format!("urn:{}", n + 1));
        let chain: Vec<Value> = (0..8).map(link).chain([json!({ "vct": "urn:8" })]).collect();
        refused("type_chain_too_long", "a_chain_of_nine_types", &chain);
        let mut other = extends(AGE, BASE);
        other["extends#integrity"] = "sha256-AAAA".into();
        let base = json!({ "vct": BASE });
        refused("type_integrity_mismatch", "a_type_that_extends_another_version", &[other, base]);
        let replaced = |member: &str, value: Value| {
            let mut own = extends(AGE, BASE);
            own["claims"] = json!([{ "path": ["a"] }]);
            [own, json!({ "vct": BASE, "claims": [{ "path": ["a"], member: value }] })]
        };
        let relaxed = replaced("mandatory", true.into());
        refused("type_mandatory_relaxed", "a_mandatory_claim_that_became_optional", &relaxed);
        let changed = replaced("sd", "never".into());
        refused("type_sd_changed", "an_open_claim_that_may_be_hidden", &changed);

        let mut draft = |code: &str, name: &str, vct: &str, document: Value| {
            let mut input = record_input("Age", &json!({ "birthdate": "2000-01-01" }));
            input["vct"] = vct.into();
            input["days"] = 7.into();
            input["documents"] = json!([document.to_string()]);
            self.expect("Record", code, "draft", name, input);
        };
        let missing = claims(json!([{ "path": ["curp"], "mandatory": true }]));
        draft("type_claim_missing", "a_draft_without_what_is_mandatory", AGE, missing);
        let document = claims(json!([]));
        draft("type_vct_mismatch", "a_draft_of_another_type", OTHER_TYPE, document);
    }

    /// Credentials that are not as the documents of their types say.
    fn types(&mut self) {
        let mut received = |code: &str, name: &str, document: &Value, copy: String| {
            let input = json!({
                "store": [], "copies": [copy], "trust": trust_with(std::slice::from_ref(document)),
                "now": NOW.as_secs(),
            });
            self.expect("Refused", code, "receive", name, input);
        };
        let rule = |rule: &str, value: Value| {
            let path = ["age_equal_or_over", "18"];
            json!({ "vct": AGE, "claims": [{ "path": path, rule: value }] })
        };
        let empty = || credential(r#""age_equal_or_over":{}"#, &[]);
        let missing = rule("mandatory", true.into());
        received("type_claim_missing", "a_copy_without_what_is_mandatory", &missing, empty());
        let open = credential(r#""age_equal_or_over":{"18":true}"#, &[]);
        let always = rule("sd", "always".into());
        received("type_sd_always", "an_answer_that_cannot_be_hidden", &always, open);
        let number = credential(r#""age_equal_or_over":18"#, &[]);
        received("type_claim_kind", "an_age_in_place_of_answers", &always, number);
        let integrity = |hash: &str| credential(&format!(r#""vct#integrity":"{hash}""#), &[]);
        let (md5, other) = (integrity("md5-AAAA"), integrity("sha256-AAAA"));
        received("type_integrity_unsupported", "a_type_by_a_hash_that_nobody_uses", &always, md5);
        received("type_integrity_mismatch", "another_version_of_a_type", &always, other);

        let mut shown = |code: &str, name: &str, trust: String| {
            let answer = json!({ "vp_token": { "one": [bound(&over_18())] } });
            let mut input = verify_input(&age_query(), &answer, 0);
            input["trust"] = trust.into();
            self.expect("Refused", code, "verify", name, input);
        };
        let never = rule("sd", "never".into());
        shown("type_sd_never", "an_answer_that_must_not_be_hidden", trust_with(&[never]));
        let version = |name: &str| json!({ "vct": AGE, "name": name });
        let two = trust_with(&[version("1"), version("2")]);
        shown("type_ambiguous", "two_versions_of_a_type", two);
        let mut issuers = listed();
        issuers[0]["requires_type_metadata"] = true.into();
        let undescribed = trust_in(&issuers, &[]);
        shown("type_document_missing", "a_type_that_must_be_described", undescribed);
    }
}

/// The codes of RFCs in use that are wrong in their last three characters: these are let through.
const UNCHECKED_RFC: [&str; 2] = ["CHECK_DIGIT", "HOMOCLAVE"];

/// The first of the shared Mexican vectors for each reason that stands alone or first.
fn from_vectors(file: &str, member: &str, prefix: &str, without: &[&str]) -> Vec<(String, Value)> {
    let path = format!("{}/../../tests/vectors/mx/{file}", env!("CARGO_MANIFEST_DIR"));
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut found: Vec<(String, Value)> = Vec::new();
    for case in vectors["cases"].as_array().unwrap() {
        let Some(reason) = case["reason"].as_str().filter(|reason| !without.contains(reason))
        else {
            continue;
        };
        let code = format!("{prefix}{}", reason.to_lowercase());
        if found.iter().all(|(known, _)| *known != code) {
            found.push((code, case[member].clone()));
        }
    }
    found
}

/// The day on which the shared Mexican vectors hold.
fn on_the_day(mut input: Value) -> Value {
    for (member, value) in [("year", 2026), ("month", 11), ("day", 21)] {
        input[member] = value.into();
    }
    input
}

fn record_input(credential_type: &str, record: &Value) -> Value {
    json!({
        "credential_type": credential_type, "text": record.to_string(), "now": NOW.as_secs(),
    })
}

fn changed(mut record: Value, changes: &[(&str, &str)]) -> Value {
    for (field, value) in changes {
        record[*field] = (*value).into();
    }
    record
}

/// Somebody who does not exist, with one of the fields changed.
fn curp_record(changes: &[(&str, &str)]) -> Value {
    let record = json!({
        "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-17", "sexo": "M", "entidad_nacimiento": "VZ",
        "curp": "EEII030517MVZJMRA2", "curp_tipo": "definitiva",
    });
    changed(record, changes)
}

fn ine_record(changes: &[(&str, &str)]) -> Value {
    let record = json!({
        "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
        "birthdate": "2003-05-17", "sexo": "M", "curp": "EEII030517MVZJMRA2",
        "clave_elector": "EJIMIR03051730M100", "cic": "735830842",
        "id_ciudadano": "378250595", "seccion": "0137", "numero_emision": "03",
        "anio_registro": "2021", "date_of_expiry": "2031-12-31", "modelo": "H",
    });
    changed(record, changes)
}

/// Believes the agency about ages and one type that no table knows.
fn trust() -> String {
    trust_with(&[])
}

/// The same with documents of types.
fn trust_with(documents: &[Value]) -> String {
    trust_in(&listed(), documents)
}

fn trust_in(issuers: &Value, documents: &[Value]) -> String {
    let mut list = json!({ "issued_at": NOW.as_secs(), "issuers": issuers });
    if !documents.is_empty() {
        list["type_documents"] = documents.iter().map(Value::to_string).collect();
    }
    list.to_string()
}

fn listed() -> Value {
    json!([{
        "iss": AGENCY, "name": "Agencia de Ejemplo", "types": [AGE, OTHER_TYPE],
        "keys": [{ "jwk": AGENCY_KEY.public_key().to_jwk() }],
    }])
}

fn part(id: &str, vct: &str) -> Value {
    json!({
        "id": id, "format": "dc+sd-jwt", "meta": { "vct_values": [vct] },
        "claims": [{ "path": ["age_equal_or_over", "18"] }],
    })
}

fn age_query() -> Value {
    json!({ "credentials": [part("one", AGE)] })
}

fn two_queries(one: &str, two: &str) -> Value {
    json!({ "credentials": [part("one", one), part("two", two)] })
}

/// A query with every member there is.
fn full_query() -> Value {
    json!({
        "credentials": [
            {
                "id": "one", "format": "dc+sd-jwt", "meta": { "vct_values": [AGE] },
                "multiple": true,
                "claims": [
                    { "id": "a", "path": ["a", null, 0], "values": ["x", 1, true] },
                    { "id": "b", "path": ["b"] },
                ],
                "claim_sets": [["a", "b"], ["b"]],
            },
            { "id": "two", "format": "mso_mdoc", "meta": { "doctype_value": "mDL" } },
        ],
        "credential_sets": [{ "options": [["one"], ["two"]], "required": false }],
    })
}

fn request(query: &Value) -> Value {
    json!({
        "response_type": "vp_token", "client_id": VERIFIER,
        "client_metadata": { "client_name": "La Cantina" }, "purpose": "Vender bebidas",
        "nonce": NONCE, "dcql_query": query,
    })
}

fn asks(vct: &str, path: &str) -> Value {
    let path: Vec<&str> = path.split('.').collect();
    let mut query = json!({ "credentials": [part("one", vct)] });
    query["credentials"][0]["claims"][0]["path"] = json!(path);
    request(&query)
}

/// An answer to `query` that comes so many seconds after the question.
fn verify_input(query: &Value, answer: &Value, later: i64) -> Value {
    let challenge = json!({
        "request": request(query), "issued_at": NOW.as_secs(), "lifetime_secs": 300,
    });
    json!({
        "challenge": challenge.to_string(), "answer": answer.to_string(), "trust": trust(),
        "now": NOW.as_secs() + later,
    })
}

/// Records as they stand in the file.
fn dump(records: &Records) -> Value {
    let record = |((table, key), value): (&(String, String), &Vec<u8>)| json!({ "table": table, "key": key, "value": std::str::from_utf8(value).unwrap() });
    records.iter().map(record).collect()
}

fn wallet(store: &Arc<Dictionary>, seed: u64) -> Wallet {
    Wallet::with_store(Arc::clone(store) as _, None, Some(AppRandom::new(seed)), 60)
}

/// A wallet that waits for a batch, and an honest one for it.
struct Offered {
    store: Records,
    copies: Vec<String>,
}

impl Offered {
    fn new(count: u32) -> Self {
        let store = Dictionary::new();
        let proofs = wallet(&store, 11).begin(AGENCY, ISSUANCE, count, KeyKind::P256, NOW);
        let proofs = proofs.unwrap();
        let key = SigningKey::from_jwk(&issuer_jwk()).unwrap();
        let agency = Issuer::new(AGENCY, &key.public_key()).unwrap();
        let record = Record::from_json(CredentialType::Age, r#"{"birthdate":"2000-01-01"}"#, NOW);
        let name = TypeName { vct: AGE.to_owned(), integrity: None, document: None };
        let draft = agency.draft(&record.unwrap(), name, 7, NOW).unwrap();
        let batch = agency.prepare(&draft, proofs, ISSUANCE, NOW, Some(AppRandom::new(12)));
        Self { store: store.records(), copies: batch.unwrap().sign(&key).unwrap() }
    }

    /// The copies, those that are marked signed anew after `change`.
    fn altered(&self, which: &[bool], change: &dyn Fn(&mut Token)) -> Vec<String> {
        let alter = |(copy, marked): (&String, &bool)| {
            let mut token = Token::parse(copy);
            if *marked {
                change(&mut token);
                return token.sign(&*AGENCY_KEY);
            }
            copy.clone()
        };
        self.copies.iter().zip(which).map(alter).collect()
    }

    /// What the wallet holds when it has taken these copies.
    fn take(&self, copies: &[String]) -> Records {
        let store = Dictionary::holding(self.store.clone());
        let trust = TrustList::from_json(&trust()).unwrap();
        wallet(&store, 13).receive(copies.to_vec(), &trust, NOW, Language::EsMx).unwrap();
        store.records()
    }
}

/// A wallet that has a credential about ages.
struct Held {
    records: Records,
    copies: Vec<String>,
}

impl Held {
    fn new(count: u32) -> Self {
        let offered = Offered::new(count);
        Self { records: offered.take(&offered.copies), copies: offered.copies }
    }

    /// The records when every copy is spent.
    fn spent(&self) -> Records {
        let store = Dictionary::holding(self.records.clone());
        let wallet = wallet(&store, 14);
        for _ in &self.copies {
            let choices =
                wallet.consider(&request(&age_query()).to_string(), NOW, Language::EsMx).unwrap();
            choices.sheet().unwrap().approve(&wallet, NOW).unwrap();
        }
        store.records()
    }

    fn of(&self, table: &str) -> (String, String) {
        self.records.keys().find(|(of, _)| of == table).unwrap().clone()
    }

    fn batch(&self) -> (String, String) {
        self.of("batch")
    }

    fn copy(&self) -> (String, String) {
        self.of("copy")
    }

    /// Puts another text in the place of the one copy.
    fn write_over(&self, records: &mut Records, copy: &str) {
        let handle = encode(HOLDER_KEY.to_private_jwk_text().as_bytes());
        let record = json!({ "v": 1, "r": { "text": copy, "key": handle } });
        records.insert(self.copy(), record.to_string().into_bytes());
    }
}
