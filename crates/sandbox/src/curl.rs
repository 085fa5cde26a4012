//! A call of a surface as a line that can be pasted into a shell.

use axum::http::Method;
use hoesu_channels::connect::Unsigned;
use hoesu_channels::json;

/// A call to what answers at `base`, with `proof` of who calls: words of the line, as [`header`] makes
/// them.
pub fn line(base: &str, call: &Unsigned, proof: Vec<String>) -> String {
    let Unsigned { method, path, query, headers, body } = call;
    let mut words = vec!["curl -s".to_owned()];
    if method != Method::GET {
        words.push(format!("-X {method}"));
    }
    words.extend(proof);
    words.extend(headers.iter().map(|(name, value)| header(name, value)));
    if !body.is_empty() {
        // On one line, where it is JSON.
        let body = json::compact(body).unwrap_or_else(|_| body.clone());
        words.push(format!("-d {}", word(&String::from_utf8_lossy(&body))));
    }
    words.push(word(&format!("{base}{}", target(path, query))));
    words.join(" ")
}

/// A header of such a line.
pub fn header(name: &str, value: &str) -> String {
    format!("-H {}", word(&format!("{}: {value}", spelled(name))))
}

/// A header's name as people write it: `authorization` → `Authorization`.
pub fn spelled(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_ascii_uppercase().to_string() + letters.as_str()
        })
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

/// A path with its query, if it has one.
pub fn target(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A word of a shell's command line.
pub fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"=._:/-".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word_whatever_is_in_it() {
        assert_eq!(word("http://127.0.0.1:8790/a"), "http://127.0.0.1:8790/a");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!((word(""), word("a b")), ("''".to_owned(), "'a b'".to_owned()));
    }

    #[test]
    fn a_line_says_only_what_the_call_has() {
        let get = Unsigned {
            method: Method::GET,
            path: "/a".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        assert_eq!(line("http://h", &get, Vec::new()), "curl -s http://h/a");
        let put = Unsigned {
            method: Method::PUT,
            query: "b=1&c=2".to_owned(),
            headers: vec![("accept", "text/xml".to_owned())],
            body: b"{ \"d\": 1 }".to_vec(),
            ..get
        };
        let said = line("http://h", &put, vec![header("Authorization", "key")]);
        let meant = r#"curl -s -X PUT -H 'Authorization: key' -H 'Accept: text/xml' -d '{"d":1}' 'http://h/a?b=1&c=2'"#;
        assert_eq!(said, meant);
    }

    #[test]
    fn a_headers_name_is_spelled_as_people_write_it() {
        assert_eq!(spelled("x-extended-timeout"), "X-Extended-Timeout");
        assert_eq!(spelled("authorization"), "Authorization");
    }
}
