//! Cases as they are told.

use hoesu_claims::case::{Balance, LineOf, Tracks};
use hoesu_claims::fact::Fact;
use hoesu_ledger::cases::KeptCase;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Evidence, Finding, Names, findings};
use crate::{Docket, Result};

/// Everything known about one order.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Case {
    /// The order's number at its sales channel.
    #[schema(example = "500000001")]
    pub order: String,
    /// The account it stands under.
    #[schema(example = "market")]
    pub account: String,
    /// The sales accounts it may belong to, if nobody can tell; else empty.
    pub candidates: Vec<String>,
    /// Where it stands.
    pub tracks: Tracks,
    /// The lines, as the sales channel has them.
    pub lines: Vec<LineOf>,
    /// Sales and warehouse side by side: by resource if the item map knows every line, else the order
    /// as a whole.
    pub balances: Vec<Balance>,
    /// What happened, in order of time. No personal data.
    pub timeline: Vec<Happened>,
    /// Its documents.
    pub documents: Vec<CaseDocument>,
    /// What is wrong or due now, the most urgent first.
    pub findings: Vec<Finding>,
    /// When the findings change by themselves; null if never.
    pub wake_at: Option<Timestamp>,
}

/// A fact, and the document that tells it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Happened {
    /// What happened, and when.
    #[serde(flatten)]
    pub fact: Fact,
    /// Which document tells it.
    pub document: Evidence,
}

/// A document in its current version, and all its versions.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CaseDocument {
    /// The current version.
    #[serde(flatten)]
    pub current: Evidence,
    /// All of them, by arrival.
    pub versions: Vec<Version>,
}

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Version {
    /// Counted from 1 by arrival.
    pub version: i64,
    /// When the channel was heard saying this.
    pub observed_at: Timestamp,
}

/// Tells a case as it stands at an instant.
pub async fn case(docket: &Docket, case: hoesu_claims::Case, now: Timestamp) -> Result<Case> {
    let names = docket.names();
    let mut documents = Vec::new();
    for document in &case.documents {
        let versions = docket.versions(document).await?.into_iter();
        let versions =
            versions.map(|one| Version { version: one.version, observed_at: one.observed_at });
        let current = Evidence::of(&names, document);
        documents.push(CaseDocument { current, versions: versions.collect() });
    }
    let mut findings = findings(docket, std::slice::from_ref(&case), now);
    // What a person closed stays closed for as long as its condition lasts.
    let kept = docket.ledger.standing(docket.seller, vec![case.key.text()]).await?;
    for finding in &mut findings {
        if let Some(kept) = kept.iter().find(|kept| kept.finding.id == finding.id) {
            finding.state = kept.standing.into();
        }
    }
    let wake_at = docket.assess(&case, now).wake_at;
    let timeline = case.timeline.into_iter().filter_map(|(by, fact)| {
        Some(Happened { fact, document: Evidence::of(&names, case.documents.get(by)?) })
    });
    Ok(Case {
        order: case.key.number().to_owned(),
        account: names.name(case.key.account()),
        candidates: case.candidates.iter().map(|id| names.name(*id)).collect(),
        tracks: case.tracks,
        lines: case.lines,
        balances: case.balances,
        timeline: timeline.collect(),
        documents,
        findings,
        wake_at,
    })
}

/// An order as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseSummary {
    /// The order's number at its sales channel: `GET /api/v1/cases/{order}` reads it whole.
    #[schema(example = "500000001")]
    pub order: String,
    /// The account it stands under.
    #[schema(example = "market")]
    pub account: String,
    /// Where it stood when it was looked at last.
    #[schema(value_type = Tracks)]
    pub tracks: SummaryTracks,
    /// When the first thing known of it happened.
    pub since: Timestamp,
    /// When the last thing known of it happened.
    pub changed_at: Timestamp,
    /// How many findings are open.
    pub open_findings: u32,
    /// When its findings change by themselves; null if never.
    pub wake_at: Option<Timestamp>,
}

/// [`Tracks`] in the words they are kept in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SummaryTracks {
    /// What is asked for and decided.
    pub claim: String,
    /// Where the goods are.
    pub goods: String,
    /// Where the money is.
    pub money: String,
}

impl CaseSummary {
    /// Tells what the ledger keeps.
    pub fn tell(names: &Names, kept: KeptCase) -> Self {
        let KeptCase { account, order, claim, goods, money, since, changed_at, findings, .. } =
            kept;
        Self {
            order,
            account: names.name(account),
            tracks: SummaryTracks { claim, goods, money },
            since,
            changed_at,
            open_findings: findings,
            wake_at: kept.wake_at,
        }
    }
}
