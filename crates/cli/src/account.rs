//! `hoesu account`: a seller's contracts with channels.

mod add;
mod credential;
mod list;
mod rotate;
mod show;
mod switch;

use clap::{Args, Subcommand};

use crate::failure::{Exit, Result};
use crate::given::{self, Pair};
use crate::shell::Shell;

pub(crate) use credential::fill;

/// Accounts: a seller's contracts with channels.
#[derive(Debug, Args)]
pub(crate) struct Account {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add an account and print its credential, once.
    Add {
        /// The channel's id.
        channel: String,
        /// The account's name, unique among the seller's.
        name: String,
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        given: Given,
    },
    /// List the accounts.
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// Show one account, without its secrets.
    Show(Named),
    /// Give an account a new credential and print it, once; the old one stops working.
    Rotate {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        given: Given,
    },
    /// Let nobody in with an account's credential any more.
    Disable(Named),
    /// Let an account's credential in again.
    Enable(Named),
}

/// Which seller.
#[derive(Debug, Args)]
pub(crate) struct Whose {
    /// The seller; needed if there are several.
    #[arg(long, value_name = "SELLER")]
    pub(crate) seller: Option<String>,
}

/// Which account.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The account's name.
    #[arg(value_name = "ACCOUNT")]
    pub(crate) account: String,
    #[command(flatten)]
    pub(crate) whose: Whose,
}

/// What is given of an account.
#[derive(Debug, Args)]
pub(crate) struct Given {
    /// A setting or a field of the credential; repeatable. Fields not given are made.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = given::pair)]
    pub(crate) set: Vec<Pair>,
}

impl Account {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        match self.verb {
            Verb::Add { channel, name, whose, given } => {
                add::run(shell, &channel, &name, whose.seller.as_deref(), &given.set).await
            }
            Verb::List { whose } => list::run(shell, whose.seller.as_deref()).await,
            Verb::Show(named) => show::run(shell, &named).await,
            Verb::Rotate { named, given } => rotate::run(shell, &named, &given.set).await,
            Verb::Disable(named) => switch::run(shell, &named, false).await,
            Verb::Enable(named) => switch::run(shell, &named, true).await,
        }
    }
}
