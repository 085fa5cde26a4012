//! What is left of somebody's name, phone and address where nobody needs all of it: 김○○,
//! 010-****-1234, the address to the district.

/// What stands where a text was.
pub const HIDDEN: &str = "***";

/// The most signs that stand for the rest of a name: how long it is says something too.
const REST_MAX: usize = 4;

/// The first letter, and a sign for each of the others, up to four.
pub fn name(name: &str) -> String {
    let mut letters = name.chars().filter(|c| !c.is_whitespace());
    let Some(first) = letters.next() else { return String::new() };
    match letters.count() {
        0 => "○".to_owned(),
        rest => format!("{first}{}", "○".repeat(rest.min(REST_MAX))),
    }
}

/// The prefix and the last four digits, of what can be a phone number; nothing of anything else.
pub fn phone(phone: &str) -> String {
    if phone.trim().is_empty() {
        return String::new();
    }
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let prefix = match digits.as_bytes() {
        [b'0', b'2', ..] => 2,
        [b'0', b'5', b'0', ..] if digits.len() > 11 || phone.starts_with("050") => 4,
        [b'0', ..] => 3,
        _ => return HIDDEN.to_owned(),
    };
    // Seven digits with a hole are what this makes, and what some channels send.
    let holed = phone.contains('*') && digits.len() == prefix + 4;
    if !holed && !(prefix + 7..=12).contains(&digits.len()) {
        return HIDDEN.to_owned();
    }
    format!("{}-****-{}", &digits[..prefix], &digits[digits.len() - 4..])
}

/// Provinces and cities an address may begin with, in their short forms.
const PROVINCES: [&str; 17] = [
    "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남",
    "전북", "전남", "경북", "경남", "제주",
];

/// The parts down to the district; nothing of an address that does not begin with a province.
pub fn address(address: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in address.split_whitespace() {
        let short = part.chars().count() <= 8 && part.chars().all(|c| ('가'..='힣').contains(&c));
        let fits = match kept.len() {
            0 => {
                PROVINCES.iter().any(|province| part.starts_with(province)) || part.ends_with('도')
            }
            1 | 2 => part.ends_with(['시', '군', '구']),
            _ => false,
        };
        if !short || !fits {
            break;
        }
        kept.push(part);
    }
    if address.trim().is_empty() {
        return String::new();
    }
    kept.push(HIDDEN);
    kept.join(" ")
}

/// The first two digits of a postcode, which are its province's.
pub fn postcode(postcode: &str) -> String {
    let code = postcode.trim();
    if code.is_empty() {
        return String::new();
    }
    if code.len() == 5 && code.bytes().take(2).all(|byte| byte.is_ascii_digit()) && code.is_ascii()
    {
        return format!("{}***", &code[..2]);
    }
    HIDDEN.to_owned()
}

/// Nothing of what somebody wrote but that they did.
pub fn words(words: &str) -> String {
    if words.trim().is_empty() { String::new() } else { HIDDEN.to_owned() }
}

