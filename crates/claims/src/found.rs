//! What a document can be found by: one vocabulary for all channels.
//!
//! A channel reads a body once and says, in these words, which numbers, people, items, states and
//! instants it carries. The ledger indexes the words; it never looks into a body. Personal values
//! ([`Term::is_personal`], every [`Text`]) are only ever indexed under the seller's key.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every word, in the order of this page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name it is stored under; never changes once released.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The word a stored name stands for.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

words! {
    /// Values matched exactly.
    Term {
        /// The order as its sales channel numbers it.
        Order = "order",
        /// The claim's own number: receipt, exchange, cancel row.
        Claim = "claim",
        /// A ticket's serial at the warehouse.
        Serial = "serial",
        /// One line of an order, as the sales channel numbers lines.
        Line = "line",
        /// A parcel before it has a waybill (shipment box).
        Parcel = "parcel",
        /// An outbound waybill. Compare with [`waybill`].
        Invoice = "invoice",
        /// A return waybill. Compare with [`waybill`].
        ReturnInvoice = "return_invoice",
        /// What was sold, as the sales channel numbers it.
        Item = "item",
        /// A warehouse resource's bar code.
        ResourceCode = "resource_code",
        /// A warehouse resource's number in the seller's books.
        ResourceNumber = "resource_number",
        /// Name of who ordered or asks for the claim.
        BuyerName = "buyer.name",
        /// Phone of the same.
        BuyerPhone = "buyer.phone",
        /// Postcode of the same.
        BuyerPostcode = "buyer.postcode",
        /// Name of who receives the parcel in question.
        RecipientName = "recipient.name",
        /// Phone of the same.
        RecipientPhone = "recipient.phone",
        /// Postcode of the same.
        RecipientPostcode = "recipient.postcode",
        /// Name of who sends the parcel in question.
        SenderName = "sender.name",
        /// Phone of the same.
        SenderPhone = "sender.phone",
        /// Postcode of the same.
        SenderPostcode = "sender.postcode",
    }
}

/// What a personal value is, whoever's it is: the same phone gives the same key in every role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Personal {
    /// A person's name.
    Name,
    /// A phone number, digits only.
    Phone,
    /// A postcode.
    Postcode,
}

impl Term {
    /// What kind of personal value this is; `None` if it is none.
    pub const fn personal(self) -> Option<Personal> {
        match self {
            Self::BuyerName | Self::RecipientName | Self::SenderName => Some(Personal::Name),
            Self::BuyerPhone | Self::RecipientPhone | Self::SenderPhone => Some(Personal::Phone),
            Self::BuyerPostcode | Self::RecipientPostcode | Self::SenderPostcode => {
                Some(Personal::Postcode)
            }
            Self::Order
            | Self::Claim
            | Self::Serial
            | Self::Line
            | Self::Parcel
            | Self::Invoice
            | Self::ReturnInvoice
            | Self::Item
            | Self::ResourceCode
            | Self::ResourceNumber => None,
        }
    }

    /// The number it is indexed under: there are many times more terms than documents, so a row of
    /// them is short. Never changes once released.
    pub const fn code(self) -> i64 {
        match self {
            Self::Order => 1,
            Self::Claim => 2,
            Self::Serial => 3,
            Self::Line => 4,
            Self::Parcel => 5,
            Self::Invoice => 6,
            Self::ReturnInvoice => 7,
            Self::Item => 8,
            Self::ResourceCode => 9,
            Self::ResourceNumber => 10,
            Self::BuyerName => 11,
            Self::BuyerPhone => 12,
            Self::BuyerPostcode => 13,
            Self::RecipientName => 14,
            Self::RecipientPhone => 15,
            Self::RecipientPostcode => 16,
            Self::SenderName => 17,
            Self::SenderPhone => 18,
            Self::SenderPostcode => 19,
        }
    }

    /// Whether a value of this may only be stored under the seller's key.
    pub const fn is_personal(self) -> bool {
        self.personal().is_some()
    }

    /// The form in which two values of this are the same: phones as digits, waybills without
    /// hyphens and spaces, everything else without the space around it.
    pub fn normal(self, value: &str) -> String {
        match (self.personal(), self) {
            (Some(Personal::Phone), _) => value.chars().filter(char::is_ascii_digit).collect(),
            (None, Self::Invoice | Self::ReturnInvoice) => waybill(value),
            _ => value.trim().to_owned(),
        }
    }
}

/// A waybill as it is compared: without hyphens and spaces, nothing else changed.
pub fn waybill(value: &str) -> String {
    value.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect()
}

