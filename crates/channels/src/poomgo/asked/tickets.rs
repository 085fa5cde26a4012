//! What can be asked of `GET /open-api/cs`: the 27 parameters, all optional, all of which must hold.

use std::borrow::Cow;

use hoesu_claims::time::Between;
use hoesu_claims::{Moment, State, Term, Text};
use hoesu_ledger::{Query, Shelf, Start};

use super::{End, PAGE_MAX, PAGE_ROWS_MAX, Paging, Wrong, day_or_instant, exact};
use crate::page::number;
use crate::poomgo::read::{LISTED, read_texts};

/// What a parameter asks for.
#[derive(Debug, Clone, Copy)]
enum Asks {
    Page,
    PageSize,
    /// One code of a set.
    Code(State, &'static [&'static str]),
    /// Any of several codes of a set; may be repeated.
    Codes(State, &'static [&'static str]),
    Exact(Term),
    Contains(Text),
    Time(Moment, End),
}

const STATUS: &[&str] = &["DRAFT", "PROCESSING", "DONE", "CANCELED"];
const RETURN_STATUS: &[&str] =
    &["DRAFT", "REQUESTED", "AT_PARTNER", "AT_CENTER", "FAILED", "CANCELED"];

/// The parameters in the documented order.
const PARAMETERS: [(&str, Asks); 27] = [
    ("page", Asks::Page),
    ("pageSize", Asks::PageSize),
    ("status", Asks::Code(State::Status, STATUS)),
    ("returnStatus", Asks::Codes(State::ReturnStatus, RETURN_STATUS)),
    ("serial", Asks::Exact(Term::Serial)),
    ("originalInvoiceCode", Asks::Exact(Term::Invoice)),
    ("originalOrderCode", Asks::Exact(Term::Order)),
    ("returnInvoiceCode", Asks::Exact(Term::ReturnInvoice)),
    ("createdAtGte", Asks::Time(Moment::Created, End::First)),
    ("createdAtLte", Asks::Time(Moment::Created, End::Last)),
    ("canceledAtGte", Asks::Time(Moment::Cancelled, End::First)),
    ("canceledAtLte", Asks::Time(Moment::Cancelled, End::Last)),
    ("returnRequestedAtGte", Asks::Time(Moment::CollectionAsked, End::First)),
    ("returnRequestedAtLte", Asks::Time(Moment::CollectionAsked, End::Last)),
    ("returnDoneAtGte", Asks::Time(Moment::Arrived, End::First)),
    ("returnDoneAtLte", Asks::Time(Moment::Arrived, End::Last)),
    ("returnRecipientName", Asks::Exact(Term::RecipientName)),
    ("returnRecipientAddress", Asks::Contains(Text::RecipientAddress)),
    ("returnRecipientPostcode", Asks::Exact(Term::RecipientPostcode)),
    ("returnRecipientMobile", Asks::Exact(Term::RecipientPhone)),
    ("returnSenderName", Asks::Exact(Term::SenderName)),
    ("returnSenderAddress", Asks::Contains(Text::SenderAddress)),
    ("returnSenderPostcode", Asks::Exact(Term::SenderPostcode)),
    ("returnSenderMobile", Asks::Exact(Term::SenderPhone)),
    ("returnResourceName", Asks::Contains(Text::ItemName)),
    ("returnResourceCode", Asks::Exact(Term::ResourceCode)),
    ("returnResourceItemNumber", Asks::Exact(Term::ResourceNumber)),
];

/// Reads a query string, `?` left out, into what the ledger is asked. Unknown parameters are ignored.
pub(in crate::poomgo) fn read(shelf: Shelf, query: &str) -> Result<(Query, Paging), Wrong> {
    let mut asked = Asked::everything(shelf);
    let mut seen = 0_u32;
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(at) = unescape(name).and_then(|name| position(&name)) else { continue };
        let (field, asks) = PARAMETERS[at];
        // A form sends every field, also those left empty: they ask for nothing.
        if value.is_empty() {
            continue;
        }
        let value = unescape(value)
            .ok_or_else(|| Wrong::value(field, "UTF-8로 적고 퍼센트 인코딩해야 합니다."))?;
        if seen & (1 << at) != 0 && !matches!(asks, Asks::Codes(..)) {
            return Err(Wrong::value(field, "한 번만 적어야 합니다."));
        }
        seen |= 1 << at;
        asked.take(field, asks, &value)?;
    }
    asked.finish()
}

