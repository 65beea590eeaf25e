//! Four other implementations accept what is made here, and the reverse; and both sides refuse what
//! was tampered with. Where a peer cannot do something, or does not check it, a table says so, and
//! an entry that no longer holds fails.
//!
//! `cargo test -p llavero-tests --features peers --test interop -- --nocapture` prints the tables.
//! A peer that cannot be installed or started is a failure: a test that skips looks green.
#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a helper that fails fails its test"
)]

mod attacks;
mod exceptions;
mod parties;
mod person;
mod specials;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use llavero_core::template::Object;
use llavero_core::{ClaimPath, Format};
use llavero_tests::peers::{self, Issue, Peer, Places};
use llavero_tests::seeded::{Pair, pairs};
use serde_json::{Value, json};

use attacks::{Attack, Draft, Make, attacks};
use exceptions::{CANNOT, GAPS, compare};
use parties::{
    Attempt, expect_payload, format_of, issue_here, issue_person_here, issue_there, present_here,
    present_there, some_here, verify_here, verify_there,
};
use person::{Shown, TYPE, claims, disclosable, map, shown};
use specials::{specials, specials_there};

/// One way through two implementations, for every way of showing.
type Way<'w> = dyn FnMut(&mut [Box<dyn Peer>], usize, &Shown) -> Result<(), String> + 'w;

