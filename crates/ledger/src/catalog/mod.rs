//! The catalog: what lists need to know of a shelf's documents, in memory.
//!
//! Documents lie in a few segments sorted by rank; a list is an intersection of bit sets, its total a
//! count of bits, its page a walk from a rank. A change flips bits where the document lies; a new
//! document goes to a new segment, and neighbours of similar size are merged, so that the work for a
//! change does not grow with the shelf. The catalog holds no personal data and no bodies, and is
//! rebuilt from the cards when a process starts to need it.

mod bits;
mod page;
mod segment;

use std::collections::HashMap;

use hoesu_claims::time::Between;
use hoesu_claims::{Moment, Rank, State};

use crate::query::{Order, Start};
use crate::store::Card;
use bits::Bits;
use segment::{Entry, Segment};

/// A segment is merged into the one before it once it has grown to this part of it.
const MERGE_PART: usize = 4;

/// Where a document lies.
#[derive(Debug, Clone, Copy)]
struct Spot {
    segment: u32,
    position: u32,
}

/// Stands for «not here» in [`Catalog::spots`].
const NOWHERE: Spot = Spot { segment: u32::MAX, position: 0 };

/// One shelf's catalog, as of a place in its seller's change sequence.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// Every change up to here is in.
    seq: i64,
    /// Largest first. The first of a pair is the segment's name, which outlives its place.
    segments: Vec<(u32, Segment)>,
    names: u32,
    /// By document number.
    spots: Vec<Spot>,
    dictionary: HashMap<(State, String), u16>,
}

/// The conditions a catalog can answer, in its own terms.
pub(crate) struct Conditions<'a> {
    pub(crate) during: Between,
    pub(crate) states: &'a [(State, Vec<String>)],
    pub(crate) moments: &'a [(Moment, Between)],
    /// Each list of document numbers must have the document.
    pub(crate) among: &'a [Vec<u32>],
}

/// A row of a page: where it stands, and which version to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) rank: Rank,
    pub(crate) no: u32,
    pub(crate) seq: i64,
}

impl Catalog {
    /// The place in the sequence it is exact for.
    pub(crate) fn seq(&self) -> i64 {
        self.seq
    }

    /// Takes in every card that changed after [`Catalog::seq`], and is then exact for `seq`.
    pub(crate) fn follow(&mut self, cards: Vec<Card>, seq: i64) {
        let mut fresh = Vec::new();
        for card in cards {
            let entry = self.entry(card);
            let spot = self.spots.get(entry.no as usize).copied().unwrap_or(NOWHERE);
            match self.segment_mut(spot.segment) {
                Some(segment) if segment.rank(spot.position as usize) == entry.rank => {
                    segment.change(spot.position as usize, &entry);
                }
                Some(segment) => {
                    segment.remove(spot.position as usize);
                    fresh.push(entry);
                }
                None => fresh.push(entry),
            }
        }
        if !fresh.is_empty() {
            self.push(fresh);
        }
        self.seq = seq;
    }

    fn entry(&mut self, card: Card) -> Entry {
        let codes = card.states.into_iter().map(|word| {
            let next = self.dictionary.len() as u16;
            *self.dictionary.entry(word).or_insert(next)
        });
        Entry {
            rank: card.rank,
            no: card.no,
            seq: card.seq,
            codes: codes.collect(),
            moments: card.moments,
        }
    }

    fn segment_mut(&mut self, name: u32) -> Option<&mut Segment> {
        self.segments.iter_mut().find(|(other, _)| *other == name).map(|(_, segment)| segment)
    }

    fn push(&mut self, mut fresh: Vec<Entry>) {
        while self.segments.last().is_some_and(|(_, last)| fresh.len() * MERGE_PART >= last.len()) {
            let (_, last) = self.segments.pop().expect("there is a last one");
            fresh.extend(last.into_entries());
        }
        fresh.sort_unstable_by_key(|entry| (entry.rank, entry.no));
        let name = self.names;
        self.names += 1;
        for (position, entry) in fresh.iter().enumerate() {
            let no = entry.no as usize;
            if self.spots.len() <= no {
                self.spots.resize(no + 1, NOWHERE);
            }
            self.spots[no] = Spot { segment: name, position: position as u32 };
        }
        self.segments.push((name, Segment::of(fresh)));
    }

    /// How many match, and a page of them.
    pub(crate) fn page(
        &self,
        conditions: &Conditions<'_>,
        order: Order,
        start: Start,
        limit: usize,
    ) -> (u64, Vec<Hit>) {
        let matches = self.matches(conditions);
        let total: usize = matches.iter().map(|(_, bits)| bits.count()).sum();
        (total as u64, page::page(&matches, order, start, limit))
    }

    /// Everything that matches, in order.
    pub(crate) fn all(&self, conditions: &Conditions<'_>, order: Order) -> Vec<Hit> {
        page::page(&self.matches(conditions), order, Start::Offset(0), usize::MAX)
    }

    fn matches(&self, conditions: &Conditions<'_>) -> Vec<(&Segment, Bits)> {
        let states: Vec<Vec<u16>> = conditions
            .states
            .iter()
            .map(|(state, codes)| {
                let known =
                    codes.iter().filter_map(|code| self.dictionary.get(&(*state, code.clone())));
                known.copied().collect()
            })
            .collect();
        self.segments
            .iter()
            .map(|(name, segment)| {
                let mut bits = segment.during(conditions.during);
                for codes in &states {
                    segment.keep_codes(&mut bits, codes);
                }
                for numbers in conditions.among {
                    bits.and(&self.among(*name, segment, numbers));
                }
                for (moment, between) in conditions.moments {
                    segment.keep_moment(&mut bits, *moment, *between);
                }
                (segment, bits)
            })
            .collect()
    }

    fn among(&self, name: u32, segment: &Segment, numbers: &[u32]) -> Bits {
        let mut bits = Bits::none(segment.len());
        for no in numbers {
            // A number the catalog doesn't know yet was written after it was last brought up to date.
            if let Some(spot) = self.spots.get(*no as usize).filter(|spot| spot.segment == name) {
                bits.set(spot.position as usize);
            }
        }
        bits
    }
}

#[cfg(test)]
mod tests;
