//! The claims of a case: each receipt on its own, merged from every document that tells of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Case, Doc, Seen, Unit, line_key};
use crate::fact::{
    ClaimKind, Collection, Fault, Line, Quantity, Reason, Release, Stage, Stop, Tells, pieces,
};
use crate::id::AccountId;
use crate::money::Won;

/// A line a claim asks about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Which.
    pub line: Line,
    /// How many; `None` if not said.
    pub quantity: Option<Quantity>,
    /// Whether they left, as the channel sees it.
    pub release: Option<Release>,
    /// Pieces of these beyond what there is: refunded twice, or to be.
    pub beyond: Quantity,
}

/// What came back for a claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Back {
    /// Pieces, in the warehouse's units.
    pub quantity: Quantity,
    /// The first of them.
    pub first: Option<Seen>,
    /// The latest of them.
    pub last: Option<Seen>,
    /// Documents that tell of them.
    pub docs: BTreeSet<Doc>,
    /// They may be another claim's: no waybill tells, and the item map does not settle it.
    pub is_guess: bool,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The sales account.
    pub account: AccountId,
    /// Its number there.
    pub number: String,
    /// What it asks for; `None` if only its end is known.
    pub kind: Option<ClaimKind>,
    /// Why.
    pub reason: Reason,
    /// When it was opened.
    pub opened: Option<Seen>,
    /// Whose fault.
    pub fault: Option<(Fault, Seen)>,
    /// What the way back costs: above zero the seller pays, below zero the buyer.
    pub charge: Option<(Won, Seen)>,
    /// What it asks about.
    pub lines: Vec<Asked>,
    /// What of that was taken back, while the rest stands.
    pub withdrawn: Vec<Asked>,
    /// Where it stands.
    pub stage: Option<(Stage, Seen)>,
    /// Whether the wish to stop was answered.
    pub stop: Option<(Stop, Seen)>,
    /// How its goods move, as the channel sees it.
    pub collection: Option<(Collection, Seen)>,
    /// When collection was asked for, as the channel sees it.
    pub collection_asked: Option<Seen>,
    /// Waybills of its way back.
    pub waybills: BTreeSet<String>,
    /// The channel says the goods were received.
    pub received: Option<Seen>,
    /// The channel says the goods are lost.
    pub lost: Option<Seen>,
    /// The channel says it is final: a refund seen.
    pub refunded: Option<Seen>,
    /// Refunded before the goods came back.
    pub pre_refunded: Option<Seen>,
    /// The seller's own return, accepted.
    pub accepted: Option<Seen>,
    /// Another claim decided it, or shipping refused it.
    pub superseded: Option<Seen>,
    /// What came back for it, in the warehouse's hands.
    pub back: Back,
    /// Pieces it waits for, in the warehouse's units; `None` if not said.
    pub awaited: Option<Quantity>,
    /// What it asks about, as the warehouse counts; `None` where the item map does not settle it.
    pub units: Option<BTreeSet<Unit>>,
    /// Documents that tell of it.
    pub docs: BTreeSet<Doc>,
}

impl Claim {
    fn new(account: AccountId, number: String) -> Self {
        Self {
            account,
            number,
            kind: None,
            reason: Reason::Other,
            opened: None,
            fault: None,
            charge: None,
            lines: Vec::new(),
            withdrawn: Vec::new(),
            stage: None,
            stop: None,
            collection: None,
            collection_asked: None,
            waybills: BTreeSet::new(),
            received: None,
            lost: None,
            refunded: None,
            pre_refunded: None,
            accepted: None,
            superseded: None,
            back: Back::default(),
            awaited: None,
            units: None,
            docs: BTreeSet::new(),
        }
    }

    /// Where it stands, without since when.
    pub fn stage(&self) -> Option<Stage> {
        self.stage.map(|(stage, _)| stage)
    }

    /// Taken back.
    pub fn is_withdrawn(&self) -> bool {
        self.stage() == Some(Stage::Withdrawn)
    }

