//! A sparkline: a line of how many were open, in the units of its drawing.

use std::fmt::Write as _;

/// The drawing's size.
const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;

/// A line and what lies below it.
pub(crate) struct Spark {
    pub(crate) line: String,
    pub(crate) area: String,
    /// Where the last day is.
    pub(crate) end: (String, String),
    /// In words, for who does not see it.
    pub(crate) told: String,
}

impl Spark {
    pub(crate) fn of(counts: &[u64]) -> Self {
        let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
        let step = WIDTH / (counts.len().max(2) - 1) as f64;
        let mut line = String::new();
        let mut end = (0.0, HEIGHT);
        for (at, count) in counts.iter().enumerate() {
            // Room for the dot at the end and for the line's own width.
            end = (at as f64 * step * 0.96, 3.0 + (HEIGHT - 5.0) * (1.0 - *count as f64 / most));
            let word = if at == 0 { 'M' } else { 'L' };
            // Writing into a String cannot fail.
            let _ = write!(line, "{word}{:.1} {:.1}", end.0, end.1);
        }
        let area = format!("{line}L{:.1} {HEIGHT}L0 {HEIGHT}Z", end.0);
        let told: Vec<String> = counts.iter().map(ToString::to_string).collect();
        let end = (format!("{:.1}", end.0), format!("{:.1}", end.1));
        Self { line, area, end, told: told.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_day_is_at_the_top_and_nothing_is_at_the_bottom() {
        let spark = Spark::of(&[0, 4]);
        assert_eq!(spark.line, "M0.0 26.0L115.2 3.0");
        assert_eq!(spark.end.1, "3.0");
        assert!(!Spark::of(&[0; 14]).line.contains("NaN"));
    }
}
