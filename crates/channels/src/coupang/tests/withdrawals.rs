//! Returns taken back: by day and by receipt.

use hoesu_testkit::on_both;

use super::*;
use crate::trial::compact;

async fn by_day(trial: &Trial, query: &str) -> Answered {
    trial.get(&v4(&format!("returnWithdrawRequests?{query}"))).await
}

#[tokio::test]
async fn the_documented_form_is_served_byte_for_byte() {
    let trial = with_samples().await;
    let answered = by_day(&trial, "dateFrom=2018-06-05&dateTo=2018-06-05").await;
    assert_eq!(answered.body, compact(include_str!("../fixtures/withdrawal.ok.response.json")));
    let answered = trial
        .post(
            &v4("returnWithdrawList"),
            include_str!("../fixtures/withdrawal-list.ok.request.json"),
        )
        .await;
    assert_eq!(
        answered.body,
        compact(include_str!("../fixtures/withdrawal-list.ok.response.json"))
    );
}

#[tokio::test]
async fn pages_are_numbered_and_the_newest_come_first() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        for number in 1..=11 {
            trial.put(&withdrawal(number, &format!("2018-11-03T10:{number:02}:00"))).await;
        }
        trial.put(&withdrawal(12, "2018-11-10T00:00:00")).await;
        let week = "dateFrom=2018-11-03&dateTo=2018-11-09";
        let first = shown(&by_day(&trial, week).await);
        assert_eq!(first, ((2..=11).rev().collect(), "2".to_owned()));
        assert_eq!(
            shown(&by_day(&trial, &format!("{week}&pageIndex=2")).await),
            (vec![1], String::new())
        );
        assert_eq!(
            shown(&by_day(&trial, &format!("{week}&pageIndex=9223372036854775807")).await),
            (vec![], String::new())
        );
        assert_eq!(shown(&by_day(&trial, &format!("{week}&sizePerPage=11")).await).1, "");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said_in_coupangs_words() {
    let trial = trial().await;
    let page = "pageindex 는 음수 또는 0 일 수 없습니다. (pageindex can not be negative or 0)";
    let date = "날짜입력을 확인해 주세요. (형식:yyyy-MM-dd) [Please confirm the date input (format:yyyy-MM-dd)]";
    let cases = [
        ("", "Required String parameter 'dateFrom' is not present"),
        ("dateTo=2018-11-03", "Required String parameter 'dateFrom' is not present"),
        ("dateFrom=2018-11-03", "Required String parameter 'dateTo' is not present"),
        ("dateFrom=2018-02-30&dateTo=2018-03-01", date),
        ("dateFrom=2018-02-01&dateTo=20180203", date),
        ("dateFrom=2018-11-04&dateTo=2018-11-03", "종료일자는 시작일자보다 작거나 같아야 합니다."),
        (
            "dateFrom=2018-11-03&dateTo=2018-11-10",
            "최대 조회 기간은 7 일 입니다.(The maximum view duration is 7 days)",
        ),
        (
            "dateFrom=2018-11-03&dateTo=2018-11-03&sizePerPage=101",
            "페이지별 최대 표시 갯수(sizePerPage)는 100 입니다. (The maximum number of indications per page (sizePerPage) is 100)",
        ),
        ("dateFrom=2018-11-03&dateTo=2018-11-03&sizePerPage=0", "sizePerPage must be 1 or more"),
        ("dateFrom=2018-11-03&dateTo=2018-11-03&pageIndex=0", page),
        ("dateFrom=2018-11-03&dateTo=2018-11-03&pageIndex=-1", page),
        ("dateFrom=2018-11-03&dateTo=2018-11-03&pageIndex=one", "pageIndex must be a number"),
    ];
    for (query, message) in cases {
        refused(&by_day(&trial, query).await, 400, message);
    }
}

#[tokio::test]
async fn receipts_are_answered_in_the_order_asked_and_unknown_ones_left_out() {
    let trial = trial().await;
    for number in 1..=3 {
        trial.put(&withdrawal(number, "2018-11-03T10:00:00")).await;
    }
    let answered =
        trial.post(&v4("returnWithdrawList"), r#"{"cancelIds":[3,9,1,3],"more":1}"#).await;
    let rows = [withdrawal(3, "2018-11-03T10:00:00"), withdrawal(1, "2018-11-03T10:00:00")];
    assert_eq!(
        answered.body,
        format!(r#"{{"code":"200","message":"OK","data":[{}]}}"#, rows.join(","))
    );
}

#[tokio::test]
async fn a_body_that_asks_for_nothing_is_refused() {
    let trial = trial().await;
    let many: Vec<String> = (1..=51).map(|number| number.to_string()).collect();
    let cases = [
        ("{}", 500, "CReturns getWithdrawnList failed"),
        (r#"{"cancelIds":null}"#, 500, "CReturns getWithdrawnList failed"),
        (r#"{"cancelIds":[]}"#, 500, "CReturns getWithdrawnList failed"),
        (r#"{"cancelIds":["87033689"]}"#, 400, "cancelIds[0] has the wrong form, expected i64"),
        (r#"{"cancelIds":[1.5]}"#, 400, "cancelIds[0] has the wrong form, expected i64"),
        ("[[1]]", 400, "body has the wrong form, expected an object"),
        ("[", 400, "body is not readable JSON (line 1, column 1)"),
        (&format!("{{\"cancelIds\":[{}]}}", many.join(",")), 400, "cancelIds may have at most 50"),
    ];
    for (body, status, message) in cases {
        refused(&trial.post(&v4("returnWithdrawList"), body).await, status, message);
    }
    let huge = " ".repeat((1 << 20) + 1);
    let answered = trial.post(&v4("returnWithdrawList"), &huge).await;
    refused(&answered, 413, "The request body is larger than 1 MiB.");
}
