//! `hoesu close`: a person closes a finding.

use std::sync::Arc;

use clap::Args;
use hoesu_engine::told::KeptFinding;
use hoesu_engine::{Docket, catch_up};
use hoesu_ledger::cases::{CloseOutcome, Closing};

use crate::account::Whose;
use crate::failure::{Exit, Result, fail};
use crate::finding;
use crate::given;
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;

/// Close a finding; who, when and why is kept.
#[derive(Debug, Args)]
pub(crate) struct Close {
    /// The finding's id, as `hoesu findings` prints it.
    finding: String,
    /// Why. Kept sealed.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Even though its condition stands. It stays closed until the condition goes and comes back.
    #[arg(long)]
    force: bool,
    /// Who closes it; the system's user unless given.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    whose: Whose,
}

impl Close {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let seller = pick::whose(&ledger, self.whose.seller.as_deref()).await?;
        let id = self.finding.trim().to_owned();
        let reason = self.reason.trim().to_owned();
        if reason.is_empty() {
            return Err(fail!("왜 닫는지 --reason에 적어 주세요", "say why in --reason"));
        }
        // What closed by itself meanwhile needs no person.
        catch_up(&ledger, seller.id, shell.now).await?;
        let closing = Closing {
            id: id.clone(),
            actor: self.by.unwrap_or_else(given::user),
            reason,
            force: self.force,
            at: shell.now,
        };
        match ledger.close(seller.id, closing).await? {
            CloseOutcome::Closed => {}
            CloseOutcome::Unknown => {
                return Err(fail!(
                    "{id} 발견이 없어요. `hoesu findings`가 보여 주는 이름을 그대로 적어 주세요",
                    "there is no finding {id}; give its id as `hoesu findings` prints it"
                ));
            }
            CloseOutcome::WasClosed => {
                return Err(fail!(
                    "{id} 발견은 이미 닫혔어요",
                    "the finding {id} is closed already"
                ));
            }
            CloseOutcome::Stands => {
                return Err(fail!(
                    "{id}: 아직 그대로예요. 조건이 없어지면 저절로 닫혀요. 그래도 닫으려면 --force를 붙여 주세요",
                    "{id}: its condition stands, and it closes by itself when that goes; to close it all the same, add --force"
                ));
            }
        }
        let kept = ledger.finding(seller.id, &id).await?;
        let names = Docket::open(Arc::clone(&ledger), seller.id).await?.names();
        let Some(kept) = kept.map(|kept| KeptFinding::tell(&names, kept)) else {
            return Ok(Exit::Done);
        };
        if shell.json {
            shell.value(&kept)?;
        } else {
            shell.line(finding::text(&kept.finding, shell.lang))?;
            shell.note(say!(shell.lang, "닫았어요", "closed"));
        }
        Ok(Exit::Done)
    }
}
