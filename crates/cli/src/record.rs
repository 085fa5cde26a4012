//! What the access log says of what was done on the command line.

use hoesu_claims::SellerId;
use hoesu_ledger::{Access, Deed, Ledger};

use crate::failure::Result;
use crate::given;
use crate::shell::Shell;

/// Writes a line about whoever sits before the shell.
pub(crate) async fn record(
    shell: &Shell,
    ledger: &Ledger,
    seller: SellerId,
    what: Deed,
    whose: &str,
    reason: &str,
) -> Result<()> {
    let access = Access {
        at: shell.now,
        who: given::user(),
        origin: "cli".to_owned(),
        what,
        whose: whose.to_owned(),
        reason: reason.to_owned(),
    };
    Ok(ledger.note(seller, access).await?)
}
