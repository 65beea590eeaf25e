//! Inputs to begin with: what is sound, and the cases of `tests/vectors`, in the forms that the properties read.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use llavero_core::{Signer as _, jws_json};
use llavero_holder::Table;
use llavero_mexico::CredentialType;
use serde_json::{Value, json};

use super::fixture::{AUDIENCE, FILLED, HOLDERS, ISSUER, ISSUERS, KNOWN, Keys, NONCE, VCT};
use super::{certificates, records, request};
use crate::token;
use crate::world::{AGENCY, NOW};

/// Seeds of a target.
#[must_use]
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let seeds: Vec<String> = match target {
        "batch" => batch(),
        "certificates" => certificates::seeds(),
        "hostile_holder" => hostile_holder(),
        "hostile_issuer" => hostile_issuer(),
        "issuer_metadata" => issuer_metadata(),
        "json" => json_texts(),
        "keys" => return keys(),
        "mexico" => mexico(),
        "query" => query(),
        "records" => records(),
        "request" => request(),
        "sd_jwt" => sd_jwt(),
        "store" => return store(),
        "trust" => trust(),
        "type_metadata" => type_metadata(),
        "wallet" => wallet(),
        _ => Vec::new(),
    };
    seeds.into_iter().map(String::into_bytes).collect()
}

/// The cases of a file of vectors.
fn cases(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    match serde_json::from_str(&text).unwrap() {
        Value::Array(cases) => cases,
        mut other => match other["cases"].take() {
            Value::Array(cases) => cases,
            _ => panic!("no cases in {path:?}"),
        },
    }
}

fn texts(cases: &[Value], member: &str) -> Vec<String> {
    cases.iter().filter_map(|case| case[member].as_str().map(str::to_owned)).collect()
}

fn sd_jwt() -> Vec<String> {
    let mut seeds: Vec<String> = Vec::new();
    for known in KNOWN.iter() {
        for text in known.presentations.iter().chain([&known.issued]) {
            seeds.push(jws_json::to_flattened(text).unwrap().to_string());
            seeds.push(jws_json::to_general(text).unwrap().to_string());
            seeds.push(text.clone());
        }
    }
    for file in ["sd-jwt-core.json", "sd-jwt-key-binding.json", "sd-jwt-vc.json"] {
        seeds.extend(texts(&cases(&format!("conformance/{file}")), "input"));
    }
    seeds
}

