//! A text as a code that a camera reads: an image's path, without any style.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Empty squares that the standard wants around a code.
const MARGIN: usize = 4;

/// A code of dark squares, to be drawn on white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Qr {
    /// How wide and high it is with its margin, in squares.
    pub(crate) side: usize,
    /// The dark squares, run by run, as an SVG path.
    pub(crate) path: String,
}

impl Qr {
    /// The code of a text; `None` if it is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == Color::Dark {
                    let (left, top, length) = (x + MARGIN, y + MARGIN, run.len());
                    // Writing into a String cannot fail.
                    let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
                }
                x += run.len();
            }
        }
        Some(Self { side: width + 2 * MARGIN, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_its_margin() {
        let qr = Qr::of("otpauth://totp/hoesu:haneul?secret=ABCDEFGH&issuer=hoesu").unwrap();
        let far = qr.side - MARGIN - 7;
        for (x, y) in [(MARGIN, MARGIN), (far, MARGIN), (MARGIN, far)] {
            assert!(qr.path.contains(&format!("M{x} {y}h7v1h-7z")), "{}", qr.path);
        }
        assert!(!qr.path.contains("M0 ") && qr.path.len() < 20_000);
        assert_eq!(Qr::of(&"x".repeat(10_000)), None);
    }
}
