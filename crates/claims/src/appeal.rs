//! The appeal (이의제기) for goods a marketplace refunded and will not collect: what has to be shown with
//! it. All numbers are dated; both are from the trade press.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Won;

/// What an appeal is shown with.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Photographs of the goods and their packing.
    Photo,
    /// A video of them being packed.
    Video,
}

/// From which amount on a video is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// The first day of refund this is the rule for.
    pub valid_from: Date,
    /// So much, and more; `None` asks for none.
    pub video_from: Option<Won>,
}

/// The demands there have been, oldest first; the first has no beginning.
pub const DEMANDS: [Demand; 3] = [
    Demand { valid_from: Date::MIN, video_from: None },
    Demand { valid_from: Date::constant(2025, 3, 9), video_from: Some(Won(100_000)) },
    Demand { valid_from: Date::constant(2025, 7, 30), video_from: Some(Won(50_000)) },
];

/// What an appeal about a refund of a day needs. Where the amount is unknown, a video may be asked for.
pub fn evidence(refunded_on: Date, amount: Option<Won>) -> Vec<Proof> {
    let demand = DEMANDS.iter().rfind(|demand| demand.valid_from <= refunded_on);
    let video_from = demand.and_then(|demand| demand.video_from);
    let has_video = video_from.is_some_and(|least| amount.is_none_or(|amount| amount >= least));
    if has_video { vec![Proof::Photo, Proof::Video] } else { vec![Proof::Photo] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_is_asked_for_from_an_amount_that_depends_on_the_day() {
        let video = |day, won| evidence(day, Some(Won(won))).contains(&Proof::Video);
        let (before, spring, summer) =
            (Date::constant(2025, 3, 8), Date::constant(2025, 3, 9), Date::constant(2025, 7, 30));
        assert!(!video(before, 1_000_000));
        assert_eq!([99_999, 100_000].map(|won| video(spring, won)), [false, true]);
        assert_eq!([49_999, 50_000].map(|won| video(summer, won)), [false, true]);
        assert!(!video(Date::constant(2025, 7, 29), 99_999));
        assert_eq!(evidence(summer, None), [Proof::Photo, Proof::Video]);
        assert_eq!(evidence(before, None), [Proof::Photo]);
    }
}
