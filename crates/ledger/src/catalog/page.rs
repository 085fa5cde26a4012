//! A page out of several sorted segments: find where it starts, then merge.
//!
//! The start is found without walking to it: in the segment with the most matches by counting bits,
//! in the others, which are small, by listing what stands before.

use hoesu_claims::Rank;

use super::Hit;
use super::bits::Bits;
use super::segment::Segment;
use crate::query::{Order, Start};

type Matches<'a> = (&'a Segment, Bits);

pub(super) fn page(matches: &[Matches<'_>], order: Order, start: Start, limit: usize) -> Vec<Hit> {
    let offset = match start {
        Start::Offset(offset) => usize::try_from(offset).unwrap_or(usize::MAX),
        Start::After(rank) => {
            matches.iter().map(|(segment, bits)| passed(segment, bits, order, rank)).sum()
        }
    };
    let counts: Vec<usize> = matches.iter().map(|(_, bits)| bits.count()).collect();
    let total: usize = counts.iter().sum();
    if offset >= total || limit == 0 {
        return Vec::new();
    }
    let limit = limit.min(total - offset);
    let largest = (0..counts.len()).max_by_key(|at| counts[*at]).unwrap_or(0);
    let mut rest: Vec<Hit> = Vec::new();
    for (at, one) in matches.iter().enumerate() {
        if at != largest {
            rest.extend(hits(one, order, 0).take(offset.saturating_add(limit)));
        }
    }
    rest.sort_unstable_by(|a, b| compare(order, a, b));
    let from_rest = split(&matches[largest], counts[largest], &rest, order, offset);
    let mut largest = hits(&matches[largest], order, offset - from_rest).peekable();
    let mut rest = rest.into_iter().skip(from_rest).peekable();
    std::iter::from_fn(|| match (largest.peek(), rest.peek()) {
        (Some(a), Some(b)) if compare(order, a, b).is_gt() => rest.next(),
        (None, _) => rest.next(),
        (Some(_), _) => largest.next(),
    })
    .take(limit)
    .collect()
}

/// How many matches of a segment a page after `rank` leaves behind.
fn passed(segment: &Segment, bits: &Bits, order: Order, rank: Rank) -> usize {
    match order {
        Order::Oldest => segment.count_through(bits, rank),
        Order::Newest => bits.count() - segment.count_below(bits, rank),
    }
}

/// The matches of a segment in list order, from the `nth`.
fn hits<'a>(
    (segment, bits): &'a Matches<'_>,
    order: Order,
    nth: usize,
) -> Box<dyn Iterator<Item = Hit> + 'a> {
    let hit = |position: usize| Hit {
        rank: segment.rank(position),
        no: segment.no(position),
        seq: segment.seq(position),
    };
    match order {
        Order::Oldest => Box::new(bits.rising(nth).map(hit)),
        Order::Newest => Box::new(bits.falling(nth).map(hit)),
    }
}

fn compare(order: Order, a: &Hit, b: &Hit) -> std::cmp::Ordering {
    let rising = (a.rank, a.no).cmp(&(b.rank, b.no));
    match order {
        Order::Oldest => rising,
        Order::Newest => rising.reverse(),
    }
}

/// Of the first `offset` rows of the merged list, how many come from `rest`: the smallest number for
/// which the largest segment's next row does not stand before what `rest` has given.
fn split(largest: &Matches<'_>, count: usize, rest: &[Hit], order: Order, offset: usize) -> usize {
    let mut low = offset.saturating_sub(count);
    let mut high = offset.min(rest.len());
    while low < high {
        let middle = low.midpoint(high);
        // If `middle` come from rest, `offset - middle` come from the largest; too few from rest if
        // its next row stands before the last taken from the largest.
        let last_taken = hits(largest, order, offset - middle - 1).next();
        let too_few = last_taken.is_some_and(|taken| compare(order, &rest[middle], &taken).is_lt());
        if too_few {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
