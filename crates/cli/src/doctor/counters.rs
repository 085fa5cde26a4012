//! The numbers given last, as the doctor tells of them and mends them.

use std::collections::HashMap;

use hoesu_claims::{AccountId, SellerId};
use hoesu_ledger::{Counter, Ledger};

use super::{Check, Finding};
use crate::failure::Result;
use crate::lang::{Lang, say};

/// What the counters are like; raised first if they are to be.
pub(super) async fn findings(lang: Lang, ledger: &Ledger, repair: bool) -> Result<Vec<Finding>> {
    let names = Names::of(ledger).await?;
    let check = Check::of(lang, "counters", "순번", "counters");
    let mended = Check::of(lang, "repair", "복구", "repair");
    let mut findings = Vec::new();
    if repair {
        let raised = ledger.raise_counters().await?;
        findings.extend(raised.iter().map(|counter| {
            let (whose, Counter { counted, highest, .. }) = (names.whose(lang, counter), counter);
            Finding::ok(
                mended,
                say!(
                    lang,
                    "{whose}: {counted}에서 {highest}(으)로 바로잡았어요",
                    "{whose}: raised from {counted} to {highest}"
                ),
            )
        }));
        if raised.is_empty() {
            let nothing = lang.pick("바로잡을 것이 없어요", "there was nothing to mend");
            findings.push(Finding::ok(mended, nothing));
        }
    }
    let wrong = ledger.wrong_counters().await?;
    if wrong.is_empty() {
        let well = lang.pick("실제 기록과 맞아요", "they agree with the rows");
        findings.push(Finding::ok(check, well));
    }
    findings.extend(wrong.iter().map(|counter| {
        let (whose, Counter { counted, highest, .. }) = (names.whose(lang, counter), counter);
        if counter.is_behind() {
            Finding::fail(
                check,
                say!(
                    lang,
                    "{whose}: {counted}(으)로 적혀 있지만 기록에는 {highest}까지 있어요. 새 원문을 넣을 수 없어요",
                    "{whose}: counted as {counted}, and the rows go up to {highest}; nothing new can be added"
                ),
                lang.pick(
                    "`hoesu doctor --repair`로 바로잡아 주세요",
                    "mend it with `hoesu doctor --repair`",
                ),
            )
        } else {
            Finding::warn(
                check,
                say!(
                    lang,
                    "{whose}: {counted}(으)로 적혀 있지만 기록은 {highest}까지만 있어요",
                    "{whose}: counted as {counted}, and the rows end at {highest}"
                ),
                lang.pick(
                    "한 번 쓴 번호는 다시 쓰지 않으므로 그대로 두고, 다음 원문부터 저절로 맞아요. 최근 원문이 사라지지 않았는지 백업과 비교해 주세요",
                    "left as it is, since a number once given is not given again; the next document makes it agree. \
                     Compare with your backup whether the newest documents are missing",
                ),
            )
        }
    }));
    Ok(findings)
}

/// What sellers and accounts are called.
struct Names {
    sellers: HashMap<SellerId, String>,
    accounts: HashMap<(SellerId, AccountId), String>,
}

impl Names {
    async fn of(ledger: &Ledger) -> Result<Self> {
        let sellers = ledger.sellers().await?.into_iter();
        let accounts = ledger.accounts().await?.into_iter();
        Ok(Self {
            sellers: sellers.map(|seller| (seller.id, seller.name)).collect(),
            accounts: accounts.map(|one| ((one.seller, one.id), one.name)).collect(),
        })
    }

    /// What a counter counts.
    fn whose(&self, lang: Lang, counter: &Counter) -> String {
        let numbered = |id: i64| format!("#{id}");
        let seller = self.sellers.get(&counter.seller).cloned();
        let seller = seller.unwrap_or_else(|| numbered(counter.seller.0));
        let Some((account, kind)) = &counter.shelf else {
            return say!(
                lang,
                "판매자 {seller}의 변경 순번",
                "the change sequence of seller {seller}"
            );
        };
        let name = self.accounts.get(&(counter.seller, *account)).cloned();
        let account = name.unwrap_or_else(|| numbered(account.0));
        say!(
            lang,
            "판매자 {seller}, 계정 {account}의 {kind} 원문 번호",
            "the {kind} documents of seller {seller}, account {account}"
        )
    }
}
