//! Lists of returns and exchanges: which rows, in which order, over how many pages.

use hoesu_testkit::on_both;

use super::*;
use crate::trial::compact;

const MARCH: &str = "createdAtFrom=2016-03-01&createdAtTo=2016-03-31";

async fn list(trial: &Trial, query: &str) -> Answered {
    trial.get(&v4(&format!("returnRequests?{query}"))).await
}

#[tokio::test]
async fn the_documented_return_is_listed_byte_for_byte() {
    let trial = with_samples().await;
    let answered = list(&trial, &format!("{MARCH}&status=RU")).await;
    assert_eq!(answered.body, compact(include_str!("../fixtures/return-list.ok.response.json")));
    let sixth = trial.get(&v6(&format!("returnRequests?{MARCH}&status=RU"))).await;
    let single = compact(include_str!("../fixtures/return.ok.response.v6.json"));
    assert_eq!(
        sixth.body,
        single
            .replace("\"200\"", "200")
            .replace("]}]}", "]}],\"nextToken\":\"\"}")
            .replace("\"nanos\":0}}]}", "\"nanos\":0}}],\"nextToken\":\"\"}")
    );
}

#[tokio::test]
async fn each_status_lists_what_belongs_to_it() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        let at = "2016-03-25T13:05:30";
        let items = |status: &str| {
            format!(r#""returnItems":[{{"releaseStatus":"Y"}},{{"releaseStatus":"{status}"}}]}}"#)
        };
        let with_items = |number, release: &str| {
            let bare = receipt(number, at, "RELEASE_STOP_UNCHECKED");
            format!("{},{}", bare.strip_suffix('}').unwrap(), items(release))
        };
        trial.put(&with_items(1, "N")).await;
        trial.put(&with_items(2, "S")).await;
        trial.put(&receipt(3, at, "RETURNS_UNCHECKED")).await;
        trial.put(&receipt(4, at, "VENDOR_WAREHOUSE_CONFIRM")).await;
        trial.put(&receipt(5, at, "REQUEST_COUPANG_CHECK")).await;
        trial.put(&receipt(6, at, "RETURNS_COMPLETED")).await;
        trial.put(&receipt(7, at, "A_NEW_STATUS")).await;
        let cancel = receipt(8, at, "RETURNS_COMPLETED").replace("\"RETURN\"", "\"CANCEL\"");
        trial.put(&cancel).await;
        trial.put(&receipt(9, at, "RETURNS_COMPLETED").replace("\"RETURN\"", "\"반품\"")).await;
        let cases: [(&str, &[i64]); 9] = [
            ("status=RU", &[1, 2]),
            ("status=UC", &[1, 3, 4]),
            ("status=PR", &[5]),
            ("status=CC", &[6, 9]),
            ("status=CC&cancelType=RETURN", &[6, 9]),
            ("cancelType=CANCEL", &[8]),
            ("orderId=500000007", &[7]),
            ("orderId=500000008", &[]),
            ("orderId=500000008&cancelType=CANCEL", &[8]),
        ];
        for (query, numbers) in cases {
            let answered = list(&trial, &format!("{MARCH}&{query}")).await;
            assert_eq!(shown(&answered).0, numbers, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn days_in_korea_are_listed_with_both_ends_and_minutes_too() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        trial.put(&receipt(1, "2016-02-29T23:59:59", "RETURNS_UNCHECKED")).await;
        trial.put(&receipt(2, "2016-03-01T00:00:00", "RETURNS_UNCHECKED")).await;
        trial.put(&receipt(3, "2016-03-31T23:59:59", "RETURNS_UNCHECKED")).await;
        trial.put(&receipt(4, "2016-04-01T00:00:00", "RETURNS_UNCHECKED")).await;
        assert_eq!(shown(&list(&trial, &format!("{MARCH}&status=UC")).await).0, [2, 3]);
        let minutes = |from: &str, to: &str| {
            format!("searchType=timeFrame&createdAtFrom={from}&createdAtTo={to}&status=UC")
        };
        let cases = [
            (minutes("2016-03-01T00:00", "2016-03-31T23:59"), vec![2, 3]),
            (minutes("2016-03-01T00%3A01", "2016-03-31T23%3A58"), vec![]),
            (minutes("2016-02-29T23:59", "2016-02-29T23:59"), vec![1]),
        ];
        for (query, numbers) in cases {
            assert_eq!(shown(&list(&trial, &query).await), (numbers, String::new()), "{query}");
        }
        let zoned = "createdAtFrom=2016-02-29T15:00Z&createdAtTo=2016-02-29T07:00-08:00";
        let answered =
            trial.get(&v6(&format!("returnRequests?searchType=timeFrame&{zoned}&status=UC"))).await;
        assert_eq!(shown(&answered).0, [2]);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_around_what_was_withdrawn() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        // Two share an instant: the lesser number comes first.
        for number in 1..=9 {
            let minute = if number == 6 { 5 } else { number };
            let at = format!("2016-03-25T13:{minute:02}:30");
            trial.put(&receipt(number, &at, "RETURNS_UNCHECKED")).await;
        }
        for number in [2, 3, 4, 9] {
            trial.put(&withdrawal(number, "2016-03-26T00:00:00")).await;
        }
        let mut seen = Vec::new();
        let mut token = String::new();
        let mut pages = 0;
        loop {
            let query = format!("{MARCH}&status=UC&maxPerPage=2&nextToken={token}");
            let (rows, next) = shown(&list(&trial, &query).await);
            seen.extend(rows);
            pages += 1;
            token = next;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!((seen, pages), (vec![1, 5, 6, 7, 8], 3));
        let (rows, token) = shown(&list(&trial, &format!("{MARCH}&status=UC&maxPerPage=5")).await);
        assert_eq!((rows, token.as_str()), (vec![1, 5, 6, 7, 8], ""));
    })
    .await;
}

#[tokio::test]
async fn a_forged_or_foreign_token_is_refused() {
    let trial = trial().await;
    for number in 1..=3 {
        trial.put(&receipt(number, "2016-03-25T13:05:30", "RETURNS_UNCHECKED")).await;
    }
    let (_, token) = shown(&list(&trial, &format!("{MARCH}&status=UC&maxPerPage=1")).await);
    assert!(!token.is_empty());
    let good = list(&trial, &format!("{MARCH}&status=UC&maxPerPage=7&nextToken={token}")).await;
    assert_eq!(shown(&good).0, [2, 3]);
    let forged = format!("A{}", &token[1..]);
    for query in [
        format!("{MARCH}&status=UC&nextToken=1"),
        format!("{MARCH}&status=UC&nextToken={forged}B"),
        format!("{MARCH}&status=RU&nextToken={token}"),
        format!("createdAtFrom=2016-03-02&createdAtTo=2016-03-31&status=UC&nextToken={token}"),
    ] {
        refused(&list(&trial, &query).await, 400, "nextToken is not one of this list");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said_by_name() {
    let trial = trial().await;
    let cases = [
        ("status=UC", "Required String parameter 'createdAtFrom' is not present"),
        (
            "createdAtFrom=2016-03-01&status=UC",
            "Required String parameter 'createdAtTo' is not present",
        ),
        (
            "createdAtFrom=2026-02-30&createdAtTo=2026-03-01&status=UC",
            "createdAtFrom must be a date that exists, in the form yyyy-MM-dd",
        ),
        (
            "createdAtFrom=2026-02-01&createdAtTo=20260301&status=UC",
            "createdAtTo must be a date that exists, in the form yyyy-MM-dd",
        ),
        (
            "createdAtFrom=2026-02-01T00:00&createdAtTo=2026-02-01&status=UC",
            "createdAtFrom must be a date that exists, in the form yyyy-MM-dd",
        ),
        (
            "createdAtFrom=2026-02-01%2B09:00&createdAtTo=2026-02-01&status=UC",
            "createdAtFrom must be a date that exists, in the form yyyy-MM-dd",
        ),
        (
            "searchType=timeFrame&createdAtFrom=2026-02-01&createdAtTo=2026-02-01&status=UC",
            "createdAtFrom must be a date that exists, in the form yyyy-MM-ddTHH:mm",
        ),
        (
            "searchType=timeFrame&createdAtFrom=2026-02-01T24:00&createdAtTo=2026-02-01T00:00&status=UC",
            "createdAtFrom must be a date that exists, in the form yyyy-MM-ddTHH:mm",
        ),
        (
            "createdAtFrom=2026-02-02&createdAtTo=2026-02-01&status=UC",
            "createdAtTo must not be before createdAtFrom",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-02-02&status=UC",
            "endTime-startTime range should less than 32 day.",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02",
            "OrderId can't be null, if doesn't pass the parameter status",
        ),
        (
            "searchType=timeFrame&createdAtFrom=2026-01-01T00:00&createdAtTo=2026-01-02T00:00",
            "OrderId can't be null, if doesn't pass the parameter status",
        ),
        (
            "searchType=day&createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=UC",
            "searchType must be timeFrame or left out",
        ),
        (
            "searchType=timeFrame&createdAtFrom=2026-01-01T00:00&createdAtTo=2026-01-02T00:00&status=UC&orderId=1",
            "orderId can't be used together with searchType timeFrame",
        ),
        (
            "searchType=timeFrame&createdAtFrom=2026-01-01T00:00&createdAtTo=2026-01-02T00:00&status=UC&maxPerPage=1",
            "maxPerPage can't be used together with searchType timeFrame",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&cancelType=CANCEL&status=UC",
            "status can't be used together with cancelType CANCEL",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&cancelType=BOTH",
            "cancelType must be RETURN or CANCEL",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=XX",
            "status must be one of RU, UC, CC and PR",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=RU&status=UC",
            "status may be given only once",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=RU&orderId=a",
            "orderId must be a number",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=RU&maxPerPage=0",
            "maxPerPage must be between 1 and 100",
        ),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=RU&maxPerPage=x",
            "maxPerPage must be a number",
        ),
    ];
    for (query, message) in cases {
        let answered = list(&trial, query).await;
        refused(&answered, 400, message);
        assert!(answered.body.starts_with(r#"{"code":"400","message":""#), "{}", answered.body);
    }
    let longest = "createdAtFrom=2026-01-01&createdAtTo=2026-02-01&status=UC";
    assert_eq!(
        list(&trial, longest).await.body,
        r#"{"code":200,"message":"OK","data":[],"nextToken":""}"#
    );
}

#[tokio::test]
async fn the_measured_profile_answers_an_unknown_status_with_an_empty_list() {
    let trial = Trial::of(&crate::coupang::Coupang, &[("profile", "measured")]).await;
    trial.put(&receipt(1, "2016-03-25T13:05:30", "RETURNS_UNCHECKED")).await;
    assert_eq!(shown(&list(&trial, &format!("{MARCH}&status=XX")).await).0, [0; 0]);
    assert_eq!(shown(&list(&trial, &format!("{MARCH}&status=UC")).await).0, [1]);
    let week = "createdAtFrom=2018-03-01T00:00:00&createdAtTo=2018-03-07T23:59:59";
    let exchanges = trial.get(&v4(&format!("exchangeRequests?{week}&status=XX"))).await;
    assert_eq!(shown(&exchanges).0, [0; 0]);
}

#[tokio::test]
async fn the_documented_form_of_an_exchange_is_served_byte_for_byte() {
    let trial = with_samples().await;
    let week = "createdAtFrom=2018-03-05T00:00:00&createdAtTo=2018-03-10T23:59:59";
    let golden = compact(include_str!("../fixtures/exchange.ok.response.json"));
    for filter in ["", "&status=PROGRESS", "&orderId=500004400"] {
        let answered = trial.get(&v4(&format!("exchangeRequests?{week}{filter}"))).await;
        assert_eq!(answered.body, golden, "{filter}");
    }
    for filter in ["&status=SUCCESS", "&orderId=1"] {
        let answered = trial.get(&v4(&format!("exchangeRequests?{week}{filter}"))).await;
        assert_eq!(shown(&answered).0, [0; 0], "{filter}");
    }
}

#[tokio::test]
async fn exchanges_come_ten_to_a_page() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        for number in 1..=12 {
            let at = format!("2018-03-05T10:{number:02}:00");
            trial
                .put(&format!(
                    r#"{{"exchangeId":{number},"orderId":7,"exchangeStatus":"RECEIPT","createdAt":"{at}"}}"#
                ))
                .await;
            // Withdrawals of returns have nothing to do with exchanges.
            trial.put(&withdrawal(number, &at)).await;
        }
        let week = "createdAtFrom=2018-03-05T10:01:00&createdAtTo=2018-03-12T10:01:00";
        let first = trial.get(&v4(&format!("exchangeRequests?{week}"))).await;
        let (rows, token) = shown(&first);
        assert_eq!(rows, (1..=10).collect::<Vec<_>>());
        let second = trial.get(&v4(&format!("exchangeRequests?{week}&nextToken={token}"))).await;
        assert_eq!(shown(&second), (vec![11, 12], String::new()));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_question_about_exchanges_is_said_by_name() {
    let trial = trial().await;
    let cases = [
        (
            "createdAtTo=2018-03-05T00:00:00",
            "Required String parameter 'createdAtFrom' is not present",
        ),
        (
            "createdAtFrom=2018-03-05&createdAtTo=2018-03-06",
            "createdAtFrom format should be yyyy-MM-ddTHH:mm:ss.",
        ),
        (
            "createdAtFrom=2018-03-05T00:00&createdAtTo=2018-03-06T00:00:00",
            "createdAtFrom format should be yyyy-MM-ddTHH:mm:ss.",
        ),
        (
            "createdAtFrom=2018-03-05T00:00:00&createdAtTo=2018-03-06",
            "createdAtTo format should be yyyy-MM-ddTHH:mm:ss.",
        ),
        (
            "createdAtFrom=2018-03-05T00:00:00&createdAtTo=2018-03-12T00:00:01",
            "createdAtTo - createdAtFrom should less then 7day",
        ),
        (
            "createdAtFrom=2018-03-05T00:00:00&createdAtTo=2018-03-06T00:00:00&status=XX",
            "status must be one of RECEIPT, PROGRESS, SUCCESS, REJECT and CANCEL",
        ),
    ];
    for (query, message) in cases {
        refused(&trial.get(&v4(&format!("exchangeRequests?{query}"))).await, 400, message);
    }
}
