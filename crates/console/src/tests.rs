use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::{Extension, Router};
use hoesu_channels::{Clock as _, Desk};
use hoesu_claims::{Rule, SellerId};
use hoesu_ledger::Role;
use hoesu_ledger::cases::{FindingQuery, KeptFinding};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::asked::address;
use crate::browser::{Answer, Still};
use crate::shop::case_path;
use crate::{Signed, browser, router};

/// A console over the first made-up orders of every channel, settled.
struct Shop {
    pages: Router,
    seller: SellerId,
    ledger: TestLedger,
}

impl Shop {
    async fn open() -> Self {
        let ledger = throwaway(Database::Sqlite).await;
        let seller = ledger.add_seller("별빛상점", Still.now()).await.unwrap().id;
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        Self { pages: router(&desk), seller, ledger }
    }

    async fn filled() -> Self {
        let browser::Shop { ledger, seller, .. } = browser::Shop::filled().await;
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        Self { pages: router(&desk), seller, ledger }
    }

    async fn ask(&self, role: Option<Role>, request: Request<Body>) -> Answer {
        let mut pages = self.pages.clone();
        if let Some(role) = role {
            pages = pages.layer(Extension(self.signed(role)));
        }
        let response = pages.oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Some(Role::Operator), Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn ask_bytes(&self, path: &str) -> Vec<u8> {
        let signed = self.signed(Role::Operator);
        let pages = self.pages.clone().layer(Extension(signed));
        let response = pages.oneshot(Request::get(path).body(Body::empty()).unwrap()).await;
        response.unwrap().into_body().collect().await.unwrap().to_bytes().to_vec()
    }

    fn signed(&self, role: Role) -> Signed {
        let (seller, person) = (self.seller, "haneul".to_owned());
        Signed { seller, seller_name: "별빛상점".to_owned(), person, role }
    }

    /// Sends a form.
    async fn post(&self, role: Role, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = address("", pairs.iter().copied());
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.trim_start_matches('?').to_owned()));
        self.ask(Some(role), request.unwrap()).await
    }

    async fn in_english(&self, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", "hoesu_lang=en");
        self.ask(Some(Role::Admin), request.body(Body::empty()).unwrap()).await
    }

    async fn findings(&self) -> Vec<KeptFinding> {
        let all = FindingQuery { open: Some(true), limit: 10_000, ..FindingQuery::default() };
        self.ledger.findings(self.seller, all).await.unwrap()
    }

    /// The pages of the first order that has a finding, and of everything else.
    async fn paths(&self) -> Vec<String> {
        let finding = self.findings().await.remove(0);
        let accounts = self.ledger.accounts().await.unwrap();
        let account = accounts.iter().find(|one| one.id == finding.account).unwrap();
        let case = case_path(&account.name, &finding.finding.order);
        let fixed = ["", "/findings", "/cases", "/channels", "/settings"];
        fixed.iter().map(|path| format!("/console{path}")).chain([case]).collect()
    }
}

/// The keys of the rows of a list.
fn keys(page: &str) -> Vec<&str> {
    let rows = page.split("<tr data-key=\"").skip(1);
    rows.map(|row| row.split('"').next().unwrap()).collect()
}

/// A text as a page writes it.
fn written(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('"', "&#34;")
}

#[tokio::test]
async fn without_a_signed_in_person_there_is_no_page() {
    let shop = Shop::open().await;
    let answer = shop.ask(None, Request::get("/console").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 401);
    assert!(!answer.text.contains("별빛상점"));
}

#[tokio::test]
async fn every_answer_says_that_nothing_comes_from_elsewhere() {
    let shop = Shop::open().await;
    let answer = shop.get("/console").await;
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    for written in ["<style", "style=", "<script>", " onclick"] {
        assert!(!answer.text.contains(written), "{written}");
    }
}

