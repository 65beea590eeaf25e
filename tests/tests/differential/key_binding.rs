//! KB-JWTs that must not be taken (RFC 9901 §4.3, §7.3), rightly signed unless the class says how not.

use llavero_tests::token::{decode, encode};
use serde_json::{Value, json};

use crate::class::{Class, nickname, refuse, rewritten};
use crate::draft::{FAR, NOW, PAST, Seal, Spelling, digest};

/// Members of the header and of the payload. What is asked for is `AUDIENCE` and `NONCE`.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("typ JWT", "typ", r#""JWT""#),
    ("typ of a credential", "typ", r#""dc+sd-jwt""#),
    ("typ in upper case", "typ", r#""KB+JWT""#),
    ("typ with application/", "typ", r#""application/kb+jwt""#),
    ("typ is a number", "typ", "7"),
    ("alg of another key", "alg", r#""RS256""#),
    ("alg ES384", "alg", r#""ES384""#),
    ("crit of something unknown", "crit", r#"["urn:example:c"]"#),
    ("crit empty", "crit", "[]"),
    ("aud of another", "aud", r#""https://otro.example""#),
    ("aud an array of one", "aud", r#"["https://bar.example"]"#),
    ("aud an array of two", "aud", r#"["https://bar.example","https://otro.example"]"#),
    ("aud empty array", "aud", "[]"),
    ("aud with a slash", "aud", r#""https://bar.example/""#),
    ("aud in upper case", "aud", r#""HTTPS://BAR.EXAMPLE""#),
    ("aud longer", "aud", r#""https://bar.example.otro.example""#),
    ("aud null", "aud", "null"),
    ("aud a number", "aud", "7"),
    ("nonce of another", "nonce", r#""n-0S6_WzA2MjRGVkYmU2ZGMwYjB""#),
    ("nonce in lower case", "nonce", r#""n-0s6_wza2mjrgvkymu2zgmwyja""#),
    ("nonce an array", "nonce", r#"["n-0S6_WzA2MjRGVkYmU2ZGMwYjA"]"#),
    ("nonce empty", "nonce", r#""""#),
    ("nonce null", "nonce", "null"),
    ("nonce a number", "nonce", "7"),
    ("iat of 2001", "iat", "978307200"),
    ("iat of 2099", "iat", "4070908800"),
    ("iat as text", "iat", r#""1767225600""#),
    ("iat null", "iat", "null"),
    ("iat true", "iat", "true"),
    ("iat zero", "iat", "0"),
    ("iat negative", "iat", "-1"),
    ("iat 1e300", "iat", "1e300"),
    ("exp over", "exp", "978307200"),
    ("exp as text", "exp", r#""978307200""#),
    ("nbf to come", "nbf", "4070908800"),
    ("nbf as text", "nbf", r#""978307200""#),
    ("sd_hash null", "sd_hash", "null"),
    ("sd_hash a number", "sd_hash", "7"),
    ("sd_hash empty", "sd_hash", r#""""#),
];

pub(crate) fn classes() -> Vec<Class> {
    let mut classes = vec![];
    for (what, member, json) in MEMBERS {
        classes.push(kb(*what, move |draft| {
            let holder = draft.holder.as_mut()?;
            let value: Value = serde_json::from_str(json).unwrap();
            if *member == "sd_hash" {
                // `null` would mean to leave it out.
                holder
                    .edit_payload(|text| text.replacen('{', &format!("{{\"sd_hash\":{value},"), 1));
            } else if ["typ", "alg", "crit"].contains(member) {
                holder.header[*member] = value;
                if *what == "crit of something unknown" {
                    holder.header["urn:example:c"] = json!(true);
                }
            } else {
                holder.payload[*member] = value;
            }
            Some(())
        }));
    }
    for member in ["typ", "alg"] {
        classes.push(kb(format!("without {member}"), move |draft| {
            draft.holder.as_mut()?.header.as_object_mut()?.remove(member).map(drop)
        }));
    }
    for member in ["iat", "aud", "nonce"] {
        classes.push(kb(format!("without {member}"), move |draft| {
            draft.holder.as_mut()?.payload.as_object_mut()?.remove(member).map(drop)
        }));
    }
    let sealed: [(&str, &str, Seal); 8] = [
        ("of another holder", "", Seal::Other),
        ("unsigned, alg none", "none", Seal::Empty),
        ("signed, alg none", "none", Seal::Right),
        ("unsigned, alg None", "None", Seal::Empty),
        ("unsigned", "", Seal::Empty),
        ("signature of zeros", "", Seal::Zeros),
        ("signed by the issuer", "", Seal::Swapped),
        ("HS256 with the public key", "HS256", Seal::Hmac),
    ];
    for (what, alg, seal) in sealed {
        classes.push(kb(what, move |draft| {
            let same = draft.pair.issuer.algorithm() == draft.pair.holder.algorithm();
            let holder = draft.holder.as_mut()?;
            if !alg.is_empty() {
                holder.header["alg"] = json!(alg);
            }
            holder.seal = seal;
            (seal != Seal::Swapped || same).then_some(())
        }));
    }
    classes.extend([
        kb("signature in DER", |draft| {
            draft.holder.as_mut()?.seal = Seal::Der;
            (draft.pair.holder.algorithm().name() == "ES256").then_some(())
        }),
        kb("of another holder, whose jwk is in the header", |draft| {
            let jwk = draft.pair.other_holder.public.clone();
            let holder = draft.holder.as_mut()?;
            holder.header["jwk"] = jwk;
            holder.seal = Seal::Other;
            Some(())
        }),
        kb("without sd_hash", |draft| {
            draft.sd_hash = Some(Value::Null);
            Some(())
        }),
        kb("sd_hash of something else", |draft| {
            draft.sd_hash = Some(json!(digest(draft.hash, "something else")));
            Some(())
        }),
        kb("sd_hash without the last tilde", |draft| {
            let text = unbound(draft);
            draft.sd_hash = Some(json!(digest(draft.hash, &text[..text.len() - 1])));
            Some(())
        }),
        kb("sd_hash of the JWT alone", |draft| {
            let text = unbound(draft);
            draft.sd_hash = Some(json!(digest(draft.hash, text.split('~').next()?)));
            (!draft.disclosures.is_empty()).then_some(())
        }),
        kb("sd_hash of sha-512 under sha-256", |draft| {
            let text = unbound(draft);
            draft.sd_hash = Some(json!(digest("sha-512", &text)));
            Some(())
        }),
        kb("sd_hash in hexadecimal", |draft| {
            let bytes = decode(&digest(draft.hash, &unbound(draft)))?;
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            draft.sd_hash = Some(json!(hex));
            Some(())
        }),
        kb("sd_hash padded", |draft| {
            let hash = format!("{}=", digest(draft.hash, &unbound(draft)));
            draft.sd_hash = Some(json!(hash));
            Some(())
        }),
        kb("sd_hash with spare bits", |draft| {
            let bytes = decode(&digest(draft.hash, &unbound(draft)))?;
            draft.sd_hash = Some(json!(Spelling::SpareBits.write(&bytes)));
            Some(())
        }),
        kb("sd_hash of the Disclosures in another order", |draft| {
            let mut other = draft.clone();
            other.disclosures.reverse();
            let hash = digest(draft.hash, &unbound(&other));
            draft.sd_hash = Some(json!(hash));
            (other.disclosures != draft.disclosures).then_some(())
        }),
        kb("sd_hash in an array", |draft| {
            draft.sd_hash = Some(json!([digest(draft.hash, &unbound(draft))]));
            Some(())
        }),
        kb("aud twice, the right one first", |draft| {
            draft.holder.as_mut()?.edit_payload(|text| {
                let text = text.replacen('{', r#"{"sd_hash":"@sd_hash","#, 1);
                format!(r#"{},"aud":"https://otro.example"}}"#, &text[..text.len() - 1])
            });
            Some(())
        }),
        kb("aud twice, the right one last", |draft| {
            draft.holder.as_mut()?.edit_payload(|text| {
                text.replacen('{', r#"{"sd_hash":"@sd_hash","aud":"https://otro.example","#, 1)
            });
            Some(())
        }),
        kb("typ twice", |draft| {
            let header = draft.holder.as_mut()?;
            header.edit_header(|text| text.replacen('{', r#"{"typ":"JWT","#, 1));
            Some(())
        }),
        kb("payload is an array", |draft| {
            draft.holder.as_mut()?.edit_payload(|text| format!("[{text}]"));
            Some(())
        }),
        kb("payload has text behind the JSON", |draft| {
            draft
                .holder
                .as_mut()?
                .edit_payload(|text| text.replacen('{', r#"{"sd_hash":"@sd_hash","#, 1) + "x");
            Some(())
        }),
        kb("header padded", |draft| {
            draft.holder.as_mut()?.spelling[0] = Spelling::Padded;
            Some(())
        }),
        kb("payload padded", |draft| {
            draft.holder.as_mut()?.spelling[1] = Spelling::Padded;
            Some(())
        }),
        kb("signature padded", |draft| {
            draft.holder.as_mut()?.spelling[2] = Spelling::Padded;
            Some(())
        }),
        kb("signature with spare bits", |draft| {
            draft.holder.as_mut()?.spelling[2] = Spelling::SpareBits;
            Some(())
        }),
        kb("cnf absent", |draft| {
            draft.without("cnf");
            Some(())
        }),
        kb("cnf empty", |draft| {
            draft.open("cnf", json!({}));
            Some(())
        }),
        kb("cnf with a kid only", |draft| {
            draft.open("cnf", json!({"kid": "titular"}));
            Some(())
        }),
        kb("cnf of another holder", |draft| {
            let jwk = draft.pair.other_holder.public.clone();
            draft.open("cnf", json!({"jwk": jwk}));
            Some(())
        }),
        kb("cnf is the jwk itself", |draft| {
            let jwk = draft.pair.holder.public.clone();
            draft.open("cnf", jwk);
            Some(())
        }),
        kb("cnf with the private key", |draft| {
            let private = draft.pair.holder.signing.to_private_jwk_text();
            draft.open("cnf", json!({"jwk": serde_json::from_str::<Value>(&private).ok()?}));
            Some(())
        }),
        kb("cnf off the curve", |draft| {
            let mut jwk = draft.pair.holder.public.clone();
            jwk.get("y")?;
            jwk["y"] = jwk["x"].clone();
            draft.open("cnf", json!({"jwk": jwk}));
            Some(())
        }),
        kb("cnf symmetric, HS256 with it", |draft| {
            // The verifier's own reading of the key as a secret: anybody who sees the credential could answer.
            let text = draft.pair.holder.public.to_string();
            let k = encode(text);
            draft.open("cnf", json!({"jwk": {"kty": "oct", "k": k}}));
            let holder = draft.holder.as_mut()?;
            holder.header["alg"] = json!("HS256");
            holder.seal = Seal::Hmac;
            Some(())
        }),
        kb("iat in milliseconds", |draft| {
            draft.holder.as_mut()?.payload["iat"] = json!(NOW * 1000);
            Some(())
        }),
        kb("exp and nbf the wrong way round", |draft| {
            let payload = &mut draft.holder.as_mut()?.payload;
            payload["nbf"] = json!(FAR);
            payload["exp"] = json!(PAST);
            Some(())
        }),
        kb("missing", |draft| {
            draft.holder = None;
            Some(())
        }),
        refuse("key binding/for another verifier's question", |draft, _| {
            let asked = draft.asked.as_mut()?;
            asked.aud = "https://otro.example".to_owned();
            Some(())
        })
        .bound(),
        refuse("key binding/for an earlier nonce", |draft, _| {
            let asked = draft.asked.as_mut()?;
            asked.nonce = "cGFyYSBvdHJhIG9jYXNpw7Nu".to_owned();
            Some(())
        })
        .bound(),
        refuse("key binding/not asked for", |draft, _| {
            draft.asked = None;
            Some(())
        })
        .bound(),
        refuse("key binding/wrong and not asked for", |draft, _| {
            draft.asked = None;
            draft.holder.as_mut()?.seal = Seal::Zeros;
            Some(())
        })
        .bound(),
        rewritten("key binding/a Disclosure taken away", |text, dice| {
            let mut parts: Vec<&str> = text.split('~').collect();
            let between = parts.len() - 2;
            parts.remove(1 + dice.below(between.max(1)).min(between.checked_sub(1)?));
            Some(parts.join("~"))
        })
        .bound(),
        rewritten("key binding/a Disclosure put in", |text, dice| {
            let at = text.rfind('~')?;
            let more = encode(nickname(dice).to_string());
            Some(format!("{}~{more}{}", &text[..at], &text[at..]))
        })
        .bound(),
        rewritten("key binding/Disclosures in another order", |text, _| {
            let mut parts: Vec<&str> = text.split('~').collect();
            let end = parts.len() - 1;
            parts[1..end].reverse();
            Some(parts.join("~"))
        })
        .bound(),
        rewritten("key binding/twice", |text, _| {
            let kb = &text[text.rfind('~')?..];
            Some(format!("{text}{kb}"))
        })
        .bound(),
        rewritten("key binding/in five parts", |text, _| Some(format!("{text}.AA.AA"))).bound(),
        rewritten("key binding/line feed behind", |text, _| Some(format!("{text}\n"))).bound(),
        rewritten("key binding/space behind", |text, _| Some(format!("{text} "))).bound(),
        rewritten("key binding/the credential in its place", |text, _| {
            let jwt = text.split('~').next()?;
            Some(format!("{}~{jwt}", &text[..text.rfind('~')?]))
        })
        .bound(),
    ]);
    classes
}

fn kb(
    what: impl Into<String>,
    change: impl Fn(&mut crate::draft::Draft<'_>) -> Option<()> + Send + Sync + 'static,
) -> Class {
    refuse(format!("key binding/{}", what.into()), move |draft, _| change(draft)).bound()
}

/// The text that a KB-JWT binds.
fn unbound(draft: &crate::draft::Draft<'_>) -> String {
    let mut draft = draft.clone();
    draft.holder = None;
    draft.sign()
}
