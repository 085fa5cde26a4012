//! Paging as channels do it, read once: numbers from a query, day windows, tokens.

/// A whole number as channels send them in queries: ASCII digits, an optional minus.
pub fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// How many pages `total` rows fill.
pub const fn pages(total: u64, page_rows: u64) -> u64 {
    total.div_ceil(page_rows)
}
