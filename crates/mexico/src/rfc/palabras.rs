//! The words that the RFC of a person may not begin with.

/// Whether these four letters are one of the 41 words of the SAT's list.
pub(super) fn is_inconveniente(letters: &str) -> bool {
    PALABRAS.binary_search(&letters).is_ok()
}

/// In alphabetical order. Not the list of the CURP, and here the **last** letter becomes X.
const PALABRAS: [&str; 41] = [
    "BUEI", "BUEY", "CACA", "CACO", "CAGA", "CAGO", "CAKA", "CAKO", "COGE", "COJA", "COJE", "COJI",
    "COJO", "CULO", "FETO", "GUEY", "JOTO", "KACA", "KACO", "KAGA", "KAGO", "KAKA", "KOGE", "KOJO",
    "KULO", "MAME", "MAMO", "MEAR", "MEAS", "MEON", "MION", "MOCO", "MULA", "PEDA", "PEDO", "PENE",
    "PUTA", "PUTO", "QULO", "RATA", "RUIN",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(PALABRAS.is_sorted());
    }

    #[test]
    fn the_list_is_not_that_of_the_curp() {
        assert!(crate::curp::is_inconveniente(b"LOCO") && !is_inconveniente("LOCO"));
        assert!(PALABRAS.iter().all(|word| word.len() == 4));
    }
}
