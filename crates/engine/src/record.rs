//! One piece of a stream → a document, or the reason why not.

use hoesu_channels::{Channel, Refusal, json};
use hoesu_claims::document::Marks;
use hoesu_claims::wait::SLACK_MS;
use hoesu_claims::{Incoming, Media};
use hoesu_ledger::Refused;
use jiff::Timestamp;

use crate::line;
use crate::split::{AFTER_END, Piece, squeeze};

/// What is known of every record of an import.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub observed_at: Timestamp,
    pub as_rows_say: bool,
    pub marks: Marks,
    pub now: Timestamp,
}

/// A document and its kind.
pub(crate) type Filed = (&'static str, Incoming);

/// Reads one piece as the channel reads it.
pub(crate) fn read(channel: &dyn Channel, known: &Known, piece: Piece) -> Result<Filed, Refused> {
    let refused = |refusal: Refusal, body| Refused {
        at: format!("line {}", piece.line),
        field: refusal.field,
        why: refusal.why,
        body,
    };
    if let Some(fault) = piece.fault {
        let fault = if fault == AFTER_END { stray(&piece.body) } else { fault };
        return Err(refused(Refusal::of("", fault), piece.body));
    }
    match understand(channel, known, piece.media, &piece.body) {
        Ok(filed) => Ok(filed),
        Err(refusal) => Err(refused(refusal, piece.body)),
    }
}

fn understand(
    channel: &dyn Channel,
    known: &Known,
    media: Media,
    text: &[u8],
) -> Result<Filed, Refusal> {
    if std::str::from_utf8(text).is_err() {
        return Err(Refusal::of("", encoding_fault(text)));
    }
    let mut marks = Marks::new();
    let mut observed_at = None;
    let (media, body) = match media {
        Media::Xml => (media, squeeze(text)),
        Media::Json => {
            let body = json::compact(text)?;
            if line::is_one(&body) {
                let opened = line::read(&body)?;
                marks = opened.marks;
                observed_at = opened.observed_at;
                if observed_at.is_some_and(|heard_at| is_ahead(heard_at, known.now)) {
                    return Err(Refusal::of("hoesu.observed_at", "lies in the future"));
                }
                (opened.media, opened.body)
            } else {
                (media, body)
            }
        }
    };
    marks.extend(known.marks.iter().map(|(moment, at)| (*moment, *at)));
    let reading = channel.read(media, &body)?;
    // PostgreSQL keeps no NUL in text; no channel has one in a number.
    if reading.key.contains('\0') {
        return Err(Refusal::of("", "has a NUL in its number"));
    }
    let found = reading.found;
    let fresh = found.last_told().filter(|_| known.as_rows_say);
    let latest = fresh.map_or(known.observed_at, |told| told.min(known.observed_at));
    let observed_at = observed_at.unwrap_or(latest);
    Ok((reading.kind, Incoming { key: reading.key, media, body, marks, found, observed_at }))
}

/// Whether nobody can have heard something yet. It would stay current until then, whatever comes after.
pub fn is_ahead(heard_at: Timestamp, now: Timestamp) -> bool {
    heard_at.as_millisecond() > now.as_millisecond().saturating_add(SLACK_MS)
}

/// What bytes that are not UTF-8 probably are.
fn encoding_fault(text: &[u8]) -> &'static str {
    let mut bytes = text.iter().filter(|byte| !byte.is_ascii());
    let pairs = std::iter::from_fn(|| bytes.next().map(|lead| (lead, bytes.next())));
    let high = |byte: &u8| (0xA1..=0xFE).contains(byte);
    // KS X 1001: Hangul syllables are two bytes, both high.
    let mut pairs = pairs.map(|(lead, trail)| high(lead) && trail.is_some_and(high));
    if pairs.all(|is_pair| is_pair) {
        "is EUC-KR, not UTF-8; save it as UTF-8"
    } else {
        "is not UTF-8"
    }
}

/// What something is that stands where a record should begin.
fn stray(body: &[u8]) -> &'static str {
    match std::str::from_utf8(body) {
        Err(_) => encoding_fault(body),
        Ok(text) if text.chars().any(|c| c.is_control() && !c.is_whitespace()) => {
            "is binary data, not JSON, NDJSON or XML"
        }
        Ok(_) => "is plain text where a record should begin, not JSON, NDJSON or XML",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn euc_kr_is_named() {
        // 반품 in EUC-KR, then half a UTF-8 character.
        assert_eq!(
            encoding_fault(b"{\"a\":\"\xb9\xdd\xc7\xb0\"}"),
            "is EUC-KR, not UTF-8; save it as UTF-8"
        );
        assert_eq!(encoding_fault(b"{\"a\":\"\xeb\x80\"}"), "is not UTF-8");
    }
}
