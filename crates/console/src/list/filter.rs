//! A filter of a list: a choice among words, each with how much stands behind it.

use std::collections::BTreeMap;

use super::frame::Choice;
use crate::asked::Asked;
use crate::lang::Lang;
use crate::words;

/// A filter, as a form has it.
pub(crate) struct Filter {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) choices: Vec<Choice>,
}

/// How much stands at each word of a filter.
pub(crate) type Counts = BTreeMap<String, u64>;

impl Filter {
    /// The words something stands at, or that are asked for, in the order given.
    pub(crate) fn of<N: Into<String>>(
        asked: &Asked,
        (name, title): (&'static str, &'static str),
        words: impl IntoIterator<Item = &'static str>,
        named: impl Fn(&str) -> N,
        counts: &Counts,
    ) -> Self {
        let there = |word: &&str| counts.contains_key(*word) || asked.has(name, word);
        let choice = |word: &'static str| Choice {
            value: word.to_owned(),
            name: named(word).into(),
            href: String::new(),
            count: words::count(counts.get(word).copied().unwrap_or(0)),
            on: asked.has(name, word),
        };
        Self { name, title, choices: words.into_iter().filter(there).map(choice).collect() }
    }

    /// Whose fault it is.
    pub(crate) fn fault(asked: &Asked, lang: Lang, counts: &Counts) -> Self {
        let title = lang.pick("귀책", "Fault");
        Self::of(asked, ("fault", title), words::FAULTS, |word| words::fault(word, lang), counts)
    }
}