#[tokio::test]
async fn the_language_stays_as_it_was_chosen() {
    let shop = Shop::open().await;
    assert!(shop.get("/console").await.text.contains("<html lang=\"ko\""));
    let chosen = shop.get("/console/prefer?lang=en&back=%2Fconsole%3Fx%3D1").await;
    assert_eq!(
        (chosen.status, &chosen.headers["location"]),
        (303, &"/console?x=1".parse().unwrap())
    );
    let cookie = chosen.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let again = Request::get("/console").header("cookie", cookie).body(Body::empty()).unwrap();
    let again = shop.ask(Some(Role::Viewer), again).await;
    assert!(again.text.contains("<html lang=\"en\"") && again.text.contains("<h1>Today</h1>"));
}

#[tokio::test]
async fn what_a_page_loads_is_there_and_keeps() {
    let shop = Shop::open().await;
    let page = shop.get("/console").await.text;
    let loaded: Vec<&str> =
        page.split('"').filter(|text| text.starts_with("/console/assets/")).collect();
    assert_eq!(loaded.len(), 3, "{loaded:?}");
    for path in loaded {
        let asset = shop.get(path).await;
        assert_eq!(asset.status, 200, "{path}");
        assert!(asset.headers["cache-control"].to_str().unwrap().contains("immutable"));
    }
    assert_eq!(shop.get("/console/assets/console.js").await.status, 404);
}

#[tokio::test]
async fn every_page_is_shown_in_both_languages_with_nothing_written_into_it() {
    let shop = Shop::filled().await;
    for path in shop.paths().await {
        let korean = shop.get(&path).await;
        let english = shop.in_english(&path).await;
        for (answer, lang) in [(&korean, "ko"), (&english, "en")] {
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert!(answer.text.contains(&format!("<html lang=\"{lang}\"")), "{path}");
            assert!(answer.text.len() < 100_000, "{path} has {} bytes", answer.text.len());
            for inline in ["<style", " style=", "<script>", " onclick", "javascript:"] {
                assert!(!answer.text.contains(inline), "{path} has {inline}");
            }
            let heads = answer.text.matches("<h1").count();
            assert_eq!(heads, 1, "{path} has one heading");
        }
        // Sentences of findings and names of feeds aside, a page speaks one language.
        let own = english.text.split("<main").next().unwrap();
        let hangul = |c: char| ('가'..='힣').contains(&c);
        let kept = own.replace("별빛상점", "").replace("한국어", "");
        assert!(!kept.chars().any(hangul), "{path}: {kept}");
    }
}

#[tokio::test]
async fn a_page_of_another_seller_is_not_there() {
    let shop = Shop::filled().await;
    let other = shop.ledger.add_seller("물결마켓", Still.now()).await.unwrap().id;
    let case = shop.paths().await.pop().unwrap();
    let stranger = Shop {
        pages: shop.pages.clone(),
        seller: other,
        ledger: throwaway(Database::Sqlite).await,
    };
    assert_eq!(stranger.get(&case).await.status, 404);
    assert!(keys(&stranger.get("/console/findings").await.text).is_empty());
    assert!(keys(&stranger.get("/console/cases").await.text).is_empty());
    let finding = shop.findings().await.remove(0);
    let closing = [("id", finding.finding.id.as_str()), ("reason", "왜"), ("force", "on")];
    let answer = stranger.post(Role::Admin, "/console/findings/close", &closing).await;
    assert!(answer.headers["location"].to_str().unwrap().ends_with("done=0.0.1"));
}

