//! `hoesu assess`: what is wrong or due at an instant, worked out from documents and not written.

use clap::Args;
use hoesu_engine::told;
use jiff::Timestamp;
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::finding;
use crate::given;
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;
use crate::when;

/// Say what is wrong or due at an instant. What happened later is not known yet; nothing is written.
#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// The instant; without a zone it is KST.
    #[arg(long, value_name = "INSTANT", value_parser = given::instant)]
    at: Timestamp,
    /// Only this order: its number, a claim's or an outbound waybill.
    #[arg(long, value_name = "ORDER")]
    order: Option<String>,
    #[command(flatten)]
    whose: Whose,
}

impl Assess {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let docket = pick::docket(&ledger, self.whose.seller.as_deref()).await?;
        let cases = match &self.order {
            Some(order) => pick::cases(&docket, order, Some(self.at)).await?,
            None => docket.cases(Some(self.at)).await?,
        };
        let findings = told::findings(&docket, &cases, self.at);
        if shell.json {
            shell.value(&json!({ "findings": findings }))?;
            return Ok(Exit::Done);
        }
        let (at, orders, count) = (when::kst(self.at), cases.len(), findings.len());
        for finding in &findings {
            shell.line(finding::text(finding, shell.lang))?;
        }
        shell.note(say!(
            shell.lang,
            "한국 시간 {at} 기준으로 {orders}건에서 {count}가지를 찾았어요.",
            "{count} found in {orders} cases as of {at} in Korea."
        ));
        Ok(Exit::Done)
    }
}
