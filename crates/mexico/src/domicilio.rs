//! The address printed, or not, on an INE card.

use serde_json::{Map, Value};

use crate::{Entidad, Error, Pais, Texto, redacted::redacted_debug};

/// An address. Every part is optional, because showing it on the card is the citizen's choice.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Domicilio {
    /// Street and number.
    pub street_address: Option<Texto>,
    /// The `colonia`.
    pub neighborhood: Option<Texto>,
    /// Five digits in Mexico.
    pub postal_code: Option<Texto>,
    /// The municipality or locality.
    pub locality: Option<Texto>,
    /// The state of Mexico, if the address is there.
    pub region: Option<Entidad>,
    /// The country.
    pub country: Option<Pais>,
}

redacted_debug!(Domicilio);

impl Domicilio {
    /// Checks that the parts agree.
    ///
    /// # Errors
    /// - [`Error::Conflict`] if there is a state of Mexico and another country.
    /// - [`Error::Entidad`] if the state is "born abroad", which is nobody's address.
    /// - [`Error::Digits`] if the country is Mexico and the postal code is not five digits.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.region.is_some_and(Entidad::is_abroad) {
            return Err(Error::Entidad { field: "region" });
        }
        if self.region.is_some() && self.country.is_some_and(|country| country != Pais::MEXICO) {
            return Err(Error::Conflict { field: "region", with: "country" });
        }
        let in_mexico = self.region.is_some() || self.country == Some(Pais::MEXICO);
        let five_digits = |code: &Texto| {
            crate::ascii::exactly::<5>(code.expose())
                .is_some_and(|code| crate::ascii::all_digits(&code))
        };
        if in_mexico && !self.postal_code.as_ref().is_none_or(five_digits) {
            return Err(Error::Digits { field: "postal_code", expected: 5 });
        }
        Ok(())
    }

    /// The members of the claim `address`.
    pub(crate) fn claim(&self) -> Map<String, Value> {
        let text = |part: &Option<Texto>| part.as_ref().map(|part| part.expose().to_owned());
        let country = self.country.or(self.region.map(|_| Pais::MEXICO));
        let members = [
            ("street_address", text(&self.street_address)),
            ("neighborhood", text(&self.neighborhood)),
            ("postal_code", text(&self.postal_code)),
            ("locality", text(&self.locality)),
            ("region", self.region.map(|region| region.nombre().to_owned())),
            ("country", country.map(|country| country.as_str().to_owned())),
        ];
        let present =
            members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
        present.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_mexican_state_in_another_country() {
        let mut domicilio = Domicilio { region: Some(Entidad::Jalisco), ..Domicilio::default() };
        assert_eq!(domicilio.check(), Ok(()));
        domicilio.country = "US".parse().ok();
        assert_eq!(domicilio.check(), Err(Error::Conflict { field: "region", with: "country" }));
    }

    #[test]
    fn refuses_birth_abroad_as_an_address() {
        let domicilio = Domicilio { region: Some(Entidad::Extranjero), ..Domicilio::default() };
        assert_eq!(domicilio.check(), Err(Error::Entidad { field: "region" }));
    }

    #[test]
    fn refuses_a_mexican_postal_code_that_is_not_five_digits() {
        let mut domicilio = Domicilio { postal_code: "4410".parse().ok(), ..Domicilio::default() };
        assert_eq!(domicilio.check(), Ok(()));
        domicilio.country = Some(Pais::MEXICO);
        assert_eq!(domicilio.check(), Err(Error::Digits { field: "postal_code", expected: 5 }));
    }

    #[test]
    fn a_state_says_the_country() {
        let domicilio = Domicilio { region: Some(Entidad::Puebla), ..Domicilio::default() };
        assert_eq!(
            Value::Object(domicilio.claim()),
            serde_json::json!({"region": "Puebla", "country": "MX"})
        );
    }
}
