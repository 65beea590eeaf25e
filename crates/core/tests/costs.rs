//! What a text costs whoever reads it, however it was made: bytes on the heap at the peak, and time, against its length.
//!
//! `cargo test -p llavero-core --test costs -- --nocapture curve` prints the curves. Code that is not optimised is some
//! ten times slower than what ships; its bytes are the same.

#![cfg(feature = "sign")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/support.rs"]
mod support;

use std::hint::black_box;
use std::time::Duration;

use llavero_core::issue::{self, IssuerHeader};
use llavero_core::limits::{MAX_DIGESTS, MAX_DISCLOSURES, MAX_TOKEN_BYTES, MAX_VALUES};
use llavero_core::present::Held;
use llavero_core::request::{PresentationAnswer, PresentationRequest};
use llavero_core::template::Object;
use llavero_core::trust::{MAX_LIST_VALUES, TrustList};
use llavero_core::{
    Error, HashAlgorithm, JwsAlgorithm, Limit, Part, SdJwt, Signer as _, Verified, inspect,
    json as strict_json, jws_json,
};
use support::*;

// The promise of `limits.rs`.

const HEAP_PER_BYTE: usize = 128;
const HEAP_BESIDES: usize = 5 << 20;
const HEAP_AT_MOST: usize = 64 << 20;

// Shapes.

/// A way to fill a text with `count` pieces, and how many of them it takes until every limit is past.
struct Shape(&'static str, usize, fn(usize) -> String);

/// More pieces than any text has room for.
const ANY: usize = MAX_TOKEN_BYTES;

fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().join(",")
}

/// A payload with this member.
fn open(member: &str) -> String {
    token(&format!("{{{member}}}"), &[])
}

