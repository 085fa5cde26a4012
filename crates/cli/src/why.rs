//! Why a record was refused, in Korean. The ledger keeps the reason as it was given, in English; here
//! each shape of it has its translation, and what stands in a hole (`{}`) is carried over.

use crate::lang::Lang;

/// English, Korean; what is more exact comes first.
static SHAPES: &[(&str, &str)] = &[
    ("is missing", "빠졌어요"),
    ("is named twice", "두 번 나와요"),
    ("must not be empty", "비어 있으면 안 돼요"),
    ("must be 1 or more", "1 이상이어야 해요"),
    ("must have at most {} characters", "{}자를 넘으면 안 돼요"),
    ("must be {} or {}", "{}, {} 중 하나여야 해요"),
    ("must be {}", "맞는 값은 {}뿐이에요"),
    ("has the wrong form, expected a number or code", "형식이 달라요. 번호나 코드여야 해요"),
    ("has the wrong form, expected a list of records", "형식이 달라요. 기록의 목록이어야 해요"),
    ("has the wrong form, expected {}", "형식이 달라요 (맞는 형식: {})"),
    ("has the wrong form", "형식이 달라요"),
    ("is a list or named twice, expected one text", "목록이거나 두 번 나와요. 글 하나여야 해요"),
    ("has members, expected a text", "안에 항목이 있어요. 글이어야 해요"),
    ("has no members", "항목이 없어요"),
    ("is not a time such as {}", "{} 같은 시각이 아니에요"),
    ("is not a time ({})", "{} 형식의 시각이 아니에요"),
    ("is not an ISO 8601 instant with its zone", "시간대가 있는 ISO 8601 시각이 아니에요"),
    ("has none of {} and {}", "{}, {} 중 아무것도 없어요"),
    ("is none of the bodies of {}", "{}의 본문이 아니에요"),
    ("is none of a return: the row is a shipment", "반품이 아니라 출고 행이에요"),
    ("is no row of a list we know", "아는 목록의 행이 아니에요"),
    ("is neither {} nor {}", "{}도 {}도 아니에요"),
    ("is XML; this channel speaks JSON", "XML이에요. 이 채널은 JSON만 써요"),
    ("is XML, and {} speaks JSON", "XML이에요. {}은(는) JSON만 써요"),
    ("is not UTF-8", "UTF-8이 아니에요"),
    ("is EUC-KR, not UTF-8; save it as UTF-8", "EUC-KR이에요. UTF-8로 저장해 주세요"),
    ("is UTF-16; save it as UTF-8", "UTF-16이에요. UTF-8로 저장해 주세요"),
    (
        "declares an encoding other than UTF-8; save it as UTF-8",
        "UTF-8이 아닌 인코딩이라고 적혀 있어요. UTF-8로 저장해 주세요",
    ),
    ("is not readable JSON (line {}, column {})", "JSON으로 읽을 수 없어요 ({}행 {}열)"),
    (
        "is not readable JSON or names a member twice",
        "JSON으로 읽을 수 없거나 같은 항목이 두 번 나와요",
    ),
    ("is not readable JSON", "JSON으로 읽을 수 없어요"),
    ("is not a JSON object without white space", "공백 없는 JSON 객체가 아니에요"),
    ("is not readable XML (byte {})", "XML로 읽을 수 없어요 ({}번째 바이트)"),
    ("is not readable XML", "XML로 읽을 수 없어요"),
    ("is not XML 1.0", "XML 1.0이 아니에요"),
    ("is nested deeper than {}", "{}단계보다 깊이 겹쳐 있어요"),
    ("is nested too deep", "너무 깊이 겹쳐 있어요"),
    ("is over 1 MiB", "1 MiB보다 커요"),
    ("has something after its end", "끝난 뒤에 무언가 더 있어요"),
    ("has a document type declaration", "문서 형식 선언(DTD)이 있어요"),
    (
        "declares a document type, which is not accepted",
        "문서 형식 선언(DTD)이 있어서 받을 수 없어요",
    ),
    ("declares XML once more", "XML 선언이 또 나와요"),
    ("has a character XML does not allow", "XML에 쓸 수 없는 글자가 있어요"),
    ("has an element whose name XML does not allow", "XML에 쓸 수 없는 이름의 요소가 있어요"),
    ("has an unreadable attribute", "읽을 수 없는 속성이 있어요"),
    ("has text between elements", "요소 사이에 글이 있어요"),
    ("has text outside its element", "요소 밖에 글이 있어요"),
    ("has no element", "요소가 없어요"),
    ("uses an entity XML does not have itself", "XML에 없는 개체를 써요"),
    ("refers to a character XML does not allow", "XML에 쓸 수 없는 글자를 가리켜요"),
    ("does not end", "끝나지 않아요"),
    ("ends before its last element closes", "마지막 요소가 닫히기 전에 끝나요"),
    ("is not complete: the element does not close", "요소가 닫히지 않아 온전하지 않아요"),
    (
        "is not complete: its brackets or quotes do not close",
        "괄호나 따옴표가 닫히지 않아 온전하지 않아요",
    ),
    ("is broken: a bracket closes what was not opened", "열지 않은 괄호를 닫아서 깨졌어요"),
    ("is broken: a comma is missing before a record", "기록 앞에 쉼표가 없어서 깨졌어요"),
    ("is not a record", "기록이 아니에요"),
    (
        "is a workbook or another archive; import JSON, NDJSON or XML",
        "엑셀 파일이거나 압축 파일이에요. JSON, NDJSON, XML로 저장한 파일을 넣어 주세요",
    ),
    (
        "is binary data, not JSON, NDJSON or XML",
        "글이 아닌 이진 데이터예요. JSON, NDJSON, XML 파일을 넣어 주세요",
    ),
    (
        "is plain text where a record should begin, not JSON, NDJSON or XML",
        "JSON, NDJSON, XML이 아닌 글이에요. 여기서 기록이 시작돼야 해요",
    ),
    ("stands where a record should begin", "기록이 시작될 자리에 있어요"),
    ("is not a line of an export", "내보낸 파일의 줄이 아니에요"),
    ("lies in the future", "아직 오지 않은 때예요"),
    ("must be A and eight digits, such as {}", "{}처럼 A와 숫자 8자리여야 해요"),
    ("has a NUL in its number", "번호에 널 문자가 있어요"),
    ("is not text", "글이 아니에요"),
];

