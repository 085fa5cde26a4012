//! What a list call asks for: its parameters, checked, in the words of the ledger.

mod window;

use hoesu_claims::time::{Between, parse_day};
use hoesu_claims::{State, Term};
use hoesu_ledger::{Order, Query, Shelf, Start};
use jiff::Timestamp;

use super::params::Params;
use super::quirk::Quirks;
use super::read::{TYPE_CANCEL, TYPE_RETURN};
use super::refusal::Refused;
use super::version::Version;
use window::{Step, created};

/// The longest window of the list of returns.
pub(super) const RETURN_DAYS_MAX: u32 = 31;
/// The longest window of exchanges and withdrawals.
pub(super) const WEEK_DAYS_MAX: u32 = 7;
/// The most rows on one page, of every list. Documented for withdrawals, ours for the others.
pub(super) const PAGE_ROWS_MAX: usize = 100;

const RETURN_STATUSES: &[&str] = &["RU", "UC", "CC", "PR"];
/// The most rows on one page of the list of order sheets.
pub(super) const SHEET_ROWS_MAX: usize = 50;

/// Where a box may stand.
const SHEET_STATUSES: &[&str] =
    &["ACCEPT", "INSTRUCT", "DEPARTURE", "DELIVERING", "FINAL_DELIVERY", "NONE_TRACKING"];
const EXCHANGE_STATUSES: &[&str] = &["RECEIPT", "PROGRESS", "SUCCESS", "REJECT", "CANCEL"];

/// A list of returns, exchanges or order sheets.
#[derive(Debug, PartialEq)]
pub(super) struct Listing {
    /// Received in this span.
    pub(super) during: Between,
    /// What is newer doesn't show yet.
    pub(super) shown_until: Option<Timestamp>,
    /// Has this code.
    pub(super) state: Option<(State, String)>,
    /// Belongs to this order.
    pub(super) order: Option<i64>,
    /// How it is paged; the whole list at once if not at all.
    pub(super) paging: Option<Paging>,
    /// Nothing can match: the account's profile answers an unknown code with an empty list.
    pub(super) nothing: bool,
}

/// Pages of a list.
#[derive(Debug, PartialEq)]
pub(super) struct Paging {
    /// Rows on a page.
    pub(super) rows: usize,
    /// Where the page starts, as an earlier page said.
    pub(super) token: Option<String>,
}

impl Listing {
    /// `GET …/returnRequests`.
    pub(super) fn returns(
        params: &Params,
        version: Version,
        quirks: Quirks,
    ) -> Result<Self, Refused> {
        let by_minute = by_minute(params)?;
        let step = if by_minute { Step::Minute } else { Step::Day };
        let during = created(
            params,
            step,
            version,
            RETURN_DAYS_MAX,
            "endTime-startTime range should less than 32 day.",
        )?;
        let cancels = match params.get("cancelType")? {
            None | Some("RETURN") => false,
            Some("CANCEL") => true,
            Some(_) => return Err(Refused::parameter("cancelType must be RETURN or CANCEL")),
        };
        if cancels {
            params.refuse("status", "cancelType CANCEL")?;
        }
        let status = params.get("status")?;
        let known = status.is_none_or(|status| RETURN_STATUSES.contains(&status));
        if !known && !quirks.unknown_status_is_empty {
            return Err(Refused::parameter("status must be one of RU, UC, CC and PR"));
        }
        if by_minute {
            for name in ["orderId", "nextToken", "maxPerPage"] {
                params.refuse(name, "searchType timeFrame")?;
            }
        }
        let order = params.number("orderId")?;
        if status.is_none() && !cancels && order.is_none() {
            return Err(Refused::parameter(
                "OrderId can't be null, if doesn't pass the parameter status",
            ));
        }
        let state = match status {
            Some(status) => (State::Listed, status),
            None => (State::Type, if cancels { TYPE_CANCEL } else { TYPE_RETURN }),
        };
        Ok(Self {
            during,
            shown_until: None,
            state: Some((state.0, state.1.to_owned())),
            order,
            paging: if by_minute { None } else { Some(Paging::read(params, 50, PAGE_ROWS_MAX)?) },
            nothing: !known,
        })
    }

    /// `GET …/exchangeRequests`.
    pub(super) fn exchanges(params: &Params, quirks: Quirks) -> Result<Self, Refused> {
        let during = created(
            params,
            Step::Second,
            Version::V4,
            WEEK_DAYS_MAX,
            "createdAtTo - createdAtFrom should less then 7day",
        )?;
        let status = params.get("status")?;
        let known = status.is_none_or(|status| EXCHANGE_STATUSES.contains(&status));
        if !known && !quirks.unknown_status_is_empty {
            return Err(Refused::parameter(
                "status must be one of RECEIPT, PROGRESS, SUCCESS, REJECT and CANCEL",
            ));
        }
        Ok(Self {
            during,
            shown_until: None,
            state: status.map(|status| (State::Status, status.to_owned())),
            order: params.number("orderId")?,
            paging: Some(Paging::read(params, 10, PAGE_ROWS_MAX)?),
            nothing: !known,
        })
    }