#[tokio::test]
async fn every_filter_of_findings_narrows_the_list_to_what_fits() {
    let shop = Shop::filled().await;
    let all = shop.findings().await;
    let accounts = shop.ledger.accounts().await.unwrap();
    let rules: std::collections::BTreeSet<Rule> = all.iter().map(|one| one.finding.rule).collect();
    for rule in rules {
        let page = shop.get(&format!("/console/findings?rows=200&rule={}", rule.id())).await.text;
        let fits: Vec<_> = all.iter().filter(|one| one.finding.rule == rule).collect();
        assert_eq!(keys(&page).len(), fits.len().min(200), "{}", rule.id());
        assert!(fits.iter().any(|one| page.contains(&written(&one.finding.id))));
    }
    for account in accounts {
        let name = crate::asked::quoted(&account.name);
        let page = shop.get(&format!("/console/findings?rows=200&account={name}")).await.text;
        let fits = all.iter().filter(|one| one.account == account.id).count();
        assert_eq!(keys(&page).len(), fits.min(200), "{}", account.name);
    }
    let none = shop.get("/console/findings?state=closed").await.text;
    assert!(keys(&none).is_empty() && none.contains("조건에 맞는 발견이 없어요"));
    let today = shop.get("/console/findings?rows=200&by=opened&days=today").await.text;
    assert_eq!(keys(&today).len(), all.len().min(200), "all were found today");
    let before = shop.get("/console/findings?by=opened&until=2020-01-01").await.text;
    assert!(keys(&before).is_empty());
    for odd in ["by=x&rows=7&days=x&from=x&after=x&state=x", "after=9.z&account=none"] {
        assert_eq!(shop.get(&format!("/console/findings?{odd}")).await.status, 200, "{odd}");
    }
}

#[tokio::test]
async fn pages_of_a_list_follow_one_another_to_the_end_and_back() {
    let shop = Shop::filled().await;
    for path in
        ["/console/findings", "/console/findings?by=opened&channel=", "/console/cases?by=since"]
    {
        let (mut next, mut pages) = (path.to_owned(), Vec::new());
        loop {
            let page = shop.get(&next).await.text;
            pages.push(keys(&page).into_iter().map(str::to_owned).collect::<Vec<_>>());
            let Some(link) = link(&page, "next") else { break };
            next = link;
        }
        let mut seen: Vec<&String> = pages.iter().flatten().collect();
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "{path}: each row once");
        assert!(count > 50, "{path}: {count}");
        for page in pages.iter().rev() {
            let shown = shop.get(&next).await.text;
            assert_eq!(&keys(&shown), page, "{next}");
            let Some(link) = link(&shown, "prev") else { break };
            next = link;
            assert!(
                path.split('?').nth(1).is_none_or(|asked| next.contains(&asked[..6])),
                "{next}"
            );
        }
        let first = shop.get(&next).await.text;
        assert_eq!(link(&first, "prev"), None, "{next}");
        assert_eq!(keys(&first), pages[0]);
    }
}

/// What a page lets choose under a name, but for everything: values and what they are called.
fn options(page: &str, name: &str) -> Vec<(String, String)> {
    let select = page.split(&format!("<select name=\"{name}\">")).nth(1).unwrap();
    let options = select.split("</select>").next().unwrap().split("<option value=\"").skip(2);
    let option = |option: &str| {
        let (value, rest) = option.split_once('"').unwrap();
        let text = rest.split_once('>').unwrap().1.split_once('<').unwrap().0;
        (value.to_owned(), text.to_owned())
    };
    options.map(option).collect()
}

#[tokio::test]
async fn a_list_shows_what_is_of_a_channel_and_all_its_channels_together_are_all_of_it() {
    let shop = Shop::filled().await;
    for path in ["/console/findings", "/console/cases"] {
        let all = shop.get(&format!("{path}?rows=200")).await.text;
        let channels = options(&all, "channel");
        assert!(channels.len() > 1, "{channels:?}");
        let mut together = Vec::new();
        for (channel, _) in channels {
            let some = shop.get(&format!("{path}?rows=200&channel={channel}")).await.text;
            assert!(some.contains("<b>1</b></label>"), "how many filters narrow it is shown");
            together.extend(keys(&some).into_iter().map(str::to_owned));
        }
        let mut keys = keys(&all);
        together.sort();
        keys.sort_unstable();
        assert_eq!(together, keys, "{path}");
    }
}