/// A payload with an array of so many copies.
fn copies(count: usize, piece: &str) -> String {
    open(&format!(r#""a":[{}]"#, vec![piece; count].join(",")))
}

fn nested(depth: usize, open: &str, inside: &str, close: &str) -> String {
    open.repeat(depth) + inside + &close.repeat(depth)
}

/// `{"":{"":…}}`, as deep as an element of an array in the payload may be.
fn deep_objects() -> String {
    nested(61, r#"{"":"#, "{}", "}")
}

/// So many arrays that hide one element each, `around` them what the others are in.
fn hiding(count: usize, around: impl Fn(&str) -> String) -> String {
    let arrays = each(count, |n| format!(r#"[{{"...":"{n:x}"}}]"#));
    open(&around(&format!("[{arrays}]")))
}

/// So many Disclosures, all of them at the top.
fn disclosing(count: usize, text: impl Fn(usize) -> String) -> String {
    let texts: Vec<String> = (0..count).map(text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    token(&format!(r#"{{"_sd":[{}]}}"#, each(count, |n| format!("\"<{n}>\""))), &texts)
}

/// So many Disclosures in chains of sixty, each in the value of the one before.
fn chains(count: usize) -> String {
    const LENGTH: usize = 60;
    let is_last = |n: usize| (n + 1).is_multiple_of(LENGTH) || n + 1 == count;
    let texts: Vec<String> = (0..count)
        .map(|n| match is_last(n) {
            true => format!(r#"["s","c{n}",0]"#),
            false => format!(r#"["s","c{n}",{{"_sd":["<{}>"]}}]"#, n + 1),
        })
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let heads = each(count.div_ceil(LENGTH), |n| format!("\"<{}>\"", n * LENGTH));
    token(&format!(r#"{{"_sd":[{heads}]}}"#), &texts)
}

const OBJECT: &str = r#"{"":0}"#;

const SHAPES: &[Shape] = &[
    Shape("one long string", ANY, |n| open(&format!(r#""a":"{}""#, "x".repeat(n)))),
    Shape("escapes", ANY, |n| open(&format!(r#""a":"{}""#, r"\u00f1".repeat(n)))),
    Shape("escaped strings", ANY, |n| copies(n, r#""\n""#)),
    Shape("escaped names", ANY, |n| copies(n, r#"{"\n":0}"#)),
    Shape("members", ANY, |n| open(&each(n, |n| format!("\"{n:x}\":0")))),
    Shape("numbers", ANY, |n| copies(n, "0")),
    Shape("long numbers", ANY, |n| copies(n, "1234567890123456789")),
    Shape("objects of one member", ANY, |n| copies(n, OBJECT)),
    Shape("objects of five members", ANY, |n| copies(n, r#"{"a":0,"b":0,"c":0,"d":0,"e":0}"#)),
    Shape("arrays of one element", ANY, |n| copies(n, "[0]")),
    Shape("arrays of five elements", ANY, |n| copies(n, "[0,0,0,0,0]")),
    Shape("deep objects", ANY, |n| copies(n, &deep_objects())),
    Shape("deep arrays", ANY, |n| copies(n, &nested(61, "[", "[]", "]"))),
    Shape("too deep", ANY, |n| open(&nested(n, r#""":{"#, "", "}"))),
    Shape("digests", MAX_DIGESTS, |n| {
        open(&format!(r#""_sd":[{}]"#, each(n, |n| format!("\"{n:043}\""))))
    }),
    Shape("hidden elements", MAX_DIGESTS, |n| {
        open(&format!(r#""a":[{}]"#, each(n, |n| format!(r#"{{"...":"{n:043}"}}"#))))
    }),
    Shape("arrays that hide one", MAX_DIGESTS, |n| hiding(n, |all| format!(r#""a":{all}"#))),
    Shape("the same, deep in objects", MAX_DIGESTS / 4, |n| {
        hiding(n, |all| format!(r#""a":{}"#, nested(60, r#"{"":"#, all, "}")))
    }),
    Shape("the same, deep in arrays", MAX_DIGESTS, |n| {
        hiding(n, |all| format!(r#""a":{}"#, nested(60, "[", all, "]")))
    }),
    Shape("the same, below a long name", MAX_DIGESTS, |n| {
        // Whoever writes out where each array stands copies the name each time.
        hiding(n, |all| format!(r#""{}":{all}"#, "n".repeat(18 * n)))
    }),
    Shape("disclosures", MAX_DISCLOSURES, |n| disclosing(n, |n| format!(r#"["s","c{n}",{n}]"#))),
    Shape("long disclosures", MAX_DISCLOSURES, |n| {
        disclosing(n, |n| format!(r#"["s","c{n}","{}"]"#, "x".repeat(600)))
    }),
    Shape("disclosures of objects", MAX_DISCLOSURES, |n| {
        disclosing(n, |n| format!(r#"["s","c{n}",[{}]]"#, [OBJECT; 31].join(",")))
    }),
    Shape("disclosures below a long name", MAX_DISCLOSURES, |n| {
        let texts: Vec<String> = (0..n).map(|n| format!(r#"["s","c{n}",{n}]"#)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let digests = each(n, |n| format!("\"<{n}>\""));
        token(&format!(r#"{{"{}":{{"_sd":[{digests}]}}}}"#, "n".repeat(64 * n)), &texts)
    }),
    Shape("chained disclosures", MAX_DISCLOSURES, chains),
    Shape("malformed disclosures", MAX_DISCLOSURES, |n| open("") + &"W10~".repeat(n)),
    Shape("tildes", ANY, |n| open("") + &"~".repeat(n)),
    Shape("disclosures of one letter", ANY, |n| open("") + &"a~".repeat(n)),
    Shape("dots", ANY, |n| ".".repeat(n) + "~"),
    Shape("a header of objects", ANY, |n| {
        let more = format!(r#","z":[{}]}}"#, vec![OBJECT; n].join(","));
        token_by(&HEADER.replace('}', &more), "{}", &[], &ISSUER_KEY)
    }),
    Shape("a key binding of objects", ANY, |n| {
        let more = format!(r#","z":[{}]}}"#, vec![OBJECT; n].join(","));
        bind(&vc("", &[]), KB_HEADER, &kb_payload().replace('}', &more), &HOLDER_KEY)
    }),
    Shape("a forgery of objects", ANY, |n| {
        let payload = format!(r#"{{"a":[{}]}}"#, vec![OBJECT; n].join(","));
        token_by(HEADER, &payload, &[], &OTHER_KEY)
    }),
    Shape("everything at once", ANY, |n| {
        let half = vec![deep_objects(); n / 2 + 1].join(",");
        let token = vc(&format!(r#""a":[{half}]"#), &[]);
        let more = format!(r#","z":[{half}]}}"#);
        bind(&token, KB_HEADER, &kb_payload().replace('}', &more), &HOLDER_KEY)
    }),
];

impl Shape {
    /// A text of this shape, nearly `bytes` long and no longer; shorter if the shape has no more pieces.
    fn of(&self, bytes: usize) -> String {
        let Self(_, most, make) = self;
        let (one, two) = (make(64).len(), make(128).len());
        let mut count = ((64 * bytes) / (two - one).max(1)).clamp(1, *most);
        loop {
            let text = make(count);
            if text.len() <= bytes || count == 1 {
                return text;
            }
            count -= (count / 32).max(1);
        }
    }
}

// Heap.

/// Bytes on the heap at the peak of `run`, those that it only frees at its end included.
fn peak<T>(run: impl FnOnce() -> T) -> usize {
    let info = allocation_counter::measure(|| drop(black_box(run())));
    usize::try_from(info.bytes_max).unwrap()
}

/// Holds a peak against the promise; gives back the bytes for each byte of the text.
#[track_caller]
fn bounded(what: &str, length: usize, peak: usize) -> f64 {
    assert!(
        peak <= HEAP_PER_BYTE * length + HEAP_BESIDES && peak <= HEAP_AT_MOST,
        "{what}: {peak} bytes for a text of {length}"
    );
    peak as f64 / length as f64
}

/// Lengths from a credential's to the limit. At the second one the worst shape has just as many values as it may.
const LENGTHS: [usize; 3] = [16 << 10, 480 << 10, MAX_TOKEN_BYTES];

/// Verifies, under a challenge if there is a KB-JWT.
fn read(text: &str) -> Result<Verified, Error> {
    if text.ends_with('~') { verify_plain(text) } else { verify_bound(text) }
}

#[test]
fn a_token_takes_no_more_heap_than_its_length_allows() {
    let mut worst = (0.0, "", 0);
    let mut most = 0;
    for shape in SHAPES {
        let mut texts = LENGTHS.map(|length| shape.of(length)).to_vec();
        // Past its last piece a shape stays as it is.
        texts.dedup_by_key(|text| text.len());
        for text in texts {
            for (what, peak) in [
                ("verify", peak(|| read(&text))),
                ("reopen", peak(|| Held::reopen(&text).map(drop))),
                ("inspect", peak(|| inspect(&text))),
                ("to JSON", peak(|| jws_json::to_flattened(&text))),
            ] {
                let name = format!("{}: {what}", shape.0);
                let multiple = bounded(&name, text.len(), peak);
                most = most.max(peak);
                if multiple > worst.0 && peak > HEAP_BESIDES {
                    worst = (multiple, shape.0, text.len());
                }
            }
        }
    }
    println!("most for a byte: {worst:?}; most at all: {most} bytes");
    // A promise that nothing comes near would say nothing.
    assert!(worst.0 > HEAP_PER_BYTE as f64 / 2.0, "{worst:?}");
    assert!(most > HEAP_AT_MOST / 2, "{most}");
}

#[test]
fn a_small_credential_takes_a_few_kilobytes() {
    let texts: Vec<String> = (0..20).map(|n| format!(r#"["salt","claim_{n}","value"]"#)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let digests = each(20, |n| format!("\"<{n}>\""));
    let text = bound(&vc(&format!(r#""_sd":[{digests}]"#), &texts));
    accept(verify_bound(&text));
    let peak = peak(|| verify_bound(&text));
    println!("a credential of {} bytes: {peak} on the heap", text.len());
    assert!(peak < 10 * text.len(), "{peak} for {}", text.len());
}

/// JSON of about so many bytes: `before`, an array of copies of `piece`, `after`.
fn document(bytes: usize, before: &str, piece: &str, after: &str) -> String {
    let count = (bytes - before.len() - after.len() - 2) / (piece.len() + 1);
    format!("{before}[{}]{after}", vec![piece; count].join(","))
}

type Reader = fn(&[u8]) -> Option<Error>;

/// What reads JSON, with a document around the place where the pieces go.
const DOCUMENTS: &[(&str, &str, Reader)] = &[
    ("", "", |text| strict_json::from_slice(text, Part::JwsJson).err()),
    (r#"{"payload":"#, "}", |text| jws_json::to_compact(text).err()),
    (r#"{"payload":"x","protected":"x","signature":"x","header":{"disclosures":"#, "}}", |text| {
        jws_json::to_compact(text).err()
    }),
    (r#"{"payload":"x","signatures":"#, "}", |text| jws_json::to_compact(text).err()),
    (r#"{"vp_token":{"a":"#, "}}", |text| PresentationAnswer::from_slice(text).err()),
    (r#"{"dcql_query":"#, "}", |text| PresentationRequest::from_slice(text).err()),
    (r#"{"credentials":"#, "}", |_| None),
];

#[test]
fn a_json_document_takes_no_more_heap_than_its_length_allows() {
    let mut worst = (0.0, String::new());
    for piece in ["0", OBJECT, r#"{"\n":"\n"}"#, &nested(60, r#"{"":"#, "{}", "}")] {
        for length in [64 << 10, 384 << 10] {
            for (before, after, read) in DOCUMENTS {
                let text = document(length, before, piece, after);
                for (what, peak) in
                    [("read", peak(|| read(text.as_bytes()))), ("inspect", peak(|| inspect(&text)))]
                {
                    let name = format!("{what}: {before}{piece}{after}");
                    let multiple = bounded(&name, text.len(), peak);
                    if multiple > worst.0 && peak > HEAP_BESIDES {
                        worst = (multiple, name);
                    }
                }
            }
        }
    }
    println!("most for a byte: {worst:?}");
    assert!(worst.0 > HEAP_PER_BYTE as f64 / 2.0, "{worst:?}");
}

#[test]
fn a_trust_list_takes_no_more_heap_than_its_length_allows() {
    let jwk = ISSUER_KEY.public_key().to_jwk_text();
    let open = jwk.trim_end_matches('}');
    let issuer = r#"{"issued_at":0,"issuers":[{"iss":"a","name":"b""#;
    let places = [
        (r#"{"issued_at":0,"issuers":[],"z":"#.to_owned(), "}"),
        (r#"{"issued_at":0,"issuers":"#.to_owned(), "}"),
        (format!(r#"{issuer},"keys":[],"types":"#), "}]}"),
        (format!(r#"{issuer},"types":[],"keys":"#), "}]}"),
        (format!(r#"{issuer},"types":[],"keys":[{{"jwk":{open},"z":"#), "}}]}]}"),
    ];
    let deep = nested(56, r#"{"":"#, "{}", "}");
    let mut most = (0, String::new());
    let mut taken = 0;
    for piece in ["0", OBJECT, r#"{"\n":"\n"}"#, &deep] {
        for length in [1 << 20, 3 << 19] {
            for (before, after) in &places {
                let text = document(length, before, piece, after);
                let peak = peak(|| {
                    let list = TrustList::from_slice(text.as_bytes());
                    taken += usize::from(list.is_ok());
                    list
                });
                let name = format!("{before}{piece}{after}");
                bounded(&name, text.len(), peak);
                most = most.max((peak, name));
            }
        }
    }
    println!("most: {most:?}; {taken} lists taken");
    assert!(taken > 0 && most.0 > HEAP_AT_MOST / 2, "{most:?}");
    // Names that repeat inside one object, and many that do not.
    let member = |n: usize| format!("\"{n:x}\":0");
    let wide = format!(r#"{{"issued_at":0,"issuers":[],{}}}"#, each(MAX_LIST_VALUES - 3, member));
    accept(TrustList::from_slice(wide.as_bytes()));
    bounded("members", wide.len(), peak(|| TrustList::from_slice(wide.as_bytes())));
}

// Time.

/// Time that the processor spent on `run`, not on what else the machine does.
#[cfg(unix)]
fn time(run: &dyn Fn()) -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
    let start = now();
    run();
    now() - start
}

#[cfg(not(unix))]
fn time(run: &dyn Fn()) -> Duration {
    let start = std::time::Instant::now();
    run();
    start.elapsed()
}

/// The shortest of `rounds` runs: caches and other programs only lengthen one.
fn shortest(rounds: usize, run: &dyn Fn()) -> Duration {
    (0..rounds).map(|_| time(run)).min().unwrap()
}

/// Four times the input may take less than this many times as long; a quadratic step would take sixteen.
const QUADRUPLE: f64 = 8.0;

/// Says whether time stays linear from the first of these runs to the second, on four times the input.
fn is_linear(small: &dyn Fn(), large: &dyn Fn()) -> Result<(), f64> {
    let mut least = f64::INFINITY;
    for rounds in [2, 3, 5, 9, 15, 25] {
        let ratio = shortest(rounds, large).as_secs_f64() / shortest(rounds, small).as_secs_f64();
        least = least.min(ratio);
        if least < QUADRUPLE {
            return Ok(());
        }
    }
    Err(least)
}

#[track_caller]
fn grows_with_the_length(what: &str, small: &dyn Fn(), large: &dyn Fn()) {
    let result = is_linear(small, large);
    assert!(result.is_ok(), "{what}: four times the input took {result:.1?} times as long");
}

fn verdict<T>(result: &Result<T, Error>) -> &str {
    match result {
        Ok(_) => "taken",
        Err(error) => error.code(),
    }
}

#[test]
fn the_curve_of_time_and_heap_is_a_line_up_to_the_limit_of_length() {
    for shape in SHAPES {
        let texts = [16 << 10, 64 << 10, 256 << 10, MAX_TOKEN_BYTES].map(|bytes| shape.of(bytes));
        let verify = |text: &str| drop(black_box(read(black_box(text))));
        println!("{}", shape.0);
        let mut texts = texts.to_vec();
        texts.dedup_by_key(|text| text.len());
        let mut before: Option<(&String, Duration)> = None;
        for text in &texts {
            let time = shortest(2, &|| verify(text));
            let (length, heap, nanos) = (text.len(), peak(|| read(text)), time.as_secs_f64() * 1e9);
            println!(
                "{length:>9} bytes {:>9.3} ms {:>7.1} ns/byte {:>7} KiB {:>6.1} heap/byte  {}",
                nanos / 1e6,
                nanos / length as f64,
                heap >> 10,
                heap as f64 / length as f64,
                verdict(&read(text)),
            );
            if let Some((less, shorter)) = before
                && length > 3 * less.len()
                && time.as_secs_f64() > QUADRUPLE * shorter.as_secs_f64()
            {
                // Another look, before anything is concluded from one.
                let what = format!("{}, from {} to {length} bytes", shape.0, less.len());
                grows_with_the_length(&what, &|| verify(less), &|| verify(text));
            }
            before = Some((text, time));
        }
        // A wallet's way is the same but for the signature, so one step of it will do.
        let reopen = |text: &str| drop(black_box(Held::reopen(black_box(text)).map(drop)));
        if let [small, large, ..] = &texts[..] {
            grows_with_the_length(shape.0, &|| reopen(small), &|| reopen(large));
        }
    }
}

#[test]
fn a_quadratic_step_would_be_seen() {
    let pairs = |size: usize| {
        move || {
            let list: Vec<usize> = (0..size).collect();
            let equal = |n: &usize| list.iter().filter(|m| black_box(*m) == n).count();
            black_box(list.iter().map(equal).sum::<usize>());
        }
    };
    assert!(is_linear(&pairs(100), &pairs(400)).is_err());
}

#[test]
fn refuses_many_decoys_in_less_time_than_it_takes_the_most_it_accepts() {
    let decoys =
        |count: usize| open(&format!(r#""_sd":[{}]"#, each(count, |n| format!("\"{n}\""))));
    let (most, many) = (decoys(MAX_DIGESTS), decoys(50_000));
    accept(verify_plain(&most));
    assert_eq!(verdict(&verify_plain(&many)), "limit_exceeded");
    let verify = |text: &str| shortest(5, &|| drop(black_box(verify_plain(black_box(text)))));
    // Three times the text has to be read before the digests are counted.
    assert!((0..5).any(|_| verify(&many) < 6 * verify(&most)));
    // With digests of real length the text is refused unread.
    let real = open(&format!(r#""_sd":[{}]"#, each(50_000, |n| format!("\"{n:043}\""))));
    assert_eq!(verify_plain(&real).err(), Some(Error::LimitExceeded { limit: Limit::Length }));
    assert!(verify(&real) < verify(&most));
}

#[test]
fn a_text_past_the_limit_of_values_takes_no_longer_than_one_at_it() {
    let numbers = |count: usize| copies(count, "0");
    let (most, many) = (numbers(MAX_VALUES - 2), numbers(5 * MAX_VALUES));
    accept(verify_plain(&most));
    assert_eq!(verify_plain(&many).err(), Some(Error::LimitExceeded { limit: Limit::Values }));
    let verify = |text: &str| shortest(5, &|| drop(black_box(verify_plain(black_box(text)))));
    // Its signature covers five times the bytes all the same.
    assert!((0..5).any(|_| verify(&many) < 3 * verify(&most)));
}

#[test]
fn time_to_issue_grows_with_the_number_of_claims() {
    let object = |count: usize| {
        (0..count).fold(Object::new(), |object, n| object.disclosable(format!("c{n}"), n))
    };
    let issue = |claims: &Object| {
        let header = IssuerHeader::sd_jwt_vc(JwsAlgorithm::Es256);
        let _ = black_box(issue::prepare(claims, &header, HashAlgorithm::Sha256, &mut Counter(1)));
    };
    let (small, large) = (object(256), object(1_024));
    grows_with_the_length("claims", &|| issue(&small), &|| issue(&large));
    let (small, large) = (Object::new().min_digests(4_096), Object::new().min_digests(16_384));
    grows_with_the_length("decoys", &|| issue(&small), &|| issue(&large));
}

#[test]
fn time_to_choose_a_claim_grows_with_the_number_of_claims() {
    let select = |held: &Held<'_>| {
        black_box(accepted(held.select([&"c7".parse().unwrap()])));
    };
    let text = |count| disclosing(count, |n| format!(r#"["salt{n}","c{n}",{n}]"#));
    let (small, large) = (text(256), text(1_024));
    let (small, large) = (accepted(Held::reopen(&small)), accepted(Held::reopen(&large)));
    grows_with_the_length("choosing a claim", &|| select(&small), &|| select(&large));
}

#[test]
fn time_to_peek_at_a_token_grows_with_its_length() {
    let peek = |text: &str| {
        let Ok(sd_jwt) = SdJwt::parse(text) else { return };
        black_box((sd_jwt.untrusted_issuer(), sd_jwt.untrusted_type(), sd_jwt.untrusted_key_id()));
        black_box((sd_jwt.untrusted_nonce(), sd_jwt.untrusted_contents().is_ok()));
    };
    for shape in SHAPES {
        let (small, large) = (shape.of(32 << 10), shape.of(128 << 10));
        if large.len() > 3 * small.len() {
            grows_with_the_length(shape.0, &|| peek(&small), &|| peek(&large));
        }
    }
}