    /// Neither taken back, refused, nor decided by another.
    pub fn stands(&self) -> bool {
        let over = matches!(self.stage(), Some(Stage::Withdrawn | Stage::Refused));
        !over && self.superseded.is_none()
    }

    /// Stands, and no end is told.
    pub fn is_open(&self) -> bool {
        self.stands() && !matches!(self.stage(), Some(Stage::Done | Stage::HandedOver))
    }

    /// A cancel for good.
    pub fn is_final_cancel(&self) -> bool {
        self.kind == Some(ClaimKind::Cancel) && self.stands() && self.stage() == Some(Stage::Done)
    }

    /// A cancel asked for, undecided.
    pub fn is_open_cancel(&self) -> bool {
        self.kind == Some(ClaimKind::Cancel) && self.is_open()
    }

    /// The wish to stop is not answered.
    pub fn waits_for_stop(&self) -> bool {
        let unanswered = self.stop.is_some_and(|(stop, _)| stop == Stop::Unanswered);
        unanswered && matches!(self.stage(), Some(Stage::StopAsked | Stage::Asked)) && self.stands()
    }

    /// Stands, and goods come back for it.
    pub fn wants_goods_back(&self) -> bool {
        let goods = match self.kind {
            Some(ClaimKind::Return | ClaimKind::Exchange | ClaimKind::Repair) => true,
            Some(ClaimKind::Cancel) | None => false,
        };
        goods && self.stands()
    }

    /// Pieces, as the sales channel counts; `None` if one line doesn't say.
    pub fn quantity(&self) -> Option<Quantity> {
        if self.lines.is_empty() {
            return None;
        }
        let pieces: Option<Vec<Quantity>> = self.lines.iter().map(|line| line.quantity).collect();
        pieces.map(|pieces| pieces.into_iter().fold(0, Quantity::saturating_add))
    }

    /// Pieces beyond what there is.
    pub fn beyond(&self) -> Quantity {
        pieces(self.lines.iter().map(|asked| asked.beyond))
    }

    /// The first sign that money went back.
    pub fn money_back(&self) -> Option<Seen> {
        self.refunded.into_iter().chain(self.pre_refunded).min()
    }
}

/// What documents say of a claim that is only understood when all are heard.
#[derive(Default)]
struct Heard {
    /// What each document says it asks about.
    lines: BTreeMap<Doc, Vec<Asked>>,
    /// Where it stood, in order of time.
    stages: Vec<(Stage, Seen)>,
    /// Which lines were taken back, in order of time.
    withdrawn: Vec<(String, Seen)>,
}

/// Folds the claims, apart from what came back for them.
pub(super) fn fold(case: &mut Case) {
    let mut claims: BTreeMap<(AccountId, String), (Claim, Heard)> = BTreeMap::new();
    for (by, fact) in &case.timeline {
        let Some(number) = claim_of(&fact.tells) else { continue };
        let account = case.documents[*by].account;
        let seen = Seen { when: fact.when, by: *by };
        let new = || (Claim::new(account, number.clone()), Heard::default());
        let (claim, heard) = claims.entry((account, number.clone())).or_insert_with(new);
        claim.docs.insert(*by);
        told(claim, heard, &fact.tells, seen);
    }
    case.claims = claims.into_values().map(|(claim, heard)| whole(claim, heard)).collect();
    supersede(case);
}