/// A question as it is being read.
struct Asked {
    query: Query,
    page: Option<i64>,
    rows: Option<i64>,
    codes: Vec<(State, Vec<String>)>,
    spans: Vec<(Moment, Between)>,
}

impl Asked {
    fn everything(shelf: Shelf) -> Self {
        let mut query = Query::all(shelf, 0);
        query.state(State::Listed, [LISTED]);
        query.read_texts = Some(read_texts);
        Self { query, page: None, rows: None, codes: Vec::new(), spans: Vec::new() }
    }

    fn take(&mut self, field: &str, asks: Asks, value: &str) -> Result<(), Wrong> {
        match asks {
            Asks::Page => {
                let page = number(value).ok_or_else(|| Wrong::page(field, PAGE_MAX))?;
                self.page = Some(page);
            }
            Asks::PageSize => {
                let rows = number(value).ok_or_else(|| Wrong::page(field, PAGE_ROWS_MAX))?;
                self.rows = Some(rows);
            }
            Asks::Code(state, set) => self.query.state(state, [code(field, set, value)?]),
            Asks::Codes(state, set) => {
                for part in value.split(',') {
                    let part = code(field, set, part)?.to_owned();
                    entry(&mut self.codes, state).push(part);
                }
            }
            Asks::Exact(term) => self.query.term(term, exact(field, term, value)?),
            Asks::Contains(text) => {
                let part = value.trim();
                if part.is_empty() {
                    return Err(Wrong::value(field, "비어 있을 수 없습니다."));
                }
                self.query.text(text, part);
            }
            Asks::Time(moment, end) => {
                let edge = day_or_instant(field, value, end)?;
                let span = entry(&mut self.spans, moment);
                match end {
                    End::First => span.from = edge,
                    End::Last => span.until = edge,
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(Query, Paging), Wrong> {
        let Self { mut query, page, rows, codes, spans } = self;
        let paging = Paging::new(page, rows)?;
        query.start = Start::Offset(paging.offset());
        query.limit = paging.rows as usize;
        query.states.extend(codes);
        for (moment, span) in spans {
            if moment == Moment::Created {
                // A ticket's rank is its createdAt, and a span of ranks is the cheapest to find.
                query.during = span;
            } else {
                query.moment(moment, span);
            }
        }
        Ok((query, paging))
    }
}

/// What is kept under a key, made if there is nothing yet.
fn entry<K: PartialEq, V: Default>(list: &mut Vec<(K, V)>, key: K) -> &mut V {
    let at = list.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        list.push((key, V::default()));
        list.len() - 1
    });
    &mut list[at].1
}

/// A code out of its documented set.
fn code<'v>(field: &str, set: &[&str], value: &'v str) -> Result<&'v str, Wrong> {
    if set.contains(&value) {
        return Ok(value);
    }
    Err(Wrong::value(field, &format!("{} 중 하나여야 합니다.", set.join(", "))))
}

/// Which parameter a name is: as documented, or `returnStatus[]` and `returnStatus[0]` as clients
/// write lists.
fn position(name: &str) -> Option<usize> {
    let list = name.split_once('[').filter(|(_, index)| {
        index.strip_suffix(']').is_some_and(|no| no.bytes().all(|byte| byte.is_ascii_digit()))
    });
    match list {
        Some((name, _)) => PARAMETERS
            .iter()
            .position(|(known, asks)| *known == name && matches!(asks, Asks::Codes(..))),
        None => PARAMETERS.iter().position(|(known, _)| *known == name),
    }
}

/// A name or value as it was before it was written into a query string; `None` if it is not UTF-8.
fn unescape(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) if let Some(byte) = hex(*high, *low) => {
                bytes.push(byte);
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests;
