//! Headers, signatures, dates and texts of the issuer's JWT that must not be taken, signed unless the class says how not.

use serde_json::{Value, json};

use crate::class::{Class, refuse};
use crate::draft::{Draft, FAR, NOW, PAST, Seal, Spelling, salt};

/// Members of the header.
const HEADERS: &[(&str, &str, &str)] = &[
    ("alg of another key", "alg", r#""RS256""#),
    ("alg ES384", "alg", r#""ES384""#),
    ("alg in lower case", "alg", r#""es256""#),
    ("alg is a number", "alg", "7"),
    ("alg is null", "alg", "null"),
    ("alg is an array", "alg", r#"["ES256"]"#),
    ("crit of something unknown", "crit", r#"["urn:example:c"]"#),
    ("crit of something known", "crit", r#"["alg"]"#),
    ("crit of something absent", "crit", r#"["exp"]"#),
    ("crit empty", "crit", "[]"),
    ("crit is a text", "crit", r#""b64""#),
    ("typ JWT", "typ", r#""JWT""#),
    ("typ kb+jwt", "typ", r#""kb+jwt""#),
    ("typ of before", "typ", r#""vc+sd-jwt""#),
    ("typ with application/", "typ", r#""application/dc+sd-jwt""#),
    ("typ in upper case", "typ", r#""DC+SD-JWT""#),
    ("typ with a space", "typ", r#""dc+sd-jwt ""#),
    ("typ is a number", "typ", "7"),
    ("typ is an array", "typ", r#"["dc+sd-jwt"]"#),
    ("kid is a number", "kid", "7"),
];

/// Dates that are none, or are over, or have not come.
const DATES: &[(&str, &str, &str)] = &[
    ("exp over", "exp", "978307200"),
    ("exp over, with a fraction", "exp", "978307200.5"),
    ("exp now", "exp", "1767225600"),
    ("exp zero", "exp", "0"),
    ("exp negative", "exp", "-1"),
    ("exp negative, with a fraction", "exp", "-1.5"),
    ("exp as text", "exp", r#""4102444800""#),
    ("exp as a date", "exp", r#""2100-01-01T00:00:00Z""#),
    ("exp null", "exp", "null"),
    ("exp true", "exp", "true"),
    ("exp an array", "exp", "[4102444800]"),
    ("exp an object", "exp", "{}"),
    ("exp 1e300", "exp", "1e300"),
    ("exp 2^63", "exp", "9223372036854775808"),
    ("exp of 30 digits", "exp", "123456789012345678901234567890"),
    ("nbf to come", "nbf", "4070908800"),
    ("nbf to come, with a fraction", "nbf", "4070908800.5"),
    ("nbf to come as 4.0709088e9", "nbf", "4.0709088e9"),
    ("nbf as text", "nbf", r#""978307200""#),
    ("nbf to come as text", "nbf", r#""4070908800""#),
    ("nbf null", "nbf", "null"),
    ("nbf 1e300", "nbf", "1e300"),
    ("exp beyond the year 9999", "exp", "253402300800"),
    ("exp beyond 2^53", "exp", "9007199254740993"),
    ("iat as text", "iat", r#""978307200""#),
    ("iat null", "iat", "null"),
];

pub(crate) fn classes() -> Vec<Class> {
    let mut classes = vec![];
    for (what, member, json) in HEADERS {
        classes.push(refuse(format!("header/{what}"), move |draft, _| {
            draft.issuer.header[*member] = serde_json::from_str(json).unwrap();
            if *what == "crit of something unknown" {
                draft.issuer.header["urn:example:c"] = json!(true);
            }
            Some(())
        }));
    }
    for (what, member, json) in DATES {
        classes.push(refuse(format!("date/{what}"), move |draft, _| {
            draft.payload().insert((*member).to_owned(), json!("@raw"));
            draft.raw = Some((*json).to_owned());
            Some(())
        }));
    }
    // Whoever asks for key binding has a name, which `aud` of the credential must then hold.
    for (what, aud) in [
        ("aud of another", json!("https://otro.example")),
        ("aud an array of others", json!(["https://otro.example"])),
        ("aud an empty array", json!([])),
    ] {
        let class = refuse(format!("credential/{what}"), move |draft, _| {
            draft.open("aud", aud.clone());
            Some(())
        });
        classes.push(class.bound());
    }
    for member in ["alg", "typ"] {
        classes.push(refuse(format!("header/without {member}"), move |draft, _| {
            draft.issuer.header.as_object_mut()?.remove(member);
            Some(())
        }));
    }
    for name in ["none", "None", "NONE", "nOnE"] {
        classes.push(refuse(format!("header/alg {name}, no signature"), move |draft, _| {
            draft.issuer.header["alg"] = json!(name);
            draft.issuer.seal = Seal::Empty;
            Some(())
        }));
        classes.push(refuse(format!("header/alg {name}, signed"), move |draft, _| {
            draft.issuer.header["alg"] = json!(name);
            Some(())
        }));
    }
    classes.extend([
        refuse("header/alg HS256 with the public key", |draft, _| {
            draft.issuer.header["alg"] = json!("HS256");
            draft.issuer.seal = Seal::Hmac;
            Some(())
        }),
        refuse("header/b64 false", |draft, _| {
            draft.issuer.header["b64"] = json!(false);
            draft.issuer.header["crit"] = json!(["b64"]);
            Some(())
        }),
        refuse("header/name twice", |draft, _| {
            draft.issuer.edit_header(|text| text.replacen('{', r#"{"kid":"x","#, 1));
            Some(())
        }),
        refuse("header/alg twice, none first", |draft, _| {
            draft.issuer.edit_header(|text| text.replacen('{', r#"{"alg":"none","#, 1));
            Some(())
        }),
        refuse("header/is an array", |draft, _| {
            draft.issuer.edit_header(|text| format!("[{text}]"));
            Some(())
        }),
        refuse("header/is empty", |draft, _| {
            draft.issuer.header_bytes = Some(vec![]);
            Some(())
        }),
        refuse("header/no UTF-8", |draft, _| {
            let mut bytes = draft.issuer.header.to_string().into_bytes();
            let at = bytes.windows(4).position(|window| window == b"2026")?;
            bytes[at] = 0xff;
            draft.issuer.header_bytes = Some(bytes);
            Some(())
        }),
        refuse("header/text behind the JSON", |draft, _| {
            draft.issuer.edit_header(|text| text + "x");
            Some(())
        }),
        refuse("payload/name twice", |draft, _| {
            draft.open("apodo", json!("x"));
            draft.issuer.edit_payload(|text| text.replacen('{', r#"{"apodo":"y","#, 1));
            Some(())
        }),
        refuse("payload/exp twice, over first", |draft, _| {
            draft.issuer.edit_payload(|text| text.replacen('{', r#"{"exp":1,"#, 1));
            Some(())
        }),
        refuse("payload/exp twice, over last", |draft, _| {
            draft.issuer.edit_payload(|text| format!(r#"{},"exp":1}}"#, &text[..text.len() - 1]));
            Some(())
        }),
        refuse("payload/_sd twice", |draft, _| {
            draft.payload().get("_sd")?;
            draft.issuer.edit_payload(|text| text.replacen('{', r#"{"_sd":[],"#, 1));
            Some(())
        }),
        refuse("payload/is an array", |draft, _| {
            draft.issuer.edit_payload(|text| format!("[{text}]"));
            Some(())
        }),
        refuse("payload/is null", |draft, dice| {
            draft.issuer.payload_bytes = Some(b"null".to_vec());
            draft.issuer.header["kid"] = json!(salt(dice));
            Some(())
        }),
        refuse("payload/is empty", |draft, dice| {
            draft.issuer.payload_bytes = Some(vec![]);
            draft.issuer.header["kid"] = json!(salt(dice));
            Some(())
        }),
        refuse("payload/byte order mark", |draft, _| {
            draft.issuer.edit_payload(|text| format!("\u{feff}{text}"));
            Some(())
        }),
        refuse("payload/text behind the JSON", |draft, _| {
            draft.issuer.edit_payload(|text| text + "x");
            Some(())
        }),
        refuse("payload/NUL behind the JSON", |draft, _| {
            draft.issuer.edit_payload(|text| text + "\0");
            Some(())
        }),
        refuse("payload/no UTF-8", |draft, _| {
            let mut bytes = draft.issuer.payload.to_string().into_bytes();
            let at = bytes.windows(8).position(|window| window == b"registro")?;
            bytes[at] = 0xff;
            draft.issuer.payload_bytes = Some(bytes);
            Some(())
        }),
        refuse("payload/cut short", |draft, _| {
            draft.issuer.edit_payload(|mut text| {
                text.pop();
                text
            });
            Some(())
        }),
        refuse("signature/of another issuer", seal(Seal::Other)),
        refuse("signature/of the holder", |draft, dice| {
            (draft.pair.issuer.algorithm() == draft.pair.holder.algorithm()).then_some(())?;
            seal(Seal::Swapped)(draft, dice)
        }),
        refuse("signature/of another issuer, whose jwk is in the header", |draft, _| {
            draft.issuer.header["jwk"] = draft.pair.other_issuer.public.clone();
            draft.issuer.seal = Seal::Other;
            Some(())
        }),
        refuse("signature/empty", seal(Seal::Empty)),
        refuse("signature/zeros", seal(Seal::Zeros)),
        refuse("signature/DER", |draft, dice| {
            (draft.pair.issuer.algorithm().name() == "ES256").then_some(())?;
            seal(Seal::Der)(draft, dice)
        }),
        refuse("spelling/header padded", |draft, dice| {
            draft.issuer.header["x"] = json!("y".repeat(dice.below(9)));
            spell(draft, 0, Spelling::Padded)
        }),
        refuse("spelling/header with spare bits", |draft, dice| {
            draft.issuer.header["x"] = json!("y".repeat(dice.below(9)));
            let bytes = draft.issuer.header.to_string().len();
            (bytes % 3 != 0).then_some(())?;
            spell(draft, 0, Spelling::SpareBits)
        }),
        refuse("spelling/header with a line feed", |draft, _| spell(draft, 0, Spelling::LineFeed)),
        refuse("spelling/payload padded", |draft, _| spell(draft, 1, Spelling::Padded)),
        refuse("spelling/payload in the standard alphabet", |draft, dice| {
            draft.open("apodo", json!(format!("{}?ÿ?ÿ?ÿ?", "x".repeat(dice.below(3)))));
            let text = Spelling::Plain.write(draft.issuer.payload.to_string().as_bytes());
            text.contains(['-', '_']).then_some(())?;
            spell(draft, 1, Spelling::Standard)
        }),
        refuse("spelling/payload with spare bits", |draft, _| {
            (draft.issuer.payload.to_string().len() % 3 != 0).then_some(())?;
            spell(draft, 1, Spelling::SpareBits)
        }),
        refuse("spelling/payload with a line feed", |draft, _| spell(draft, 1, Spelling::LineFeed)),
        refuse("spelling/signature padded", |draft, _| spell(draft, 2, Spelling::Padded)),
        refuse("spelling/signature with spare bits", |draft, _| {
            spell(draft, 2, Spelling::SpareBits)
        }),
        refuse("spelling/signature with a line feed", |draft, _| {
            spell(draft, 2, Spelling::LineFeed)
        }),
        hidden_date("exp over", "exp", json!(PAST)),
        hidden_date("exp", "exp", json!(FAR)),
        hidden_date("nbf to come", "nbf", json!(FAR - 1)),
        hidden_date("nbf", "nbf", json!(NOW - 1)),
        hidden_date("iat as text", "iat", json!("978307200")),
    ]);
    classes
}

/// A date that a verifier might look for before the Disclosures are put in.
fn hidden_date(what: &str, member: &'static str, value: Value) -> Class {
    refuse(format!("date/{what}, hidden"), move |draft, dice| {
        draft.without(member);
        let entries = json!([salt(dice), member, value]);
        draft.disclose(entries);
        Some(())
    })
}

fn seal(seal: Seal) -> impl Fn(&mut Draft<'_>, &mut crate::dice::Dice) -> Option<()> + Send + Sync {
    move |draft, _| {
        draft.issuer.seal = seal;
        Some(())
    }
}

fn spell(draft: &mut Draft<'_>, part: usize, spelling: Spelling) -> Option<()> {
    draft.issuer.spelling[part] = spelling;
    Some(())
}