#[tokio::test]
async fn the_file_of_a_list_says_whose_fault_it_is() {
    let shop = Shop::filled().await;
    for path in ["/console/findings", "/console/cases"] {
        let all = shop.get(path).await.text;
        let (value, text) = options(&all, "fault").swap_remove(0);
        let word = text.rsplit_once(" (").unwrap().0;
        let file = shop.get(&format!("{path}.csv?fault={value}")).await.text;
        let mut lines = file.lines();
        let at = lines.next().unwrap().split(',').position(|name| name == "귀책").unwrap();
        let (mut lines, of) =
            (lines.peekable(), |line: &str| line.split(',').nth(at) == Some(word));
        assert!(lines.peek().is_some() && lines.all(of), "{path} {value}");
    }
}

/// Where a button that turns pages leads.
fn link(page: &str, rel: &str) -> Option<String> {
    let end = page.find(&format!("\" rel=\"{rel}\""))?;
    let from = page[..end].rfind("href=\"")? + 6;
    Some(page[from..end].replace("&#38;", "&").replace("&amp;", "&"))
}

#[tokio::test]
async fn every_filter_is_counted_where_it_is_chosen() {
    let shop = Shop::filled().await;
    for (path, names) in [
        ("/console/cases", &["claim", "goods", "money", "fault"][..]),
        ("/console/findings", &["rule", "fault"]),
    ] {
        let page = shop.get(path).await.text;
        for name in names {
            let options = options(&page, name);
            assert!(options.len() > 1, "{path} {name}");
            for (value, text) in options {
                let count = text.rsplit('(').next().unwrap().trim_end_matches(')');
                let count: usize = count.replace(',', "").parse().unwrap();
                let narrowed = shop.get(&format!("{path}?rows=200&{name}={value}")).await.text;
                assert_eq!(keys(&narrowed).len(), count.min(200), "{name}={value}");
            }
        }
    }
    let open = shop.get("/console/cases?rows=200&state=open").await.text;
    let calm = shop.get("/console/cases?rows=200&state=calm").await.text;
    assert!(keys(&open).iter().all(|key| !keys(&calm).contains(key)));
}

#[tokio::test]
async fn an_order_is_found_by_its_number_and_many_by_theirs() {
    let shop = Shop::filled().await;
    let orders: Vec<String> =
        shop.findings().await.into_iter().map(|one| one.finding.order).collect();
    let (first, last) = (&orders[0], orders.last().unwrap());
    let one = shop.get(&format!("/console/search?q={first}")).await;
    assert_eq!(one.status, 303);
    let path = one.headers["location"].to_str().unwrap();
    assert!(path.starts_with("/console/cases/") && path.ends_with(first.as_str()), "{path}");
    let many = shop.get(&format!("/console/search?q={first}%0A{last}%0A999000999")).await;
    let list = shop.get(many.headers["location"].to_str().unwrap()).await.text;
    let found = keys(&list).len();
    assert!(found >= 2 && list.contains(first.as_str()) && list.contains(last.as_str()));
    assert!(list.contains("999000999") && list.contains("찾지 못한 번호"));
    assert_eq!(shop.get("/console/search?q=").await.headers["location"], "/console/cases");
}

#[tokio::test]
async fn what_is_ticked_is_closed_with_its_reason_and_who_may_only_look_closes_nothing() {
    let shop = Shop::filled().await;
    let all = shop.findings().await;
    let ids: Vec<&str> = all.iter().take(3).map(|one| one.finding.id.as_str()).collect();
    let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("id", *id)).collect();
    form.extend([
        ("reason", "전화로 확인"),
        ("force", "on"),
        ("back", "/console/findings?by=opened"),
    ]);
    let path = "/console/findings/close";
    assert_eq!(shop.post(Role::Viewer, path, &form).await.status, 403);
    assert_eq!(shop.findings().await.len(), all.len());
    let closed = shop.post(Role::Operator, path, &form).await;
    assert_eq!(closed.headers["location"], "/console/findings?by=opened&done=3.0.0");
    assert_eq!(shop.findings().await.len(), all.len() - 3);
    let page = shop.get("/console/findings?state=closed").await.text;
    assert_eq!(keys(&page).len(), 3);
    let said = shop.get(closed.headers["location"].to_str().unwrap()).await.text;
    assert!(said.contains("3건을 닫았어요."));
    let happened = shop.ledger.happened(shop.seller, ids[0]).await.unwrap();
    let last = happened.last().unwrap();
    assert_eq!(
        (last.actor.as_deref(), last.reason.as_deref()),
        (Some("haneul"), Some("전화로 확인"))
    );
    let why = shop.post(Role::Operator, path, &[("id", ids[0]), ("reason", " ")]).await;
    assert_eq!(why.headers["location"], "/console/findings?done=why");
}

