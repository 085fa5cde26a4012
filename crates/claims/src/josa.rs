//! Korean particles (조사) that fit the word before them: 이/가, 은/는, 을/를, 으로/로.

/// How a word ends when it is read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Vowel,
    /// The final ㄹ, after which 로 stands as after a vowel.
    Rieul,
    Consonant,
}

/// Digits and letters as they are read in Korean: 1 is 일, L is 엘.
fn ending(word: &str) -> Ending {
    match word.chars().next_back() {
        Some(c @ '가'..='힣') => match (u32::from(c) - u32::from('가')) % 28 {
            0 => Ending::Vowel,
            8 => Ending::Rieul,
            _ => Ending::Consonant,
        },
        Some('1' | '7' | '8' | 'L' | 'R' | 'l' | 'r') => Ending::Rieul,
        Some('0' | '3' | '6' | 'M' | 'N' | 'm' | 'n') => Ending::Consonant,
        Some(_) | None => Ending::Vowel,
    }
}

fn joined(word: &str, closed: &str, open: &str) -> String {
    let particle = if ending(word) == Ending::Vowel { open } else { closed };
    format!("{word}{particle}")
}

/// The subject: 이 or 가.
pub fn subject(word: &str) -> String {
    joined(word, "이", "가")
}

/// The topic: 은 or 는.
pub fn topic(word: &str) -> String {
    joined(word, "은", "는")
}

/// The object: 을 or 를.
pub fn object(word: &str) -> String {
    joined(word, "을", "를")
}

/// The means: 으로 or 로.
pub fn means(word: &str) -> String {
    let particle = if ending(word) == Ending::Consonant { "으로" } else { "로" };
    format!("{word}{particle}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_follow_the_word_as_it_is_read() {
        assert_eq!(subject("송장"), "송장이");
        assert_eq!(subject("W2"), "W2가");
        assert_eq!(topic("접수 10"), "접수 10은");
        assert_eq!(object("CS-4"), "CS-4를");
        assert_eq!(object("접수"), "접수를");
        assert_eq!(
            [means("W1"), means("W3"), means("W4"), means("길")],
            ["W1로", "W3으로", "W4로", "길로"]
        );
        assert_eq!(subject(""), "가");
    }
}
