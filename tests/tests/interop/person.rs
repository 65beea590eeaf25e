//! Who takes part, and the credential that everybody can issue, show and read.

use llavero_core::template::{Array, Object};
use llavero_tests::seeded::Pair;
use serde_json::{Map, Value, json};

pub(crate) const ISSUER: &str = "https://registro.example";
pub(crate) const TYPE: &str = "https://registro.example/tipos/persona";
/// 2026-01-01 and 2100-01-01, both in UTC: the peers go by the system's clock.
pub(crate) const ISSUED: i64 = 1_767_225_600;
pub(crate) const EXPIRES: i64 = 4_102_444_800;

/// A synthetic person: objects in objects, arrays in arrays, `null`, fractions, accents and Han.
pub(crate) fn claims() -> Map<String, Value> {
    map(json!({
        "iss": ISSUER,
        "vct": TYPE,
        "iat": ISSUED,
        "exp": EXPIRES,
        "tramite": "ventanilla \"Ñ\" \\ 1",
        "nombre": "Xóchitl Ñuñez 李",
        "mayor": true,
        "nada": null,
        "domicilio": {
            "calle": "Sur 8\n«A»",
            "entidad": "Jalisco",
            "geo": {"lat": 20.625, "lon": -103.25},
        },
        "nacionalidades": ["MX", "ES", "CA"],
        "cargos": [["vocal", "presidenta"], {"clave": 7, "desde": {"año": 2020}}],
    }))
}

pub(crate) fn disclosable() -> Vec<Vec<Value>> {
    list(json!([
        ["nombre"],
        ["mayor"],
        ["nada"],
        ["domicilio"],
        ["domicilio", "calle"],
        ["domicilio", "geo"],
        ["domicilio", "geo", "lat"],
        ["nacionalidades", 0],
        ["nacionalidades", 1],
        ["cargos", 0],
        ["cargos", 0, 1],
        ["cargos", 1, "clave"],
    ]))
}

/// The same person for our own issuer, with decoys beside the claims.
pub(crate) fn template(pair: &Pair) -> Object {
    let claims = claims();
    let geo = Object::new().disclosable("lat", 20.625).open("lon", -103.25).min_digests(2);
    let home = Object::new()
        .disclosable("calle", claims["domicilio"]["calle"].clone())
        .open("entidad", "Jalisco")
        .disclosable("geo", geo)
        .min_digests(4);
    let open = ["iss", "vct", "iat", "exp"].into_iter();
    open.fold(Object::new(), |object, name| object.open(name, claims[name].clone()))
        .open("cnf", json!({ "jwk": pair.holder.public }))
        .open("tramite", claims["tramite"].clone())
        .disclosable("nombre", claims["nombre"].clone())
        .disclosable("mayor", true)
        .disclosable("nada", Value::Null)
        .disclosable("domicilio", home)
        .open(
            "nacionalidades",
            Array::new().disclosable("MX").disclosable("ES").open("CA").min_digests(5),
        )
        .open(
            "cargos",
            Array::new()
                .disclosable(Array::new().open("vocal").disclosable("presidenta"))
                .open(Object::new().disclosable("clave", 7).open("desde", json!({"año": 2020}))),
        )
        .min_digests(9)
}

/// What is shown, and what every verifier must then read.
pub(crate) struct Shown {
    pub(crate) name: &'static str,
    pub(crate) paths: Vec<Vec<Value>>,
    pub(crate) payload: Map<String, Value>,
}

pub(crate) fn shown() -> Vec<Shown> {
    let mut nothing = claims();
    for hidden in ["nombre", "mayor", "nada", "domicilio"] {
        nothing.remove(hidden);
    }
    nothing["nacionalidades"] = json!(["CA"]);
    nothing["cargos"] = json!([{"desde": {"año": 2020}}]);
    let mut some = nothing.clone();
    some.insert("nada".to_owned(), Value::Null);
    let home = json!({"entidad": "Jalisco", "geo": {"lat": 20.625, "lon": -103.25}});
    some.insert("domicilio".to_owned(), home);
    some["nacionalidades"] = json!(["ES", "CA"]);
    some["cargos"] = json!([["vocal", "presidenta"], {"desde": {"año": 2020}}]);
    let paths = list(json!([
        ["nada"],
        ["domicilio", "geo", "lat"],
        ["nacionalidades", 1],
        ["cargos", 0, 1],
    ]));
    vec![
        Shown { name: "nothing", paths: vec![], payload: nothing },
        Shown { name: "some", paths, payload: some },
        Shown { name: "all", paths: disclosable(), payload: claims() },
    ]
}

pub(crate) fn map(object: Value) -> Map<String, Value> {
    let Value::Object(map) = object else { panic!("an object") };
    map
}

pub(crate) fn list(paths: Value) -> Vec<Vec<Value>> {
    serde_json::from_value(paths).unwrap()
}
