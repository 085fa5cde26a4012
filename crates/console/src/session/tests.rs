//! Signing in, as a browser lives through it.

use axum::body::Body;
use axum::http::Request;
use hoesu_channels::{CHANNELS, Clock as _};
use hoesu_claims::AccountId;
use hoesu_engine::told::DocumentId;
use hoesu_ledger::Role;
use jiff::Timestamp;

use crate::browser::{PASSWORD, Shop, Still, cookie, post};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_is_shown_the_way_and_back_to_the_page() {
    let shop = Shop::open().await;
    shop.person("minji", Role::Viewer).await;
    let away = shop.get("/console?x=1", "").await;
    assert_eq!(
        (away.status, away.header("location")),
        (303, "/console/sign-in?next=%2Fconsole%3Fx%3D1")
    );
    let script = Request::get("/console").header("sec-fetch-mode", "cors").body(Body::empty());
    assert_eq!(shop.ask(script.unwrap()).await.status, 401);
    let form = shop.get("/console/sign-in?next=%2Fconsole%3Fx%3D1", "").await;
    assert!(form.status == 200 && form.text.contains(r#"value="/console?x=1""#), "{}", form.text);
    let password = PASSWORD.replace(' ', "+");
    for (next, to) in [
        ("%2Fconsole%3Fx%3D1", "/console?x=1"),
        ("https%3A%2F%2Fevil.example", "/console"),
        ("%2F%2Fevil.example", "/console"),
    ] {
        let form = format!("name=minji&password={password}&next={next}");
        let answer = shop.post("/console/sign-in", "", &form).await;
        assert_eq!((answer.status, answer.header("location")), (303, to));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_opens_the_pages_until_it_is_signed_out() {
    let shop = Shop::open().await;
    shop.person("minji", Role::Viewer).await;
    let cookie = shop.sign_in("minji").await;
    let page = shop.get("/console", &cookie).await;
    assert!(page.status == 200 && page.text.contains("별빛상점") && page.text.contains("minji"));
    assert_eq!(shop.get("/console/sign-in", &cookie).await.header("location"), "/console");
    let out = shop.post("/console/sign-out", &cookie, "").await;
    assert_eq!((out.status, out.header("location")), (303, "/console/sign-in"));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(shop.get("/console", &cookie).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_shows_is_out_of_reach_of_scripts_and_other_sites() {
    let shop = Shop::open().await;
    shop.person("minji", Role::Viewer).await;
    let form = format!("name=minji&password={}", PASSWORD.replace(' ', "+"));
    let request = || post("/console/sign-in", "").body(Body::from(form.clone())).unwrap();
    let open = shop.ask(request()).await;
    let set = open.header("set-cookie");
    assert!(set.starts_with("hoesu_session=s1_") && !set.contains("Secure"), "{set}");
    let secure = shop.ask_over(request(), true).await;
    let set = secure.header("set-cookie");
    assert!(set.starts_with("__Host-hoesu=s1_") && set.contains("; Secure"), "{set}");
    assert!(secure.header("strict-transport-security").contains("max-age"));
    for answer in [&open, &secure] {
        let set = answer.header("set-cookie");
        for word in ["; Path=/;", "HttpOnly", "SameSite=Lax"] {
            assert!(set.contains(word), "{set}");
        }
    }
    // A cookie that came by TLS is not believed without it, and the other way round.
    assert_eq!(shop.get("/console", &cookie(&secure)).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_changes_nothing() {
    let shop = Shop::open().await;
    shop.person("minji", Role::Admin).await;
    let cookie = shop.sign_in("minji").await;
    for path in [
        "/console/sign-out",
        "/console/me/sign-out-everywhere",
        "/console/sign-in",
        "/console/settings/people",
    ] {
        for (name, value) in
            [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("x-none", "x")]
        {
            let request = Request::post(path)
                .header("cookie", &cookie)
                .header("host", "cs.example")
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value);
            let answer =
                shop.ask(request.body(Body::from("name=a&role=admin&password=b")).unwrap()).await;
            assert_eq!(answer.status, 403, "{path} {name}");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        }
    }
    assert_eq!(shop.get("/console", &cookie).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_says_nothing_of_who_there_is_and_five_lock() {
    let shop = Shop::open().await;
    shop.person("minji", Role::Viewer).await;
    let mut pages = Vec::new();
    for name in ["minji", "nobody", "minji", "minji", "minji"] {
        let form = format!("name={name}&password=wrong+password");
        let answer = shop.post("/console/sign-in", "", &form).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (401, ""));
        assert!(!answer.text.contains("wrong password"));
        pages.push(answer.text.replace(name, ""));
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "the answers are the same");
    let form = format!("name=minji&password={}", PASSWORD.replace(' ', "+"));
    let locked = shop.post("/console/sign-in", "", &form).await;
    assert_eq!((locked.status, locked.header("retry-after")), (429, "900"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_the_second_step() {
    let shop = Shop::open().await;
    shop.person("minji", Role::Viewer).await;
    let cookie_1 = shop.sign_in("minji").await;
    let me = shop.get("/console/me", &cookie_1).await.text;
    let secret = me.split("name=\"secret\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(me.contains("<svg class=\"qr\"") && !me.contains("otpauth"), "shown as an image");
    let wrong = shop.post("/console/me/code", &cookie_1, &format!("secret={secret}&code=x")).await;
    assert!(wrong.status == 422 && wrong.text.contains(secret), "the same secret is shown again");
    let code = code(secret, Still.now());
    let on =
        shop.post("/console/me/code", &cookie_1, &format!("secret={secret}&code={code}")).await;
    assert_eq!(on.status, 200);

    let form = format!("name=minji&password={}", PASSWORD.replace(' ', "+"));
    let first = shop.post("/console/sign-in", "", &form).await;
    assert!(
        first.header("location").starts_with("/console/sign-in/code"),
        "{}",
        first.header("location")
    );
    let half = cookie(&first);
    assert_eq!(shop.get("/console", &half).await.status, 303, "half signed in is not");
    assert_eq!(shop.get("/console/sign-in/code", &half).await.status, 200);
    let wrong = shop.post("/console/sign-in/code", &half, "code=x").await;
    assert_eq!(wrong.status, 401);
    let second = shop.post("/console/sign-in/code", &half, &format!("code={code}")).await;
    assert_eq!((second.status, second.header("location")), (303, "/console"));
    assert_eq!(shop.get("/console", &cookie(&second)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_and_an_invitation_end_in_a_signed_in_person() {
    let shop = Shop::open().await;
    let link = shop.ledger.set_up_link(Still.now()).await.unwrap().unwrap();
    let path = format!("/console/set-up/{}", *link.text);
    let form = shop.get(&path, "").await;
    assert!(form.status == 200 && form.text.contains("name=\"name\""));
    let chosen =
        |name: &str, again: &str| format!("name={name}&password=correct+horse&again={again}");
    let differs = shop.post(&path, "", &chosen("boss", "correct+house")).await;
    assert_eq!(differs.status, 422);
    let done = shop.post(&path, "", &chosen("boss", "correct+horse")).await;
    assert_eq!((done.status, done.header("location")), (303, "/console"));
    let boss = cookie(&done);
    assert_eq!(shop.get(&path, "").await.status, 404, "it is good once");

    let invited = shop.post("/console/settings/people", &boss, "name=minji&role=viewer").await;
    let link = invited.text.split("class=\"once\">").nth(1).unwrap().split('<').next().unwrap();
    let again = shop.post("/console/settings/people", &boss, "name=minji&role=viewer").await;
    assert_eq!(again.status, 422);
    let done = shop.post(link, "", "password=correct+horse&again=correct+horse").await;
    assert_eq!((done.status, done.header("location")), (303, "/console"), "{}", done.text);
    let minji = cookie(&done);
    for path in ["/console/settings/people", "/console/settings/access"] {
        assert_eq!(shop.get(path, &minji).await.status, 403, "{path}");
        assert_eq!(shop.get(path, &boss).await.status, 200, "{path}");
    }
    let id = "1-2";
    let role = |role: &str| format!("role={role}");
    let path = format!("/console/settings/people/{id}/role");
    assert_eq!(shop.post(&path, &minji, &role("admin")).await.status, 403);
    assert_eq!(shop.post(&path, &boss, &role("operator")).await.status, 303);
    let last = shop.post("/console/settings/people/1-1/role", &boss, &role("viewer")).await;
    assert_eq!(last.status, 422);
    let stop = format!("/console/settings/people/{id}/disabled");
    assert_eq!(shop.post(&stop, &boss, "disabled=true").await.status, 303);
    assert_eq!(shop.get("/console", &minji).await.status, 303, "let in no more, at once");
    let log = shop.get("/console/settings/access", &boss).await.text;
    for told in ["192.0.2.7", "minji", ">운영<", ">멈춤<", ">하지 않음<"] {
        assert!(log.contains(told), "{told}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_the_other_sessions() {
    let shop = Shop::open().await;
    shop.person("minji", Role::Viewer).await;
    let (here, there) = (shop.sign_in("minji").await, shop.sign_in("minji").await);
    let old = PASSWORD.replace(' ', "+");
    let change = |old: &str| format!("old={old}&new=another+horse&again=another+horse");
    assert_eq!(shop.post("/console/me/password", &here, &change("wrong")).await.status, 422);
    assert_eq!(shop.post("/console/me/password", &here, &change(&old)).await.status, 200);
    assert_eq!(shop.get("/console", &here).await.status, 200);
    assert_eq!(shop.get("/console", &there).await.status, 303);
    let out = shop.post("/console/me/sign-out-everywhere", &here, "").await;
    assert_eq!(out.status, 303);
    assert_eq!(shop.get("/console", &here).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demos_link_signs_in() {
    let shop = Shop::open().await;
    let person = shop.person("demo", Role::Admin).await;
    let hour = jiff::SignedDuration::from_hours(1);
    let link = shop.ledger.enter_link(person, hour, Still.now()).await.unwrap();
    let path = format!("/console/enter/{}", *link.text);
    let entered = shop.get(&path, "").await;
    assert_eq!((entered.status, entered.header("location")), (303, "/console"));
    assert_eq!(shop.get("/console", &cookie(&entered)).await.status, 200);
    let set_up = format!("/console/set-up/{}", *link.text);
    assert_eq!(shop.get(&set_up, "").await.status, 404);
    assert_eq!(shop.get("/console/enter/l1_1_x", "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_a_person_in_full_says_why_and_is_written_down_first() {
    let shop = Shop::open().await;
    for (name, role) in [("boss", Role::Admin), ("minji", Role::Operator), ("jiho", Role::Viewer)] {
        shop.person(name, role).await;
    }
    let (account, id, document) = shop.document().await;
    let capabilities = CHANNELS[0].capabilities();
    let all = hoesu_channels::people::revealed(capabilities, document.media, &document.body);
    let person = all.iter().find(|shown| shown.holds.is_some()).unwrap();
    let path = format!("/console/documents/{id}/1/people");
    let (minji, jiho) = (shop.sign_in("minji").await, shop.sign_in("jiho").await);
    let log = async || shop.ledger.accesses(shop.seller, None, None, 9).await.unwrap();
    let before = log().await.len();

    assert_eq!(shop.post(&path, &jiho, "reason=curious").await.status, 403);
    assert_eq!(shop.get(&path, &jiho).await.status, 403);
    let unsaid = shop.post(&path, &minji, "reason=+").await;
    assert!(unsaid.status == 422 && !unsaid.text.contains(&person.text));
    let form = shop.get(&path, &minji).await;
    assert!(form.status == 200 && !form.text.contains(&person.text));
    let none = format!("/console/documents/{id}/9/people");
    assert_eq!(shop.post(&none, &minji, "reason=asked").await.status, 404);
    let other = DocumentId { account: AccountId(account.id.0 + 1), ..id.clone() };
    let other = format!("/console/documents/{other}/1/people");
    assert_eq!(shop.post(&other, &minji, "reason=asked").await.status, 404);
    assert_eq!(log().await.len(), before, "nothing was seen");

    let seen = shop.post(&path, &minji, "reason=buyer+called").await;
    assert!(seen.status == 200 && seen.text.contains(&person.text), "{}", seen.text);
    assert_eq!(seen.header("cache-control"), "no-store");
    let line = log().await.swap_remove(0);
    assert_eq!((line.who.as_str(), line.what.as_str()), ("minji", "reveal"));
    assert_eq!((line.origin.as_str(), line.reason.as_deref()), ("192.0.2.7", Some("buyer called")));
    assert_eq!(line.whose, format!("{}:{}:{}@1", account.id.0, id.kind, id.key));
}

/// The code an authenticator shows: RFC 6238, worked out here once more.
fn code(secret: &str, now: Timestamp) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = secret.chars().fold(String::new(), |bits, letter| {
        bits + &format!("{:05b}", LETTERS.find(letter).expect("a letter of base32"))
    });
    let bytes = bits.as_bytes().chunks(8);
    let bytes: Vec<u8> =
        bytes.map(|eight| u8::from_str_radix(str::from_utf8(eight).unwrap(), 2).unwrap()).collect();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&bytes).unwrap();
    mac.update(&(now.as_second() / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let four = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", four % 1_000_000)
}
