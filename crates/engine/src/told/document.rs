//! Documents by their ids, and which version of one says something.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use hoesu_claims::AccountId;
use hoesu_claims::fact::DocumentRef;
use serde::Serialize;
use utoipa::ToSchema;

use super::Names;

/// Which document of a seller, in one text that never changes: `1:return:500000001`. It may stand in a
/// path as it is: what may not is written as `~` and two hexadecimal digits for each byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DocumentId {
    /// The account that heard it.
    pub account: AccountId,
    /// The kind of document.
    pub kind: String,
    /// The channel's own number of the thing.
    pub key: String,
}

impl DocumentId {
    /// Of the document that a version belongs to.
    pub fn of(document: &DocumentRef) -> Self {
        let DocumentRef { account, kind, key, version: _ } = document.clone();
        Self { account, kind, key }
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.account.0, escape(&self.kind), escape(&self.key))
    }
}

/// The text is no document's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl FromStr for DocumentId {
    type Err = NotAnId;

    /// Reads exactly what is written for an id, and nothing that only looks like it.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let mut parts = text.splitn(3, ':');
        let mut part = || parts.next().ok_or(NotAnId);
        let account = AccountId(part()?.parse().map_err(|_| NotAnId)?);
        let id = Self { account, kind: unescape(part()?)?, key: unescape(part()?)? };
        if id.to_string() == text { Ok(id) } else { Err(NotAnId) }
    }
}

/// Bytes that may stand in a path whoever writes it; but for `~`, which writes the others.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "~{byte:02X}");
        }
    }
    out
}

fn unescape(text: &str) -> Result<String, NotAnId> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'~' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(NotAnId) };
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_| NotAnId)
}

/// Which version of which document says something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    /// The document's id: `GET /api/v1/documents/{id}` reads it.
    #[schema(example = "1:return:500000001")]
    pub id: String,
    /// The account that heard it.
    #[schema(example = "market")]
    pub account: String,
    /// The kind of document.
    #[schema(example = "return")]
    pub kind: String,
    /// The channel's own number of the thing.
    #[schema(example = "500000001")]
    pub key: String,
    /// The version, counted from 1 by arrival.
    #[schema(example = 2)]
    pub version: i64,
}

impl Evidence {
    pub(super) fn of(names: &Names, document: &DocumentRef) -> Self {
        let id = DocumentId::of(document).to_string();
        let DocumentRef { account, kind, key, version } = document.clone();
        Self { id, account: names.name(account), kind, key, version }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_document_and_may_stand_in_a_path(
            account in any::<i64>(),
            kind in any::<String>(),
            key in any::<String>(),
        ) {
            let id = DocumentId { account: AccountId(account), kind, key };
            let text = id.to_string();
            prop_assert!(text.bytes().all(|byte| is_plain(byte) || matches!(byte, b'~' | b':')));
            prop_assert_eq!(text.parse(), Ok(id));
        }

        #[test]
        fn no_other_text_is_a_documents_id(text in "[-+]?[01]{1,2}:[a~:]{0,4}[0-9a-zA-F~:]{0,6}") {
            if let Ok(id) = text.parse::<DocumentId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn an_id_is_written_plainly_where_it_can_be() {
        let id = |key: &str| {
            DocumentId { account: AccountId(1), kind: "return".into(), key: key.into() }.to_string()
        };
        assert_eq!(id("500000001"), "1:return:500000001");
        assert_eq!(id("A/1 ~가"), "1:return:A~2F1~20~7E~EA~B0~80");
        for text in
            ["", "1", "1:return", "x:return:1", "01:return:1", "1:return:~2", "1:return:~41"]
        {
            assert_eq!(text.parse::<DocumentId>(), Err(NotAnId), "{text}");
        }
    }
}
