//! The two calculations of the SAT's procedure: the homoclave of a name, and the check digit.

/// The homoclave of a full name, first surname first, in capitals and single spaces.
///
/// Every character becomes two digits. Each digit is multiplied by the number it makes with the
/// digit before it; the last three digits of the sum, divided by 34, give quotient and remainder.
pub(super) fn homoclave(full_name: &str) -> [char; 2] {
    let digits =
        full_name.chars().filter_map(name_value).flat_map(|value| [value / 10, value % 10]);
    let (sum, _) = digits.fold((0_u32, 0_u32), |(sum, before), digit| {
        // Only the last three digits count, and the remainder keeps the sum small.
        ((sum + (before * 10 + digit) * digit) % 1000, digit)
    });
    [sum / 34, sum % 34].map(homoclave_char)
}

/// The check digit of everything before it: 11 characters of a company, or 12 of a person.
pub(super) fn check_digit(front: &str) -> char {
    // A company has one character less; counting weights from the right is the blank in front.
    let blank = if front.chars().count() == 11 { check_value(' ') * 13 } else { 0 };
    let sum: u32 = front.chars().rev().zip(2..).map(|(c, weight)| check_value(c) * weight).sum();
    match 11 - (sum + blank) % 11 {
        11 => '0',
        10 => 'A',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

pub(super) fn can_be_first_of_homoclave(c: char) -> bool {
    // 999 divided by 34 is 29, the place of V.
    HOMOCLAVE.chars().take(30).any(|known| known == c)
}

pub(super) fn can_be_second_of_homoclave(c: char) -> bool {
    HOMOCLAVE.contains(c)
}

/// 34 characters: neither 0 nor O, which are easily confused.
const HOMOCLAVE: &str = "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ";

fn homoclave_char(index: u32) -> char {
    // Quotient and remainder are at most 29 and 33, so a character is always found.
    HOMOCLAVE.chars().zip(0..).find(|&(_, at)| at == index).map_or('1', |(c, _)| c)
}

/// The two digits of a character of a name; nothing for a character that is left out.
fn name_value(c: char) -> Option<u32> {
    let at = u32::from(c);
    Some(match c {
        ' ' => 0,
        '0'..='9' => at - u32::from('0'),
        '&' => 10,
        'A'..='I' => at - u32::from('A') + 11,
        'J'..='R' => at - u32::from('J') + 21,
        'S'..='Z' => at - u32::from('S') + 32,
        'Ñ' => 40,
        _ => return None,
    })
}

fn check_value(c: char) -> u32 {
    let at = u32::from(c);
    match c {
        '0'..='9' => at - u32::from('0'),
        'A'..='N' => at - u32::from('A') + 10,
        '&' => 24,
        'O'..='Z' => at - u32::from('O') + 25,
        ' ' => 37,
        'Ñ' => 38,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_the_procedure() {
        assert_eq!(homoclave("GOMEZ DIAZ EMMA"), ['G', 'R']);
        assert_eq!(check_digit("GODE561231GR"), '8');
    }

    #[test]
    fn a_company_counts_a_blank_in_front() {
        assert_eq!(check_digit("MAB9307148T"), '4');
        assert_eq!(check_digit(" MAB9307148T"), '4');
    }

    #[test]
    fn an_endless_name_does_not_overflow() {
        let [first, second] = homoclave(&"Ñ".repeat(100_000));
        assert!(can_be_first_of_homoclave(first) && can_be_second_of_homoclave(second));
    }
}
