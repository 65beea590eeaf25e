//! The 33 codes a CURP uses for the place of birth.

use core::{fmt, str::FromStr};

use crate::Error;

/// An `entidad federativa`, or birth abroad.
///
/// Which states exist is public, so this type prints; that it is somebody's birthplace is not, and
/// the types that hold people redact it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Entidad {
    /// Aguascalientes.
    Aguascalientes,
    /// Baja California.
    BajaCalifornia,
    /// Baja California Sur.
    BajaCaliforniaSur,
    /// Campeche.
    Campeche,
    /// Coahuila de Zaragoza.
    Coahuila,
    /// Colima.
    Colima,
    /// Chiapas.
    Chiapas,
    /// Chihuahua.
    Chihuahua,
    /// Ciudad de México.
    CiudadDeMexico,
    /// Durango.
    Durango,
    /// Guanajuato.
    Guanajuato,
    /// Guerrero.
    Guerrero,
    /// Hidalgo.
    Hidalgo,
    /// Jalisco.
    Jalisco,
    /// México.
    Mexico,
    /// Michoacán de Ocampo.
    Michoacan,
    /// Morelos.
    Morelos,
    /// Nayarit.
    Nayarit,
    /// Nuevo León.
    NuevoLeon,
    /// Oaxaca.
    Oaxaca,
    /// Puebla.
    Puebla,
    /// Querétaro.
    Queretaro,
    /// Quintana Roo.
    QuintanaRoo,
    /// San Luis Potosí.
    SanLuisPotosi,
    /// Sinaloa.
    Sinaloa,
    /// Sonora.
    Sonora,
    /// Tabasco.
    Tabasco,
    /// Tamaulipas.
    Tamaulipas,
    /// Tlaxcala.
    Tlaxcala,
    /// Veracruz de Ignacio de la Llave.
    Veracruz,
    /// Yucatán.
    Yucatan,
    /// Zacatecas.
    Zacatecas,
    /// Born abroad (`NE`). Says nothing about nationality: Mexicans born abroad have it too.
    Extranjero,
}

/// One line of the table: everything that is printed for an `entidad`.
struct Row {
    curp: &'static str,
    inegi: Option<&'static str>,
    iso: Option<&'static str>,
    nombre: &'static str,
}

impl Entidad {
    /// All 33, in the order of their INEGI numbers, birth abroad last.
    pub const ALL: [Self; 33] = [
        Self::Aguascalientes,
        Self::BajaCalifornia,
        Self::BajaCaliforniaSur,
        Self::Campeche,
        Self::Coahuila,
        Self::Colima,
        Self::Chiapas,
        Self::Chihuahua,
        Self::CiudadDeMexico,
        Self::Durango,
        Self::Guanajuato,
        Self::Guerrero,
        Self::Hidalgo,
        Self::Jalisco,
        Self::Mexico,
        Self::Michoacan,
        Self::Morelos,
        Self::Nayarit,
        Self::NuevoLeon,
        Self::Oaxaca,
        Self::Puebla,
        Self::Queretaro,
        Self::QuintanaRoo,
        Self::SanLuisPotosi,
        Self::Sinaloa,
        Self::Sonora,
        Self::Tabasco,
        Self::Tamaulipas,
        Self::Tlaxcala,
        Self::Veracruz,
        Self::Yucatan,
        Self::Zacatecas,
        Self::Extranjero,
    ];

