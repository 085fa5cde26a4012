//! Why a row was left out, in both languages, without any of its values.

use hoesu_claims::assess::Sentence;
use hoesu_ledger::ITEM_CHARS_MAX;

/// Why a row was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The cell is empty.
    Missing,
    /// The seller has no sales account of this name, but these.
    NoSalesAccount {
        /// The names of the seller's sales accounts.
        selling: Vec<String>,
    },
    /// A number that was longer than the 15 digits a spreadsheet keeps.
    Rounded,
    /// A number below zero or with a fraction.
    NotWhole,
    /// A date, a time or a truth value.
    NotANumber,
    /// A quantity that is no whole number from 1 to 4,294,967,295.
    NotPieces,
    /// A formula without its result.
    Formula,
    /// A formula whose result is an error.
    Error,
    /// More than [`ITEM_CHARS_MAX`] characters.
    TooLong,
    /// A line break or another character nobody sees.
    Control,
    /// An earlier row has another quantity of the same resource in the same item.
    SaysAnother {
        /// The line of that row.
        line: u64,
    },
    /// Another row of the same item is refused.
    GoesWith {
        /// The line of that row.
        line: u64,
    },
}

impl Why {
    /// What follows the field's name.
    pub fn sentence(&self) -> Sentence {
        let (ko, en) = match self {
            Self::Missing => (
                "비어 있어요. 병합된 셀이면 풀고 줄마다 적어 주세요".to_owned(),
                "is missing; if cells are merged, undo that and fill each row".to_owned(),
            ),
            Self::NoSalesAccount { selling } => {
                let names = if selling.is_empty() { "-".to_owned() } else { selling.join(", ") };
                (
                    format!("없는 판매 계정이에요. 있는 판매 계정: {names}"),
                    format!("is no sales account; the sales accounts are: {names}"),
                )
            }
            Self::Rounded => (
                "스프레드시트가 긴 번호의 끝자리를 바꿨어요(15자리까지만 지켜요). 열을 텍스트 서식으로 바꾸고 번호를 다시 넣어 주세요".to_owned(),
                "is a long number whose last digits the spreadsheet has changed (it keeps 15); format the column as text and enter the number again".to_owned(),
            ),
            Self::NotWhole => (
                "음수이거나 소수여서 번호가 아니에요".to_owned(),
                "is below zero or has a fraction, so it is no number of an item".to_owned(),
            ),
            Self::NotANumber => (
                "날짜나 참·거짓 값이에요. 열을 텍스트 서식으로 바꾸고 다시 넣어 주세요".to_owned(),
                "is a date or a truth value; format the column as text and enter it again".to_owned(),
            ),
            Self::NotPieces => (
                "1 이상의 정수여야 해요".to_owned(),
                "has to be a whole number, 1 or more".to_owned(),
            ),
            Self::Formula => (
                "값이 저장되지 않은 수식이에요. 엑셀에서 열어 다시 저장하거나 값으로 붙여 넣어 주세요".to_owned(),
                "is a formula without its result; open and save the file in Excel, or paste values".to_owned(),
            ),
            Self::Error => (
                "수식의 결과가 오류예요(#N/A 등)".to_owned(),
                "is a formula whose result is an error (#N/A and its like)".to_owned(),
            ),
            Self::TooLong => (
                format!("{ITEM_CHARS_MAX}자보다 길어요"),
                format!("is longer than {ITEM_CHARS_MAX} characters"),
            ),
            Self::Control => (
                "줄바꿈이나 보이지 않는 문자가 들어 있어요. 따옴표가 닫혔는지 확인해 주세요".to_owned(),
                "holds a line break or another unseen character; check that its quotes are closed".to_owned(),
            ),
            Self::SaysAnother { line } => (
                format!("{line}행과 같은 상품·자원인데 수량이 달라요"),
                format!("has another quantity than line {line}, for the same item and resource"),
            ),
            Self::GoesWith { line } => (
                format!("같은 상품의 {line}행이 거절되어 함께 넣지 않았어요"),
                format!("belongs to the same item as line {line}, which is refused"),
            ),
        };
        Sentence { ko, en }
    }
}
