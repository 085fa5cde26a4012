//! What a seller tells hoesu himself: items, days off, whose an order is.

use serde_json::{Value, json};

use crate::Home;
use crate::cases::{ORDER, cancelled_and_shipped, korean, rules, two_shops_and_a_depot};

fn feed(home: &Home, args: &[&str], text: impl AsRef<[u8]>) -> (i32, Value) {
    let said = home.feed(&[&["--json"], args].concat(), text);
    (said.exit, said.json())
}

#[test]
fn an_item_map_goes_in_is_listed_and_comes_out_as_it_went_in() {
    let home = cancelled_and_shipped();
    let table = "판매계정,판매상품,자원,수량\nmy-shop,1000,SKU1,1\nmy-shop,2000/00001,8801234567893,2\nmy-shop,2000/00001,SKU1,1\n";
    std::fs::write(home.path().join("items.csv"), table).unwrap();
    let new = json!({
        "read": 3, "new": 3, "changed": 0, "unchanged": 0, "refused": 0, "refusals": [],
    });
    assert_eq!(home.json(&["items", "import", "items.csv"]), new);
    assert_eq!(home.json(&["items", "import", "items.csv"])["unchanged"], 3);
    let listed = home.json(&["items", "list"]);
    let row = |item: &str, resource: &str, quantity: u32| json!({ "account": "my-shop", "item": item, "resource": resource, "quantity": quantity });
    assert_eq!(
        listed,
        json!([
            row("1000", "SKU1", 1),
            row("2000/00001", "8801234567893", 2),
            row("2000/00001", "SKU1", 1),
        ])
    );
    let exported = korean(&home, &["items", "export"]);
    assert_eq!(exported.out, format!("\u{feff}{table}"));
    let (exit, again) = feed(&home, &["items", "import", "-"], &exported.out);
    assert_eq!((exit, &again["unchanged"]), (0, &json!(3)));
    let english = home.run(&["items", "export"]).out;
    assert!(english.starts_with("\u{feff}account,item,resource,quantity\n"), "{english}");

    home.json(&["items", "remove", "my-shop", "2000/00001"]);
    assert_eq!(home.json(&["items", "list"]), json!([row("1000", "SKU1", 1)]));
    home.run(&["items", "remove", "my-shop", "2000/00001"]).failed(1, "items list");
}

#[test]
fn rows_of_an_item_map_are_refused_in_the_language_asked_for() {
    let home = cancelled_and_shipped();
    let table =
        "account,item,resource,quantity\nmy-shop,1,SKU1,1.5\nelsewhere,2,SKU1,1\n,3,SKU1,1\n";
    let (exit, report) = feed(&home, &["--lang", "ko", "items", "import", "-"], table);
    assert_eq!(exit, 3);
    // The only sales account stands where a row names none.
    assert_eq!(
        (&report["read"], &report["new"], &report["refused"]),
        (&json!(3), &json!(1), &json!(2))
    );
    assert_eq!(
        report["refusals"],
        json!([
            { "at": "line 2", "field": "quantity", "why": "1 이상의 정수여야 해요" },
            { "at": "line 3", "field": "account",
              "why": "없는 판매 계정이에요. 있는 판매 계정: my-shop" },
        ])
    );
    let said = home.feed(&["items", "import", "-"], table);
    assert_eq!(said.exit, 3, "{said:?}");
    for word in ["read 3 rows: 0 new, 0 changed, 1 unchanged, 2 refused", "line 2", "1 or more"] {
        assert!(said.out.contains(word), "{word}: {said:?}");
    }
    let said = home.feed(&["--lang", "ko", "items", "import", "-"], table);
    for word in ["3행을 읽었어요", "2행", "있는 판매 계정: my-shop"] {
        assert!(said.out.contains(word), "{word}: {said:?}");
    }
    home.feed(&["items", "import", "-"], "account,name\n").failed(1, "headings");
    home.feed(&["--lang", "ko", "items", "import", "-"], "PK\x03\x04").failed(1, "손상");
    home.run(&["items", "import", "nowhere.csv"]).failed(1, "nowhere.csv");
    home.feed(&["items", "import", "-", "--account", "depot"], table).failed(1, "my-shop");
}

