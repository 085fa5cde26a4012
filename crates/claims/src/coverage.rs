//! Coverage (수집 범위): which spans of time of one feed of one account were read completely, what is
//! left unread, and what to read next.
//!
//! Instants are milliseconds since 1970 in UTC; spans are half-open. A feed is a list a channel is
//! asked for by period. A [`Read`] says that every page of a span was read and kept; a [`Coverage`] is
//! the set of them. [`plan()`] answers what to read next under the feed's [`Rule`], [`Freshness`] how far
//! a feed is known. Nothing here reads a clock.

mod plan;
mod read;
mod span;
#[cfg(test)]
mod tests;

pub use plan::{Due, Freshness, Plan, Rule, Why, plan};
pub use read::{Coverage, Read};
pub use span::{Span, Spans};