/// Whether a text could be somebody's phone number.
pub fn is_like_phone(text: &str) -> bool {
    let text = text.trim();
    let spelt = text.chars().all(|c| c.is_ascii_digit() || "-. ()+".contains(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("82").map_or(digits.clone(), |rest| format!("0{rest}"));
    let begins = |lengths: std::ops::RangeInclusive<usize>, prefixes: &[&str]| {
        lengths.contains(&digits.len()) && prefixes.iter().any(|prefix| digits.starts_with(prefix))
    };
    spelt
        && (begins(10..=11, &["010", "011", "016", "017", "018", "019", "070"])
            || begins(9..=10, &["02"])
            || begins(10..=11, &["03", "04", "05", "06"])
            || begins(12..=12, &["050"]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_phones_addresses_and_postcodes_are_masked_as_operators_know_it() {
        for (whole, masked) in [
            ("김하늘", "김○○"),
            ("이든", "이○"),
            ("김", "○"),
            ("남궁별하", "남○○○"),
            ("John Smith", "J○○○○"),
            ("", ""),
        ] {
            assert_eq!(name(whole), masked, "{whole}");
        }
        for (whole, masked) in [
            ("010-0000-1234", "010-****-1234"),
            ("01000001234", "010-****-1234"),
            ("010-****-1234", "010-****-1234"),
            ("02-000-1234", "02-****-1234"),
            ("031 000 1234", "031-****-1234"),
            ("0502-0000-1234", "0502-****-1234"),
            ("1", HIDDEN),
            ("1588-0000", HIDDEN),
            ("0104444", HIDDEN),
            ("", ""),
        ] {
            assert_eq!(phone(whole), masked, "{whole}");
        }
        for (whole, masked) in [
            ("서울특별시 송파구 송파대로 570 (신천동)", "서울특별시 송파구 ***"),
            ("경기도 성남시 분당구 판교역로 1", "경기도 성남시 분당구 ***"),
            ("서울 강남구 별빛로 12 101동 201호", "서울 강남구 ***"),
            ("세종특별자치시 한누리대로 1", "세종특별자치시 ***"),
            ("별빛로 12", HIDDEN),
            ("서울특별시은하구별빛로12", HIDDEN),
            (" ", ""),
        ] {
            assert_eq!(address(whole), masked, "{whole}");
        }
        assert_eq!(postcode("05510"), "05***");
        assert_eq!(postcode("138-240"), HIDDEN);
        assert_eq!((words("집 앞에 두세요"), words(" ")), (HIDDEN.to_owned(), String::new()));
    }

    #[test]
    fn numbers_of_orders_and_waybills_are_not_like_phones() {
        for phone in
            ["010-0000-1234", "01000001234", "+82 10-0000-1234", "02-000-1234", "0502-0000-1234"]
        {
            assert!(is_like_phone(phone), "{phone}");
        }
        for other in [
            "500004398",
            "380424004285",
            "0017000001",
            "05510",
            "2016-03-25 13:05:30",
            "010",
            "0100000123x",
        ] {
            assert!(!is_like_phone(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn of_a_name_only_its_first_letter_is_left(whole in "[가-힣A-Za-z ]{2,12}") {
            let masked = name(&whole);
            let letters = whole.chars().filter(|c| !c.is_whitespace()).count();
            prop_assert!(masked.chars().filter(|c| *c != '○').count() <= usize::from(letters > 1));
            prop_assert_eq!(name(&masked), masked.clone());
        }

        #[test]
        fn of_a_phone_eight_digits_at_most_are_left_and_never_all(whole in "[0-9]{0,14}(-[0-9]{3,4}){0,2}") {
            let masked = phone(&whole);
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
            prop_assert!(digits(&masked) <= 8);
            prop_assert!(digits(&whole) == 0 || digits(&masked) + 3 <= digits(&whole) || digits(&masked) == 0);
            prop_assert_eq!(phone(&masked), masked.clone());
        }

        #[test]
        fn what_is_masked_of_an_address_ends_at_the_district(whole in "(서울|경기도|부산광역시) ([가-힣]{1,4}[시군구로동] ){0,4}[0-9]{0,3} [가-힣]{0,5}") {
            let masked = address(&whole);
            let parts: Vec<&str> = masked.split(' ').collect();
            prop_assert!(parts.len() <= 4);
            prop_assert_eq!(parts.last(), Some(&HIDDEN));
            prop_assert!(parts[1..parts.len() - 1].iter().all(|part| part.ends_with(['시', '군', '구'])));
            prop_assert_eq!(address(&masked), masked.clone());
        }

        #[test]
        fn nothing_of_an_unshaped_text_is_left(whole in "\\PC{0,40}") {
            for masked in [words(&whole), postcode(&whole)] {
                prop_assert!(masked.is_empty() || masked.ends_with(HIDDEN));
                prop_assert!(masked.len() <= 5);
            }
        }
    }
}
