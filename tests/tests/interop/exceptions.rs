//! What is known to be different elsewhere, each with its reason. An entry that no longer holds fails.

use std::fmt::Write as _;

pub(crate) const PYTHON: &str = "sd-jwt 0.10.4 (PyPI)";
pub(crate) const NODE: &str = "@sd-jwt/sd-jwt-vc 0.20.0 (npm)";
pub(crate) const SD_JWT_RS: &str = "sd-jwt-rs 0.7.1 (crates.io)";
pub(crate) const IDENTITY_KIT: &str = "identity-kit 0.4.0 (crates.io)";

/// A case, the peers that it is about, and why.
pub(crate) type Exception = (&'static str, &'static [&'static str], &'static str);

/// What a peer cannot do with an honest credential.
pub(crate) const CANNOT: &[Exception] = &[
    ("reads an integer beyond 2^53", &[NODE], "its numbers are doubles"),
    ("reads an empty array", &[SD_JWT_RS], "takes every array for one with disclosures"),
    ("reads a credential without exp", &[SD_JWT_RS], "its JWT library wants one unless told"),
    ("reads a credential without iss", &[SD_JWT_RS], "looks up a key by it, and panics"),
    ("reads a credential without iss", &[IDENTITY_KIT], "knows no other way to an issuer here"),
    ("reads a credential without kid", &[IDENTITY_KIT], "an issuer with https is asked by kid"),
    ("reads sha-384", &[PYTHON], "makes sd_hash with SHA-256 whatever _sd_alg says"),
    ("reads sha-512", &[PYTHON], "makes sd_hash with SHA-256 whatever _sd_alg says"),
    ("reads sha-384", &[SD_JWT_RS], "knows SHA-256 only"),
    ("reads sha-512", &[SD_JWT_RS], "knows SHA-256 only"),
    ("issues text beyond the basic plane", &[SD_JWT_RS], "panics over a surrogate pair"),
    ("issues an integer beyond 2^53", &[NODE], "its numbers are doubles"),
    ("issues a name with a dot", &[SD_JWT_RS], "its paths are text with dots"),
    ("writes typ and kid", &[SD_JWT_RS], "its issuer takes no header members"),
];

/// Attacks that a peer does not notice. We refuse all of them.
pub(crate) const GAPS: &[Exception] = &[
    ("key binding a year old", &[PYTHON, NODE, SD_JWT_RS], "leaves the age to its caller"),
    ("key binding a year old", &[IDENTITY_KIT], "an age limit is an option, none by default"),
    ("key binding of tomorrow", &[PYTHON, SD_JWT_RS], "does not look at the time"),
    ("key binding without iat", &[PYTHON, SD_JWT_RS], "does not look at the time"),
    (
        "key binding for several audiences",
        &[SD_JWT_RS, IDENTITY_KIT],
        "one of them will do, as in any JWT; RFC 9901 wants a single string",
    ),
    (
        "issuer's alg not that of the key",
        &[NODE],
        "brings no cryptography: a function of the caller verifies and is not told of alg",
    ),
    ("issuer's typ that of another token", &[PYTHON, NODE, SD_JWT_RS], "does not look at typ"),
    ("critical header nobody knows", &[NODE, SD_JWT_RS], "ignores crit"),
    ("expired", &[PYTHON], "checks no date"),
    ("expiry in text", &[PYTHON, NODE], "checks no date, or only one that is a number"),
    ("not valid yet", &[PYTHON], "checks no date"),
    ("not valid yet", &[SD_JWT_RS], "its JWT library checks nbf only if told"),
    ("expired by a disclosure", &[PYTHON, NODE], "checks no date of what was disclosed"),
    ("expiry hidden", &[PYTHON, NODE], "protects no claim, or not on receipt"),
    ("disclosure that nothing refers to", &[PYTHON, SD_JWT_RS], "does not count what it used"),
    ("disclosure sent twice, bound", &[NODE], "keeps disclosures by digest"),
    ("digest that is a number", &[PYTHON, NODE], "looks it up like any digest"),
    ("disclosure named _sd", &[PYTHON, NODE, SD_JWT_RS], "takes the name for a claim's"),
    ("disclosure named ...", &[PYTHON, NODE, SD_JWT_RS], "takes the name for a claim's"),
    ("element disclosed as a member", &[NODE], "does not compare entries and place"),
    ("member disclosed as an element", &[NODE, SD_JWT_RS], "does not compare entries and place"),
    ("placeholder with a second member", &[PYTHON, NODE], "looks for the member and at no other"),
    (
        "name twice in the payload",
        &[PYTHON, NODE, SD_JWT_RS, IDENTITY_KIT],
        "its JSON reader takes the last of them",
    ),
    ("salt that is a number", &[PYTHON, NODE, SD_JWT_RS], "does not look at the salt"),
];

/// Compares what the peers do with what a table says, prints it, and gives back the differences.
pub(crate) fn compare(
    peers: &[&'static str],
    cases: &[&'static str],
    table: &[Exception],
    exception: &str,
    as_should_be: impl Fn(&'static str, &'static str) -> Result<bool, String>,
) -> Vec<String> {
    let mut failures = Vec::new();
    let mut text = String::new();
    for case in cases {
        let _ = write!(text, "\n{case:52}");
        for peer in peers {
            let listed = |entry: &Exception| entry.0 == *case && entry.1.contains(peer);
            let listed = table.iter().any(listed);
            match as_should_be(peer, case) {
                Ok(good) => {
                    let _ = write!(text, " {:>9}", if good { "ok" } else { exception });
                    if good && listed {
                        failures.push(format!("{peer}: \"{case}\" is listed and no longer holds"));
                    }
                    if !good && !listed {
                        failures.push(format!("{peer}: {exception} \"{case}\""));
                    }
                }
                Err(why) => failures.push(why),
            }
        }
    }
    for (case, known, reason) in table {
        let about = !known.is_empty() && known.iter().all(|peer| peers.contains(peer));
        if !about || !cases.contains(case) || reason.is_empty() {
            failures.push(format!("the table's entry \"{case}\" is about nothing"));
        }
    }
    let short = |name: &&str| name.split(' ').next().unwrap_or_default().to_owned();
    println!("\n{}{text}\n", peers.iter().map(short).collect::<Vec<_>>().join(", "));
    failures
}