fn claim_of(tells: &Tells) -> Option<&String> {
    match tells {
        Tells::ClaimOpened { claim, .. }
        | Tells::ClaimFault { claim, .. }
        | Tells::ClaimCharge { claim, .. }
        | Tells::ClaimLine { claim, .. }
        | Tells::ClaimStage { claim, .. }
        | Tells::LineWithdrawn { claim, .. }
        | Tells::StopAsked { claim, .. }
        | Tells::ClaimCollection { claim, .. }
        | Tells::ReturnWaybill { claim, .. }
        | Tells::ReceivedAtChannel { claim }
        | Tells::Lost { claim }
        | Tells::RefundSeen { claim }
        | Tells::PreRefunded { claim }
        | Tells::ReturnRequestedAtChannel { claim } => Some(claim),
        Tells::Links(_)
        | Tells::Ordered { .. }
        | Tells::Placed
        | Tells::Paid
        | Tells::Priced { .. }
        | Tells::LineStands { .. }
        | Tells::Reshipped { .. }
        | Tells::AddressChanged
        | Tells::Row { .. }
        | Tells::RowItem { .. }
        | Tells::RowPaid { .. }
        | Tells::Invoice { .. }
        | Tells::Ticket { .. }
        | Tells::TicketStage { .. }
        | Tells::Parcel { .. }
        | Tells::Arrived { .. }
        | Tells::Unrecognised { .. } => None,
    }
}

/// Facts come in order of time, so the first of each is the earliest.
#[expect(clippy::wildcard_enum_match_arm, reason = "each fold picks the facts it is about")]
fn told(claim: &mut Claim, heard: &mut Heard, tells: &Tells, seen: Seen) {
    match tells {
        Tells::ClaimLine { line, quantity, release, .. } => {
            let (line, quantity, release) = (line.clone(), *quantity, *release);
            let asked = Asked { line, quantity, release, beyond: 0 };
            heard.lines.entry(seen.by).or_default().push(asked);
        }
        Tells::LineWithdrawn { line, .. } => heard.withdrawn.push((line_key(line), seen)),
        Tells::ClaimStage { stage, .. } => heard.stages.push((*stage, seen)),
        Tells::ClaimOpened { kind, reason, .. } => {
            claim.kind = claim.kind.max(*kind);
            claim.reason = claim.reason.max(*reason);
            claim.opened = claim.opened.or(Some(seen));
        }
        Tells::ClaimFault { fault, .. } => claim.fault = Some((*fault, seen)),
        Tells::ClaimCharge { charge, .. } => claim.charge = Some((*charge, seen)),
        Tells::StopAsked { stop, .. } => claim.stop = Some((*stop, seen)),
        Tells::ClaimCollection { collection, .. } => {
            if *collection == Collection::Asked {
                claim.collection_asked = claim.collection_asked.or(Some(seen));
            }
            claim.collection = Some((*collection, seen));
        }
        Tells::ReturnWaybill { waybill, .. } => {
            claim.waybills.insert(waybill.clone());
        }
        Tells::ReceivedAtChannel { .. } => claim.received = claim.received.or(Some(seen)),
        Tells::Lost { .. } => claim.lost = claim.lost.or(Some(seen)),
        Tells::RefundSeen { .. } => claim.refunded = claim.refunded.or(Some(seen)),
        Tells::PreRefunded { .. } => claim.pre_refunded = claim.pre_refunded.or(Some(seen)),
        Tells::ReturnRequestedAtChannel { .. } => claim.accepted = claim.accepted.or(Some(seen)),
        _ => {}
    }
}

/// The claim with what is only understood when all is heard. Where a withdrawal names some of its lines,
/// the others go on.
fn whole(mut claim: Claim, heard: Heard) -> Claim {
    let Heard { lines, mut stages, withdrawn } = heard;
    claim.lines = merged(lines);
    let is_named = |asked: &Asked| withdrawn.iter().any(|(line, _)| *line == line_key(&asked.line));
    let (gone, left): (Vec<Asked>, Vec<Asked>) = claim.lines.iter().cloned().partition(is_named);
    if gone.is_empty() || left.is_empty() {
        // Who names none of the lines or all of them means the whole.
        stages.extend(withdrawn.last().map(|(_, seen)| (Stage::Withdrawn, *seen)));
        stages.sort_by_key(|(_, seen)| seen.when.at);
    } else {
        (claim.lines, claim.withdrawn) = (left, gone);
    }
    claim.stage = last(&stages);
    claim
}

