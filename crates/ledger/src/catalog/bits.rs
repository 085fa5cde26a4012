//! A set of positions in a segment, one bit each.

/// Positions 0 to `len - 1`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// None of `len` positions.
    pub(super) fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)] }
    }

    /// Those of `len` positions from `from` up to, not including, `until`.
    pub(super) fn range(len: usize, from: usize, until: usize) -> Self {
        let mut bits = Self::none(len);
        if from >= until {
            return bits;
        }
        let (first, last) = (from / 64, (until - 1) / 64);
        bits.words[first..=last].fill(u64::MAX);
        bits.words[first] &= u64::MAX << (from % 64);
        bits.words[last] &= u64::MAX >> (63 - (until - 1) % 64);
        bits
    }

    pub(super) fn set(&mut self, position: usize) {
        self.words[position / 64] |= 1 << (position % 64);
    }

    pub(super) fn clear(&mut self, position: usize) {
        self.words[position / 64] &= !(1 << (position % 64));
    }

    pub(super) fn has(&self, position: usize) -> bool {
        self.words[position / 64] >> (position % 64) & 1 == 1
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Keeps what any of `others` has.
    pub(super) fn and_any(&mut self, others: &[&Self]) {
        match others {
            [] => self.words.fill(0),
            [one] => self.and(one),
            many => {
                for (at, word) in self.words.iter_mut().enumerate() {
                    *word &= many.iter().fold(0, |any, bits| any | bits.words[at]);
                }
            }
        }
    }

    /// Keeps the positions for which `keep` says so.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        for (at, word) in self.words.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                if !keep(at * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many lie before `position`.
    pub(super) fn count_before(&self, position: usize) -> usize {
        let whole: usize =
            self.words[..position / 64].iter().map(|word| word.count_ones() as usize).sum();
        let part = position % 64;
        if part == 0 {
            return whole;
        }
        whole + (self.words[position / 64] & !(u64::MAX << part)).count_ones() as usize
    }

    /// From the `nth` (from 0) upwards.
    pub(super) fn rising(&self, nth: usize) -> impl Iterator<Item = usize> + '_ {
        let mut left = nth;
        let mut at = 0;
        while let Some(word) = self.words.get(at) {
            let ones = word.count_ones() as usize;
            if left < ones {
                break;
            }
            left -= ones;
            at += 1;
        }
        self.words[at..]
            .iter()
            .enumerate()
            .flat_map(move |(word_at, word)| ones(*word).map(move |bit| (at + word_at) * 64 + bit))
            .skip(left)
    }

    /// From the `nth` from the end (from 0) downwards.
    pub(super) fn falling(&self, nth: usize) -> impl Iterator<Item = usize> + '_ {
        let mut left = nth;
        let mut until = self.words.len();
        while until > 0 {
            let ones = self.words[until - 1].count_ones() as usize;
            if left < ones {
                break;
            }
            left -= ones;
            until -= 1;
        }
        self.words[..until]
            .iter()
            .enumerate()
            .rev()
            .flat_map(|(word_at, word)| ones_down(*word).map(move |bit| word_at * 64 + bit))
            .skip(left)
    }
}

fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}

fn ones_down(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| 63 - word.leading_zeros() as usize)?;
        word &= !(1 << bit);
        Some(bit)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bits_do_what_a_list_of_positions_does(
            mut positions in proptest::collection::btree_set(0_usize..300, 0..80),
            from in 0_usize..300, until in 0_usize..301, nth in 0_usize..90,
        ) {
            let mut bits = Bits::none(300);
            for position in &positions {
                bits.set(*position);
            }
            prop_assert_eq!(bits.count(), positions.len());
            prop_assert_eq!(bits.count_before(from), positions.range(..from).count());
            let rising: Vec<_> = bits.rising(nth).collect();
            prop_assert_eq!(rising, positions.iter().copied().skip(nth).collect::<Vec<_>>());
            let falling: Vec<_> = bits.falling(nth).collect();
            prop_assert_eq!(falling, positions.iter().rev().copied().skip(nth).collect::<Vec<_>>());
            bits.and(&Bits::range(300, from, until));
            positions.retain(|position| (from..until).contains(position));
            prop_assert_eq!(bits.rising(0).collect::<Vec<_>>(), positions.iter().copied().collect::<Vec<_>>());
            bits.retain(|position| position % 2 == 0);
            prop_assert!(bits.rising(0).all(|position| position % 2 == 0));
        }
    }
}
