//! What an issuer may write and a holder may show. Each class has one thing out of the ordinary; the first has none.

use llavero_tests::token::encode;
use serde_json::{Value, json};

use crate::class::{Class, accept, plain, under_hash};
use crate::draft::{AUDIENCE, FAR, NOW, Seal, digest, salt};

/// Names of claims that are like any other to the specification.
const NAMES: &[(&str, &str)] = &[
    ("empty", ""),
    ("dot", "a.b"),
    ("bracket", "a[0]"),
    ("digits", "0"),
    ("beyond the basic plane", "🦀"),
    ("control", "a\u{0}b"),
    ("__proto__", "__proto__"),
    ("constructor", "constructor"),
    ("toString", "toString"),
    ("_sd_algo", "_sd_algo"),
    ("four dots", "...."),
    ("@type", "@type"),
    ("combining accent", "an\u{303}o"),
];

/// Values in JSON.
const VALUES: &[(&str, &str)] = &[
    ("beyond the basic plane", "\"🦀 x\""),
    ("surrogate pair escaped", r#""\ud83e\udd80 x""#),
    ("NUL escaped", r#""a\u0000b""#),
    ("U+2028", "\"a\u{2028}b\""),
    ("noncharacter", "\"a\u{ffff}b\""),
    ("markup", r#""<a href='b'>&amp;</a>""#),
    ("integer beyond 2^53", "9007199254740993"),
    ("integer below -2^53", "-9007199254740993"),
    ("integer beyond 2^63", "9223372036854775808"),
    ("integer beyond 2^64", "18446744073709551616"),
    ("integer of 30 digits", "123456789012345678901234567890"),
    ("fraction of zero", "7.0"),
    ("exponent", "1e2"),
    ("large exponent", "1.5e300"),
    ("tiny", "5e-324"),
    ("fraction of 17 digits", "0.30000000000000004"),
    ("empty array", "[]"),
    ("empty object", "{}"),
    ("empty array in an array", "[[]]"),
    ("empty object in an array", "[{}]"),
    ("null in an array", "[null]"),
    ("date as text", "\"1999-12-31T23:59:59Z\""),
    ("text of 20000 letters", "@long"),
    ("object of 300 members", "@wide"),
    ("arrays 20 deep", "@deep"),
];

fn value(json: &str) -> String {
    match json {
        "@long" => format!("\"{}\"", "ñ".repeat(20_000)),
        "@wide" => {
            let members = (0..300).map(|at| format!("\"m{at}\":{at}")).collect::<Vec<_>>();
            format!("{{{}}}", members.join(","))
        }
        "@deep" => format!("{}1{}", "[".repeat(20), "]".repeat(20)),
        json => json.to_owned(),
    }
}

pub(crate) fn classes() -> Vec<Class> {
    let mut classes = vec![accept("honest", |_, _| Some(()))];
    for (what, name) in NAMES {
        classes.push(accept(format!("honest/open name/{what}"), move |draft, _| {
            draft.open(name, json!("x"));
            Some(())
        }));
        classes.push(accept(format!("honest/hidden name/{what}"), move |draft, dice| {
            draft.claims.insert((*name).to_owned(), json!("x"));
            let entries = json!([salt(dice), name, "x"]);
            draft.disclose(entries);
            Some(())
        }));
    }
    for (what, json) in VALUES {
        let text = value(json);
        classes.push(accept(format!("honest/open value/{what}"), {
            let text = text.clone();
            move |draft, _| {
                draft.open("apodo", json!("@raw"));
                draft.claims.insert("apodo".to_owned(), serde_json::from_str(&text).unwrap());
                draft.raw = Some(text.clone());
                Some(())
            }
        }));
        classes.push(accept(format!("honest/hidden value/{what}"), move |draft, dice| {
            draft.raw = Some(text.clone());
            draft.claims.insert("apodo".to_owned(), serde_json::from_str(&text).unwrap());
            let entries = json!([salt(dice), "apodo", "@raw"]);
            draft.disclose(entries);
            Some(())
        }));
    }
    classes.extend([
        under_hash("honest/sha-384", "sha-384"),
        under_hash("honest/sha-512", "sha-512"),
        accept("honest/without iss", |draft, _| {
            draft.without("iss");
            Some(())
        }),
        accept("honest/without exp", |draft, _| {
            draft.without("exp");
            Some(())
        }),
        accept("honest/without kid", |draft, _| {
            draft.issuer.header.as_object_mut()?.remove("kid");
            Some(())
        }),
        accept("honest/without cnf", |draft, _| {
            draft.without("cnf");
            Some(())
        })
        .unbound(),
        accept("honest/iss not https", |draft, _| {
            draft.open("iss", json!("urn:example:registro"));
            Some(())
        }),
        accept("honest/plain SD-JWT", |draft, _| {
            plain(draft);
            draft.without("vct");
            draft.issuer.header["typ"] = json!("example+sd-jwt");
            Some(())
        }),
        accept("honest/plain SD-JWT without typ", |draft, _| {
            plain(draft);
            draft.without("vct");
            draft.issuer.header.as_object_mut()?.remove("typ");
            Some(())
        }),
        accept("honest/aud", |draft, _| {
            draft.open("aud", json!([AUDIENCE, "https://otro.example"]));
            Some(())
        }),
        accept("honest/status", |draft, _| {
            let list = json!({"idx": 7, "uri": "https://registro.example/estado"});
            draft.open("status", json!({"status_list": list}));
            Some(())
        }),
        accept("honest/aka_vcts", |draft, _| {
            draft.open("aka_vcts", json!(["https://registro.example/tipos/otro"]));
            Some(())
        }),
        accept("honest/exp with a fraction", |draft, _| {
            draft.open("exp", json!(4_102_444_800.5));
            Some(())
        }),
        accept("honest/exp as 4.1024448e9", |draft, _| {
            draft.raw = Some("4.1024448e9".to_owned());
            draft.open("exp", json!("@raw"));
            draft.claims.insert("exp".to_owned(), json!(4.102_444_8e9));
            Some(())
        }),
        accept("honest/iat to come", |draft, _| {
            draft.open("iat", json!(4_070_908_800_i64));
            Some(())
        }),
        accept("honest/iat to come, hidden", |draft, dice| {
            draft.without("iat");
            draft.claims.insert("iat".to_owned(), json!(FAR));
            let entries = json!([salt(dice), "iat", FAR]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/open null", |draft, _| {
            draft.open("apodo", Value::Null);
            Some(())
        }),
        accept("honest/element hidden in an array in an array", |draft, dice| {
            let text = encode(json!([salt(dice), "x"]).to_string());
            draft.open("anexo", json!([["x", 1], 2]));
            draft.payload()["anexo"] = json!([[{"...": digest(draft.hash, &text)}, 1], 2]);
            draft.disclosures.push(text);
            Some(())
        }),
        accept("honest/nbf and iat of 1970", |draft, _| {
            draft.open("nbf", json!(0));
            draft.open("iat", json!(1));
            Some(())
        }),
        accept("honest/nbf now", |draft, _| {
            draft.open("nbf", json!(NOW));
            Some(())
        }),
        accept("honest/iat hidden", |draft, dice| {
            draft.without("iat");
            draft.claims.insert("iat".to_owned(), json!(NOW - 5));
            let entries = json!([salt(dice), "iat", NOW - 5]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/sub hidden", |draft, dice| {
            draft.claims.insert("sub".to_owned(), json!("urn:example:1"));
            let entries = json!([salt(dice), "sub", "urn:example:1"]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/_sd empty", |draft, _| {
            draft.open("anexo", json!({"nota": 1}));
            draft.payload()["anexo"]["_sd"] = json!([]);
            Some(())
        }),
        accept("honest/nothing to hide", |draft, _| {
            for name in draft.payload().keys().cloned().collect::<Vec<_>>() {
                if !["iss", "vct", "exp", "cnf", "iat", "nbf"].contains(&name.as_str()) {
                    draft.without(&name);
                }
            }
            let known = |name: &str| ["iss", "vct", "exp", "cnf", "iat", "nbf"].contains(&name);
            draft.claims.retain(|name, _| known(name));
            draft.disclosures.clear();
            Some(())
        }),
        accept("honest/all of an object kept back", |draft, dice| {
            let digest = digest(draft.hash, &salt(dice));
            draft.open("anexo", json!({}));
            draft.payload()["anexo"] = json!({"_sd": [digest]});
            Some(())
        }),
        accept("honest/all of an array kept back", |draft, dice| {
            let digest = digest(draft.hash, &salt(dice));
            draft.open("anexo", json!([]));
            draft.payload()["anexo"] = json!([{"...": digest}]);
            Some(())
        }),
        accept("honest/hidden array all of which is kept back", |draft, dice| {
            let digest = digest(draft.hash, &salt(dice));
            draft.claims.insert("anexo".to_owned(), json!([]));
            let entries = json!([salt(dice), "anexo", [{"...": digest}]]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/empty array as an element", |draft, dice| {
            let digest = digest(draft.hash, &salt(dice));
            draft.open("anexo", json!([[], 1]));
            draft.payload()["anexo"] = json!([[{"...": digest}], 1]);
            Some(())
        }),
        accept("honest/hidden null in an array", |draft, dice| {
            let text = encode(json!([salt(dice), null]).to_string());
            draft.open("anexo", json!([1, null]));
            draft.payload()["anexo"] = json!([1, {"...": digest(draft.hash, &text)}]);
            draft.disclosures.push(text);
            Some(())
        }),
        accept("honest/two hidden elements of one value", |draft, dice| {
            let texts = [(); 2].map(|()| encode(json!([salt(dice), "W10"]).to_string()));
            draft.open("anexo", json!(["W10", "W10"]));
            let places = texts.each_ref().map(|text| json!({"...": digest(draft.hash, text)}));
            draft.payload()["anexo"] = json!(places);
            draft.disclosures.extend(texts);
            Some(())
        }),
        accept("honest/hidden null", |draft, dice| {
            draft.claims.insert("apodo".to_owned(), Value::Null);
            let entries = json!([salt(dice), "apodo", null]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/same name at two levels", |draft, dice| {
            draft.open("anexo", json!({"anexo": 1}));
            draft.payload()["anexo"] = json!({});
            let text = encode(json!([salt(dice), "anexo", 1]).to_string());
            draft.payload()["anexo"]["_sd"] = json!([digest(draft.hash, &text)]);
            draft.disclosures.push(text);
            Some(())
        }),
        accept("honest/a digest as an ordinary value", |draft, _| {
            let text = draft.disclosures.first().or(draft.hidden.first())?.clone();
            let digest = digest(draft.hash, &text);
            draft.open("apodo", json!(digest));
            Some(())
        }),
        accept("honest/dots as an ordinary value", |draft, _| {
            draft.open("apodo", json!(["...", "_sd"]));
            Some(())
        }),
        accept("honest/digest twice where only a kept back Disclosure says so", |draft, dice| {
            let shared = digest(draft.hash, &salt(dice));
            let entries = json!([salt(dice), "anexo", {"_sd": [shared]}]);
            let hidden = encode(entries.to_string());
            draft.digest(json!(digest(draft.hash, &hidden)));
            draft.digest(json!(shared));
            draft.hidden.push(hidden);
            Some(())
        }),
        accept("honest/salt of one letter", |draft, dice| {
            draft.claims.insert("apodo".to_owned(), json!(dice.below(1 << 30)));
            let entries = json!(["a", "apodo", draft.claims["apodo"]]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/salt empty", |draft, dice| {
            draft.claims.insert("apodo".to_owned(), json!(dice.below(1 << 30)));
            let entries = json!(["", "apodo", draft.claims["apodo"]]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/salt of any text", |draft, dice| {
            draft.claims.insert("apodo".to_owned(), json!("x"));
            let entries = json!([format!("ñ \"~. {}", salt(dice)), "apodo", "x"]);
            draft.disclose(entries);
            Some(())
        }),
        accept("honest/white space around a Disclosure's JSON", |draft, dice| {
            draft.claims.insert("apodo".to_owned(), json!("x"));
            let json = format!("\r\n\t [ \"{}\"\t, \"apodo\" ,\n\"x\" ] \n", salt(dice));
            draft.disclose_json(&json);
            Some(())
        }),
        accept("honest/white space around the payload", |draft, _| {
            draft.issuer.edit_payload(|text| format!(" \n{}\t ", text.replacen('{', "{ \n", 1)));
            Some(())
        }),
        accept("honest/Disclosures in another order", |draft, dice| {
            for at in (1..draft.disclosures.len()).rev() {
                let other = dice.below(at + 1);
                draft.disclosures.swap(at, other);
            }
            (draft.disclosures.len() > 1).then_some(())
        }),
        accept("honest/200 Disclosures", |draft, dice| {
            for at in 0..200 {
                let name = format!("m{at}");
                draft.claims.insert(name.clone(), json!(at));
                let entries = json!([salt(dice), name, at]);
                draft.disclose(entries);
            }
            Some(())
        }),
        accept("honest/300 decoys", |draft, dice| {
            for _ in 0..300 {
                let decoy = digest(draft.hash, &salt(dice));
                draft.digest(json!(decoy));
            }
            Some(())
        }),
        accept("honest/Disclosures 12 deep", |draft, dice| {
            let mut value = json!({"fondo": 1});
            let mut read = value.clone();
            let mut chain = vec![];
            for _ in 0..12 {
                let json = json!([salt(dice), "nivel", value]).to_string();
                let text = encode(json);
                value = json!({"_sd": [digest(draft.hash, &text)]});
                read = json!({"nivel": read});
                chain.insert(0, text);
            }
            draft.open("anexo", read);
            draft.payload()["anexo"] = value;
            draft.disclosures.extend(chain);
            Some(())
        }),
        accept("honest/ES256 with the other s", |draft, _| {
            draft.issuer.seal = Seal::Negated;
            (draft.pair.issuer.algorithm().name() == "ES256").then_some(())
        }),
        accept("honest/header with members nobody asked for", |draft, _| {
            draft.issuer.header["x"] = json!({"y": [1, null]});
            draft.issuer.header["cty"] = json!("x");
            Some(())
        }),
        accept("honest/jwk of somebody else in the header", |draft, _| {
            draft.issuer.header["jwk"] = draft.pair.other_issuer.public.clone();
            Some(())
        }),
        accept("honest/key binding with claims nobody asked for", |draft, _| {
            let holder = draft.holder.as_mut()?;
            holder.payload["jti"] = json!("x");
            holder.payload["exp"] = json!(FAR);
            Some(())
        })
        .bound(),
        accept("honest/key binding with a kid", |draft, _| {
            draft.holder.as_mut()?.header["kid"] = json!("x");
            Some(())
        })
        .bound(),
        accept("honest/key binding with iat that has a fraction", |draft, _| {
            draft.holder.as_mut()?.payload["iat"] = json!(1_767_225_599.5);
            Some(())
        })
        .bound(),
        accept("honest/cnf with kid and alg", |draft, _| {
            let mut jwk = draft.pair.holder.public.clone();
            jwk["kid"] = json!("titular");
            jwk["use"] = json!("sig");
            draft.open("cnf", json!({"jwk": jwk}));
            Some(())
        }),
    ]);
    classes
}
