//! What SD-JWT VC adds: claims that must not be hidden, types, statuses.

use llavero_tests::token::encode;
use serde_json::json;

use crate::class::{Class, refuse};
use crate::draft::{ISSUER, TYPE, digest, salt};

/// Members of the payload that SD-JWT VC gives another form.
const MEMBERS: &[(&str, &str, &str)] = &[
    ("vct is a number", "vct", "7"),
    ("vct is null", "vct", "null"),
    ("vct is an array", "vct", r#"["https://registro.example/tipos/persona"]"#),
    ("vct empty", "vct", r#""""#),
    ("iss is a number", "iss", "7"),
    ("iss is null", "iss", "null"),
    ("iss is an array", "iss", r#"["https://registro.example"]"#),
    ("aka_vcts empty", "aka_vcts", "[]"),
    ("aka_vcts is a text", "aka_vcts", r#""x""#),
    ("aka_vcts with a number", "aka_vcts", "[7]"),
    ("status is a text", "status", r#""valid""#),
    ("cnf is a text", "cnf", r#""x""#),
    ("cnf is an array", "cnf", "[]"),
];

pub(crate) fn classes() -> Vec<Class> {
    let mut classes = vec![];
    for (what, member, json) in MEMBERS {
        classes.push(
            refuse(format!("vc/{what}"), move |draft, _| {
                let value = serde_json::from_str(json).unwrap();
                draft.payload().insert((*member).to_owned(), value);
                Some(())
            })
            .unbound(),
        );
    }
    for member in ["iss", "vct", "vct#integrity", "aka_vcts", "status", "cnf"] {
        let class = refuse(format!("vc/{member} hidden"), move |draft, dice| {
            let value = match member {
                "iss" => json!(ISSUER),
                "vct" => json!(TYPE),
                "vct#integrity" => json!("sha256-Zm9v"),
                "aka_vcts" => json!(["https://registro.example/tipos/otro"]),
                "status" => {
                    json!({"status_list": {"idx": 1, "uri": "https://registro.example/e"}})
                }
                _ => json!({"jwk": draft.pair.holder.public}),
            };
            draft.without(member);
            let entries = json!([salt(dice), member, value]);
            draft.disclose(entries);
            Some(())
        });
        classes.push(class.unbound());
    }
    classes.extend([
        refuse("vc/without vct", |draft, _| {
            draft.without("vct");
            Some(())
        }),
        refuse("vc/jwk hidden in cnf", |draft, dice| {
            let entries = json!([salt(dice), "jwk", draft.pair.holder.public]);
            let text = encode(entries.to_string());
            let value = json!({"_sd": [digest(draft.hash, &text)]});
            draft.payload().insert("cnf".to_owned(), value);
            draft.disclosures.push(text);
            Some(())
        })
        .unbound(),
        refuse("vc/cnf hidden, and key binding", |draft, dice| {
            let value = json!({"jwk": draft.pair.holder.public});
            draft.without("cnf");
            let entries = json!([salt(dice), "cnf", value]);
            draft.disclose(entries);
            Some(())
        })
        .bound(),
        refuse("vc/status_list hidden in status", |draft, dice| {
            let list = json!({"idx": 1, "uri": "https://registro.example/e"});
            let text = encode(json!([salt(dice), "status_list", list]).to_string());
            let value = json!({"_sd": [digest(draft.hash, &text)]});
            draft.payload().insert("status".to_owned(), value);
            draft.disclosures.push(text);
            Some(())
        }),
        refuse("vc/element hidden in aka_vcts", |draft, dice| {
            let text = encode(json!([salt(dice), "https://registro.example/t"]).to_string());
            let value = json!(["https://a.example", {"...": digest(draft.hash, &text)}]);
            draft.payload().insert("aka_vcts".to_owned(), value);
            draft.disclosures.push(text);
            Some(())
        }),
    ]);
    classes
}
