//! Marks with the instant each was heard: of two values the one heard later stands.

use std::collections::BTreeMap;

use hoesu_claims::Moment;
use hoesu_claims::document::Marks;
use jiff::Timestamp;

use crate::{Error, Result};

/// All that was told beside the bodies of a document, whichever body it stood beside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KnownMarks(BTreeMap<Moment, (i64, Timestamp)>);

impl KnownMarks {
    /// What one hearing told.
    pub(crate) fn told(marks: &Marks, heard_at: i64) -> Self {
        Self(marks.iter().map(|(moment, at)| (*moment, (heard_at, *at))).collect())
    }

    /// Both: of each mark the value heard last, of two heard at once the later one.
    pub(crate) fn merged(&self, other: &Self) -> Self {
        let mut all = self.clone();
        for (moment, told) in &other.0 {
            let known = all.0.entry(*moment).or_insert(*told);
            *known = (*known).max(*told);
        }
        all
    }

    /// The marks, as a document has them.
    pub(crate) fn values(&self) -> Marks {
        self.0.iter().map(|(moment, (_, at))| (*moment, *at)).collect()
    }

    pub(crate) fn pack(&self) -> String {
        serde_json::to_string(&self.0).expect("marks are words and instants")
    }

    pub(crate) fn unpack(text: &str) -> Result<Self> {
        if text == "{}" {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map(Self).map_err(|_| Error::Unreadable("marks"))
    }
}
