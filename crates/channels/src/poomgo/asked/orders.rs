//! What can be asked of `POST /open-api/oms/orders`: a JSON object, or nothing at all.

use hoesu_claims::time::Between;
use hoesu_claims::{Moment, Term};
use hoesu_ledger::{Query, Shelf, Start};

use super::{End, PAGE_MAX, PAGE_ROWS_MAX, Paging, Wrong, day, exact};
use crate::json;
use crate::poomgo::wire::{OrdersRequest, Str};

/// Reads a request's body into what the ledger is asked. Unknown members are ignored.
pub(in crate::poomgo) fn read(shelf: Shelf, body: &[u8]) -> Result<(Query, Paging), Wrong> {
    let body = body.trim_ascii();
    // The documented call sends `-d ""`: nothing, and some clients take the quotes for the body.
    let asked =
        if matches!(body, b"" | b"\"\"") { OrdersRequest::default() } else { decode(body)? };
    let paging = Paging::new(asked.page, asked.page_size)?;

    let mut query = Query::all(shelf, paging.rows as usize);
    query.start = Start::Offset(paging.offset());
    let spans = [
        (Moment::Created, "createdAt", &asked.created_at_from, &asked.created_at_to),
        (Moment::Confirmed, "confirmAt", &asked.confirm_at_from, &asked.confirm_at_to),
        (Moment::Closed, "closeAt", &asked.close_at_from, &asked.close_at_to),
    ];
    for (moment, stem, from, to) in spans {
        let from = edge(stem, "From", from.as_ref(), End::First)?;
        let until = edge(stem, "To", to.as_ref(), End::Last)?;
        query.moment(moment, Between { from, until });
    }
    if let Some(code) = asked.order_code.as_ref().filter(|code| !code.is_empty()) {
        query.term(Term::Order, exact("orderCode", Term::Order, code)?);
    }
    Ok((query, paging))
}

fn edge(
    stem: &str,
    side: &str,
    text: Option<&Str<'_>>,
    end: End,
) -> Result<Option<jiff::Timestamp>, Wrong> {
    // A text left empty asks for nothing.
    let text = text.filter(|text| !text.is_empty());
    text.map_or(Ok(None), |text| day(&format!("{stem}{side}"), text, end))
}

fn decode(body: &[u8]) -> Result<OrdersRequest<'_>, Wrong> {
    if !body.starts_with(b"{") {
        return Err(misread(""));
    }
    // Walks all of it, so that a member named twice is found even where it is ignored.
    json::compact(body).map_err(|refusal| misread(&refusal.field))?;
    json::decode(body).map_err(|refusal| misread(&refusal.field))
}

/// Says what a field must be; where none of ours is at fault, what the body must be.
fn misread(field: &str) -> Wrong {
    match field {
        "page" => Wrong::page(field, PAGE_MAX),
        "pageSize" => Wrong::page(field, PAGE_ROWS_MAX),
        "createdAtFrom" | "createdAtTo" | "confirmAtFrom" | "confirmAtTo" | "closeAtFrom"
        | "closeAtTo" | "orderCode" => Wrong::value(field, "문자열 하나여야 합니다."),
        _ => Wrong("요청 본문은 올바른 JSON 객체여야 합니다.".to_owned()),
    }
}

#[cfg(test)]
mod tests;
