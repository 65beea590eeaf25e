//! The numbers of an INE card: a fixed count of ASCII digits each, leading zeros included.

use core::str::FromStr;

use crate::{Error, ascii, redacted::redacted_debug};

/// Defines a type that holds exactly so many ASCII digits.
macro_rules! digits {
    ($(#[$doc:meta])* $name:ident, $count:literal, $field:literal) => {
        $(#[$doc])*
        #[derive(Clone, Eq, Hash, PartialEq)]
        pub struct $name {
            text: String,
        }

        redacted_debug!($name);

        impl $name {
            /// How many digits it has.
            pub const DIGITS: usize = $count;

            /// The digits.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.text
            }
        }

        impl FromStr for $name {
            type Err = Error;

            /// Takes exactly the right number of ASCII digits.
            ///
            /// # Errors
            /// [`Error::Digits`] for anything else.
            fn from_str(text: &str) -> Result<Self, Error> {
                match ascii::exactly::<$count>(text) {
                    Some(bytes) if ascii::all_digits(&bytes) => Ok(Self { text: text.to_owned() }),
                    _ => Err(Error::Digits { field: $field, expected: $count }),
                }
            }
        }
    };
}

digits!(
    /// The CIC (`código de identificación de la credencial`): the number of one card.
    Cic, 9, "cic"
);
digits!(
    /// The `identificador del ciudadano`: the same on every card a person ever gets.
    IdCiudadano, 9, "id_ciudadano"
);
digits!(
    /// The `número de emisión`: how often a card was issued to the person.
    NumeroEmision, 2, "numero_emision"
);
digits!(
    /// The OCR: `sección` and `identificador del ciudadano`, one after the other.
    Ocr, 13, "ocr"
);
digits!(
    /// The electoral `sección`: a neighbourhood of a few hundred to a few thousand electors.
    Seccion, 4, "seccion"
);

impl Ocr {
    /// Puts the two parts together, as INE does.
    #[must_use]
    pub fn of(seccion: &Seccion, id_ciudadano: &IdCiudadano) -> Self {
        Self { text: format!("{}{}", seccion.text, id_ciudadano.text) }
    }

    /// The first four digits.
    #[must_use]
    pub fn seccion(&self) -> Seccion {
        Seccion { text: self.text.chars().take(Seccion::DIGITS).collect() }
    }

    /// The last nine digits.
    #[must_use]
    pub fn id_ciudadano(&self) -> IdCiudadano {
        IdCiudadano { text: self.text.chars().skip(Seccion::DIGITS).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_other_lengths_and_other_digits() {
        for text in ["", "12345678", "1234567890", "12345678A", "12345678 ", "12345678٩"] {
            assert_eq!(
                text.parse::<Cic>(),
                Err(Error::Digits { field: "cic", expected: 9 }),
                "{text}"
            );
        }
    }

    #[test]
    fn the_parts_of_an_ocr_make_it_again() {
        let ocr: Ocr = "0137378250595".parse().unwrap();
        assert_eq!((ocr.seccion().expose(), ocr.id_ciudadano().expose()), ("0137", "378250595"));
        assert!(Ocr::of(&ocr.seccion(), &ocr.id_ciudadano()) == ocr);
    }
}
