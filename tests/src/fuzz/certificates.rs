//! Certificates in the header of a token, each signed by whichever authority the fuzzer names.
//!
//! ```text
//! mr                who signs each certificate: r the root that is believed, m one below it, i the issuer, o a stranger
//! 30(a0(02[02])…)   what is signed of the issuer's certificate, in ASN.1: a tag, then its parts in parentheses or its
//! 30(…)             bytes in brackets. I, M and R stand for the keys of issuer, middle and root
//! ```
//! Lengths follow from what is written, except between exclamation marks, where bytes stand as they are.

use std::sync::LazyLock;

use llavero_core::certificate::{Anchors, X5cProfile};
use llavero_core::trust::{IssuerKeys, TrustList, TrustedIssuer};
use llavero_core::{KeyBinding, KeyKind, PublicKey, SdJwt, Signer as _, SigningKey};
use serde_json::json;

use super::Outcome;
use super::asn1::{self, Certificate, base64, dns, public_key_info, seq, tlv, uri};
use super::fixture::{ISSUER, ISSUERS, VCT};
use super::model::SKEW_SECS;
use crate::seeded;
use crate::world::NOW;

struct Authorities {
    root: SigningKey,
    middle: SigningKey,
    stranger: SigningKey,
    anchor: Vec<u8>,
    lists: [TrustList; 2],
}

static AUTHORITIES: LazyLock<Authorities> = LazyLock::new(|| {
    let [root, middle, stranger] =
        [121, 122, 123].map(|seed| seeded::key(KeyKind::Ed25519, seed).unwrap());
    let anchor = Certificate::authority("Raiz", "Raiz", &root).signed_by(&root);
    let lists = [X5cProfile::Haip, X5cProfile::SdJwtVc].map(|profile| {
        let anchors = Anchors::new(&[&anchor], None, profile).unwrap();
        let entry = TrustedIssuer {
            issuer: ISSUER.to_owned(),
            name: "Agencia de Ejemplo".to_owned(),
            types: vec![VCT.to_owned()],
            keys: IssuerKeys::Certified(anchors),
            requires_type_metadata: false,
        };
        TrustList::new(NOW, vec![entry]).unwrap()
    });
    Authorities { root, middle, stranger, anchor, lists }
});

/// Whatever stands in them, nobody is believed but by a path to the root, and in the name of the issuer.
pub(crate) fn run(input: &[u8]) -> Outcome {
    let authorities = &*AUTHORITIES;
    let mut lines = input.split(|byte| *byte == b'\n');
    let signers = lines.next().unwrap_or_default();
    let bodies: Vec<Vec<u8>> = lines.take(4).map(write).collect();
    let certificates: Vec<Vec<u8>> =
        bodies.iter().zip(signers).map(|(body, signer)| sign(body, *signer)).collect();
    for certificate in &certificates {
        if let Ok(anchors) = Anchors::new(&[certificate], None, X5cProfile::Haip) {
            assert!(anchors.certificates().eq([certificate.as_slice()]));
        }
    }
    let mut accepted = false;
    let chain: Vec<String> = certificates.iter().map(|one| base64(one)).collect();
    let header = json!({ "alg": "EdDSA", "typ": "dc+sd-jwt", "x5c": chain }).to_string();
    for payload in [json!({ "iss": ISSUER, "vct": VCT }), json!({ "vct": VCT })] {
        let text = ISSUERS[0].sign(header.as_bytes(), payload.to_string().as_bytes()) + "~";
        for list in &authorities.lists {
            let token = SdJwt::parse(&text).expect("a token");
            let claimed = token.untrusted_authority_key_ids();
            let verified = list.verify(token, KeyBinding::Forbid, &[], SKEW_SECS, NOW);
            let Ok(verified) = verified else { continue };
            accepted = true;
            assert_eq!(verified.issuer.issuer, ISSUER);
            assert!(verified.authority_key_ids.iter().all(|id| claimed.contains(id)));
            assert!(leads_to_the_root(&bodies, signers), "believed without a path");
            // Names of hosts are the same in capitals.
            let name = bodies[0].to_ascii_lowercase();
            assert!(contains(&name, b"emisor.example"), "made out to nobody");
        }
    }
    Outcome::accepted_if(accepted)
}

