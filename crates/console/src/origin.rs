//! Requests that change something must come from our own pages: whoever is signed in must not be made
//! to do things by another site's page.

use axum::http::{HeaderMap, header};

/// Whether a request that changes something was sent by one of our pages. Browsers say so themselves:
/// by `Sec-Fetch-Site`, the older ones by `Origin` alone. Where neither is said, nothing is believed.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = said("sec-fetch-site").map(|site| site == "same-origin");
    let origin = said(header::ORIGIN.as_str()).map(|origin| {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        host.is_some() && host == said(header::HOST.as_str())
    });
    // Both, where both are said.
    site.or(origin).unwrap_or(false) && origin.unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_ours(&pairs.collect())
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        let host = ("host", "cs.example:8780");
        assert!(ours(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[host, ("origin", "http://cs.example:8780")]));
        assert!(ours(&[
            host,
            ("origin", "https://cs.example:8780"),
            ("sec-fetch-site", "same-origin")
        ]));
        for other in [
            &[host][..],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site")],
            &[host, ("sec-fetch-site", "none")],
            &[host, ("origin", "null")],
            &[host, ("origin", "http://cs.example")],
            &[host, ("origin", "http://evil.example")],
            &[host, ("origin", "cs.example:8780")],
            &[host, ("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
            &[host, ("origin", "http://cs.example:8780"), ("sec-fetch-site", "cross-site")],
            &[("origin", "http://")],
        ] {
            assert!(!ours(other), "{other:?}");
        }
    }
}