#[test]
fn an_order_is_compared_by_resource_once_the_items_are_known() {
    let home = cancelled_and_shipped();
    let unit = |home: &Home| home.json(&["case", ORDER])["cases"][0]["balances"][0]["unit"].clone();
    assert_eq!(unit(&home), "order");
    let (exit, _) = feed(&home, &["items", "import", "-"], "상품ID,품목코드\n1000,SKU1\n");
    assert_eq!(exit, 0);
    assert_eq!(unit(&home), json!({ "resource": "SKU1" }));
}

#[test]
fn a_day_that_was_added_does_not_count() {
    let home = cancelled_and_shipped();
    let due = || home.json(&["calendar", "due", "2026-02-12"])["due"].clone();
    assert_eq!(due(), "2026-02-20");
    let said = home.json(&["calendar", "add", "2026-02-13", "임시공휴일"]);
    assert_eq!(said, json!({ "day": "2026-02-13", "name": "임시공휴일", "outcome": "new" }));
    assert_eq!(due(), "2026-02-23");
    let said = korean(&home, &["calendar", "due", "2026-02-12"]);
    assert!(said.out.contains("2026-02-13(금) 임시공휴일"), "{said:?}");
    let again = home.json(&["calendar", "add", "2026-02-13", "대체공휴일"]);
    assert_eq!(again["outcome"], "changed");
    let said = korean(&home, &["calendar", "add", "2026-02-17", "설"]);
    assert!(said.err.contains("원래 쉬는 날이에요(설날)"), "{said:?}");
    let days = json!([
        { "day": "2026-02-13", "name": "대체공휴일" },
        { "day": "2026-02-17", "name": "설" },
    ]);
    assert_eq!(home.json(&["calendar", "list"]), days);
    home.json(&["calendar", "remove", "2026-02-13"]);
    assert_eq!(due(), "2026-02-20");
    home.run(&["calendar", "remove", "2026-02-13"]).failed(1, "was not added");
    home.run(&["calendar", "add", "2026-02-13", " "]).failed(1, "name");
    home.run(&["calendar", "add", "2026-02-30", "없는 날"]).failed(2, "2026-02-30");
    home.json(&["seller", "add", "달빛상점"]);
    home.run(&["calendar", "due", "2026-02-12"]).failed(1, "--seller");
}

#[test]
fn a_person_says_whose_an_order_is() {
    let home = two_shops_and_a_depot();
    let found = |home: &Home| {
        let said = home.json(&["assess", "--at", "2026-02-12T11:00", "--order", ORDER]);
        rules(&said).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(found(&home).contains(&"ambiguous-order".to_owned()));
    home.run(&["choose", ORDER, "depot"]).failed(1, "north, south");
    home.run(&["choose", "1", "north"]).failed(1, "hoesu case 1");
    home.run(&["choose", ORDER, "north", "--warehouse", "north"]).failed(1, "nothing to choose");

    let said = home.json(&["choose", ORDER, "south", "--by", "은하"]);
    let south = json!({
        "order": ORDER, "warehouse": "depot", "account": "south", "by": "은하", "outcome": "new",
    });
    assert_eq!(said, south);
    let rules = found(&home);
    assert!(!rules.contains(&"ambiguous-order".to_owned()), "{rules:?}");
    assert!(rules.contains(&"stop-shipment".to_owned()), "{rules:?}");
    let accounts = |home: &Home| -> Vec<String> {
        let cases = home.json(&["case", ORDER]);
        let cases = cases["cases"].as_array().unwrap().iter();
        let with_depot = cases.filter(|case| case["documents"].as_array().unwrap().len() > 1);
        with_depot.map(|case| case["account"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(accounts(&home), ["south"]);

    let said = korean(&home, &["choose", ORDER, "north"]);
    assert!(
        said.out.contains("depot의 주문 20260212AAAAAA은(는) 이제 north의 주문이에요"),
        "{said:?}"
    );
    assert_eq!(accounts(&home), ["north"]);
}

#[test]
fn an_order_that_is_known_is_nobodys_choice() {
    let home = cancelled_and_shipped();
    home.run(&["choose", ORDER, "my-shop"]).failed(1, "nothing to choose");
}