#[tokio::test]
async fn a_memo_is_kept_with_the_order_and_shown_as_text() {
    let shop = Shop::filled().await;
    let case = shop.paths().await.pop().unwrap();
    let memo = [("memo", "<b>고객</b>과 통화함")];
    assert_eq!(shop.post(Role::Viewer, &format!("{case}/memo"), &memo).await.status, 403);
    assert_eq!(shop.post(Role::Operator, &format!("{case}/memo"), &memo).await.status, 303);
    let page = shop.get(&case).await.text;
    assert!(page.contains("&#60;b&#62;고객&#60;/b&#62;과 통화함"), "{page}");
    assert_eq!(
        shop.post(Role::Operator, &format!("{case}/memo"), &[("memo", "")]).await.status,
        400
    );
}

#[tokio::test]
async fn lists_are_given_as_files_with_ids_as_text() {
    let shop = Shop::filled().await;
    for list in ["findings", "cases"] {
        let csv = shop.get(&format!("/console/{list}.csv?account=")).await;
        assert!(csv.text.starts_with('\u{feff}'), "Excel reads it as UTF-8");
        assert!(csv.headers["content-disposition"].to_str().unwrap().contains(list));
        assert!(csv.text.lines().count() > 10);
        let formula = |cell: &str| cell.trim_start_matches('"').starts_with(['=', '+', '@']);
        assert!(!csv.text.split(',').any(formula));
        let xlsx = shop.get(&format!("/console/{list}.xlsx")).await;
        assert!(xlsx.text.starts_with("PK"));
    }
}

#[tokio::test]
async fn what_the_seller_tells_is_changed_by_an_admin_only() {
    let shop = Shop::filled().await;
    let policy = [
        ("goods_after_refund_days", "9"),
        ("collection_days", "3"),
        ("appeal_business_hours", "168"),
    ];
    let day = [("day", "2026-03-02"), ("name", "창립기념일")];
    for (path, form) in [("policy", &policy[..]), ("days", &day[..])] {
        let path = format!("/console/settings/{path}");
        assert_eq!(shop.post(Role::Operator, &path, form).await.status, 403, "{path}");
        assert_eq!(shop.post(Role::Admin, &path, form).await.status, 303, "{path}");
    }
    assert_eq!(shop.ledger.policy(shop.seller).await.unwrap().collection_days, 3);
    assert_eq!(shop.ledger.days_off(shop.seller).await.unwrap().len(), 1);
    let page = shop.in_english("/console/settings").await.text;
    assert!(page.contains("창립기념일") && page.contains("value=\"9\""));
    let taken = [("day", "2026-03-02"), ("remove", "on")];
    shop.post(Role::Admin, "/console/settings/days", &taken).await;
    assert!(shop.ledger.days_off(shop.seller).await.unwrap().is_empty());
    let none = [("day", "2026-02-30"), ("name", "x")];
    let unclear = shop.post(Role::Admin, "/console/settings/days", &none).await;
    assert!(unclear.headers["location"].to_str().unwrap().ends_with("unclear"));
    let accounts = shop.ledger.accounts().await.unwrap();
    let sells = |one: &&hoesu_ledger::Account| {
        hoesu_channels::by_id(&one.channel).is_some_and(|channel| channel.trade().sells())
    };
    let account = accounts.iter().find(sells).unwrap();
    let table = format!("계정\t판매상품\t품목\t수량\n{}\tA-1\tR-1\t2\n", account.name);
    let form = [("table", table.as_str()), ("account", "")];
    let mapped = shop.post(Role::Admin, "/console/settings/items", &form).await;
    assert_eq!(mapped.status, 200, "{}", mapped.text);
    assert_eq!(shop.ledger.items(shop.seller).await.unwrap().len(), 1, "{}", mapped.text);
}