    /// `GET …/ordersheets`.
    pub(super) fn order_sheets(
        params: &Params,
        version: Version,
        quirks: Quirks,
        shown_until: Option<Timestamp>,
    ) -> Result<Self, Refused> {
        let by_minute = by_minute(params)?;
        let during = if by_minute {
            let too_long = "createdAtTo - createdAtFrom should be within 24 hours";
            created(params, Step::Minute, version, 1, too_long)?
        } else {
            let too_long = "endTime-startTime range should less than 32 day.";
            created(params, Step::Day, version, RETURN_DAYS_MAX, too_long)?
        };
        let status = params.require("status")?;
        let known = SHEET_STATUSES.contains(&status);
        if !known && !quirks.unknown_status_is_empty {
            return Err(Refused::parameter(format!(
                "status must be one of {}",
                SHEET_STATUSES.join(", ")
            )));
        }
        if by_minute {
            for name in ["nextToken", "maxPerPage"] {
                params.refuse(name, "searchType timeFrame")?;
            }
        }
        let rows = SHEET_ROWS_MAX;
        Ok(Self {
            during,
            shown_until,
            state: Some((State::Listed, status.to_owned())),
            order: None,
            paging: if by_minute { None } else { Some(Paging::read(params, rows, rows)?) },
            nothing: !known,
        })
    }

    /// The question in the ledger's words, without a start and a limit.
    pub(super) fn query(&self, shelf: Shelf) -> Query {
        let mut query = Query::all(shelf, 0);
        query.order = Order::Oldest;
        query.during = self.during;
        if let Some(shown) = self.shown_until {
            query.during.until = Some(query.during.until.map_or(shown, |until| until.min(shown)));
        }
        if let Some((state, code)) = &self.state {
            query.state(*state, [code.as_str()]);
        }
        if let Some(order) = self.order {
            query.term(Term::Order, order.to_string());
        }
        query
    }

    /// What a token of this list belongs to.
    pub(super) fn filter(&self, kind: &str) -> String {
        let Self { during, state, order, shown_until: _, paging: _, nothing: _ } = self;
        format!("{kind} {:?} {:?} {state:?} {order:?}", during.from, during.until)
    }
}

/// Whether a list is asked for by minutes, all at once.
fn by_minute(params: &Params) -> Result<bool, Refused> {
    match params.get("searchType")? {
        None => Ok(false),
        Some("timeFrame") => Ok(true),
        Some(_) => Err(Refused::parameter("searchType must be timeFrame or left out")),
    }
}

impl Paging {
    fn read(params: &Params, rows: usize, rows_max: usize) -> Result<Self, Refused> {
        Ok(Self {
            rows: params.rows("maxPerPage", rows, rows_max)?,
            token: params.get("nextToken")?.map(str::to_owned),
        })
    }
}

/// `GET …/returnWithdrawRequests`: pages by number.
#[derive(Debug, PartialEq)]
pub(super) struct Withdrawals {
    /// Taken back in this span.
    pub(super) during: Between,
    /// Which page, from 1.
    pub(super) page: u64,
    /// Rows on a page.
    pub(super) rows: usize,
}

impl Withdrawals {
    pub(super) fn read(params: &Params) -> Result<Self, Refused> {
        let (first, last) = (params.require("dateFrom")?, params.require("dateTo")?);
        let Some((first, last)) = parse_day(first).zip(parse_day(last)) else {
            return Err(Refused::parameter(
                "날짜입력을 확인해 주세요. (형식:yyyy-MM-dd) [Please confirm the date input \
                 (format:yyyy-MM-dd)]",
            ));
        };
        if last < first {
            return Err(Refused::parameter("종료일자는 시작일자보다 작거나 같아야 합니다."));
        }
        // Both days are counted in, so seven days are six apart.
        if (last - first).get_days() >= WEEK_DAYS_MAX as i32 {
            return Err(Refused::parameter(
                "최대 조회 기간은 7 일 입니다.(The maximum view duration is 7 days)",
            ));
        }
        let page = params.number("pageIndex")?.unwrap_or(1);
        let page = u64::try_from(page).ok().filter(|page| *page > 0).ok_or_else(|| {
            Refused::parameter(
                "pageindex 는 음수 또는 0 일 수 없습니다. (pageindex can not be negative or 0)",
            )
        })?;
        let rows = params.number("sizePerPage")?.unwrap_or(10);
        if rows > PAGE_ROWS_MAX as i64 {
            return Err(Refused::parameter(
                "페이지별 최대 표시 갯수(sizePerPage)는 100 입니다. (The maximum number of \
                 indications per page (sizePerPage) is 100)",
            ));
        }
        let rows = usize::try_from(rows).ok().filter(|rows| *rows > 0);
        let rows = rows.ok_or_else(|| Refused::parameter("sizePerPage must be 1 or more"))?;
        Ok(Self { during: Between::kst_days(Some(first), Some(last)), page, rows })
    }

    /// The question in the ledger's words. The newest come first, as in Coupang's own example.
    pub(super) fn query(&self, shelf: Shelf) -> Query {
        let mut query = Query::all(shelf, self.rows);
        query.during = self.during;
        query.start = Start::Offset((self.page - 1).saturating_mul(self.rows as u64));
        query
    }
}

#[cfg(test)]
mod tests;