    /// The two letters used in a CURP. Mexico City is still `DF`.
    #[must_use]
    pub const fn curp_code(self) -> &'static str {
        self.row().curp
    }

    /// The two-digit INEGI number, as in the clave de elector; none for birth abroad.
    #[must_use]
    pub const fn inegi(self) -> Option<&'static str> {
        self.row().inegi
    }

    /// The ISO 3166-2 code; none for birth abroad.
    #[must_use]
    pub const fn iso_3166_2(self) -> Option<&'static str> {
        self.row().iso
    }

    /// The official name in Spanish.
    #[must_use]
    pub const fn nombre(self) -> &'static str {
        self.row().nombre
    }

    /// Whether this is [`Entidad::Extranjero`].
    #[must_use]
    pub const fn is_abroad(self) -> bool {
        matches!(self, Self::Extranjero)
    }

    /// The entidad with this two-letter CURP code.
    #[must_use]
    pub fn from_curp_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entidad| entidad.curp_code() == code)
    }

    /// The entidad with this two-digit INEGI number.
    #[must_use]
    pub fn from_inegi(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entidad| entidad.inegi() == Some(number))
    }

    /// The entidad with this ISO 3166-2 code.
    #[must_use]
    pub fn from_iso_3166_2(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entidad| entidad.iso_3166_2() == Some(code))
    }

    const fn row(self) -> Row {
        match self {
            Self::Aguascalientes => Row::state("AS", "01", "MX-AGU", "Aguascalientes"),
            Self::BajaCalifornia => Row::state("BC", "02", "MX-BCN", "Baja California"),
            Self::BajaCaliforniaSur => Row::state("BS", "03", "MX-BCS", "Baja California Sur"),
            Self::Campeche => Row::state("CC", "04", "MX-CAM", "Campeche"),
            Self::Coahuila => Row::state("CL", "05", "MX-COA", "Coahuila de Zaragoza"),
            Self::Colima => Row::state("CM", "06", "MX-COL", "Colima"),
            Self::Chiapas => Row::state("CS", "07", "MX-CHP", "Chiapas"),
            Self::Chihuahua => Row::state("CH", "08", "MX-CHH", "Chihuahua"),
            Self::CiudadDeMexico => Row::state("DF", "09", "MX-CMX", "Ciudad de México"),
            Self::Durango => Row::state("DG", "10", "MX-DUR", "Durango"),
            Self::Guanajuato => Row::state("GT", "11", "MX-GUA", "Guanajuato"),
            Self::Guerrero => Row::state("GR", "12", "MX-GRO", "Guerrero"),
            Self::Hidalgo => Row::state("HG", "13", "MX-HID", "Hidalgo"),
            Self::Jalisco => Row::state("JC", "14", "MX-JAL", "Jalisco"),
            Self::Mexico => Row::state("MC", "15", "MX-MEX", "México"),
            Self::Michoacan => Row::state("MN", "16", "MX-MIC", "Michoacán de Ocampo"),
            Self::Morelos => Row::state("MS", "17", "MX-MOR", "Morelos"),
            Self::Nayarit => Row::state("NT", "18", "MX-NAY", "Nayarit"),
            Self::NuevoLeon => Row::state("NL", "19", "MX-NLE", "Nuevo León"),
            Self::Oaxaca => Row::state("OC", "20", "MX-OAX", "Oaxaca"),
            Self::Puebla => Row::state("PL", "21", "MX-PUE", "Puebla"),
            Self::Queretaro => Row::state("QT", "22", "MX-QUE", "Querétaro"),
            Self::QuintanaRoo => Row::state("QR", "23", "MX-ROO", "Quintana Roo"),
            Self::SanLuisPotosi => Row::state("SP", "24", "MX-SLP", "San Luis Potosí"),
            Self::Sinaloa => Row::state("SL", "25", "MX-SIN", "Sinaloa"),
            Self::Sonora => Row::state("SR", "26", "MX-SON", "Sonora"),
            Self::Tabasco => Row::state("TC", "27", "MX-TAB", "Tabasco"),
            Self::Tamaulipas => Row::state("TS", "28", "MX-TAM", "Tamaulipas"),
            Self::Tlaxcala => Row::state("TL", "29", "MX-TLA", "Tlaxcala"),
            Self::Veracruz => Row::state("VZ", "30", "MX-VER", "Veracruz de Ignacio de la Llave"),
            Self::Yucatan => Row::state("YN", "31", "MX-YUC", "Yucatán"),
            Self::Zacatecas => Row::state("ZS", "32", "MX-ZAC", "Zacatecas"),
            Self::Extranjero => Row::abroad(),
        }
    }
}

impl Row {
    const fn state(
        curp: &'static str,
        inegi: &'static str,
        iso: &'static str,
        nombre: &'static str,
    ) -> Self {
        Self { curp, inegi: Some(inegi), iso: Some(iso), nombre }
    }

    const fn abroad() -> Self {
        Self { curp: "NE", inegi: None, iso: None, nombre: "Nacido en el extranjero" }
    }
}

impl fmt::Display for Entidad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.nombre())
    }
}

impl FromStr for Entidad {
    type Err = Error;

    /// Reads the two-letter CURP code.
    ///
    /// # Errors
    /// [`Error::Entidad`] if no entidad has that code.
    fn from_str(code: &str) -> Result<Self, Error> {
        Self::from_curp_code(code).ok_or(Error::Entidad { field: "entidad" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back_to_its_entidad() {
        for entidad in Entidad::ALL {
            assert_eq!(entidad.curp_code().parse(), Ok(entidad));
            assert_eq!(
                entidad.inegi().and_then(Entidad::from_inegi),
                (!entidad.is_abroad()).then_some(entidad)
            );
            assert_eq!(
                entidad.iso_3166_2().and_then(Entidad::from_iso_3166_2),
                (!entidad.is_abroad()).then_some(entidad)
            );
        }
    }

    #[test]
    fn refuses_a_code_nobody_uses() {
        for code in ["", "EM", "df", "DF ", "CX", "Ｄ"] {
            assert_eq!(code.parse::<Entidad>(), Err(Error::Entidad { field: "entidad" }), "{code}");
        }
    }
}
