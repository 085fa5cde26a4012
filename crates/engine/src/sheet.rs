//! Tables as people keep them: CSV in whatever their spreadsheet wrote it, or the workbook itself.
//!
//! A cell keeps what is certain of it. A number of a workbook is not the text a person sees, and a
//! spreadsheet keeps only 15 digits of it; who reads the cells has to know which it is.

mod delimited;
mod workbook;

use hoesu_claims::assess::Sentence;

/// Files larger than this are not read, in bytes.
pub const BYTES_MAX: u64 = 64 << 20;

/// What begins a ZIP archive, as workbooks are.
const ZIP: &[u8] = b"PK\x03\x04";
/// What begins a workbook of before 2007, or one under a password.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// A cell that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, trimmed.
    Text(String),
    /// A number of a workbook: exact up to 15 digits.
    Number(f64),
    /// A formula whose result is not in the file.
    Formula,
    /// `#N/A` and its like.
    Error,
    /// A date, a time or a truth value.
    Other,
}

/// A row that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its line in the file or the worksheet, from 1.
    pub line: u64,
    /// Its cells that are not empty, by column from 0.
    cells: Vec<(usize, Cell)>,
}

impl Row {
    /// The cell of a column; `None` if it is empty.
    pub fn cell(&self, column: usize) -> Option<&Cell> {
        self.cells.iter().find(|(at, _)| *at == column).map(|(_, cell)| cell)
    }

    /// The texts of the row with their columns.
    pub fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().filter_map(|(at, cell)| match cell {
            Cell::Text(text) => Some((*at, text.as_str())),
            Cell::Number(_) | Cell::Formula | Cell::Error | Cell::Other => None,
        })
    }
}

/// Why a file is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is larger than [`BYTES_MAX`].
    #[error("it is larger than 64 MiB")]
    TooLarge,
    /// It is neither UTF-8, UTF-16 with a mark, nor CP949.
    #[error("it is neither UTF-8 nor CP949")]
    Encoding,
    /// It is a workbook of before 2007, or one under a password.
    #[error("it is an .xls workbook or has a password")]
    OldWorkbook,
    /// It begins like a workbook and is none.
    #[error("it is a damaged workbook")]
    Damaged,
    /// No row has headings for what must be there.
    #[error("it has no row of headings for item and resource")]
    NoHeadings,
    /// Two columns have headings that mean the same.
    #[error("it has two columns for {0}")]
    TwoColumns(&'static str),
    /// Nothing says which account its rows are about.
    #[error("it has no column for the account")]
    NoAccount,
}

impl Unreadable {
    /// What to do about it.
    pub fn sentence(self) -> Sentence {
        let (ko, en) = match self {
            Self::TooLarge => (
                "파일이 64 MiB보다 커요. 나눠서 넣어 주세요".to_owned(),
                "the file is larger than 64 MiB; divide it".to_owned(),
            ),
            Self::Encoding => (
                "글자를 읽을 수 없어요. UTF-8이나 CP949(EUC-KR)로 저장해 주세요".to_owned(),
                "the file is neither UTF-8 nor CP949 (EUC-KR); save it as one of them".to_owned(),
            ),
            Self::OldWorkbook => (
                "옛 형식(.xls)이거나 암호가 걸린 파일이에요. 암호 없는 .xlsx나 CSV로 저장해 주세요".to_owned(),
                "the file is an .xls workbook or has a password; save it as .xlsx without one, or as CSV".to_owned(),
            ),
            Self::Damaged => (
                "엑셀 파일이 손상됐어요. 다시 저장하거나 CSV로 저장해 주세요".to_owned(),
                "the workbook is damaged; save it again, or as CSV".to_owned(),
            ),
            Self::NoHeadings => (
                "제목 줄을 찾지 못했어요. 첫 줄에 판매계정, 판매상품, 자원, 수량을 적어 주세요(수량은 없으면 1)".to_owned(),
                "no row of headings was found; the first row names account, item, resource and quantity (without the last it is 1)".to_owned(),
            ),
            Self::TwoColumns(column) => (
                format!("{column}에 해당하는 열이 둘이에요. 하나만 남기거나 제목을 바꿔 주세요"),
                format!("two columns stand for {column}; keep one, or give the other another heading"),
            ),
            Self::NoAccount => (
                "판매계정 열이 없어요. 열을 넣거나 --account로 어느 판매 계정의 것인지 알려 주세요".to_owned(),
                "there is no column for the account; add one, or name the sales account by --account".to_owned(),
            ),
        };
        Sentence { ko, en }
    }
}

/// The tables of a file: one, or the visible worksheets of a workbook. The bytes say which it is.
pub fn read(file: &[u8]) -> Result<Vec<Vec<Row>>, Unreadable> {
    if file.len() as u64 > BYTES_MAX {
        Err(Unreadable::TooLarge)
    } else if file.starts_with(ZIP) {
        workbook::read(file)
    } else if file.starts_with(COMPOUND) {
        Err(Unreadable::OldWorkbook)
    } else {
        Ok(vec![delimited::read(file)?])
    }
}

/// A text without what surrounds it unseen.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

#[cfg(test)]
pub(crate) mod tests;
