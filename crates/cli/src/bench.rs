//! `hoesu bench`: how fast the surfaces are on this machine.

use clap::{Args, Subcommand};

use crate::failure::{Exit, Result, fail};
use crate::shell::Shell;

/// Measure this machine.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The surfaces over invented documents, beside a fixed answer as the ceiling.
    Surfaces(Surfaces),
}

/// How to measure the surfaces.
#[derive(Debug, Args)]
pub(crate) struct Surfaces {
    /// How many documents; repeatable. 100000 unless given.
    #[arg(long, value_name = "N")]
    pub(crate) documents: Vec<u64>,
    /// How long each measurement runs; 10 unless given.
    #[arg(long, value_name = "N")]
    pub(crate) seconds: Option<u64>,
    /// Connections of the client; 64 unless given.
    #[arg(long, value_name = "N")]
    pub(crate) connections: Option<usize>,
}

impl Bench {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        match self.what {
            What::Surfaces(surfaces) => surfaces.run(shell).await,
        }
    }
}

impl Surfaces {
    #[expect(clippy::unused_async, reason = "the measurement itself is asynchronous")]
    async fn run(self, _shell: &Shell) -> Result<Exit> {
        let documents = self.documents;
        Err(fail!("{documents:?}건은 아직 잴 수 없어요", "{documents:?} cannot be measured yet"))
    }
}