words! {
    /// Codes of a small set, several at once if the document has several; the channel's own
    /// spelling, unknown ones included.
    State {
        /// Where the thing itself stands.
        Status = "status",
        /// Where the goods on their way back stand, per return parcel.
        ReturnStatus = "return_status",
        /// What kind of claim it is.
        Type = "type",
        /// Which of a channel's published lists show it.
        Listed = "listed",
    }
}

words! {
    /// Instants, several at once if the document has several.
    Moment {
        /// The thing was made.
        Created = "created",
        /// The channel last changed it.
        Changed = "changed",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// Collection of the goods was asked for.
        CollectionAsked = "collection_asked",
        /// The goods were taken in.
        Arrived = "arrived",
        /// A waybill was assigned.
        Confirmed = "confirmed",
        /// The parcel was closed: the point of no return.
        Closed = "closed",
        /// It was completed: nothing more is to come of it.
        Completed = "completed",
        /// The channel shows it no longer.
        Gone = "gone",
    }
}

words! {
    /// Free text searched by any part of it. All of it is treated as personal.
    Text {
        /// Where the parcel in question goes.
        RecipientAddress = "recipient.address",
        /// Where the parcel in question comes from.
        SenderAddress = "sender.address",
        /// What the goods are called.
        ItemName = "item.name",
    }
}

/// Where a document stands in its list. Lists run by `at`, then `tie`, both rising or both falling.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Rank {
    /// Usually an instant in milliseconds since 1970; whatever number the channel sorts by.
    pub at: i64,
    /// The channel's number of the thing, or any number that stays the same between versions.
    pub tie: i64,
}

/// Everything one document can be found by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Its place in lists.
    pub rank: Rank,
    /// Exact values, as read; the ledger normalises and keys them.
    pub terms: Vec<(Term, String)>,
    /// Codes.
    pub states: Vec<(State, String)>,
    /// Instants.
    pub moments: Vec<(Moment, Timestamp)>,
    /// Searchable text, as read.
    pub texts: Vec<(Text, String)>,
    /// Whether [`Moment::Changed`] moves with every change, so that a record with an earlier one is an
    /// older one, however late it is heard.
    pub dated: bool,
}

impl Found {
    /// Adds an exact value, unless there is nothing in it.
    pub fn term(&mut self, term: Term, value: impl AsRef<str>) {
        let value = term.normal(value.as_ref());
        if !value.is_empty() {
            self.terms.push((term, value));
        }
    }

    /// Adds a code, unless it is empty.
    pub fn state(&mut self, state: State, code: impl Into<String>) {
        let code = code.into();
        if !code.is_empty() {
            self.states.push((state, code));
        }
    }

    /// The last thing the document tells of itself beyond that it was made; nothing if it tells nothing
    /// more, so that it may be of any later time.
    pub fn last_told(&self) -> Option<Timestamp> {
        let told = self.moments.iter().filter(|(moment, _)| *moment != Moment::Created);
        let last = told.map(|(_, at)| *at).max();
        let made = self.moments.iter().filter(|(moment, _)| *moment == Moment::Created);
        last.max(made.map(|(_, at)| *at).max().filter(|_| last.is_some()))
    }

    /// Adds an instant, if there is one.
    pub fn moment(&mut self, moment: Moment, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.moments.push((moment, at));
        }
    }

    /// Adds searchable text, unless there is nothing in it.
    pub fn text(&mut self, text: Text, value: impl Into<String>) {
        let value = value.into();
        if !value.trim().is_empty() {
            self.texts.push((text, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_again_under_its_stored_name() {
        for word in Term::ALL {
            assert_eq!(Term::from_name(word.name()), Some(*word));
            let same = Term::ALL.iter().filter(|other| other.code() == word.code());
            assert_eq!(same.count(), 1, "{word} shares its number");
            assert_eq!(word.is_personal(), word.name().contains('.'), "{word}");
        }
        assert_eq!(Term::ReturnInvoice.to_string(), "return_invoice");
        for word in State::ALL {
            assert_eq!(State::from_name(word.name()), Some(*word));
        }
        for word in Moment::ALL {
            assert_eq!(Moment::from_name(word.name()), Some(*word));
        }
        for word in Text::ALL {
            assert_eq!(Text::from_name(word.name()), Some(*word));
        }
    }

    #[test]
    fn waybills_compare_without_hyphens_and_spaces_and_nothing_else() {
        assert_eq!(waybill(" 3804-2400 4285 "), "380424004285");
        assert_eq!(waybill("0012a"), "0012a");
    }

    #[test]
    fn phones_compare_by_digits_in_every_role() {
        assert_eq!(Term::BuyerPhone.normal("010-1234-5678"), "01012345678");
        assert_eq!(Term::SenderPhone.normal("010 1234 5678"), "01012345678");
        assert_eq!(Term::BuyerName.normal(" 김하늘 "), "김하늘");
    }
}
