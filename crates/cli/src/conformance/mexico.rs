//! The Mexican kinds: CURP, its derivation and consistency, RFC, clave de elector and the MRZ of INE cards.
//!
//! These cases carry no `kind`; the members they have tell them apart.

use jiff::civil::Date;
use llavero_mexico::{
    ClaveElector, Curp, CurpRoot, Differentiator, Entidad, Error, IneMrz, Nombre, Persona, Rfc,
    RfcKind, RfcPolicy, Sexo, consistency,
};
use serde_json::{Value, json};

use super::answer::Answer;
use super::{Unreadable, member, text};

fn as_of(input: &Value) -> Result<Date, Unreadable> {
    text(input, "as_of")?.parse().map_err(|_| Unreadable("as_of"))
}

pub(super) fn curp(case: &Value) -> Result<Answer, Unreadable> {
    let (given, today) = (text(case, "curp")?, as_of(case)?);
    let faults = Curp::faults_in(given, today, Differentiator::AtoZ);
    let reasons: Vec<&str> = faults.iter().map(|fault| fault.reason()).collect();
    let parsed = given.parse::<Curp>();
    let valid =
        |differentiator| parsed.clone().and_then(|curp| curp.check(today, differentiator)).is_ok();
    let mut got = json!({
        "well_formed": parsed.is_ok(),
        "valid": valid(Differentiator::AtoZ),
        "valid_strict_differentiator": valid(Differentiator::AtoJ),
        "reason": reasons.first(),
        "reasons": reasons,
    });
    if let (Ok(curp), Some(got)) = (&parsed, got.as_object_mut()) {
        got.insert("fields".to_owned(), curp_fields(curp));
        got.insert(
            "expected_check_digit".to_owned(),
            curp.expected_check_digit().to_string().into(),
        );
    }
    Ok(Answer::Accept(got))
}

pub(crate) fn curp_fields(curp: &Curp) -> Value {
    json!({
        "birthdate": curp.birthdate().map(|date| date.to_string()),
        "sex": curp.sexo().as_str(),
        "sex_code": curp.sexo().pid_code(),
        "entidad": curp.entidad().curp_code(),
        "entidad_iso": curp.entidad().iso_3166_2(),
        "born_abroad": curp.entidad().is_abroad(),
        "differentiator": curp.differentiator(),
        "check_digit": curp.check_digit(),
    })
}

pub(super) fn curp_derivation(case: &Value) -> Result<Answer, Unreadable> {
    let persona = persona(case, "sex", "entidad")?;
    let root = CurpRoot::of(&persona);
    let first = root.first().map_err(|_| Unreadable("entidad"))?;
    Ok(Answer::Accept(
        json!({ "root16": root.expose(), "curp_with_first_differentiator": first.expose() }),
    ))
}

pub(super) fn curp_consistency(case: &Value) -> Result<Answer, Unreadable> {
    let curp: Curp = text(case, "curp")?.parse().map_err(|_| Unreadable("curp"))?;
    let persona = persona(member(case, "claims")?, "sexo", "entidad_nacimiento")?;
    let mismatching = consistency(&curp, &persona).err().unwrap_or_default();
    let names: Vec<&str> = mismatching.iter().map(|field| field.name()).collect();
    Ok(Answer::Accept(json!({ "consistent": names.is_empty(), "mismatching": names })))
}

fn persona(case: &Value, sexo: &'static str, entidad: &'static str) -> Result<Persona, Unreadable> {
    let name = |member| -> Result<Nombre, Unreadable> {
        text(case, member)?.parse().map_err(|_| Unreadable(member))
    };
    let second = match case.get("second_surname").and_then(Value::as_str) {
        None | Some("") => None,
        Some(_) => Some(name("second_surname")?),
    };
    let birthdate = text(case, "birthdate")?.parse().map_err(|_| Unreadable("birthdate"))?;
    let sexo: Sexo = text(case, sexo)?.parse().map_err(|_| Unreadable(sexo))?;
    let entidad: Entidad = text(case, entidad)?.parse().map_err(|_| Unreadable(entidad))?;
    Persona::new(name("given_names")?, name("first_surname")?, second, birthdate, sexo, entidad)
        .map_err(|_| Unreadable("birthdate"))
}

pub(super) fn mrz(case: &Value) -> Result<Answer, Unreadable> {
    let lines: Option<Vec<&str>> = member(case, "lines")?
        .as_array()
        .and_then(|lines| lines.iter().map(Value::as_str).collect());
    let (lines, today) = (lines.ok_or(Unreadable("lines"))?, as_of(case)?);
    let faults = IneMrz::faults_in(&lines, today);
    let parsed = IneMrz::parse(&lines, today);
    let mut got = json!({
        "valid": parsed.is_ok(),
        "reason": faults.first().map(|fault| fault.reason()),
        "checks": IneMrz::checks_in(&lines).map(|checks| json!({
            "document": checks.document,
            "birth": checks.birth,
            "expiry": checks.expiry,
            "composite": checks.composite,
        })),
    });
    if let (Ok(mrz), Some(got)) = (&parsed, got.as_object_mut()) {
        got.insert("parsed".to_owned(), mrz_fields(mrz, today));
    }
    Ok(Answer::Accept(got))
}

pub(crate) fn mrz_fields(mrz: &IneMrz, today: Date) -> Value {
    json!({
        "cic": mrz.cic().expose(),
        "ocr": mrz.ocr().expose(),
        "seccion": mrz.seccion().expose(),
        "id_ciudadano": mrz.id_ciudadano().expose(),
        "birthdate": mrz.birthdate().to_string(),
        "sexo": mrz.sexo().map_or("<", Sexo::as_str),
        "sex_code": mrz.sexo().map_or(0, Sexo::pid_code),
        "date_of_expiry": mrz.date_of_expiry().to_string(),
        "expired_at_as_of": mrz.is_expired_on(today),
        "numero_emision": mrz.numero_emision().expose(),
        "optional2_tail_unverified_meaning": mrz.optional_tail(),
        "surnames_raw": mrz.surnames(),
        "given_names_raw": mrz.given_names(),
        "names_possibly_truncated": mrz.names_may_be_cut(),
    })
}

pub(super) fn rfc(case: &Value) -> Result<Answer, Unreadable> {
    let given = text(case, "rfc")?;
    let faults = Rfc::faults_in(given);
    let reasons: Vec<&str> = faults.iter().map(|fault| fault.reason()).collect();
    let check = |policy| given.parse::<Rfc>().and_then(|rfc| rfc.check(policy)).is_ok();
    Ok(Answer::Accept(json!({
        "valid": check(RfcPolicy::Strict),
        "valid_except_check_digit": check(RfcPolicy::AsInUse),
        "kind": Rfc::kind_of(given).map(|kind| if kind == RfcKind::Moral { "moral" } else { "fisica" }),
        "reason": reasons.first(),
        "reasons": reasons,
    })))
}

pub(super) fn clave_elector(case: &Value) -> Result<Answer, Unreadable> {
    Ok(Answer::Accept(match text(case, "clave_elector")?.parse::<ClaveElector>() {
        Ok(clave) => json!({
            "well_formed": true,
            "reason": null,
            "fields": {
                "name_letters": clave.name_letters(),
                "yymmdd": clave.yymmdd(),
                "entidad_inegi": clave.entidad_inegi(),
                "sexo": clave.sexo().as_str(),
                "suffix": clave.suffix(),
            },
        }),
        Err(error) => {
            let reason = match error {
                Error::ClaveElector { fault } => fault.reason(),
                _ => "",
            };
            json!({ "well_formed": false, "reason": reason, "fields": null })
        }
    }))
}