/// The first is signed by the root, or by an authority of which another says so and is signed by the root. The middle
/// is the only other authority that may be one: the issuer cannot make itself believed, nor can a stranger.
fn leads_to_the_root(bodies: &[Vec<u8>], signers: &[u8]) -> bool {
    let holds = |body: &[u8], key: &PublicKey| contains(body, &public_key_info(key));
    let middle = AUTHORITIES.middle.public_key();
    let middle_is_certified = || {
        let mut others = bodies.iter().zip(signers).skip(1);
        others.any(|(body, signer)| *signer == b'r' && holds(body, &middle))
    };
    holds(&bodies[0], &ISSUERS[0].public)
        && (signers[0] == b'r' || (signers[0] == b'm' && middle_is_certified()))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn sign(body: &[u8], signer: u8) -> Vec<u8> {
    let key = match signer {
        b'r' => &AUTHORITIES.root,
        b'm' => &AUTHORITIES.middle,
        b'i' => &ISSUERS[0].private,
        _ => &AUTHORITIES.stranger,
    };
    let algorithm = [0x30, 5, 6, 3, 0x2b, 0x65, 0x70];
    let signature = key.sign(body).unwrap();
    let bits = [&[0][..], signature.as_bytes()].concat();
    seq(&[body, &algorithm, &tlv(3, &bits)])
}

// The notation.

/// The bytes of a line.
fn write(line: &[u8]) -> Vec<u8> {
    parts(&mut line.iter().take(4_096).copied().peekable(), 0)
}

type Letters<'l> =
    std::iter::Peekable<std::iter::Copied<std::iter::Take<std::slice::Iter<'l, u8>>>>;

fn parts(letters: &mut Letters<'_>, depth: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(letter) = letters.next() {
        match letter {
            b')' if depth > 0 => break,
            b'I' => bytes.extend(public_key_info(&ISSUERS[0].public)),
            b'M' => bytes.extend(public_key_info(&AUTHORITIES.middle.public_key())),
            b'R' => bytes.extend(public_key_info(&AUTHORITIES.root.public_key())),
            b'!' => bytes.extend(hex(letters, b'!')),
            _ => {
                let low = letters.next().and_then(digit);
                let Some(tag) = digit(letter).zip(low).map(|(high, low)| high << 4 | low) else {
                    continue;
                };
                let content = match letters.next() {
                    Some(b'(') if depth < 40 => parts(letters, depth + 1),
                    Some(b'[') => hex(letters, b']'),
                    _ => continue,
                };
                // What the writer of certificates can give a length to.
                if content.len() <= usize::from(u16::MAX) {
                    bytes.extend(tlv(tag, &content));
                }
            }
        }
    }
    bytes
}

fn hex(letters: &mut Letters<'_>, end: u8) -> Vec<u8> {
    let digits = letters.take_while(|letter| *letter != end).filter_map(digit);
    let digits: Vec<u8> = digits.collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn digit(letter: u8) -> Option<u8> {
    char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// What is signed of a certificate, in the notation.
pub(crate) fn read(certificate: &[u8]) -> String {
    let body = asn1_content(certificate).map(|(_, content, _)| content).unwrap_or_default();
    let (tag, content, _) = asn1_content(body).expect("a certificate");
    let mut text = format!("{tag:02x}({})", show(content));
    for (letter, key) in [
        ("I", ISSUERS[0].public.clone()),
        ("M", AUTHORITIES.middle.public_key()),
        ("R", AUTHORITIES.root.public_key()),
    ] {
        text = text.replace(&show(&public_key_info(&key)), letter);
    }
    text
}

fn show(mut content: &[u8]) -> String {
    let mut text = String::new();
    while let Some((tag, inner, rest)) = asn1_content(content) {
        let bytes = || inner.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        // Extensions hide their content in a string of bytes.
        let nested = tag & 0x20 != 0 || (tag == 4 && inner.first() == Some(&0x30));
        text += &if nested {
            format!("{tag:02x}({})", show(inner))
        } else {
            format!("{tag:02x}[{}]", bytes())
        };
        content = rest;
    }
    text
}

/// Tag and content of the first value, and what is behind it.
fn asn1_content(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, length, rest) = match bytes {
        [tag, 0x82, high, low, rest @ ..] => {
            (*tag, usize::from(*high) << 8 | usize::from(*low), rest)
        }
        [tag, 0x81, length, rest @ ..] | [tag, length, rest @ ..] => {
            (*tag, usize::from(*length), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// A list of one issuer that is known by certificates.
pub(crate) fn list() -> TrustList {
    AUTHORITIES.lists[0].clone()
}

/// A sound path, and some with something wrong.
pub(crate) fn seeds() -> Vec<String> {
    let Authorities { root, middle, anchor, .. } = &*AUTHORITIES;
    let issuer = &ISSUERS[0].private;
    let leaf = |by: &str| Certificate::leaf(by, issuer, &[uri(ISSUER), dns("emisor.example")]);
    let between = || Certificate::authority("Intermedia", "Raiz", middle);
    let read = |certificate: Certificate| read(&certificate.signed_by(root));
    let two =
        |leaf: Certificate, between: Certificate| format!("mr\n{}\n{}", read(leaf), read(between));
    vec![
        format!("r\n{}", read(leaf("Raiz"))),
        two(leaf("Intermedia"), between()),
        format!("mrr\n{}\n{}\n{}", read(leaf("Intermedia")), read(between()), self::read(anchor)),
        two(leaf("Intermedia").purposes(&[asn1::ANY]), between().basic(true, Some(0))),
        two(leaf("Intermedia").purposes(&[asn1::SERVER_AUTH]), between()),
        two(leaf("Intermedia"), between().constrained(true, &[dns("example")])),
        two(leaf("Intermedia"), between().constrained(false, &[dns("emisor.example")])),
        two(leaf("Intermedia").usage(asn1::KEY_CERT_SIGN), between()),
        two(leaf("Intermedia"), between().basic(false, None)),
        two(leaf("Intermedia").with(asn1::extension("1.2.3", true, &[5, 0])), between()),
        two(leaf("Intermedia"), between().valid("240101000000Z", "250101000000Z")),
        format!("o\n{}", read(leaf("Raiz"))),
        format!("i\n{}", read(leaf("Emisor"))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notation_says_what_a_certificate_does() {
        let Authorities { root, anchor, .. } = &*AUTHORITIES;
        let names = [uri(ISSUER)];
        let leaf = Certificate::leaf("Raiz", &ISSUERS[0].private, &names).signed_by(root);
        for certificate in [anchor, &leaf] {
            assert_eq!(&sign(&write(read(certificate).as_bytes()), b'r'), certificate);
        }
    }
}
