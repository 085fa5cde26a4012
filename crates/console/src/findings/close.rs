//! Closing findings, one or many, with a reason.

use axum::extract::{Form, State};
use axum::response::Redirect;
use hoesu_channels::Desk;
use hoesu_engine::catch_up;
use hoesu_ledger::Role;
use hoesu_ledger::cases::{CloseOutcome, Closing};

use crate::asked::address;
use crate::lang::{Lang, say};
use crate::look::{Look, is_ours};
use crate::trouble::Trouble;

/// The longest reason, in characters.
const REASON_CHARS_MAX: usize = 1_000;

/// Closes what was ticked and goes back, with what came of it in the address.
pub(crate) async fn close(
    State(desk): State<Desk>,
    look: Look,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Redirect, Trouble> {
    look.signed.may(Role::Operator)?;
    let value = |name: &str| {
        pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    };
    let back = Some(value("back")).filter(|back| is_ours(back)).unwrap_or("/console/findings");
    let reason = value("reason");
    let ids: Vec<&str> =
        pairs.iter().filter(|(name, _)| name == "id").map(|(_, id)| id.as_str()).collect();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        return Ok(Redirect::to(&done(back, "why")));
    }
    let now = desk.clock.now();
    // What closed by itself meanwhile needs no person.
    catch_up(&desk.ledger, look.signed.seller, now).await?;
    let (mut closed, mut stood, mut gone) = (0, 0, 0);
    for id in ids {
        let closing = Closing {
            id: id.to_owned(),
            actor: look.signed.person.clone(),
            reason: reason.to_owned(),
            force: value("force") == "on",
            at: now,
        };
        match desk.ledger.close(look.signed.seller, closing).await? {
            CloseOutcome::Closed => closed += 1,
            CloseOutcome::Stands => stood += 1,
            CloseOutcome::WasClosed | CloseOutcome::Unknown => gone += 1,
        }
    }
    Ok(Redirect::to(&done(back, &format!("{closed}.{stood}.{gone}"))))
}

/// An address with what came of it; what an earlier closing came to is taken out.
fn done(back: &str, what: &str) -> String {
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("done="));
    let kept: Vec<&str> = kept.collect();
    let with = address("", [("done", what)]);
    if kept.is_empty() {
        format!("{path}{with}")
    } else {
        format!("{path}?{}&{}", kept.join("&"), &with[1..])
    }
}

/// What came of a closing, in words.
pub(crate) fn said(done: Option<&str>, lang: Lang) -> Option<String> {
    let done = done?;
    if done == "why" {
        let why =
            lang.pick("닫는 이유를 1~1,000자로 적어 주세요.", "Say why, in 1 to 1,000 characters.");
        return Some(why.to_owned());
    }
    let counts: Vec<u64> = done.split('.').filter_map(|count| count.parse().ok()).collect();
    let [closed, stood, gone] = counts.as_slice() else { return None };
    let mut said = say!(lang, "{closed}건을 닫았어요.", "{closed} closed.");
    if *stood > 0 {
        said.push_str(&say!(
            lang,
            " {stood}건은 조건이 그대로여서 닫지 않았어요. 그래도 닫으려면 «강제로»를 켜 주세요.",
            " {stood} still stand and were left open; tick «by force» to close them all the same."
        ));
    }
    if *gone > 0 {
        said.push_str(&say!(
            lang,
            " {gone}건은 이미 닫혀 있었어요.",
            " {gone} had been closed before."
        ));
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_it_stands_in_the_address_once() {
        assert_eq!(done("/console/findings", "1.0.0"), "/console/findings?done=1.0.0");
        assert_eq!(
            done("/console/findings?rule=x&done=2.0.0", "1.1.0"),
            "/console/findings?rule=x&done=1.1.0"
        );
        assert!(said(Some("2.1.0"), Lang::Ko).unwrap().contains("강제로"));
        assert_eq!(said(Some("<b>"), Lang::Ko), None);
    }
}
