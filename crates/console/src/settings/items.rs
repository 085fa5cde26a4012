//! The item map: taken in as a file or pasted, and given back as one.

use axum::Form;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::header;
use axum::response::{Html, Response};
use hoesu_channels::{Channel, Desk};
use hoesu_claims::AccountId;
use hoesu_engine::{Error as EngineError, items};
use hoesu_ledger::{Account, Deed, Role};

use super::{PATH, page, selling};
use crate::lang::{Lang, say};
use crate::look::Look;
use crate::peer::Peer;
use crate::record::{Hand, Line, note};
use crate::sheet::{self, Cell, Sheet};
use crate::shop::Shop;
use crate::trouble::Trouble;

/// Files larger than this are not taken in, in bytes.
pub(crate) const FILE_BYTES_MAX: usize = 16 << 20;

/// Refused rows shown; of more it is said how many there are.
const REFUSED_SHOWN: usize = 100;

/// What became of a table.
pub(crate) struct Became {
    pub(crate) said: String,
    pub(crate) is_bad: bool,
    pub(crate) refused: Vec<Refused>,
    /// How many more were refused than are shown.
    pub(crate) unshown: u64,
}

/// A row that was left out.
pub(crate) struct Refused {
    pub(crate) line: u64,
    pub(crate) field: String,
    pub(crate) why: String,
}

/// What the page's form sends.
#[derive(Debug, Default, serde::Deserialize)]
struct Given {
    /// Pasted rows.
    #[serde(default)]
    table: String,
    /// The sales account of rows that name none.
    #[serde(default)]
    account: String,
    /// A file, which counts if there is one.
    #[serde(skip)]
    file: Vec<u8>,
}

impl Given {
    async fn read(request: Request) -> Result<Self, Trouble> {
        let media = request.headers().get(header::CONTENT_TYPE);
        let is_file = media.is_some_and(|media| media.as_bytes().starts_with(b"multipart/"));
        if !is_file {
            let form = Form::<Self>::from_request(request, &()).await;
            return form.map(|Form(given)| given).map_err(|_| Trouble::Unclear("table"));
        }
        let unclear = |_| Trouble::Unclear("file");
        let mut parts =
            Multipart::from_request(request, &()).await.map_err(|_| Trouble::Unclear("file"))?;
        let mut given = Self::default();
        while let Some(part) = parts.next_field().await.map_err(unclear)? {
            match part.name() {
                Some("table") => given.table = part.text().await.map_err(unclear)?,
                Some("account") => given.account = part.text().await.map_err(unclear)?,
                Some("file") => given.file = part.bytes().await.map_err(unclear)?.to_vec(),
                Some(_) | None => {}
            }
        }
        Ok(given)
    }
}

/// Puts a table on the item map and shows what became of its rows: those that are right go in, whatever
/// becomes of the others.
pub(crate) async fn take(
    State(desk): State<Desk>,
    look: Look,
    peer: Peer,
    request: Request,
) -> Result<Html<String>, Trouble> {
    look.signed.may(Role::Admin)?;
    let Given { table, account, file } = Given::read(request).await?;
    let shop = Shop::open(&desk, &look).await?;
    let accounts: Vec<(Account, &'static dyn Channel)> =
        selling(&shop).map(|(account, channel)| (account.clone(), channel)).collect();
    let chosen = shop.account(&account).map(|account| account.id);
    let only = if let [(only, _)] = accounts.as_slice() { Some(only.id) } else { None };
    let of: Vec<AccountId> = chosen.or(only).into_iter().collect();
    let (reason, bytes) =
        if file.is_empty() { ("pasted", table.into_bytes()) } else { ("file", file) };
    let (seller, lang) = (look.signed.seller, look.lang);
    let line = Line { seller, what: Deed::SettingsChange, whose: "item map", reason };
    note(&desk, &Hand::of(&look.signed, peer), line).await?;
    let became = match items::import(&desk.ledger, seller, &accounts, &of, bytes).await {
        Ok(report) => Became::of(report, lang),
        Err(EngineError::Table(why)) => {
            let why = why.sentence();
            let said = lang.pick(&why.ko, &why.en).to_owned();
            Became { said, is_bad: true, refused: Vec::new(), unshown: 0 }
        }
        Err(other) => return Err(other.into()),
    };
    page(&desk, look, None, Some(became)).await
}

impl Became {
    fn of(report: items::Report, lang: Lang) -> Self {
        let items::Report { new, changed, unchanged, refused, refusals, .. } = report;
        let shown = refusals.into_iter().take(REFUSED_SHOWN).map(|row| {
            let why = row.why.sentence();
            let why = lang.pick(&why.ko, &why.en).to_owned();
            Refused { line: row.line, field: row.field, why }
        });
        let shown: Vec<Refused> = shown.collect();
        Self {
            said: say!(
                lang,
                "새로 {new}행, 바뀜 {changed}행, 그대로 {unchanged}행, 거절 {refused}행.",
                "{new} new, {changed} changed, {unchanged} unchanged, {refused} refused."
            ),
            is_bad: refused > 0,
            unshown: refused.saturating_sub(shown.len() as u64),
            refused: shown,
        }
    }
}

/// The map as a workbook that can be filled in and taken in again; of an empty map, its headings.
pub(crate) async fn give(State(desk): State<Desk>, look: Look) -> Result<Response, Trouble> {
    let shop = Shop::open(&desk, &look).await?;
    let items = desk.ledger.items(look.signed.seller).await?;
    let headings =
        [("판매계정", "account"), ("판매상품", "item"), ("자원", "resource"), ("수량", "quantity")];
    let rows = items.iter().flat_map(|(item, resources)| {
        let account = shop.names.name(item.account);
        resources.iter().map(move |(resource, quantity)| {
            vec![
                Cell::Text(account.clone()),
                Cell::Text(item.item.clone()),
                Cell::Text(resource.clone()),
                Cell::Number(i64::from(*quantity)),
            ]
        })
    });
    let rows = rows.collect();
    let headings = headings.map(|(ko, en)| look.t(ko, en)).to_vec();
    sheet::xlsx(&Sheet { name: "items", headings, rows })
}

/// Where the file is.
pub(crate) fn file() -> String {
    format!("{PATH}/items.xlsx")
}
