//! Disclosures, digests and JSON that break a rule of RFC 9901, rightly signed.

use llavero_tests::token::{decode, encode};
use serde_json::{Value, json};

use crate::class::{
    Class, accept, nickname, plant, plant_json, plant_text, refuse, rewritten, spelt,
};
use crate::draft::{Spelling, digest, salt};

/// Texts in the place of a value that are no JSON, whatever some readers take.
const NO_JSON: &[(&str, &str)] = &[
    ("NaN", "NaN"),
    ("Infinity", "-Infinity"),
    ("leading zero", "01"),
    ("plus sign", "+1"),
    ("no digit before the point", ".5"),
    ("no digit after the point", "1."),
    ("hexadecimal", "0x10"),
    ("single quotes", "'x'"),
    ("no quotes", "x"),
    ("True", "True"),
    ("tab in a string", "\"a\tb\""),
    ("unknown escape", r#""\x41""#),
    ("trailing comma in an array", "[1,]"),
    ("trailing comma in an object", r#"{"a":1,}"#),
    ("missing element", "[1,,2]"),
    ("comment", "/* x */1"),
    ("semicolon", "[1;2]"),
    ("equals sign", r#"{"a"=1}"#),
    ("no-break space", "\u{a0}1"),
];

/// JSON that readers disagree about.
const DOUBTFUL: &[(&str, &str)] = &[
    ("lone surrogate", r#""\ud800""#),
    ("surrogates in the wrong order", r#""\udd80\ud83e""#),
    ("name twice", r#"{"a":1,"a":2}"#),
    ("name twice, escaped", r#"{"a":1,"\u0061":2}"#),
    ("number beyond a double", "1e400"),
    ("arrays 100 deep", "@deep"),
];

/// What is no algorithm for digests.
const NO_HASH: &[(&str, &str)] = &[
    ("md5", r#""md5""#),
    ("sha-1", r#""sha-1""#),
    ("SHA-256", r#""SHA-256""#),
    ("sha256", r#""sha256""#),
    ("sha-256-64", r#""sha-256-64""#),
    ("with a space", r#""sha-256 ""#),
    ("empty", r#""""#),
    ("null", "null"),
    ("number", "256"),
    ("array", r#"["sha-256"]"#),
];

fn text(json: &str) -> String {
    if json == "@deep" {
        return format!("{}1{}", "[".repeat(100), "]".repeat(100));
    }
    json.to_owned()
}

pub(crate) fn classes() -> Vec<Class> {
    let mut classes = vec![];
    for (kind, values) in [("no JSON", NO_JSON), ("doubtful JSON", DOUBTFUL)] {
        for (what, json) in values {
            let json = text(json);
            classes.push(refuse(format!("{kind}, open/{what}"), {
                let json = json.clone();
                move |draft, _| {
                    draft.open("apodo", json!("@raw"));
                    draft.raw = Some(json.clone());
                    Some(())
                }
            }));
            classes.push(refuse(format!("{kind}, hidden/{what}"), move |draft, dice| {
                let entries = json!([salt(dice), "apodo", "@raw"]);
                plant_json(draft, dice, &entries.to_string().replace("\"@raw\"", &json));
                Some(())
            }));
        }
    }
    for (what, json) in NO_HASH {
        classes.push(
            refuse(format!("_sd_alg/{what}"), move |draft, _| {
                let value = serde_json::from_str(json).unwrap();
                draft.payload().insert("_sd_alg".to_owned(), value);
                (!draft.disclosures.is_empty()).then_some(())
            })
            .unbound(),
        );
        classes.push(
            refuse(format!("_sd_alg, nothing disclosed/{what}"), move |draft, _| {
                let value = serde_json::from_str(json).unwrap();
                draft.payload().insert("_sd_alg".to_owned(), value);
                draft.disclosures.clear();
                Some(())
            })
            .unbound(),
        );
    }
    classes.extend(digests());
    classes.extend(disclosures());
    classes.extend(layout());
    classes
}

fn digests() -> Vec<Class> {
    vec![
        refuse("digest/twice in one _sd", |draft, dice| {
            let entries = nickname(dice);
            draft.disclose(entries);
            let last = draft.payload()["_sd"].as_array()?.last()?.clone();
            draft.digest(last);
            Some(())
        }),
        refuse("digest/twice, of a decoy", |draft, dice| {
            let decoy = json!(digest(draft.hash, &salt(dice)));
            draft.digest(decoy.clone());
            draft.digest(decoy);
            Some(())
        }),
        refuse("digest/at two levels", |draft, dice| {
            let entries = nickname(dice);
            draft.disclose(entries);
            let last = draft.payload()["_sd"].as_array()?.last()?.clone();
            draft.payload().insert("anexo".to_owned(), json!({"_sd": [last]}));
            Some(())
        }),
        refuse("digest/of a decoy at two levels", |draft, dice| {
            let decoy = json!(digest(draft.hash, &salt(dice)));
            draft.digest(decoy.clone());
            draft.payload().insert("anexo".to_owned(), json!({"_sd": [decoy]}));
            Some(())
        }),
        refuse("digest/of a decoy in an object and in an array", |draft, dice| {
            let decoy = json!(digest(draft.hash, &salt(dice)));
            draft.digest(decoy.clone());
            draft.payload().insert("anexo".to_owned(), json!([1, {"...": decoy}]));
            Some(())
        }),
        refuse("digest/of a decoy at two places of an array", |draft, dice| {
            let decoy = json!(digest(draft.hash, &salt(dice)));
            let array = json!([{"...": decoy}, 1, {"...": decoy}]);
            draft.payload().insert("anexo".to_owned(), array);
            Some(())
        }),
        refuse("digest/of an element at two places of an array", |draft, dice| {
            let text = encode(json!([salt(dice), "x"]).to_string());
            let place = json!({"...": digest(draft.hash, &text)});
            draft.payload().insert("anexo".to_owned(), json!([place, 1, place]));
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("digest/of a decoy, and in a Disclosure", |draft, dice| {
            let decoy = json!(digest(draft.hash, &salt(dice)));
            draft.digest(decoy.clone());
            let entries = json!([salt(dice), "anexo", {"_sd": [decoy]}]);
            draft.disclose(entries);
            Some(())
        }),
        refuse("digest/of a decoy in two Disclosures", |draft, dice| {
            let decoy = json!(digest(draft.hash, &salt(dice)));
            for name in ["anexo", "otro anexo"] {
                let entries = json!([salt(dice), name, {"_sd": [decoy]}]);
                draft.disclose(entries);
            }
            Some(())
        }),
        refuse("digest/number", |draft, _| {
            draft.digest(json!(7));
            Some(())
        }),
        refuse("digest/null", |draft, _| {
            draft.digest(Value::Null);
            Some(())
        }),
        refuse("digest/array", |draft, _| {
            draft.digest(json!(["x"]));
            Some(())
        }),
        refuse("digest/hexadecimal", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            let bytes = decode(&digest(draft.hash, &text))?;
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            draft.digest(json!(hex));
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("digest/padded", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            let padded = format!("{}=", digest(draft.hash, &text));
            draft.digest(json!(padded));
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("digest/standard alphabet", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            let right = digest(draft.hash, &text);
            let other = right.replace('-', "+").replace('_', "/");
            let differs = other != right;
            draft.digest(json!(other));
            draft.disclosures.push(text);
            differs.then_some(())
        }),
        refuse("digest/of the JSON", |draft, dice| {
            let json = nickname(dice).to_string();
            draft.digest(json!(digest(draft.hash, &json)));
            draft.disclosures.push(encode(json));
            Some(())
        }),
        refuse("digest/sha-512 under sha-256", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            draft.digest(json!(digest("sha-512", &text)));
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("digest/as an ordinary value only", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            let value = json!(digest(draft.hash, &text));
            draft.payload().insert("anexo".to_owned(), value);
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("digest/as the value of a disclosed element only", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            let element = encode(json!([salt(dice), digest(draft.hash, &text)]).to_string());
            let array = json!([1, {"...": digest(draft.hash, &element)}]);
            draft.payload().insert("anexo".to_owned(), array);
            draft.disclosures.extend([element, text]);
            Some(())
        }),
        refuse("digest/in dots of an object that is no element", |draft, dice| {
            let text = encode(json!([salt(dice), "x"]).to_string());
            let value = json!({"...": digest(draft.hash, &text)});
            draft.payload().insert("anexo".to_owned(), value);
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("digest/in dots at the top", |draft, dice| {
            let text = encode(json!([salt(dice), "x"]).to_string());
            let value = json!(digest(draft.hash, &text));
            draft.payload().insert("...".to_owned(), value);
            draft.disclosures.push(text);
            Some(())
        }),
    ]
}

fn disclosures() -> Vec<Class> {
    let entry = |name: &'static str, entries: fn(String) -> Value| {
        refuse(format!("disclosure/{name}"), move |draft, dice| {
            let entries = entries(salt(dice));
            plant(draft, dice, &entries);
            Some(())
        })
    };
    vec![
        entry("named _sd", |salt| json!([salt, "_sd", ["x"]])),
        entry("named _sd, with a text", |salt| json!([salt, "_sd", "x"])),
        entry("named ...", |salt| json!([salt, "...", "x"])),
        entry("name is a number", |salt| json!([salt, 7, "x"])),
        entry("name is null", |salt| json!([salt, null, "x"])),
        entry("name is true", |salt| json!([salt, true, "x"])),
        entry("name is an array", |salt| json!([salt, ["apodo"], "x"])),
        entry("salt is a number", |_| json!([7, "apodo", "x"])),
        entry("salt is null", |_| json!([null, "apodo", "x"])),
        entry("salt is an object", |salt| json!([{"salt": salt}, "apodo", "x"])),
        entry("no entry", |_| json!([])),
        entry("one entry", |salt| json!([salt])),
        entry("four entries", |salt| json!([salt, "apodo", "x", "y"])),
        entry("element in an object", |salt| json!([salt, "x"])),
        entry("object", |salt| json!({"salt": salt, "name": "apodo", "value": "x"})),
        entry("text", |salt| json!(salt)),
        entry("value has _sd that is a text", |salt| json!([salt, "apodo", {"_sd": "x"}])),
        entry("value has _sd that is an object", |salt| json!([salt, "apodo", {"_sd": {}}])),
        entry("value has _sd with a number", |salt| json!([salt, "apodo", {"_sd": [7]}])),
        entry("value has dots with a number", |salt| json!([salt, "apodo", [{"...": 7}]])),
        entry(
            "value has dots beside another member",
            |salt| json!([salt, "apodo", [{"...": "x", "y": 1}]]),
        ),
        entry("value has _sd_alg", |salt| json!([salt, "apodo", {"_sd_alg": "sha-256"}])),
        refuse("disclosure/named _sd_alg", |draft, dice| {
            draft.payload().remove("_sd_alg");
            let entries = json!([salt(dice), "_sd_alg", "sha-256"]);
            draft.disclose(entries);
            Some(())
        }),
        refuse("disclosure/named _sd with an escape", |draft, dice| {
            let json = format!(r#"["{}","\u005fsd",["x"]]"#, salt(dice));
            plant_json(draft, dice, &json);
            Some(())
        }),
        refuse("disclosure/takes an open claim's name", |draft, dice| {
            draft.open("apodo", json!("y"));
            let entries = nickname(dice);
            draft.disclose(entries);
            Some(())
        }),
        refuse("disclosure/takes an open claim's name in an object", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            let object = json!({"apodo": "y", "_sd": [digest(draft.hash, &text)]});
            draft.payload().insert("anexo".to_owned(), object);
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("disclosure/two of one name", |draft, dice| {
            for value in ["x", "y"] {
                let entries = json!([salt(dice), "apodo", value]);
                draft.disclose(entries);
            }
            Some(())
        }),
        refuse("disclosure/two of one name, one escaped", |draft, dice| {
            let entries = nickname(dice);
            draft.disclose(entries);
            let json = format!(r#"["{}","\u0061podo","y"]"#, salt(dice));
            draft.disclose_json(&json);
            Some(())
        }),
        refuse("disclosure/takes the issuer's name", |draft, dice| {
            let entries = json!([salt(dice), "iss", "https://otro.example"]);
            draft.disclose(entries);
            Some(())
        }),
        refuse("disclosure/member in an array", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            let array = json!([1, {"...": digest(draft.hash, &text)}]);
            draft.payload().insert("anexo".to_owned(), array);
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("disclosure/unreferenced", |draft, dice| {
            draft.disclosures.push(encode(nickname(dice).to_string()));
            Some(())
        }),
        refuse("disclosure/unreferenced element", |draft, dice| {
            draft.disclosures.push(encode(json!([salt(dice), "x"]).to_string()));
            Some(())
        }),
        refuse("disclosure/child without its parent", |draft, dice| {
            let child = encode(nickname(dice).to_string());
            let object = json!({"_sd": [digest(draft.hash, &child)]});
            let parent = encode(json!([salt(dice), "anexo", object]).to_string());
            draft.digest(json!(digest(draft.hash, &parent)));
            draft.disclosures.push(child);
            Some(())
        }),
        refuse("disclosure/child of an element without its parent", |draft, dice| {
            let child = encode(nickname(dice).to_string());
            let object = json!({"_sd": [digest(draft.hash, &child)]});
            let parent = encode(json!([salt(dice), object]).to_string());
            let array = json!([{"...": digest(draft.hash, &parent)}]);
            draft.payload().insert("anexo".to_owned(), array);
            draft.disclosures.push(child);
            Some(())
        }),
        refuse("disclosure/sent twice", |draft, dice| {
            let entries = nickname(dice);
            draft.disclose(entries);
            let at = dice.below(draft.disclosures.len());
            let again = draft.disclosures[at].clone();
            draft.disclosures.push(again);
            Some(())
        }),
        refuse("disclosure/in the place of a name it hides by", |draft, dice| {
            // Inside itself: no digest can be found for it, so another's digest stands there.
            let object = json!({"_sd": [digest(draft.hash, &salt(dice))], "apodo": 1});
            let text = encode(json!([salt(dice), "apodo", object]).to_string());
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("disclosure/byte order mark", |draft, dice| {
            let json = format!("\u{feff}{}", nickname(dice));
            plant_json(draft, dice, &json);
            Some(())
        }),
        refuse("disclosure/text behind the JSON", |draft, dice| {
            let json = format!("{}x", nickname(dice));
            plant_json(draft, dice, &json);
            Some(())
        }),
        refuse("disclosure/second JSON behind the first", |draft, dice| {
            let json = format!("{}{}", nickname(dice), nickname(dice));
            plant_json(draft, dice, &json);
            Some(())
        }),
        refuse("disclosure/NUL behind the JSON", |draft, dice| {
            let json = format!("{}\0", nickname(dice));
            plant_json(draft, dice, &json);
            Some(())
        }),
        refuse("disclosure/JSON cut short", |draft, dice| {
            let mut json = nickname(dice).to_string();
            json.pop();
            plant_json(draft, dice, &json);
            Some(())
        }),
        refuse("disclosure/trailing comma", |draft, dice| {
            let json = nickname(dice).to_string().replace("\"x\"", "\"x\",");
            plant_json(draft, dice, &json);
            Some(())
        }),
        refuse("disclosure/no UTF-8", |draft, dice| {
            let mut json = nickname(dice).to_string().into_bytes();
            let end = json.len() - 3;
            json[end] = 0xff;
            plant_text(draft, dice, encode(json));
            Some(())
        }),
        refuse("disclosure/UTF-8 longer than it need be", |draft, dice| {
            let json = nickname(dice).to_string();
            let (start, end) = json.split_at(json.len() - 3);
            let bytes = [start.as_bytes(), &[0xc1, 0xb8], &end.as_bytes()[1..]].concat();
            plant_text(draft, dice, encode(bytes));
            Some(())
        }),
        refuse("disclosure/surrogate in UTF-8", |draft, dice| {
            let json = nickname(dice).to_string();
            let (start, end) = json.split_at(json.len() - 3);
            let bytes = [start.as_bytes(), &[0xed, 0xa0, 0x80], end.as_bytes()].concat();
            plant_text(draft, dice, encode(bytes));
            Some(())
        }),
        refuse("disclosure/padded", |draft, dice| {
            let text = spelt(dice, Spelling::Padded);
            plant_text(draft, dice, text);
            Some(())
        }),
        refuse("disclosure/standard alphabet", |draft, dice| {
            let text = spelt(dice, Spelling::Standard);
            plant_text(draft, dice, text);
            Some(())
        }),
        refuse("disclosure/spare bits", |draft, dice| {
            let text = spelt(dice, Spelling::SpareBits);
            plant_text(draft, dice, text);
            Some(())
        }),
        refuse("disclosure/line feed", |draft, dice| {
            let text = spelt(dice, Spelling::LineFeed);
            plant_text(draft, dice, text);
            Some(())
        }),
        refuse("disclosure/one letter too many", |draft, dice| {
            let mut text = encode(nickname(dice).to_string());
            while !text.len().is_multiple_of(4) {
                text = encode(json!([salt(dice), "apodo", "x".repeat(dice.below(9))]).to_string());
            }
            text.push('A');
            plant_text(draft, dice, text);
            Some(())
        }),
        refuse("disclosure/not base64url at all", |draft, dice| {
            let text = format!("%{}", encode(nickname(dice).to_string()));
            plant_text(draft, dice, text);
            Some(())
        }),
        refuse("disclosure/deeper than 64", |draft, dice| {
            let mut value = json!({"fondo": 1});
            let mut chain = vec![];
            for _ in 0..70 {
                let json = json!([salt(dice), "nivel", value]).to_string();
                let text = encode(json);
                value = json!({"_sd": [digest(draft.hash, &text)]});
                chain.insert(0, text);
            }
            draft.payload().insert("anexo".to_owned(), value);
            draft.disclosures.extend(chain);
            Some(())
        }),
    ]
}

fn layout() -> Vec<Class> {
    let payload = |name: &'static str, member: &'static str, value: fn(String) -> Value| {
        refuse(format!("reserved/{name}"), move |draft, dice| {
            let value = value(digest(draft.hash, &salt(dice)));
            draft.payload().insert(member.to_owned(), value);
            if member == "_sd" {
                // Those that the former value referred to.
                draft.disclosures.clear();
            }
            Some(())
        })
    };
    vec![
        payload("_sd is a text", "_sd", |digest| json!(digest)),
        payload("_sd is null", "_sd", |_| Value::Null),
        payload("_sd is an object", "_sd", |digest| json!({"0": digest})),
        payload("_sd is an array in an array", "_sd", |digest| json!([[digest]])),
        payload("nested _sd is a text", "anexo", |digest| json!({"_sd": digest, "nota": 1})),
        payload("nested _sd is null", "anexo", |_| json!({"_sd": null, "nota": 1})),
        payload("nested _sd_alg", "anexo", |_| json!({"_sd_alg": "sha-256", "nota": 1})),
        payload("nested _sd_alg in an array", "anexo", |_| json!([{"_sd_alg": "sha-256"}])),
        payload("dots with a number", "anexo", |_| json!([1, {"...": 7}])),
        payload("dots with null", "anexo", |_| json!([1, {"...": null}])),
        payload("dots with an object", "anexo", |digest| json!([1, {"...": {"...": digest}}])),
        payload(
            "dots beside another member",
            "anexo",
            |digest| json!([1, {"...": digest, "a": 1}]),
        ),
        payload("dots beside _sd", "anexo", |digest| json!([1, {"...": digest, "_sd": []}])),
        payload("dots in an object", "anexo", |digest| json!({"...": digest})),
        payload("dots at the top", "...", |digest| json!(digest)),
        refuse("reserved/dots beside another member, disclosed", |draft, dice| {
            let text = encode(json!([salt(dice), "x"]).to_string());
            let array = json!([1, {"...": digest(draft.hash, &text), "a": 1}]);
            draft.payload().insert("anexo".to_owned(), array);
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("reserved/_sd with an escape, a text", |draft, _| {
            draft.open("anexo", json!({"@sd": "x"}));
            draft.issuer.edit_payload(|text| text.replace("@sd", "\\u005fsd"));
            Some(())
        }),
        accept("reserved/_sd with an escape, disclosed", |draft, dice| {
            let text = encode(nickname(dice).to_string());
            draft.open("anexo", json!({"@sd": [digest(draft.hash, &text)]}));
            draft.claims.insert("anexo".to_owned(), json!({"apodo": "x"}));
            draft.disclosures.push(text);
            draft.issuer.edit_payload(|text| text.replace("@sd", "\\u005fsd"));
            Some(())
        }),
        rewritten("text/no tilde at all", |text, _| Some(text.split('~').next()?.to_owned()))
            .unbound(),
        rewritten("text/no tilde at the end", |text, _| {
            (text.matches('~').count() > 1).then(|| text[..text.len() - 1].to_owned())
        })
        .unbound(),
        rewritten("text/two tildes at the end", |text, _| Some(format!("{text}~"))).unbound(),
        rewritten("text/two tildes in the middle", |text, dice| {
            let tildes: Vec<usize> = text.match_indices('~').map(|(at, _)| at).collect();
            let at = tildes[dice.below(tildes.len())];
            Some(format!("{}~{}", &text[..at], &text[at..]))
        })
        .unbound(),
        rewritten("text/tilde in front", |text, _| Some(format!("~{text}"))).unbound(),
        rewritten("text/space behind", |text, _| Some(format!("{text} "))).unbound(),
        rewritten("text/line feed behind", |text, _| Some(format!("{text}\n"))).unbound(),
        rewritten("text/space in front", |text, _| Some(format!(" {text}"))).unbound(),
        rewritten("text/line feed in front", |text, _| Some(format!("\n{text}"))).unbound(),
        rewritten("text/space behind a tilde", |text, _| {
            (text.matches('~').count() > 1).then(|| text.replacen('~', "~ ", 1))
        })
        .unbound(),
        rewritten("text/space as a Disclosure", |text, _| Some(format!("{text} ~"))).unbound(),
        rewritten("text/Disclosure behind the key binding", |text, dice| {
            Some(format!("{text}~{}~", encode(nickname(dice).to_string())))
        })
        .bound(),
        rewritten("text/the JWT in two parts", |text, _| {
            let (jwt, rest) = text.split_once('~')?;
            Some(format!("{}~{rest}", jwt.rsplit_once('.')?.0))
        }),
        rewritten("text/the JWT in four parts", |text, _| {
            let (jwt, rest) = text.split_once('~')?;
            Some(format!("{jwt}.AA~{rest}"))
        }),
        rewritten("text/the JWT with a point behind", |text, _| {
            let (jwt, rest) = text.split_once('~')?;
            Some(format!("{jwt}.~{rest}"))
        }),
        rewritten("text/the JWT twice", |text, _| {
            let jwt = text.split('~').next()?;
            Some(format!("{jwt}~{text}"))
        })
        .unbound(),
        rewritten("text/flattened JSON", |text, _| {
            let mut parts = text.split('~');
            let mut jwt = parts.next()?.split('.');
            let disclosures: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            let (protected, payload, signature) = (jwt.next()?, jwt.next()?, jwt.next()?);
            let header = json!({"disclosures": disclosures});
            let json = json!({"payload": payload, "protected": protected, "signature": signature,
                "header": header});
            Some(json.to_string())
        })
        .unbound(),
        rewritten("text/empty", |_, dice| Some("~".repeat(dice.below(5000)))).unbound(),
    ]
}