/// A reason in a language; one without a translation stays as it is.
pub(crate) fn said(why: &str, lang: Lang) -> String {
    let korean = match lang {
        Lang::Ko => SHAPES.iter().find_map(|(en, ko)| Some(fill(ko, &holes(en, why)?))),
        Lang::En => None,
    };
    korean.unwrap_or_else(|| why.to_owned())
}

/// Where a refused record stands: `line 12`.
pub(crate) fn place(at: &str, lang: Lang) -> String {
    match (lang, at.strip_prefix("line ")) {
        (Lang::Ko, Some(line)) => format!("{line}행"),
        (Lang::Ko | Lang::En, _) => at.to_owned(),
    }
}

/// What stands in the holes of a shape, if a text has that shape.
fn holes<'a>(shape: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = shape.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let end = if parts.peek().is_none() {
            rest.len() - rest.strip_suffix(part).map(|_| part.len())?
        } else {
            rest.find(part)?
        };
        found.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(found)
}

fn fill(shape: &str, holes: &[&str]) -> String {
    let mut holes = holes.iter();
    let filled = shape.split("{}").enumerate().flat_map(|(nth, part)| {
        let hole = if nth == 0 { None } else { holes.next() };
        [hole.copied().unwrap_or_default(), part]
    });
    filled.collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn what_stands_in_a_hole_is_carried_over() {
        for (why, korean) in [
            ("is not readable JSON (line 3, column 14)", "JSON으로 읽을 수 없어요 (3행 14열)"),
            ("has the wrong form, expected i64", "형식이 달라요 (맞는 형식: i64)"),
            ("must be A or B", "A, B 중 하나여야 해요"),
            ("must be 1 or more", "1 이상이어야 해요"),
            ("is a riddle", "is a riddle"),
        ] {
            assert_eq!(said(why, Lang::Ko), korean);
            assert_eq!(said(why, Lang::En), why);
        }
    }

    #[test]
    fn a_translation_has_as_many_holes() {
        for (en, ko) in SHAPES {
            assert_eq!(en.matches("{}").count(), ko.matches("{}").count(), "{en}");
        }
    }

    /// The sources that read records.
    fn readers(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                readers(&path, found);
            } else if ["json.rs", "xml.rs", "read.rs", "record.rs", "row.rs", "line.rs", "split.rs"]
                .contains(&name)
            {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_reason_readers_give_has_its_korean() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut files = Vec::new();
        for home in ["channels/src", "engine/src"] {
            readers(&crates.join(home), &mut files);
        }
        let begins =
            ["is ", "has ", "must ", "does ", "declares ", "uses ", "refers ", "ends ", "stands "];
        let mut seen = 0;
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code: String = code.lines().filter(|line| !line.trim().starts_with("//")).collect();
            // A quote that is a character begins no text.
            let code = code.replace("'\"'", "").replace("\\\"", "");
            for (nth, literal) in code.split('"').enumerate() {
                if nth % 2 == 1 && begins.iter().any(|begin| literal.starts_with(begin)) {
                    seen += 1;
                    assert_ne!(said(literal, Lang::Ko), literal, "{}", file.display());
                }
            }
        }
        assert!(seen > 50, "{seen} were found");
    }
}
