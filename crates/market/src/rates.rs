//! How often things happen, per mille. A market exists to be read by somebody who must not miss the
//! rare things, so these are not as rare as in the world.

// Buying.
/// Orders with a second line.
pub(crate) const SECOND_LINE: u64 = 280;
/// Of these, orders with a third.
pub(crate) const THIRD_LINE: u64 = 300;
/// Orders the seller confirms a day late.
pub(crate) const LATE_CONFIRMED: u64 = 30;
/// Orders the warehouse is told of a day late.
pub(crate) const LATE_STORED: u64 = 30;
/// Orders the seller cannot supply in full.
pub(crate) const SHORT: u64 = 25;
/// Of these, orders where the seller takes days to say so.
pub(crate) const SHORT_TOLD_LATE: u64 = 350;

// Packing.
/// Orders of more than one piece that leave in two parcels.
pub(crate) const SPLIT: u64 = 120;
/// Parcels whose waybill is told before they leave.
pub(crate) const TOLD_AT_PRINT: u64 = 250;
/// Of the others, parcels whose waybill is told the next day only.
pub(crate) const TOLD_LATE: u64 = 80;
/// Parcels delivered the next day.
pub(crate) const NEXT_DAY: u64 = 720;
/// Of the others, parcels that take longer than two days.
pub(crate) const SLOW: u64 = 80;

// Cancels by buyers.
/// Orders a buyer cancels, in full or in part, if it is still possible then.
pub(crate) const CANCEL: u64 = 125;
/// Of these, within half an hour of paying.
pub(crate) const CANCEL_AT_ONCE: u64 = 250;
/// Cancels of part of an order of more than one piece.
pub(crate) const CANCEL_PART: u64 = 450;
/// After a cancel, another one.
pub(crate) const CANCEL_AGAIN: u64 = 60;
/// Cancels that stop goods and are taken back.
pub(crate) const CANCEL_WITHDRAWN: u64 = 160;
/// Cancels the warehouse hears of within the hour.
pub(crate) const HEARD_SOON: u64 = 500;
/// Of the others, cancels it hears of within a day; the rest it never hears of by itself.
pub(crate) const HEARD_LATE: u64 = 600;
/// Cancels the warehouse is told of because the seller answered them.
pub(crate) const HEARD_WHEN_DECIDED: u64 = 500;
/// Cancels a caller makes that the warehouse hears of.
pub(crate) const HEARD_FROM_CALLER: u64 = 850;
/// Cancels the seller's staff never answers.
pub(crate) const UNANSWERED: u64 = 240;
/// Cancels the seller's staff answers with «stopped» although the goods have left.
pub(crate) const STOPPED_IN_ERROR: u64 = 180;
/// Withdrawn cancels whose goods the warehouse packs again the same day.
pub(crate) const REVIVED_SOON: u64 = 500;
/// Of the others, days later; the rest never.
pub(crate) const REVIVED_LATE: u64 = 400;

// Returns and exchanges.
/// Delivered orders of which goods go back.
pub(crate) const RETURN: u64 = 190;
/// The same, where a part was cancelled before.
pub(crate) const RETURN_AFTER_CANCEL: u64 = 450;
/// The same, where a cancel was turned down.
pub(crate) const RETURN_AFTER_REFUSAL: u64 = 600;
/// Returns asked for on the day of delivery.
pub(crate) const RETURN_SOON: u64 = 550;
/// After a return, another one of the same order.
pub(crate) const RETURN_AGAIN: u64 = 250;
/// Delivered orders of which goods are to be exchanged.
pub(crate) const EXCHANGE: u64 = 90;
/// Claims of part of what was delivered.
pub(crate) const CLAIM_PART: u64 = 400;
/// Claims where the marketplace charges the wrong one.
pub(crate) const CHARGED_WRONG: u64 = 60;
/// Returns and exchanges that are taken back.
pub(crate) const WITHDRAWN: u64 = 120;
/// Of these, within minutes.
pub(crate) const WITHDRAWN_AT_ONCE: u64 = 300;

// Couriers.
/// Collections the courier comes for a day late.
pub(crate) const FETCHED_LATE: u64 = 300;
/// Fetched goods that travel a day longer.
pub(crate) const BROUGHT_LATE: u64 = 250;
/// Goods the buyer sends back without a courier being asked.
pub(crate) const SENT_BY_BUYER: u64 = 70;
/// Collections where the courier meets nobody.
pub(crate) const FAILED: u64 = 70;
/// Of these, collections asked for again.
pub(crate) const ASKED_AGAIN: u64 = 600;
/// Collections nobody ever comes for.
pub(crate) const STALLED: u64 = 50;
/// Fetched goods that never arrive.
pub(crate) const LOST: u64 = 70;
/// Of these, losses the marketplace pays for after some days.
pub(crate) const LOSS_PAID: u64 = 600;

// The warehouse, as goods come back.
/// Tickets booked when the courier is asked, not when the goods are there.
pub(crate) const BOOKED_EARLY: u64 = 650;
/// Tickets given up when the claim is withdrawn.
pub(crate) const GIVEN_UP: u64 = 600;
/// Arrivals nobody counts.
pub(crate) const UNCOUNTED: u64 = 40;
/// Arrivals with one piece more than expected.
pub(crate) const MORE: u64 = 50;
/// Arrivals with one piece fewer.
pub(crate) const FEWER: u64 = 60;
/// Arrivals with pieces that cannot be sold again.
pub(crate) const UNSELLABLE: u64 = 90;
/// Arrivals with another line of the order in the parcel, where there is one.
pub(crate) const OTHER: u64 = 150;
/// Arrivals noted with a waybill nobody knows.
pub(crate) const WAYBILL_WRONG: u64 = 50;
/// Arrivals noted without a waybill.
pub(crate) const WAYBILL_MISSING: u64 = 40;
/// Delivered orders that come back without a word.
pub(crate) const UNASKED: u64 = 20;
/// Cancelled goods that left and come back.
pub(crate) const CANCELLED_BACK: u64 = 550;
/// Cancelled goods that left and come back in the parcel of a return, if they do not come alone.
pub(crate) const CANCELLED_WITH: u64 = 600;
/// Goods that came back without a word and are claimed days later.
pub(crate) const CLAIMED_LATER: u64 = 300;

// The seller's staff.
/// Claims received before the goods are back.
pub(crate) const RECEIVED_UNSEEN: u64 = 60;
/// Claims received days late.
pub(crate) const RECEIVED_LATE: u64 = 120;
/// Claims nobody ever receives.
pub(crate) const RECEIVED_NEVER: u64 = 70;
/// Claims turned down when the goods are counted.
pub(crate) const REFUSED: u64 = 120;
/// Exchanges turned down before anything is back: the other goods are sold out.
pub(crate) const EXCHANGE_REFUSED: u64 = 100;
/// Received returns the seller disputes.
pub(crate) const DISPUTED: u64 = 140;
/// Disputes the buyer wins.
pub(crate) const DISPUTE_LOST: u64 = 500;
/// Received returns nobody completes.
pub(crate) const UNAPPROVED: u64 = 350;
