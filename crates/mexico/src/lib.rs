//! Mexican identity attributes: CURP, INE and RFC as validated types, and the credential types
//! made of them.
//!
//! A value of these types exists only if it is well formed; a second type, such as [`ValidCurp`],
//! says that every check was made that needs no registry. **No type says that a value was assigned
//! to anybody**: only RENAPO, INE and the SAT can. The check digits find typing mistakes and are no
//! protection against invention.
//!
//! ```
//! use jiff::civil::date;
//! use llavero_mexico::{Curp, CurpRecord, Differentiator, consistency};
//! use serde_json::json;
//!
//! // Today is always an argument: this crate reads no clock.
//! let today = date(2026, 11, 21);
//! let curp = "EEII030517MVZJMRA2".parse::<Curp>()?.check(today, Differentiator::AtoZ)?;
//!
//! // The agency's record exists only if the CURP agrees with the person.
//! let record = CurpRecord::from_json(&json!({
//!     "given_name": "Irene", "primer_apellido": "Ejemplo", "segundo_apellido": "Imaginario",
//!     "birthdate": "2003-05-17", "sexo": "M", "entidad_nacimiento": "VZ",
//!     "curp": curp.expose(), "curp_tipo": "definitiva",
//! }), today)?;
//! assert_eq!(consistency(curp.as_curp(), record.persona()), Ok(()));
//! assert_eq!(record.claims(today)["age_equal_or_over"]["18"], true);
//! # Ok::<(), llavero_mexico::Error>(())
//! ```
//!
//! # Whose data it is
//! `Debug` of a value about a person prints the name of its type, `Display` does not exist for it,
//! and an [`Error`] names fields and rules, never values. Text leaves through `expose`.
//!
//! # Where the rules are from
//! | rule | norm | here |
//! | --- | --- | --- |
//! | structure of the CURP | Instructivo normativo, DOF 18-06-2018 and 18-10-2021 | [`Curp`] |
//! | its check digit | RENAPO's web form | [`Curp::check`] |
//! | CURP from a name | Instructivo normativo, with its examples | [`CurpRoot`] |
//! | 81 inconvenient words | Instructivo of 2006, Anexo 2 | [`CurpFault::InconvenientWord`] |
//! | RFC, homoclave, check digit | procedure of the SAT | [`Rfc`] |
//! | machine-readable zone | ICAO 9303-3 and 9303-5, as INE fills it | [`IneMrz`] |
//! | sex on the INE card | INE/CG123/2023, INE/CG432/2023 | [`IneRecord`] |
//! | temporary CURP | DOF 18-10-2021 | [`CurpTipo`] |
//! | claim names | EU PID Rulebook, OpenID Connect | [`CredentialType`] |
//!
//! What could not be verified in a norm is said where it matters.

pub mod age;
pub mod implied;

mod ascii;
mod calendar;
mod clave_elector;
mod consistency;
mod credential_type;
mod curp;
mod derive;
mod digits;
mod domicilio;
mod entidad;
mod error;
mod fold;
mod language;
mod modelo;
mod mrz;
mod nombre;
mod pais;
mod persona;
mod picture;
mod record;
mod redacted;
mod rfc;
mod sexo;
mod synthetic;
mod texto;

pub use clave_elector::{ClaveElector, ClaveElectorFault};
pub use consistency::consistency;
pub use credential_type::{
    ClaimSpec, Container, CredentialType, DigestLevel, Linkage, Spread, Visibility,
};
pub use curp::{Curp, CurpFault, Differentiator, ValidCurp};
pub use derive::CurpRoot;
pub use digits::{Cic, IdCiudadano, NumeroEmision, Ocr, Seccion};
pub use domicilio::Domicilio;
pub use entidad::Entidad;
pub use error::Error;
pub use language::Language;
pub use modelo::Modelo;
pub use mrz::{IneMrz, MrzChecks, MrzFault};
pub use nombre::{Nombre, NombreFault};
pub use pais::Pais;
pub use persona::{Persona, PersonaField};
pub use picture::{Picture, PictureFault};
pub use record::{
    AgeRecord, CurpDetails, CurpRecord, CurpTipo, DocumentoProbatorio, IneCard, IneDetails,
    IneRecord, RecordField,
};
pub use rfc::{Rfc, RfcFault, RfcKind, RfcPolicy, ValidRfc};
pub use sexo::Sexo;
pub use synthetic::{Synthetic, SyntheticPerson};
pub use texto::{Texto, TextoFault};
