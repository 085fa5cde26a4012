//! What really happened, in order: the truth a reader of the channels can be held against.

use jiff::Timestamp;
use serde::Serialize;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Whose, from 0.
    pub seller: usize,
    /// [`Order::nth`](crate::Order::nth).
    pub order: u64,
    /// The claim it is about, by place in the order's claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<usize>,
    /// Whether a caller of a channel did it.
    #[serde(skip_serializing_if = "is_false")]
    pub by_caller: bool,
    /// What: [`Thing::word`].
    pub what: &'static str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

macro_rules! things {
    ($($name:ident $word:literal $means:literal)*) => {
        /// Everything that can happen in a market.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Thing {
            $(#[doc = $means] $name,)*
        }

        impl Thing {
            /// Every one, in the order of an order's life.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word for it, parted by hyphens.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it means, a sentence.
            pub const fn means(self) -> &'static str {
                match self { $(Self::$name => $means,)* }
            }
        }
    };
}

things! {
    OrderPaid "order-paid" "A buyer paid."
    OrderConfirmed "order-confirmed" "The seller began to prepare the goods."
    OrderStored "order-stored" "The warehouse was told of the order."
    ParcelPrinted "parcel-printed" "The warehouse printed a waybill; the parcel can still be taken apart."
    ParcelTakenApart "parcel-taken-apart" "The warehouse took a parcel apart before it left."
    ParcelTold "parcel-told" "The marketplace learned a parcel's waybill."
    ParcelClosed "parcel-closed" "The warehouse closed a parcel: it left."
    ParcelShipped "parcel-shipped" "The marketplace was told that a parcel left."
    ParcelDelivered "parcel-delivered" "The buyer got a parcel."
    CancelCompleted "cancel-completed" "A buyer cancelled before the seller prepared anything; it was done at once."
    CancelAsked "cancel-asked" "A buyer asked to cancel what is being prepared."
    CancelHeard "cancel-heard" "The warehouse heard of a cancel in time."
    CancelHeardLate "cancel-heard-late" "The warehouse heard of a cancel when the goods had left."
    CancelStopped "cancel-stopped" "The seller said that the goods were stopped; the money goes back."
    CancelShipped "cancel-shipped" "The seller said that the goods had been sent already."
    CancelShippedItself "cancel-shipped-itself" "The marketplace found from the waybill that the goods had been sent."
    CancelTurnedDown "cancel-turned-down" "The order's waybill turned a cancel down that was asked for."
    CancelRefundedItself "cancel-refunded-itself" "Nobody answered a cancel; the marketplace paid back."
    CancelWithdrawn "cancel-withdrawn" "The buyer wants the goods after all."
    CancelledLeft "cancelled-left" "Goods that are cancelled for good have left the warehouse."
    CancelledBySeller "cancelled-by-seller" "The seller cannot supply, and cancelled."
    SoldOutRefunded "sold-out-refunded" "The marketplace paid back what the seller cannot supply."
    ReturnAsked "return-asked" "A buyer wants to send goods back."
    ReturnWithdrawn "return-withdrawn" "A buyer keeps the goods after all."
    ReturnReceived "return-received" "The seller confirmed that goods came back."
    ReturnApproved "return-approved" "The seller completed a return; the money goes back."
    ReturnCompletedItself "return-completed-itself" "Nobody completed a return that was received; the marketplace did."
    ReturnRefused "return-refused" "The seller turned a return down."
    ReturnDisputed "return-disputed" "The seller asked the marketplace to look into a return."
    ReturnSettled "return-settled" "The marketplace paid back: the goods were lost, or the dispute went the buyer's way."
    DisputeWon "dispute-won" "The marketplace turned a return down: the dispute went the seller's way."
    RefundedEarly "refunded-early" "The money went back before the seller completed the return."
    ExchangeAsked "exchange-asked" "A buyer wants other goods for theirs."
    ExchangeWithdrawn "exchange-withdrawn" "A buyer keeps the goods after all."
    ExchangeReceived "exchange-received" "The seller confirmed that goods of an exchange came back."
    ExchangeRefused "exchange-refused" "The seller turned an exchange down."
    ExchangeBox "exchange-box" "The box for the new goods is there, without a waybill."
    ExchangeSent "exchange-sent" "The new goods have a waybill."
    ExchangeLeft "exchange-left" "The new goods left the warehouse."
    ExchangeCompleted "exchange-completed" "The buyer got the new goods."
    CollectionAsked "collection-asked" "A courier was asked to fetch what goes back."
    CollectionPicked "collection-picked" "A courier fetched what goes back."
    CollectionDelivered "collection-delivered" "A courier brought back what was fetched."
    CollectionFailed "collection-failed" "A courier met nobody."
    CollectionStalled "collection-stalled" "Nobody comes to fetch what goes back."
    CollectionLost "collection-lost" "What a courier fetched will not arrive."
    TicketBooked "ticket-booked" "The warehouse expects goods back."
    TicketGivenUp "ticket-given-up" "The warehouse expects the goods no more."
    GoodsArrived "goods-arrived" "Goods of a claim came back to the warehouse."
    GoodsUnasked "goods-unasked" "Goods came back to the warehouse that nobody asked for."
    WaybillMistaken "waybill-mistaken" "The warehouse noted another waybill than the goods came with, or none."
    GoodsCounted "goods-counted" "The warehouse counted what came back."
    GoodsMore "goods-more" "More came back than was expected."
    GoodsFewer "goods-fewer" "Less came back than was expected."
    GoodsUnsellable "goods-unsellable" "Some of what came back cannot be sold again."
    GoodsOther "goods-other" "Some of what came back is another line of the order."
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_thing_has_a_word_of_its_own_and_a_meaning() {
        let words: BTreeSet<_> = Thing::ALL.iter().map(|thing| thing.word()).collect();
        assert_eq!(words.len(), Thing::ALL.len());
        for thing in Thing::ALL {
            let shaped = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(thing.word().chars().all(shaped), "{}", thing.word());
            assert!(thing.means().ends_with('.'), "{}", thing.word());
        }
    }
}