/// A later stage is a later stage, whoever was heard first; but what went on after it was taken back was
/// not taken back for good.
fn last(stages: &[(Stage, Seen)]) -> Option<(Stage, Seen)> {
    let mut known: Option<(Stage, Seen)> = None;
    for (stage, seen) in stages {
        let is_later = match known {
            Some((Stage::Withdrawn, since)) => {
                let goes_on = match stage {
                    Stage::Asked | Stage::StopAsked | Stage::Withdrawn => false,
                    Stage::Received
                    | Stage::Disputed
                    | Stage::Deferred
                    | Stage::HandedOver
                    | Stage::Refused
                    | Stage::Done => true,
                };
                goes_on && seen.when.at > since.when.at
            }
            known => known.map(|(stage, _)| stage) < Some(*stage),
        };
        if is_later {
            known = Some((*stage, *seen));
        }
    }
    known
}

/// Lines of one document add up; several documents tell of the same pieces.
fn merged(by_doc: BTreeMap<Doc, Vec<Asked>>) -> Vec<Asked> {
    let mut lines: BTreeMap<String, Asked> = BTreeMap::new();
    for asked in by_doc.into_values() {
        let mut here: BTreeMap<String, Asked> = BTreeMap::new();
        for one in asked {
            match here.get_mut(&line_key(&one.line)) {
                None => {
                    here.insert(line_key(&one.line), one);
                }
                Some(known) => {
                    let both = known.quantity.zip(one.quantity);
                    known.quantity = both.map(|(a, b)| a.saturating_add(b));
                    known.release = known.release.max(one.release);
                }
            }
        }
        for (key, one) in here {
            match lines.get_mut(&key) {
                None => {
                    lines.insert(key, one);
                }
                Some(known) => {
                    known.quantity = known.quantity.max(one.quantity);
                    known.release = known.release.max(one.release);
                }
            }
        }
    }
    lines.into_values().collect()
}

/// A request to cancel ends with a final cancel of the same line, or with the goods shipped: no
/// channel tells it otherwise.
fn supersede(case: &mut Case) {
    let mut finals: Vec<(BTreeSet<String>, Seen)> = Vec::new();
    for claim in case.claims.iter().filter(|claim| claim.is_final_cancel()) {
        let keys = claim.lines.iter().map(|asked| line_key(&asked.line)).collect();
        finals.extend(claim.stage.map(|(_, seen)| (keys, seen)));
    }
    let shipped = case.rows.iter().all(super::Row::is_sent).then(|| {
        let sent = case.rows.iter().flat_map(super::Row::live).map(|invoice| invoice.seen);
        sent.max_by_key(|seen| (seen.when.at, seen.by))
    });
    let returned: Vec<(BTreeSet<String>, Seen)> = case
        .claims
        .iter()
        .filter(|claim| case.rows.is_empty() && claim.wants_goods_back())
        .filter_map(|claim| {
            let keys = claim.lines.iter().map(|asked| line_key(&asked.line)).collect();
            Some((keys, claim.opened?))
        })
        .collect();
    for claim in case.claims.iter_mut().filter(|claim| claim.is_open_cancel()) {
        if claim.stage() != Some(Stage::Asked) || claim.stop.is_some() {
            continue;
        }
        let asked_at = claim.opened.map(|seen| seen.when.at);
        // What is asked back later has left meanwhile.
        let decided = finals.iter().chain(&returned).find(|(keys, seen)| {
            let later = asked_at.is_none_or(|at| seen.when.at >= at);
            later && claim.lines.iter().all(|asked| keys.contains(&line_key(&asked.line)))
        });
        let decided = decided.map(|(_, seen)| *seen);
        claim.superseded = decided.or(shipped.flatten());
        if let Some(seen) = claim.superseded {
            claim.docs.insert(seen.by);
        }
    }
}
