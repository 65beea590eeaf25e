//! The facts about a person from which a CURP and an RFC are derived.

use jiff::civil::Date;

use crate::{Entidad, Error, Nombre, Sexo, calendar, redacted::redacted_debug};

/// A person: names, date and place of birth, and sex marker.
///
/// The birth date lies in 1900..=2099, the years a CURP can tell apart. It is not compared with
/// today here: a [`Persona`] is what a record states, and the check of a CURP takes the date.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct Persona {
    given_name: Nombre,
    primer_apellido: Nombre,
    segundo_apellido: Option<Nombre>,
    birthdate: Date,
    sexo: Sexo,
    entidad_nacimiento: Entidad,
}

redacted_debug!(Persona);

impl Persona {
    /// Puts the facts together. A person with one surname has no `segundo_apellido`.
    ///
    /// # Errors
    /// [`Error::DateRange`] if the birth year is outside 1900..=2099.
    pub fn new(
        given_name: Nombre,
        primer_apellido: Nombre,
        segundo_apellido: Option<Nombre>,
        birthdate: Date,
        sexo: Sexo,
        entidad_nacimiento: Entidad,
    ) -> Result<Self, Error> {
        if !(calendar::FIRST_YEAR..=calendar::LAST_YEAR).contains(&birthdate.year()) {
            return Err(Error::DateRange { field: "birthdate" });
        }
        Ok(Self {
            given_name,
            primer_apellido,
            segundo_apellido,
            birthdate,
            sexo,
            entidad_nacimiento,
        })
    }

    /// The given names.
    #[must_use]
    pub const fn given_name(&self) -> &Nombre {
        &self.given_name
    }

    /// The first surname.
    #[must_use]
    pub const fn primer_apellido(&self) -> &Nombre {
        &self.primer_apellido
    }

    /// The second surname, if there is one.
    #[must_use]
    pub const fn segundo_apellido(&self) -> Option<&Nombre> {
        self.segundo_apellido.as_ref()
    }

    /// Both surnames with one space between them: OpenID's `family_name`.
    #[must_use]
    pub fn family_name(&self) -> String {
        match &self.segundo_apellido {
            Some(segundo) => format!("{} {}", self.primer_apellido.expose(), segundo.expose()),
            None => self.primer_apellido.expose().to_owned(),
        }
    }

    /// The date of birth.
    #[must_use]
    pub const fn birthdate(&self) -> Date {
        self.birthdate
    }

    /// The sex marker.
    #[must_use]
    pub const fn sexo(&self) -> Sexo {
        self.sexo
    }

    /// Where the person was born.
    #[must_use]
    pub const fn entidad_nacimiento(&self) -> Entidad {
        self.entidad_nacimiento
    }
}

/// A fact of a [`Persona`] that a CURP also states.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum PersonaField {
    /// The given names: positions 4 and 16.
    GivenNames,
    /// The first surname: positions 1, 2 and 14.
    FirstSurname,
    /// The second surname: positions 3 and 15.
    SecondSurname,
    /// The date of birth: positions 5 to 10, and the century of position 17.
    Birthdate,
    /// The sex marker: position 11.
    Sexo,
    /// The place of birth: positions 12 and 13.
    EntidadNacimiento,
}

impl PersonaField {
    /// The name that the published consistency vectors use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GivenNames => "given_names",
            Self::FirstSurname => "first_surname",
            Self::SecondSurname => "second_surname",
            Self::Birthdate => "birthdate",
            Self::Sexo => "sexo",
            Self::EntidadNacimiento => "entidad_nacimiento",
        }
    }

    /// The claim, and the field of a record, that carries this fact.
    #[must_use]
    pub const fn claim(self) -> &'static str {
        match self {
            Self::GivenNames => "given_name",
            Self::FirstSurname => "primer_apellido",
            Self::SecondSurname => "segundo_apellido",
            Self::Birthdate => "birthdate",
            Self::Sexo => "sexo",
            Self::EntidadNacimiento => "entidad_nacimiento",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn born(year: i16) -> Result<Persona, Error> {
        Persona::new(
            "IRENE".parse()?,
            "EJEMPLO".parse()?,
            None,
            date(year, 1, 1),
            Sexo::M,
            Entidad::Jalisco,
        )
    }

    #[test]
    fn refuses_years_a_curp_cannot_tell_apart() {
        assert_eq!(born(1899), Err(Error::DateRange { field: "birthdate" }));
        assert_eq!(born(2100), Err(Error::DateRange { field: "birthdate" }));
        assert!(born(1900).is_ok() && born(2099).is_ok());
    }

    #[test]
    fn one_surname_is_the_whole_family_name() {
        assert_eq!(born(1990).unwrap().family_name(), "EJEMPLO");
    }
}