/// A form with a file in it.
fn with_file(name: &str, bytes: &[u8]) -> Request<Body> {
    let head = format!(
        "--mark\r\ncontent-disposition: form-data; name=\"account\"\r\n\r\n\r\n--mark\r\n\
         content-disposition: form-data; name=\"table\"\r\n\r\n\r\n--mark\r\n\
         content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--mark--\r\n"].concat();
    let request = Request::post("/console/settings/items")
        .header("content-type", "multipart/form-data; boundary=mark");
    request.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn a_file_of_items_is_taken_in_but_for_the_rows_that_are_wrong() {
    let shop = Shop::filled().await;
    let accounts = shop.ledger.accounts().await.unwrap();
    let sells = |one: &&hoesu_ledger::Account| {
        hoesu_channels::by_id(&one.channel).is_some_and(|channel| channel.trade().sells())
    };
    let name = &accounts.iter().find(sells).unwrap().name;
    let table = format!(
        "판매계정,판매상품,자원,수량\n{name},A-1,R-1,2\n{name},A-2,R-1,x\n없음,A-3,R-1,1\n"
    );
    let request = || with_file("map.csv", table.as_bytes());
    assert_eq!(shop.ask(Some(Role::Operator), request()).await.status, 403);
    let page = shop.ask(Some(Role::Admin), request()).await;
    assert!(page.status == 200 && page.text.contains("새로 1행"), "{}", page.text);
    let rows: Vec<&str> = page.text.split("<tr><td class=\"num\">").skip(1).collect();
    assert!(
        rows[0].starts_with("3</td><td class=\"nowrap\">수량</td>")
            && rows[1].starts_with("4</td>"),
        "{rows:?}"
    );
    assert_eq!(shop.ledger.items(shop.seller).await.unwrap().len(), 1);

    let file = shop.ask_bytes("/console/settings/items.xlsx").await;
    assert!(file.starts_with(b"PK"));
    let again = shop.ask(Some(Role::Admin), with_file("map.xlsx", &file)).await;
    assert!(again.text.contains("새로 0행, 바뀜 0행, 그대로 1행, 거절 0행"), "{}", again.text);
    let log = shop.ledger.accesses(shop.seller, None, None, 9).await.unwrap();
    assert_eq!((log.len(), log[0].what.as_str()), (2, "settings-change"));
    let none = shop.ask(Some(Role::Admin), with_file("x.xls", &[0xD0, 0xCF, 0x11, 0xE0])).await;
    assert!(none.text.contains("옛 형식"), "{}", none.text);
}

#[tokio::test]
async fn what_a_finding_says_does_not_repeat_its_order() {
    let shop = Shop::filled().await;
    let order = shop.findings().await.remove(0).finding.order;
    let case = shop.paths().await.pop().unwrap();
    for path in [format!("/console/search?q={order}"), case, "/console/findings".to_owned()] {
        let (korean, english) = (shop.get(&path).await.text, shop.in_english(&path).await.text);
        assert!(!korean.contains(&format!("주문 {order}: ")), "{path}");
        assert!(!english.contains(&format!("Order {order}: ")), "{path}");
    }
}

#[tokio::test]
async fn an_event_says_that_something_was_settled() {
    let shop = Shop::filled().await;
    let pages = shop.pages.clone().layer(Extension(shop.signed(Role::Viewer)));
    let request = Request::get("/console/events").body(Body::empty()).unwrap();
    let mut body = pages.oneshot(request).await.unwrap().into_body();
    let mut heard = async || {
        let frame = body.frame().await.unwrap().unwrap();
        String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
    };
    let first = heard().await;
    assert!(first.contains("event: settled"), "{first}");
    shop.ledger.forget_cases(shop.seller).await.unwrap();
    assert_ne!(heard().await, first);
}