#[test]
fn every_peer_understands_us_and_we_understand_it() {
    let mut peers = peers::all(&Places::workspace()).unwrap();
    let (shown, mut failures) = (shown(), Vec::new());
    let mut matrix: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let pairs = pairs().unwrap();
    for pair in &pairs {
        let here = issue_person_here(pair);
        let vc = Format::SdJwtVc { types: Some(&[TYPE]) };
        for index in 0..peers.len() {
            let format = format_of(&*peers[index]);
            let there = issue_there(&mut *peers[index], pair, &claims(), &disclosable()).unwrap();
            let ways: [(&str, &mut Way<'_>); 4] = [
                ("a", &mut |peers, at, shown| {
                    let attempt = Attempt::new(present_here(&here, pair, &shown.paths)?, pair);
                    let read = verify_there(&attempt, &mut *peers[at]).accepted();
                    expect_payload(read, &shown.payload, pair)
                }),
                ("b", &mut |peers, at, shown| {
                    let text = present_there(&mut *peers[at], pair, &there, &shown.paths)?;
                    let read = verify_here(&Attempt::new(text, pair), format);
                    expect_payload(read, &shown.payload, pair)
                }),
                ("c", &mut |peers, at, shown| {
                    let text = present_there(&mut *peers[at], pair, &here, &shown.paths)?;
                    let attempt = Attempt::new(text, pair);
                    expect_payload(verify_here(&attempt, vc), &shown.payload, pair)?;
                    for peer in peers {
                        let read = verify_there(&attempt, &mut **peer).accepted();
                        expect_payload(read, &shown.payload, pair)
                            .map_err(|why| format!("at {}: {why}", peer.name()))?;
                    }
                    Ok(())
                }),
                ("d", &mut |peers, at, shown| {
                    let attempt = Attempt::new(present_here(&there, pair, &shown.paths)?, pair);
                    expect_payload(verify_here(&attempt, format), &shown.payload, pair)?;
                    let read = verify_there(&attempt, &mut *peers[at]).accepted();
                    expect_payload(read, &shown.payload, pair)
                }),
            ];
            let mut cell = String::new();
            for (name, way) in ways {
                let before = failures.len();
                for shown in &shown {
                    if let Err(why) = way(&mut peers, index, shown) {
                        let peer = peers[index].name();
                        failures.push(format!(
                            "{peer}, {}, {name}, {}: {why}",
                            pair.name(),
                            shown.name
                        ));
                    }
                }
                cell.push_str(if failures.len() == before { name } else { "-" });
            }
            matrix.entry(index).or_default().push(cell);
        }
    }
    print_matrix(&peers, &pairs, &matrix);
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn print_matrix(peers: &[Box<dyn Peer>], pairs: &[Pair], matrix: &BTreeMap<usize, Vec<String>>) {
    let mut text = format!("\n{:32}", "issuer+holder");
    for pair in pairs {
        let _ = write!(text, "{:>13}", pair.name());
    }
    for (index, cells) in matrix {
        let _ = write!(text, "\n{:32}", peers[*index].name());
        for cell in cells {
            let _ = write!(text, "{cell:>13}");
        }
    }
    println!(
        "{text}\n\
         a  issued and presented here, verified there\n\
         b  issued and presented there, verified here\n\
         c  issued here, presented there, verified here and at every peer\n\
         d  issued there, presented here, verified here and there\n"
    );
}

#[test]
fn both_sides_refuse_what_was_tampered_with() {
    let mut peers = peers::all(&Places::workspace()).unwrap();
    let mut accepted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let (mut failures, attacks, mut asked) = (Vec::new(), attacks(), 0);
    for pair in &pairs().unwrap() {
        // A verifier that refuses everything would look very careful.
        let honest = Draft::new(pair).attempt();
        let honest_text = Attempt::new(some_here(pair), pair);
        for attempt in [&honest, &honest_text] {
            verify_here(attempt, Format::SdJwtVc { types: None }).unwrap();
            for peer in &mut peers {
                verify_there(attempt, &mut **peer).accepted().unwrap();
            }
        }
        for Attack { name, code, make } in &attacks {
            let attempt = make.on(&some_here(pair), pair);
            let format = Format::SdJwtVc { types: None };
            let refused = verify_here(&attempt, format).err();
            if refused.as_deref() != Some(*code) {
                failures.push(format!("{name}, {}: here {refused:?}, not {code}", pair.name()));
            }
            for peer in &mut peers {
                let answer = verify_there(&attempt, &mut **peer);
                *accepted.entry((peer.name(), name)).or_default() +=
                    usize::from(!answer.is_refused());
            }
            // The same done to what a peer made.
            for peer in &mut peers {
                let Make::Text(make) = make else { break };
                let there = issue_there(&mut **peer, pair, &claims(), &disclosable()).unwrap();
                let text = present_there(&mut **peer, pair, &there, &shown()[1].paths).unwrap();
                let refused = verify_here(&make(&text, pair), format_of(&**peer)).err();
                if refused.as_deref() != Some(*code) {
                    let peer = peer.name();
                    failures.push(format!(
                        "{name} to {peer}, {}: {refused:?}, not {code}",
                        pair.name()
                    ));
                }
            }
            asked += 1;
        }
    }
    let names: Vec<&str> = peers.iter().map(|peer| peer.name()).collect();
    let table: Vec<_> = attacks.iter().map(|attack| attack.name).collect();
    let rounds = asked / attacks.len();
    failures.extend(compare(&names, &table, GAPS, "accepts", |peer, attack| {
        match accepted[&(peer, attack)] {
            0 => Ok(true),
            all if all == rounds => Ok(false),
            some => Err(format!("{peer} accepts {attack} in {some} of {rounds} cases")),
        }
    }));
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn what_a_peer_cannot_do_is_known() {
    let mut peers = peers::all(&Places::workspace()).unwrap();
    let pair = &pairs().unwrap()[0];
    let mut results: BTreeMap<(&str, &str), Result<(), String>> = BTreeMap::new();
    let mut cases = Vec::new();
    for special in specials() {
        cases.push(special.name);
        let mut payload = claims();
        payload.insert(special.claim.0.to_owned(), special.claim.1.clone());
        if let Some(without) = special.without {
            payload.remove(without);
        }
        let mut issued = payload.clone();
        issued.insert("cnf".to_owned(), json!({ "jwk": pair.holder.public }));
        let hidden = ClaimPath::names([special.claim.0]).unwrap();
        let claims = Object::from_json(&issued, &[hidden]).unwrap();
        let sd_jwt = issue_here(&claims, pair, special.key_id, special.hash);
        let text = present_here(&sd_jwt, pair, &[vec![special.claim.0.into()]]).unwrap();
        let attempt = Attempt::new(text, pair);
        let read = verify_here(&attempt, Format::SdJwtVc { types: None });
        expect_payload(read, &payload, pair).unwrap();
        for peer in &mut peers {
            let read = verify_there(&attempt, &mut **peer).accepted();
            let result = expect_payload(read, &payload, pair);
            results.insert((peer.name(), special.name), result);
        }
    }
    for (name, claim, value) in specials_there() {
        cases.push(name);
        let mut payload = claims();
        payload.insert(claim.to_owned(), value);
        let paths = [vec![Value::from(claim)]];
        for peer in &mut peers {
            let result = issue_there(&mut **peer, pair, &payload, &paths).and_then(|sd_jwt| {
                let text = present_here(&sd_jwt, pair, &paths)?;
                let read = verify_here(&Attempt::new(text, pair), format_of(&**peer));
                expect_payload(read, &payload, pair)
            });
            results.insert((peer.name(), name), result);
        }
    }
    cases.push("writes typ and kid");
    for peer in &mut peers {
        let command = Issue {
            alg: pair.issuer.algorithm().name().to_owned(),
            issuer_jwk: pair.issuer.private.clone(),
            holder_jwk: None,
            header: map(json!({"typ": "dc+sd-jwt", "kid": "2026"})),
            claims: claims(),
            disclosable: vec![],
        };
        let result = peer.issue(&command).unwrap().accepted().map(|_| ());
        results.insert((peer.name(), "writes typ and kid"), result);
    }
    for ((peer, case), result) in &results {
        if let Err(why) = result {
            println!("{peer}: {case}: {why}");
        }
    }
    let names: Vec<&str> = peers.iter().map(|peer| peer.name()).collect();
    let failures =
        compare(&names, &cases, CANNOT, "cannot", |peer, case| Ok(results[&(peer, case)].is_ok()));
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
