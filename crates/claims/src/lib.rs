//! The words and the rules of hoesu: pure, without I/O, clock or channel names.
//!
//! Everything a channel says is a **document**: verbatim, versioned, never edited. This crate names
//! documents ([`document`]), the vocabulary they can be found by ([`found`]), who they belong to
//! ([`id`]) and the zone rules for the times in them ([`time`]). Facts ([`fact`]),
//! cases ([`case`]) and findings ([`mod@assess`], [`rules`]) are pure functions of documents. What the law makes of them is told by
//! the [`calendar`], the [`refund_clock`] and [`money`].
#![doc = include_str!("../README.md")]

pub mod appeal;
pub mod assess;
pub mod budget;
pub mod calendar;
pub mod case;
pub mod coverage;
pub mod document;
pub mod fact;
pub mod found;
pub mod id;
pub mod josa;
pub mod link;
pub mod mask;
pub mod money;
pub mod refund_clock;
pub mod risk;
pub mod rules;
pub mod standing;
pub mod time;
pub mod wait;

pub use assess::{Assessment, Finding, Policy, assess};
pub use calendar::Calendar;
pub use case::Case;
pub use document::{Document, Incoming, Media};
pub use fact::{DocumentRef, Fact, Tells};
pub use found::{Found, Moment, Rank, State, Term, Text};
pub use id::{AccountId, SellerId};
pub use money::Won;
pub use refund_clock::Clock;
pub use rules::Rule;
pub use standing::Standing;
