//! People: added, let in, locked out, signed out.

use hoesu_claims::SellerId;
use hoesu_ledger::{LOCKED_FOR, Ledger, LinkUse, Person, PersonId, Role, SignIn, Unfit};
use hoesu_testkit::{TestLedger, on_both};
use jiff::{SignedDuration, Timestamp};

use crate::tell::at;

const PASSWORD: &str = "별이 쏟아지는 밤에";
const HERE: &str = "192.0.2.7";

fn hours(hours: i64) -> Timestamp {
    at(1_000) + SignedDuration::from_hours(hours)
}

async fn seller(ledger: &Ledger) -> SellerId {
    ledger.add_seller("하나", at(1)).await.unwrap().id
}

async fn person(ledger: &Ledger, seller: SellerId, name: &str, role: Role) -> Person {
    ledger.add_person(seller, name, role, Some(PASSWORD), at(2)).await.unwrap().unwrap().0
}

async fn signs_in(ledger: &Ledger, name: &str, password: &str, now: Timestamp) -> String {
    let SignIn::In(token) = ledger.sign_in(name, password, HERE, now).await.unwrap() else {
        panic!("{name} did not sign in")
    };
    token.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_by_name_and_password_and_out() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        assert!(!ledger.has_people().await.unwrap());
        let minji = person(&ledger, seller, " Minji ", Role::Operator).await;
        assert!(ledger.has_people().await.unwrap());
        assert_eq!((minji.id, minji.name.as_str()), (PersonId { home: seller, no: 1 }, "minji"));

        let token = signs_in(&ledger, "MINJI", PASSWORD, at(3)).await;
        let session = ledger.session(&token, at(4)).await.unwrap().unwrap();
        assert_eq!((session.person, session.role), (minji.clone(), Role::Operator));
        assert_eq!((session.seller.name.as_str(), session.opened_at), ("하나", at(3)));
        for (name, password) in [("minji", "별이 쏟아지는 낮에"), ("nobody", PASSWORD), ("", "")]
        {
            let refused = ledger.sign_in(name, password, "192.0.2.8", at(3)).await.unwrap();
            assert!(matches!(refused, SignIn::Refused), "{name} {refused:?}");
        }
        let (head, secret) = token.rsplit_once('_').unwrap();
        for other in [format!("{head}_{}", "A".repeat(43)), format!("s1_9_{secret}"), String::new()]
        {
            assert!(ledger.session(&other, at(4)).await.unwrap().is_none(), "{other}");
        }
        ledger.sign_out(&format!("{head}_{}", "A".repeat(43))).await.unwrap();
        assert!(ledger.session(&token, at(4)).await.unwrap().is_some());
        ledger.sign_out(&token).await.unwrap();
        assert!(ledger.session(&token, at(4)).await.unwrap().is_none());

        let two = [
            signs_in(&ledger, "minji", PASSWORD, at(5)).await,
            signs_in(&ledger, "minji", PASSWORD, at(5)).await,
        ];
        ledger.sign_out_everywhere(minji.id).await.unwrap();
        for token in two {
            assert!(ledger.session(&token, at(6)).await.unwrap().is_none());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_eight_idle_hours_and_after_seven_days() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        person(&ledger, seller, "minji", Role::Viewer).await;
        let idle = signs_in(&ledger, "minji", PASSWORD, hours(0)).await;
        let busy = signs_in(&ledger, "minji", PASSWORD, hours(0)).await;
        for hour in (4..7 * 24).step_by(4) {
            assert!(ledger.session(&busy, hours(hour)).await.unwrap().is_some(), "{hour}");
        }
        assert!(ledger.session(&idle, hours(8)).await.unwrap().is_none());
        assert!(ledger.session(&busy, hours(7 * 24)).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_failures_lock_a_name_everywhere_and_an_address_for_everybody() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        person(&ledger, seller, "minji", Role::Viewer).await;
        person(&ledger, seller, "jiho", Role::Viewer).await;
        for nth in 0..5 {
            let from = format!("192.0.2.{nth}");
            let refused = ledger.sign_in("minji", "wrong password", &from, at(nth)).await.unwrap();
            assert!(matches!(refused, SignIn::Refused), "{refused:?}");
        }
        let locked = ledger.sign_in("minji", PASSWORD, HERE, at(10)).await.unwrap();
        assert!(
            matches!(locked, SignIn::Locked(until) if until == at(4) + LOCKED_FOR),
            "{locked:?}"
        );
        signs_in(&ledger, "jiho", PASSWORD, at(11)).await;
        signs_in(&ledger, "minji", PASSWORD, at(4) + LOCKED_FOR).await;

        let later = hours(2);
        for nth in 0..5 {
            let name = format!("guess{nth}");
            ledger.sign_in(&name, "wrong password", HERE, later).await.unwrap();
        }
        let locked = ledger.sign_in("jiho", PASSWORD, HERE, later).await.unwrap();
        assert!(matches!(locked, SignIn::Locked(_)), "{locked:?}");
        let elsewhere = ledger.sign_in("jiho", PASSWORD, "192.0.2.99", later).await.unwrap();
        assert!(matches!(elsewhere, SignIn::In(_)), "{elsewhere:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_are_five_guesses() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        person(&ledger, seller, "minji", Role::Viewer).await;
        let guesses = (0..12).map(|nth| {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                let from = format!("192.0.2.{nth}");
                ledger.sign_in("minji", "wrong password", &from, at(3)).await.unwrap()
            })
        });
        let guesses: Vec<_> = guesses.collect();
        let mut refused = 0;
        for guess in guesses {
            refused += usize::from(matches!(guess.await.unwrap(), SignIn::Refused));
        }
        assert_eq!(refused, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_makes_an_admin_by_a_link_good_once() {
    on_both(async |ledger: TestLedger| {
        let old = ledger.set_up_link(at(1)).await.unwrap().unwrap();
        let link = ledger.set_up_link(at(2)).await.unwrap().unwrap();
        assert!(ledger.link(&old.text, at(3)).await.unwrap().is_none(), "a new one ends the old");
        let good = ledger.link(&link.text, at(3)).await.unwrap().unwrap();
        assert_eq!((good.use_for, good.person), (LinkUse::SetUp, None));
        assert!(ledger.link(&link.text, link.until).await.unwrap().is_none());

        let short = ledger.set_up(&link.text, "하나", "minji", "short", at(3)).await.unwrap();
        assert_eq!(short, Err(Unfit::PasswordShort));
        assert!(ledger.sellers().await.unwrap().is_empty());
        let minji =
            ledger.set_up(&link.text, "하나", "minji", PASSWORD, at(3)).await.unwrap().unwrap();
        let again = ledger.set_up(&link.text, "하나", "jiho", PASSWORD, at(4)).await.unwrap();
        assert_eq!(again, Err(Unfit::Gone));
        assert!(ledger.set_up_link(at(4)).await.unwrap().is_none());
        let token = signs_in(&ledger, "minji", PASSWORD, at(5)).await;
        let session = ledger.session(&token, at(5)).await.unwrap().unwrap();
        assert_eq!((session.person, session.role), (minji, Role::Admin));
        assert_eq!(session.seller.name, "하나");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_sees_every_seller_there_is() {
    on_both(async |ledger: TestLedger| {
        let first = seller(&ledger).await;
        let second = ledger.add_seller("둘", at(1)).await.unwrap().id;
        let link = ledger.set_up_link(at(2)).await.unwrap().unwrap();
        ledger.set_up(&link.text, "", "minji", PASSWORD, at(3)).await.unwrap().unwrap();
        let token = signs_in(&ledger, "minji", PASSWORD, at(4)).await;
        let shown = async || ledger.session(&token, at(5)).await.unwrap().unwrap().seller.id;
        assert_eq!(shown().await, first);
        assert!(ledger.show_seller(&token, second, at(5)).await.unwrap());
        assert_eq!(shown().await, second);
        let third = ledger.add_seller("셋", at(1)).await.unwrap().id;
        assert!(!ledger.show_seller(&token, third, at(5)).await.unwrap());
        assert_eq!(shown().await, second);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_chooses_a_password_once_and_a_reset_ends_the_sessions() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        let added = ledger.add_person(seller, "minji", Role::Viewer, None, at(2)).await.unwrap();
        let (minji, link) = added.unwrap();
        let link = link.unwrap();
        assert!(!minji.has_password);
        let early = ledger.sign_in("minji", "", HERE, at(3)).await.unwrap();
        assert!(matches!(early, SignIn::Refused), "{early:?}");
        let choose =
            async |link: &str| ledger.choose_password(link, PASSWORD, at(4)).await.unwrap();
        assert!(choose(&link.text).await.unwrap().has_password);
        assert_eq!(choose(&link.text).await, Err(Unfit::Gone));
        let token = signs_in(&ledger, "minji", PASSWORD, at(5)).await;

        let reset = ledger.reset_link(minji.id, at(6)).await.unwrap().unwrap();
        assert!(
            ledger.session(&token, at(6)).await.unwrap().is_some(),
            "a link alone ends nothing"
        );
        choose(&reset.text).await.unwrap();
        assert!(ledger.session(&token, at(7)).await.unwrap().is_none());
        let nobody = PersonId { home: seller, no: 9 };
        assert_eq!(ledger.reset_link(nobody, at(8)).await.unwrap().err(), Some(Unfit::Gone));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_the_other_sessions() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        person(&ledger, seller, "minji", Role::Viewer).await;
        let asks = signs_in(&ledger, "minji", PASSWORD, at(3)).await;
        let other = signs_in(&ledger, "minji", PASSWORD, at(3)).await;
        let new = "달이 기우는 새벽에";
        let change =
            async |old: &str| ledger.change_password(&asks, old, new, HERE, at(4)).await.unwrap();
        assert_eq!(change("wrong password").await, Err(Unfit::PasswordWrong));
        assert_eq!(change(PASSWORD).await, Ok(()));
        assert!(ledger.session(&asks, at(5)).await.unwrap().is_some());
        assert!(ledger.session(&other, at(5)).await.unwrap().is_none());
        signs_in(&ledger, "minji", new, at(6)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_and_good_once() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        let minji = person(&ledger, seller, "minji", Role::Viewer).await;
        let secret = Ledger::new_code_secret();
        let now = at(90_000_000);
        let wrong = ledger.set_code(minji.id, Some((&secret, "12345")), now).await.unwrap();
        assert_eq!(wrong, Err(Unfit::CodeWrong));
        let code = code(&secret, now);
        ledger.set_code(minji.id, Some((&secret, &code)), now).await.unwrap().unwrap();
        assert!(ledger.person(minji.id).await.unwrap().unwrap().has_code);

        let asked = async || {
            let step = ledger.sign_in("minji", PASSWORD, HERE, now).await.unwrap();
            let SignIn::CodeWanted(token) = step else { panic!("a code is wanted") };
            token.to_string()
        };
        let token = asked().await;
        assert!(ledger.session(&token, now).await.unwrap().is_none(), "half signed in is not");
        let wrong = ledger.give_code(&token, "x", HERE, now).await.unwrap();
        assert!(matches!(wrong, SignIn::CodeWanted(_)), "{wrong:?}");
        let SignIn::In(signed) = ledger.give_code(&token, &code, HERE, now).await.unwrap() else {
            panic!("the code is right")
        };
        assert!(ledger.session(&signed, now).await.unwrap().is_some());
        let over = ledger.give_code(&token, &code, HERE, now).await.unwrap();
        assert!(
            matches!(over, SignIn::Refused),
            "what was shown before is shown no more: {over:?}"
        );
        let again = asked().await;
        let used = ledger.give_code(&again, &code, HERE, now).await.unwrap();
        assert!(matches!(used, SignIn::CodeWanted(_)), "{used:?}");
        let late = ledger
            .give_code(&again, &code, HERE, now + SignedDuration::from_mins(10))
            .await
            .unwrap();
        assert!(matches!(late, SignIn::Refused), "{late:?}");
        // A code used while the clock was ahead keeps nobody out after it was set right.
        let ahead = now + SignedDuration::from_hours(2);
        let SignIn::CodeWanted(token) =
            ledger.sign_in("minji", PASSWORD, HERE, ahead).await.unwrap()
        else {
            panic!("a code is wanted")
        };
        let used =
            ledger.give_code(&token, &self::code(&secret, ahead), HERE, ahead).await.unwrap();
        assert!(matches!(used, SignIn::In(_)), "{used:?}");
        let token = asked().await;
        let right = ledger.give_code(&token, &code, HERE, now).await.unwrap();
        assert!(matches!(right, SignIn::In(_)), "{right:?}");
        let token = asked().await;
        let again = ledger.give_code(&token, &code, HERE, now).await.unwrap();
        assert!(matches!(again, SignIn::CodeWanted(_)), "still good once: {again:?}");
        ledger.set_code(minji.id, None, now).await.unwrap().unwrap();
        signs_in(&ledger, "minji", PASSWORD, now).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_lock_like_wrong_passwords() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        let minji = person(&ledger, seller, "minji", Role::Viewer).await;
        let secret = Ledger::new_code_secret();
        let now = at(90_000_000);
        ledger
            .set_code(minji.id, Some((&secret, &code(&secret, now))), now)
            .await
            .unwrap()
            .unwrap();
        // The right password alone forgives nothing: it is booked until the code is right too.
        let SignIn::CodeWanted(token) = ledger.sign_in("minji", PASSWORD, HERE, now).await.unwrap()
        else {
            panic!("a code is wanted")
        };
        let mut wrong = 0;
        while let SignIn::CodeWanted(_) = ledger.give_code(&token, "x", HERE, now).await.unwrap() {
            wrong += 1;
        }
        assert_eq!(wrong, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_per_seller_and_counts_at_the_next_request() {
    on_both(async |ledger: TestLedger| {
        let first = seller(&ledger).await;
        let second = ledger.add_seller("둘", at(1)).await.unwrap().id;
        let boss = person(&ledger, first, "boss", Role::Admin).await;
        let minji = person(&ledger, first, "minji", Role::Viewer).await;
        ledger.set_role(second, minji.id, Some(Role::Operator), at(3)).await.unwrap().unwrap();
        let token = signs_in(&ledger, "minji", PASSWORD, at(4)).await;
        let session = ledger.session(&token, at(4)).await.unwrap().unwrap();
        let roles: Vec<_> =
            session.sellers.iter().map(|(seller, role)| (seller.id, *role)).collect();
        assert_eq!(roles, [(first, Role::Viewer), (second, Role::Operator)]);
        assert_eq!(ledger.members(second).await.unwrap().len(), 1);

        ledger.set_role(first, minji.id, None, at(5)).await.unwrap().unwrap();
        let session = ledger.session(&token, at(5)).await.unwrap().unwrap();
        assert_eq!((session.seller.id, session.role), (second, Role::Operator));
        ledger.set_role(second, minji.id, None, at(5)).await.unwrap().unwrap();
        assert!(ledger.session(&token, at(5)).await.unwrap().is_none());

        for role in [None, Some(Role::Viewer)] {
            let refused = ledger.set_role(first, boss.id, role, at(6)).await.unwrap();
            assert_eq!(refused, Err(Unfit::LastAdmin));
        }
        assert_eq!(ledger.set_disabled(boss.id, true, at(6)).await.unwrap(), Err(Unfit::LastAdmin));
        person(&ledger, first, "chief", Role::Admin).await;
        ledger.set_disabled(boss.id, true, at(6)).await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_is_let_in_nowhere_until_let_in_again() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        let minji = person(&ledger, seller, "minji", Role::Viewer).await;
        let token = signs_in(&ledger, "minji", PASSWORD, at(3)).await;
        let reset = ledger.reset_link(minji.id, at(3)).await.unwrap().unwrap();
        ledger.again().await.set_disabled(minji.id, true, at(4)).await.unwrap().unwrap();
        assert!(ledger.session(&token, at(5)).await.unwrap().is_none());
        assert!(ledger.link(&reset.text, at(5)).await.unwrap().is_none());
        let refused = ledger.sign_in("minji", PASSWORD, HERE, at(5)).await.unwrap();
        assert!(matches!(refused, SignIn::Refused), "{refused:?}");
        ledger.set_disabled(minji.id, false, at(6)).await.unwrap().unwrap();
        signs_in(&ledger, "minji", PASSWORD, at(7)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_anybodys_once() {
    on_both(async |ledger: TestLedger| {
        let first = seller(&ledger).await;
        let second = ledger.add_seller("둘", at(1)).await.unwrap().id;
        person(&ledger, first, "minji", Role::Viewer).await;
        let add =
            async |seller, name| ledger.add_person(seller, name, Role::Viewer, None, at(3)).await;
        assert_eq!(add(second, "Minji").await.unwrap().err(), Some(Unfit::NameTaken));
        assert_eq!(add(second, "a b").await.unwrap().err(), Some(Unfit::Name));
        assert!(add(SellerId(9), "jiho").await.is_err());
        assert_eq!(add(second, "jiho").await.unwrap().unwrap().0.id.no, 1);
        assert_eq!(ledger.person_named("JIHO").await.unwrap().unwrap().id.home, second);
        assert!(ledger.person_named("nobody").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demos_link_signs_in_as_often_as_it_is_followed_until_it_runs_out() {
    on_both(async |ledger: TestLedger| {
        let seller = seller(&ledger).await;
        let minji = person(&ledger, seller, "minji", Role::Admin).await;
        let lasts = SignedDuration::from_hours(1);
        let link = ledger.enter_link(minji.id, lasts, hours(0)).await.unwrap();
        for _ in 0..2 {
            let token = ledger.enter(&link.text, HERE, hours(0)).await.unwrap().unwrap();
            assert!(ledger.session(&token, hours(0)).await.unwrap().is_some());
        }
        assert!(ledger.enter(&link.text, HERE, hours(1)).await.unwrap().is_none());
        let reset = ledger.reset_link(minji.id, hours(0)).await.unwrap().unwrap();
        assert!(ledger.enter(&reset.text, HERE, hours(0)).await.unwrap().is_none());
    })
    .await;
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
