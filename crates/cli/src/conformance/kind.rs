//! The kinds of cases: what an implementation is given, what it is compared with, and who answers here.

use serde_json::{Map, Value};

use super::answer::Answer;
use super::{
    Unanswered, Unreadable, dcql, issuer_metadata, member, mexico, path_pointer, sd_jwt, text,
    type_metadata,
};

/// A kind of case.
pub(crate) struct Kind {
    name: &'static str,
    /// Members that tell a case of a kind that cases do not name.
    told_by: &'static [&'static str],
    /// Members of a case, or of the `meta` of its file, that an implementation is given.
    input: &'static [&'static str],
    expectation: Expectation,
    answer: fn(&Value) -> Result<Answer, Unreadable>,
}

/// Where a case says what should come out.
enum Expectation {
    /// `expect` is `either`, or `expect.query_valid` is true, false or `either` and what else it holds must come out,
    /// the paths of a candidate in any order.
    Dcql,
    /// Each of these members must come out, if the case has it.
    Members(&'static [&'static str]),
    /// `expect` is what must come out, or this word for a refusal, or `either`.
    ValueOr(&'static str),
    /// `expect` is `accept`, `reject` or `either`.
    Verdict,
    /// The same; with `accept`, this member must come out, if the case has it.
    VerdictAnd(&'static str),
    /// The same; with `accept`, what this member holds must be part of what comes out.
    VerdictAndMembersOf(&'static str),
}

/// What the kinds about one token have in common.
const TOKEN: Kind = Kind {
    name: "",
    told_by: &[],
    input: &["role", "input", "policy"],
    expectation: Expectation::VerdictAnd("processed_payload"),
    answer: unknown,
};

/// All kinds. Those that cases name come first: RFC cases use the member `kind` for "fisica" and "moral".
const KINDS: [Kind; 19] = [
    Kind { name: "core", answer: sd_jwt::any, ..TOKEN },
    Kind { name: "kb", answer: sd_jwt::any, ..TOKEN },
    Kind { name: "sdjwtvc", answer: sd_jwt::vc, ..TOKEN },
    Kind { name: "x5c", answer: sd_jwt::certified, ..TOKEN },
    Kind {
        name: "path-pointer",
        told_by: &[],
        input: &["credential", "path"],
        expectation: Expectation::ValueOr("error"),
        answer: path_pointer::answer,
    },
    Kind {
        name: "dcql-parse",
        told_by: &[],
        input: &["query"],
        expectation: Expectation::Dcql,
        answer: dcql::parse,
    },
    Kind {
        name: "dcql-eval",
        told_by: &[],
        input: &["query", "credentials"],
        expectation: Expectation::Dcql,
        answer: dcql::evaluate,
    },
    Kind {
        name: "issuer-metadata-url",
        told_by: &[],
        input: &["iss"],
        expectation: Expectation::VerdictAnd("well_known_url"),
        answer: issuer_metadata::url,
    },
    Kind {
        name: "issuer-metadata-doc",
        told_by: &[],
        input: &["iss", "kid", "metadata", "jwk_set"],
        expectation: Expectation::Verdict,
        answer: issuer_metadata::document,
    },
    Kind {
        name: "type-metadata-resolve",
        told_by: &[],
        input: &["documents", "vct", "integrity", "ask"],
        expectation: Expectation::VerdictAndMembersOf("resolved"),
        answer: type_metadata::resolve,
    },
    Kind {
        name: "type-metadata-check",
        told_by: &[],
        input: &["documents", "situation", "input", "policy"],
        expectation: Expectation::Verdict,
        answer: type_metadata::check,
    },
    Kind {
        name: "sri",
        told_by: &[],
        input: &["metadata", "octets"],
        expectation: Expectation::Verdict,
        answer: type_metadata::sri,
    },
    Kind {
        name: "statuslist",
        told_by: &[],
        input: &["status_claim", "status_list_token", "policy"],
        expectation: Expectation::ValueOr("reject"),
        answer: unknown,
    },
    Kind {
        name: "curp-consistency",
        told_by: &["curp", "claims"],
        input: &["curp", "claims"],
        expectation: Expectation::Members(&["consistent", "mismatching"]),
        answer: mexico::curp_consistency,
    },
    Kind {
        name: "curp",
        told_by: &["curp", "well_formed"],
        input: &["curp", "as_of"],
        expectation: Expectation::Members(&[
            "well_formed",
            "valid",
            "valid_strict_differentiator",
            "reason",
            "reasons",
            "fields",
            "expected_check_digit",
        ]),
        answer: mexico::curp,
    },
    Kind {
        name: "curp-derivation",
        told_by: &["root16"],
        input: &["given_names", "first_surname", "second_surname", "birthdate", "sex", "entidad"],
        expectation: Expectation::Members(&["root16", "curp_with_first_differentiator"]),
        answer: mexico::curp_derivation,
    },
    Kind {
        name: "mrz",
        told_by: &["lines"],
        input: &["lines", "as_of"],
        expectation: Expectation::Members(&["valid", "reason", "checks", "parsed"]),
        answer: mexico::mrz,
    },
    Kind {
        name: "rfc",
        told_by: &["rfc"],
        input: &["rfc"],
        expectation: Expectation::Members(&[
            "valid",
            "valid_except_check_digit",
            "kind",
            "reason",
            "reasons",
        ]),
        answer: mexico::rfc,
    },
    Kind {
        name: "clave-elector",
        told_by: &["clave_elector"],
        input: &["clave_elector"],
        expectation: Expectation::Members(&["well_formed", "reason", "fields"]),
        answer: mexico::clave_elector,
    },
];

/// The answer to a kind that this program knows no answer to.
fn unknown(_: &Value) -> Result<Answer, Unreadable> {
    Ok(Answer::Skip)
}

/// What came of one case.
pub(super) enum Finding {
    Passed,
    /// The specification leaves it open; this is the way it went.
    Either(Answer),
    Failed {
        expected: String,
        got: String,
    },
    Skipped,
}

/// What a case expects.
struct Expected {
    verdict: Verdict,
    wanted: Wanted,
}

#[derive(Clone, Copy)]
enum Verdict {
    Accept,
    Either,
    Reject,
}

/// What must come out where the input is accepted.
enum Wanted {
    Anything,
    Equal(Value),
    /// These members, and any others.
    Members(Map<String, Value>),
}

impl Kind {
    /// The kind of a case: the one it names, or else the one that its members tell.
    pub(super) fn of(case: &Value) -> Option<&'static Self> {
        let named = case.get("kind").and_then(Value::as_str);
        let has = |names: &[&str]| names.iter().all(|name| case.get(*name).is_some());
        let tells = |kind: &&Self| {
            if kind.told_by.is_empty() { named == Some(kind.name) } else { has(kind.told_by) }
        };
        KINDS.iter().find(tells)
    }

    /// The kind with this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// What an implementation is given of a case: nothing that tells what is expected.
    pub(super) fn input(&self, case: &Value, shared: &Value) -> Value {
        let mut input = Map::new();
        input.insert("id".to_owned(), case.get("id").cloned().unwrap_or_default());
        input.insert("kind".to_owned(), self.name.into());
        for name in self.input {
            if let Some(value) = case.get(*name).or_else(|| shared.get(*name)) {
                input.insert((*name).to_owned(), value.clone());
            }
        }
        Value::Object(input)
    }

    /// What this program says.
    pub(super) fn answer(&self, input: &Value) -> Result<Answer, Unreadable> {
        (self.answer)(input)
    }

    /// Compares an answer with what the case expects.
    pub(super) fn judge(
        &self,
        case: &Value,
        mut answer: Answer,
        our_codes: bool,
    ) -> Result<Finding, Unreadable> {
        let Expected { verdict, wanted } = self.expected(case)?;
        if let (Expectation::Dcql, Answer::Accept(value)) = (&self.expectation, &mut answer) {
            dcql::sort_paths(value.get_mut("candidates"));
        }
        Ok(match (verdict, &answer) {
            (_, Answer::Skip) => Finding::Skipped,
            (Verdict::Either, Answer::Reject(_)) => Finding::Either(answer),
            (Verdict::Reject, Answer::Reject(code)) => {
                match case.get("code").and_then(Value::as_str).filter(|_| our_codes) {
                    Some(wanted) if code.as_deref() != Some(wanted) => Finding::Failed {
                        expected: format!("reject ({wanted})"),
                        got: answer.to_string(),
                    },
                    _ => Finding::Passed,
                }
            }
            (Verdict::Accept | Verdict::Either, Answer::Accept(value)) => {
                match (wanted.difference(value), verdict) {
                    (Some((expected, got)), _) => Finding::Failed { expected, got },
                    (None, Verdict::Either) => Finding::Either(answer),
                    (None, _) => Finding::Passed,
                }
            }
            (Verdict::Accept, Answer::Reject(_)) | (Verdict::Reject, Answer::Accept(_)) => {
                Finding::Failed { expected: verdict.word().to_owned(), got: answer.to_string() }
            }
        })
    }

    /// A case without an answer has failed, whatever it expects.
    pub(super) fn unanswered(&self, case: &Value, why: &Unanswered) -> Result<Finding, Unreadable> {
        let expected = self.expected(case)?.verdict.word().to_owned();
        Ok(Finding::Failed { expected, got: why.to_string() })
    }

    fn expected(&self, case: &Value) -> Result<Expected, Unreadable> {
        let wanted = |name: &str| case.get(name).cloned().map_or(Wanted::Anything, Wanted::Equal);
        Ok(match self.expectation {
            Expectation::Verdict => Verdict::from_word(text(case, "expect")?)?.alone(),
            Expectation::VerdictAnd(name) => match Verdict::from_word(text(case, "expect")?)? {
                verdict @ Verdict::Accept => Expected { verdict, wanted: wanted(name) },
                verdict => verdict.alone(),
            },
            Expectation::VerdictAndMembersOf(name) => {
                let verdict = Verdict::from_word(text(case, "expect")?)?;
                let members = case.get(name).filter(|_| matches!(verdict, Verdict::Accept));
                let members = members.and_then(Value::as_object).cloned().unwrap_or_default();
                Expected { verdict, wanted: Wanted::Members(members) }
            }
            Expectation::ValueOr(refusal) => match member(case, "expect")?.as_str() {
                Some(word) if word == refusal => Verdict::Reject.alone(),
                Some("either") => Verdict::Either.alone(),
                _ => Expected { verdict: Verdict::Accept, wanted: wanted("expect") },
            },
            Expectation::Dcql => {
                let expect = member(case, "expect")?;
                if expect == "either" {
                    return Ok(Verdict::Either.alone());
                }
                let verdict = match member(expect, "query_valid")? {
                    Value::Bool(true) => Verdict::Accept,
                    Value::Bool(false) => Verdict::Reject,
                    Value::String(word) if word == "either" => Verdict::Either,
                    _ => return Err(Unreadable("query_valid")),
                };
                let mut members = expect.as_object().cloned().unwrap_or_default();
                members.remove("query_valid");
                dcql::sort_paths(members.get_mut("candidates"));
                Expected { verdict, wanted: Wanted::Members(members) }
            }
            Expectation::Members(names) => {
                let given = names
                    .iter()
                    .filter_map(|name| Some(((*name).to_owned(), case.get(*name)?.clone())));
                let members: Map<String, Value> = given.collect();
                // A case that expects nothing would be passed by anybody.
                let first = names.first().copied().unwrap_or_default();
                if members.is_empty() {
                    return Err(Unreadable(first));
                }
                Expected { verdict: Verdict::Accept, wanted: Wanted::Members(members) }
            }
        })
    }
}

impl Verdict {
    fn from_word(word: &str) -> Result<Self, Unreadable> {
        match word {
            "accept" => Ok(Self::Accept),
            "either" => Ok(Self::Either),
            "reject" => Ok(Self::Reject),
            _ => Err(Unreadable("expect")),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Either => "accept or reject",
            Self::Reject => "reject",
        }
    }

    const fn alone(self) -> Expected {
        Expected { verdict: self, wanted: Wanted::Anything }
    }
}

impl Wanted {
    /// The first thing that is not as wanted: what it should be, and what it is.
    fn difference(&self, got: &Value) -> Option<(String, String)> {
        match (self, got) {
            (Self::Anything, _) => None,
            (Self::Members(wanted), _) => {
                wanted.keys().find_map(|name| difference_in(name, wanted.get(name), got.get(name)))
            }
            (Self::Equal(Value::Object(wanted)), Value::Object(got)) => wanted
                .keys()
                .chain(got.keys())
                .find_map(|name| difference_in(name, wanted.get(name), got.get(name))),
            (Self::Equal(wanted), _) => {
                (wanted != got).then(|| (wanted.to_string(), got.to_string()))
            }
        }
    }
}

fn difference_in(
    name: &str,
    wanted: Option<&Value>,
    got: Option<&Value>,
) -> Option<(String, String)> {
    let words = |value: Option<&Value>| match value {
        Some(value) => format!("{name}: {value}"),
        None => format!("no {name}"),
    };
    (wanted != got).then(|| (words(wanted), words(got)))
}
