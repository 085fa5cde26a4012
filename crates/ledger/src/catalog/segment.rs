//! A run of a shelf's documents, sorted by rank: columns and bit sets side by side.

use std::collections::BTreeMap;

use hoesu_claims::time::Between;
use hoesu_claims::{Moment, Rank};

use super::bits::Bits;

/// A document as a segment takes it in and gives it back. Codes are numbers of the catalog's
/// dictionary.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) rank: Rank,
    pub(super) no: u32,
    pub(super) seq: i64,
    pub(super) codes: Vec<u16>,
    pub(super) moments: Vec<(Moment, i64)>,
}

/// Instants of one kind: the first of each document in a column, the rare further ones aside, by
/// position.
#[derive(Debug, Default)]
struct Column {
    first: Vec<i64>,
    more: BTreeMap<u32, Vec<i64>>,
}

/// Stands for «no instant» in a column.
const NONE: i64 = i64::MIN;

#[derive(Debug, Default)]
pub(super) struct Segment {
    ranks: Vec<Rank>,
    nos: Vec<u32>,
    seqs: Vec<i64>,
    /// What has not moved to another segment.
    live: Bits,
    codes: BTreeMap<u16, Bits>,
    moments: BTreeMap<Moment, Column>,
}

impl Segment {
    /// Of entries in rising order of rank, then number.
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        let len = entries.len();
        let mut segment = Self {
            ranks: Vec::with_capacity(len),
            nos: Vec::with_capacity(len),
            seqs: Vec::with_capacity(len),
            live: Bits::range(len, 0, len),
            codes: BTreeMap::new(),
            moments: BTreeMap::new(),
        };
        for (position, entry) in entries.into_iter().enumerate() {
            segment.ranks.push(entry.rank);
            segment.nos.push(entry.no);
            segment.seqs.push(entry.seq);
            segment.describe(position, len, &entry.codes, &entry.moments);
        }
        segment
    }

    fn describe(&mut self, position: usize, len: usize, codes: &[u16], moments: &[(Moment, i64)]) {
        for code in codes {
            self.codes.entry(*code).or_insert_with(|| Bits::none(len)).set(position);
        }
        for (moment, at) in moments {
            let column = self
                .moments
                .entry(*moment)
                .or_insert_with(|| Column { first: vec![NONE; len], more: BTreeMap::new() });
            if column.first[position] == NONE {
                column.first[position] = *at;
            } else {
                column.more.entry(position as u32).or_default().push(*at);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ranks.len()
    }

    pub(super) fn rank(&self, position: usize) -> Rank {
        self.ranks[position]
    }

    pub(super) fn no(&self, position: usize) -> u32 {
        self.nos[position]
    }

    pub(super) fn seq(&self, position: usize) -> i64 {
        self.seqs[position]
    }

    /// Says something new of a document that keeps its place.
    pub(super) fn change(&mut self, position: usize, entry: &Entry) {
        debug_assert_eq!(self.ranks[position], entry.rank);
        self.seqs[position] = entry.seq;
        self.codes.values_mut().for_each(|bits| bits.clear(position));
        for column in self.moments.values_mut() {
            column.first[position] = NONE;
            column.more.remove(&(position as u32));
        }
        self.describe(position, self.len(), &entry.codes, &entry.moments);
    }

    /// Takes a document out: it has gone to another segment.
    pub(super) fn remove(&mut self, position: usize) {
        self.live.clear(position);
    }

    /// Gives everything back, in order.
    pub(super) fn into_entries(self) -> impl Iterator<Item = Entry> {
        (0..self.len())
            .filter(|position| self.live.has(*position))
            .map(|position| self.entry(position))
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn entry(&self, position: usize) -> Entry {
        let codes = self
            .codes
            .iter()
            .filter(|(_, bits)| bits.has(position))
            .map(|(code, _)| *code)
            .collect();
        let moments = self
            .moments
            .iter()
            .flat_map(|(moment, column)| column.at(position).map(|at| (*moment, at)));
        Entry {
            rank: self.ranks[position],
            no: self.nos[position],
            seq: self.seqs[position],
            codes,
            moments: moments.collect(),
        }
    }

    /// The positions whose rank's `at` lies in `during`.
    pub(super) fn during(&self, during: Between) -> Bits {
        let before = |edge: Option<jiff::Timestamp>, otherwise: usize| {
            edge.map_or(otherwise, |edge| {
                let edge = ceil_ms(edge);
                self.ranks.partition_point(|rank| rank.at < edge)
            })
        };
        let mut bits =
            Bits::range(self.len(), before(during.from, 0), before(during.until, self.len()));
        bits.and(&self.live);
        bits
    }

    /// Keeps the positions that have one of `codes`.
    pub(super) fn keep_codes(&self, bits: &mut Bits, codes: &[u16]) {
        let any: Vec<&Bits> = codes.iter().filter_map(|code| self.codes.get(code)).collect();
        bits.and_any(&any);
    }

    /// Keeps the positions that have this instant in `between`.
    pub(super) fn keep_moment(&self, bits: &mut Bits, moment: Moment, between: Between) {
        let from = between.from.map_or(NONE + 1, ceil_ms);
        let until = between.until.map_or(i64::MAX, ceil_ms);
        let inside = |at: i64| at >= from && at < until;
        match self.moments.get(&moment) {
            None => bits.retain(|_| false),
            Some(column) if column.more.is_empty() => {
                bits.retain(|position| inside(column.first[position]));
            }
            Some(column) => bits.retain(|position| column.at(position).any(inside)),
        }
    }

    /// How many of `bits` stand before a rank or at it (in rising order).
    pub(super) fn count_through(&self, bits: &Bits, rank: Rank) -> usize {
        bits.count_before(self.ranks.partition_point(|other| *other <= rank))
    }

    /// How many of `bits` stand before a rank (in rising order).
    pub(super) fn count_below(&self, bits: &Bits, rank: Rank) -> usize {
        bits.count_before(self.ranks.partition_point(|other| *other < rank))
    }
}

impl Column {
    fn at(&self, position: usize) -> impl Iterator<Item = i64> + '_ {
        let first = self.first[position];
        let more = self.more.get(&(position as u32)).into_iter().flatten().copied();
        (first != NONE).then_some(first).into_iter().chain(more)
    }
}

/// The first whole millisecond not before an instant: instants are kept in milliseconds.
fn ceil_ms(at: jiff::Timestamp) -> i64 {
    let ms = at.as_millisecond();
    if at.as_nanosecond() > i128::from(ms) * 1_000_000 { ms + 1 } else { ms }
}
