//! The type `age`: thresholds and nothing else, so that proving an age shows no more than it.
//! It is short-lived and has no status list, whose position would link the uses of a copy.

use super::{ClaimSpec, DigestLevel, claim::shared, shared::ages};

pub(super) const CLAIMS: &[ClaimSpec] = &[
    shared::VCT,
    shared::VCT_INTEGRITY,
    shared::ISS,
    shared::NBF,
    shared::EXP,
    shared::CNF,
    shared::ISSUING_COUNTRY,
    shared::AGE_12,
    shared::AGE_15,
    shared::AGE_16,
    shared::AGE_18,
    shared::AGE_21,
    shared::AGE_60,
    shared::AGE_65,
];

pub(super) const LEVELS: &[DigestLevel] = &[DigestLevel::top(0), ages(7)];