/// The tokens of the vectors, taken apart for the key of the test to sign, and some that nobody would make.
fn hostile_issuer() -> Vec<String> {
    let files = ["sd-jwt-core.json", "sd-jwt-vc.json"];
    let cases = files.iter().flat_map(|file| cases(&format!("conformance/{file}")));
    let cases: Vec<Value> = cases.collect();
    let mut seeds: Vec<String> =
        texts(&cases, "input").iter().filter_map(|text| take_apart(text)).collect();
    seeds.extend(KNOWN.iter().filter_map(|known| take_apart(&known.issued)));
    let header = r#"{"alg":"EdDSA","typ":"dc+sd-jwt"}"#;
    let deep = r#"{"vct":"x","a":{"b":{"_sd":["<0>"]}}}"#;
    for lines in [
        vec![
            r#"{"_sd_alg":"sha-512","_sd":["<0>"],"vct":"x"}"#,
            r#"["s","a",{"_sd":["<1>"]}]"#,
            r#"["s","b",[{"...":"<2>"}]]"#,
            r#"["s",1]"#,
        ],
        vec![
            r#"{"_sd_alg":"sha-384","_sd":["<0>"],"a":[1,{"...":"<1>"},{"...":"<2>"},{"...":"decoy"}]}"#,
            r#"["s","exp",1795305662]"#,
            r#"-["s",2]"#,
            r#"["s",3]"#,
        ],
        vec![
            r#"{"vct":"x","exp":1795305661.5,"nbf":1.5,"aka_vcts":["y"],"status":{},"cnf":{"jwk":{"kty":"RSA"}}}"#,
        ],
        vec![deep, r#"["s","b",null]"#],
        vec![r#"{"_sd":["<0>","<0>"]}"#, r#"["s","_sd",1]"#],
        vec![r#"{"_sd":["<0>","<1>"]}"#, r#"["s","a",1]"#, r#"["t","a",2]"#],
        vec![r#"{"_sd":["<0>"]}"#, "=WyJzIiwiYSIsMV0"],
        vec![r#"{"_sd":["<0>"]}"#, "=WyJzIiwiYSIsMV1~"],
    ] {
        seeds.push(format!("{header}\n{}", lines.join("\n")));
    }
    seeds
}

/// A token with the numbers of its Disclosures in place of their digests, outer ones first.
fn take_apart(text: &str) -> Option<String> {
    let mut parts = text.split('~');
    let mut jwt = parts.next()?.split('.');
    let mut part = || String::from_utf8(token::decode(jwt.next()?)?).ok();
    let (header, payload) = (part()?.replace("ES256", "EdDSA"), part()?);
    let mut left: Vec<&str> = parts.collect();
    left.pop();
    let mut lines = vec![payload];
    let mut at = 0;
    let mut number = 0;
    while at < lines.len() {
        let mut index = 0;
        while let Some(encoded) = left.get(index) {
            let digest = token::digest(encoded);
            if lines[at].contains(&digest) {
                let line = token::decode(encoded).and_then(|bytes| String::from_utf8(bytes).ok());
                let line = line.unwrap_or_else(|| format!("={encoded}"));
                for other in &mut lines {
                    *other = other.replace(&digest, &format!("<{number}>"));
                }
                lines.push(line);
                left.remove(index);
                number += 1;
            } else {
                index += 1;
            }
        }
        at += 1;
    }
    lines.extend(left.iter().map(|encoded| format!("={encoded}")));
    Some(format!("{header}\n{}", lines.join("\n")))
}

fn hostile_holder() -> Vec<String> {
    let kb = |header: &str, more: &str| {
        format!(
            "kb 0 1\n{header}\n{{\"iat\":{NOW},\"aud\":\"{AUDIENCE}\",\"nonce\":\"{NONCE}\",\"sd_hash\":\"<h>\"{more}}}"
        )
    };
    let proof = |header: &str, more: &str| {
        format!(
            "proof\n{header}\n{{\"aud\":\"{AUDIENCE}\",\"iat\":{NOW},\"nonce\":\"{NONCE}\"{more}}}"
        )
    };
    let kb_header = r#"{"alg":"EdDSA","typ":"kb+jwt"}"#;
    let proof_header = r#"{"alg":"Ed25519","typ":"openid4vci-proof+jwt","jwk":<jwk>}"#;
    let mut seeds = vec![
        kb(kb_header, ""),
        kb(r#"{"alg":"Ed25519","typ":"kb+jwt","kid":"x"}"#, r#","exp":1795305662,"nbf":0.5"#),
        kb(r#"{"alg":"ES256","typ":"kb+jwt","crit":["b64"]}"#, ""),
        kb(kb_header, "").replace("<h>", "x"),
        kb(kb_header, "").replace(AUDIENCE, "x"),
        proof(proof_header, ""),
        proof(proof_header, r#","iss":"x""#),
        proof(r#"{"alg":"EdDSA","typ":"openid4vci-proof+jwt","jwk":<jwk>,"kid":"x","x5c":[]}"#, ""),
    ];
    for case in texts(&cases("conformance/sd-jwt-key-binding.json"), "input") {
        let jwt = case.rsplit_once('~').map(|(_, jwt)| jwt).unwrap_or_default();
        let part = |index| jwt.split('.').nth(index).and_then(token::decode);
        if let (Some(header), Some(payload)) = (part(0), part(1)) {
            let (header, payload) =
                (String::from_utf8_lossy(&header), String::from_utf8_lossy(&payload));
            seeds.push(format!("kb 1\n{}\n{payload}", header.replace("ES256", "EdDSA")));
        }
    }
    seeds
}

/// Copies of each Mexican type and of another, and what wallets refuse.
fn batch() -> Vec<String> {
    let header = r#"{"alg":"EdDSA","typ":"dc+sd-jwt"}"#;
    let open = format!(r#""iss":"{ISSUER}","exp":1795824000,"cnf":<cnf>"#);
    let mut seeds: Vec<String> = Vec::new();
    for (keys, members, disclosures) in [
        (
            "01",
            r#","vct":"urn:example:persona","_sd":["<0>","<1>","<r>"]"#,
            vec![
                r#"["<r>","given_name","Irene"]"#,
                r#"["<r>x","a",{"_sd":["<2>"],"b":[1,{"...":"<3>"}]}]"#,
                r#"["<r>y","c",1]"#,
                r#"["<r>z",2]"#,
            ],
        ),
        (
            "0",
            r#","vct":"urn:example:persona","status":{"status_list":{"idx":<i>,"uri":"https://emisor.example/1"}}"#,
            vec![],
        ),
        (
            "10",
            r#","vct":"urn:example:persona","nbf":1795305600,"aka_vcts":["x"],"_sd":["<0>"]"#,
            vec![r#"["<r>","given_name","Irene"]"#],
        ),
        // What differs from copy to copy where nothing may.
        ("01", r#","vct":"urn:example:persona","x":"<r>""#, vec![]),
        ("01", r#","vct":"urn:example:persona","_sd":["<0>"]"#, vec![r#"["<r>","a","<r>"]"#]),
        ("00", r#","vct":"urn:example:persona""#, vec![]),
        ("02", r#","vct":"urn:example:persona""#, vec![]),
        (
            "01",
            r#","vct":"urn:example:persona","_sd":["<0>"]"#,
            vec![r#"["salt","given_name","Irene"]"#],
        ),
    ] {
        let payload = format!("{{{open}{members}}}");
        let lines = [vec![keys, header, payload.as_str()], disclosures].concat();
        seeds.push(lines.join("\n"));
    }
    let mut types = BTreeSet::new();
    for (_, record) in FILLED.records.iter().filter(|((table, _), _)| *table == Table::Copy) {
        let record: Value = serde_json::from_slice(record).unwrap();
        let text = take_apart(record["r"]["text"].as_str().unwrap()).unwrap();
        let payload = text.lines().nth(1).unwrap();
        let payload: Value = serde_json::from_str(&payload.replace(['<', '>'], "")).unwrap();
        if !types.insert(payload["vct"].to_string()) {
            continue;
        }
        let text = text.replace(&format!("\"cnf\":{}", payload["cnf"]), "\"cnf\":<cnf>");
        // Salts of 22 characters begin each Disclosure, and no two are the same.
        let lines =
            text.lines().skip(1).enumerate().map(|(number, line)| match line.strip_prefix("[\"") {
                Some(rest) => format!("[\"<r>{number:02}{}", rest.get(22..).unwrap_or_default()),
                None => line.replace(AGENCY, ISSUER),
            });
        seeds.push(format!("0\n{header}\n{}", lines.collect::<Vec<_>>().join("\n")));
    }
    seeds
}

/// Keys that are published, or where they are, and addresses that are not to be opened.
fn issuer_metadata() -> Vec<String> {
    let [first, second] = &*ISSUERS;
    let key = |keys: &Keys, more: &str| keys.public.to_jwk_text().replace('}', more) + "}";
    let set = format!(
        r#"{{"keys":[{},{},{{"kty":"RSA"}},{}]}}"#,
        key(first, r#","kid":"a","use":"sig""#),
        key(second, r#","key_ops":["verify"]"#),
        key(&HOLDERS[0], r#","use":"enc""#),
    );
    let private = first.private.to_private_jwk_text();
    let mut seeds = vec![
        format!("{ISSUER}\n{{\"issuer\":\"{ISSUER}\",\"jwks\":{set}}}"),
        format!("{ISSUER}\n{{\"issuer\":\"{ISSUER}\",\"jwks\":{{\"keys\":[{}]}}}}", *private),
        format!(
            "{ISSUER}\n{{\"issuer\":\"{ISSUER}\",\"jwks_uri\":\"{ISSUER}/a?b\",{}",
            set.trim_start_matches('{')
        ),
    ];
    for url in [
        "https://[::1]:443/a/",
        "https://a.example:8443/b/./c",
        "https://a@b.example",
        "https://a.example/%2e%2e/b?c#d",
    ] {
        seeds.push(format!("{url}\n{{\"issuer\":\"{url}\",\"jwks_uri\":\"{url}\"}}"));
    }
    seeds
}

fn json_texts() -> Vec<String> {
    let mut seeds = vec![
        "[".repeat(64) + &"]".repeat(64),
        "[".repeat(65) + &"]".repeat(65),
        r#"{"a":1,"\u0061":2}"#.to_owned(),
        r#" [0, -0, 1.5e3, 18446744073709551615, 18446744073709551616, 1e400, -9223372036854775808, 0.1] "#.to_owned(),
        "\"\\ud83d\\ude00 \\ud83d \u{1f600} \\n\"".to_owned(),
        "[true,false,null,{},[],\"\"] x".to_owned(),
    ];
    seeds.extend(cases("conformance/dcql.json").iter().take(8).map(Value::to_string));
    seeds
}

fn keys() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for keys in ISSUERS.iter().chain(HOLDERS.iter()) {
        seeds.push(keys.public.to_jwk_text().into_bytes());
        seeds.push(keys.private.to_private_jwk_text().as_bytes().to_vec());
        let coordinate = |name| token::decode(keys.public.to_jwk()[name].as_str()?);
        let (x, y) = (coordinate("x").unwrap(), coordinate("y"));
        let signature = keys.private.sign(b"message").unwrap();
        let bare = signature.as_bytes().to_vec();
        match y {
            None => {
                let info = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
                seeds.push([b"0".as_slice(), &x].concat());
                seeds.push([b"0".as_slice(), &info, &x].concat());
                seeds.push([b"2".as_slice(), &bare].concat());
            }
            Some(y) => {
                let info = [
                    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a,
                    0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 3, 0x42, 0,
                ];
                let point = [[4].as_slice(), &x, &y].concat();
                seeds.push([b"1".as_slice(), &point].concat());
                seeds.push([b"1".as_slice(), &info, &point].concat());
                seeds.push([b"1".as_slice(), &[2 + (y[31] & 1)], &x].concat());
                seeds.push([b"3".as_slice(), &bare].concat());
                let der = |number: &[u8]| {
                    let zero = if number[0] < 128 { vec![] } else { vec![0] };
                    let number = [zero.as_slice(), number].concat();
                    [[2, length(&number)].as_slice(), &number].concat()
                };
                let both = [der(&bare[..32]), der(&bare[32..])].concat();
                seeds.push([b"3".as_slice(), &[0x30, length(&both)], &both].concat());
            }
        }
    }
    seeds.push(br#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#.to_vec());
    seeds
}

/// A length as DER writes short ones.
fn length(bytes: &[u8]) -> u8 {
    u8::try_from(bytes.len()).expect("a short text")
}

fn mexico() -> Vec<String> {
    let mut seeds: Vec<String> =
        CredentialType::ALL.into_iter().map(|of| crate::world::irene(of).to_string()).collect();
    for (file, member, step) in [
        ("mx/curp_cases.json", "curp", 9),
        ("mx/rfc_cases.json", "rfc", 5),
        ("mx/clave_elector_cases.json", "clave_elector", 5),
    ] {
        seeds.extend(texts(&cases(file), member).into_iter().step_by(step));
    }
    for case in cases("mx/mrz_cases.json").iter().step_by(3) {
        let lines = case["lines"].as_array().into_iter().flatten().filter_map(Value::as_str);
        seeds.push(lines.collect::<Vec<_>>().join("\n"));
    }
    seeds.push("data:image/png;base64,iVBORw0KGgo=".to_owned());
    seeds
}

fn query() -> Vec<String> {
    let mut seeds = vec![
        "[\"a.b\",0,null]\naddress.region\nnationalities[*]\n[\"a.b\"].c[0]\n[\"\\\"\\u0000\"]"
            .to_owned(),
    ];
    for case in cases("conformance/dcql.json") {
        seeds.extend(case.get("query").map(Value::to_string));
    }
    for case in cases("conformance/claims-path-pointer.json") {
        seeds.extend(case.get("path").map(Value::to_string));
    }
    seeds
}

/// What the store holds, whole and in single lines with something wrong.
fn records() -> Vec<String> {
    let whole = records::as_they_are();
    let mut seeds = vec![whole.clone()];
    let history = r#"history h {"v":1,"r":{"at":1795305661,"client_id":"x","client_name":null,"purpose":"y","shown":[{"vct":"z","issuer":"i","claims":["a"]}]}}"#;
    let pending = r#"pending_key p {"v":1,"r":{"issuer":"https://emisor.example","created_at":0,"key":"<k0>"}}"#;
    let spent = r#"spent_key s {"v":1,"r":{"key":"<k1>"}}"#;
    seeds.extend([history, pending, spent].map(str::to_owned));
    for line in whole.lines() {
        seeds.push(line.to_owned());
        seeds.push(line.replace("\"v\":1", "\"v\":2"));
        seeds.push(line.replace("<c0>", "<c1>").replace("<t1>", "<t0>").replace("<k1>", "<k0>"));
        seeds.push(line.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" "));
    }
    seeds
}

fn request() -> Vec<String> {
    let question = request::QUESTION.clone();
    let mut seeds: Vec<String> =
        request::GIVEN.iter().map(|answer| answer.to_json().to_string()).collect();
    seeds.push(question["request"].to_string());
    seeds.push(question.to_string());
    seeds.push(r#"{"vp_token":{"edad":["x"],"quien":["y~","z"]}}"#.to_owned());
    seeds.push(r#"{"vp_token":{"edad":[]}}"#.to_owned());
    seeds.push(question["request"].to_string().replace("Vender", "Ven\\u061cder"));
    seeds
}

fn store() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new(), vec![255, 255, 255, 1, 9], vec![255, 255, 255, 2, 16, 0]];
    for place in [0_u32, 9, 16, 64, 128, 192, 256, 320, 4096, 8192, 0x01_0000, 0x04_0000] {
        let [a, b, c, _] = place.to_le_bytes();
        seeds.push(vec![a, b, c, 2, 1, 255]);
    }
    seeds
}

fn trust() -> Vec<String> {
    let key = |keys: &Keys| keys.public.to_jwk_text();
    let (first, second) = (key(&ISSUERS[0]), key(&ISSUERS[1]));
    let entry = |keys: &str| {
        format!(
            r#"{{"issued_at":1795305600,"issuers":[{{"iss":"{ISSUER}","name":"Emisor","types":["{VCT}"],"keys":[{keys}]}}]}}"#
        )
    };
    vec![
        entry(&format!(r#"{{"jwk":{first}}}"#)),
        entry(&format!(r#"{{"jwk":{second}}},{{"jwk":{first},"kid":"a","not_after":1795305662}}"#)),
        entry(&format!(r#"{{"jwk":{first},"not_before":1795305662}}"#)),
        // The very second of everything here.
        entry(&format!(r#"{{"jwk":{first},"not_before":1795305661}}"#)),
        entry(&format!(r#"{{"jwk":{second},"not_after":1795305661}}"#)),
        FILLED.trust.to_json().to_string(),
        certificates::list().to_json().to_string(),
        r#"{"issued_at":1,"issuers":[]}"#.to_owned(),
        r#"{"issued_at":-1,"issuers":[]}"#.to_owned(),
    ]
}

/// Types alone, in chains with and without integrity, and chains that may not be.
fn type_metadata() -> Vec<String> {
    let claims = r#""claims":[{"path":["given_name"],"mandatory":true,"sd":"always","svg_id":"a","display":[{"locale":"es-MX","label":"Nombre","description":"x"}]},{"path":["vct"],"sd":"never"},{"path":["nationalities",null]}]"#;
    let display = r##""display":[{"locale":"es","name":"Persona","rendering":{"simple":{"logo":{"uri":"https://emisor.example/l.png","uri#integrity":"sha256-x","alt_text":"y"},"background_color":"#abc","text_color":"#0a0b0c"},"svg_templates":[{"uri":"data:image/svg+xml,x","properties":{"orientation":"portrait","color_scheme":"dark","contrast":"high"}}]}}]"##;
    let first = |more: &str| format!(r#"{{"vct":"{VCT}"{more}}}"#);
    let base = r#"{"vct":"urn:example:base","name":"base","claims":[{"path":["given_name"],"mandatory":true},{"path":["age"],"sd":"always"}]}"#;
    vec![
        format!("o{}", first(&format!(",{claims},{display}"))),
        format!(
            "o{}\nf{base}",
            first(&format!(r#","extends":"urn:example:base","extends#integrity":"<1>",{claims}"#))
        ),
        format!("f{}\no{base}", first(r#","extends":"urn:example:base""#)),
        format!(
            "o{}\no{base}",
            first(r#","extends":"urn:example:base","claims":[{"path":["age"],"sd":"never"}]"#)
        ),
        format!("o{}", first(&format!(r#","extends":"{VCT}""#))),
        format!("o{}\no{}", first(""), first(r#","name":"another""#)),
        format!(
            "o{}",
            first(r#","claims":[{"path":["address",0],"sd":"always"}],"name":"a\u202eb""#)
        ),
    ]
}

fn wallet() -> Vec<String> {
    let request = request::QUESTION["request"].clone();
    let mut seeds = vec![request.to_string(), "{}".to_owned()];
    let [age, curp, ine] = [CredentialType::Age, CredentialType::Curp, CredentialType::Ine]
        .map(CredentialType::default_vct);
    let ask = |queries: Value, sets: Option<Value>| {
        let mut request = request.clone();
        request["dcql_query"] = json!({ "credentials": queries });
        if let Some(sets) = sets {
            request["dcql_query"]["credential_sets"] = sets;
        }
        request.to_string()
    };
    let one = |id: &str, vct: &[&str], claims: Value| json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": vct}, "claims": claims});
    seeds.push(ask(
        json!([one("a", &[curp], json!([{"path": ["curp"]}, {"path": ["nationalities", null]}]))]),
        None,
    ));
    seeds.push(ask(json!([one("a", &[curp], json!([{"path": ["nationalities", 1]}, {"path": ["nationalities", null], "values": ["MX"]}]))]), None));
    seeds.push(ask(
        json!([one("a", &[ine, curp], json!([{"path": ["given_name"], "values": ["Irene"]}]))]),
        None,
    ));
    seeds.push(ask(
        json!([
            one("a", &[ine], json!([{"path": ["address"]}, {"path": ["age_equal_or_over", "18"]}])),
            one("b", &[age], json!([{"path": ["age_equal_or_over"]}]))
        ]),
        None,
    ));
    seeds.push(ask(
        json!([
            one("a", &[ine], json!([{"path": ["curp"]}])),
            one("b", &[curp], json!([{"path": ["curp"]}])),
            one("c", &[age], json!([{"path": ["vct"]}]))
        ]),
        Some(json!([{"options": [["a"], ["b"]]}, {"options": [["c"]], "required": false}])),
    ));
    let mut sets = one(
        "a",
        &[ine],
        json!([{"id": "x", "path": ["curp"]}, {"id": "y", "path": ["seccion"]}, {"id": "z", "path": ["nowhere"]}]),
    );
    sets["claim_sets"] = json!([["x", "z"], ["y", "x"]]);
    seeds.push(ask(json!([sets]), None));
    let mut unbound = one("a", &[age], json!([{"path": ["iss"]}]));
    unbound["require_cryptographic_holder_binding"] = false.into();
    unbound["multiple"] = true.into();
    seeds.push(ask(json!([unbound]), None));
    let mut bare = one("a", &[age], Value::Null);
    bare.as_object_mut().unwrap().remove("claims");
    seeds.push(ask(json!([bare]), None));
    seeds
}
