//! The numbers of a market's orders, claims and boxes, both ways. A claim keeps its number for ever.

use hoesu_market::ClaimNo;

/// Claims and parcels one order may have.
const PLACES: u64 = 8;

const ORDERS: u64 = 500_000_000;
const RECEIPTS: u64 = 300_000_000;
const EXCHANGES: u64 = 100_000_000;
/// 18 digits.
const BOXES: u64 = 640_000_000_000_000_000;

/// What stands for a claim within numbers of its own.
pub(super) const fn place(claim: ClaimNo) -> u64 {
    claim.order * PLACES + claim.at as u64
}

/// `orderId`.
pub(super) const fn order(nth: u64) -> u64 {
    ORDERS + nth
}

/// The order of an `orderId`.
pub(super) fn nth_of(order: i64) -> Option<u64> {
    u64::try_from(order).ok()?.checked_sub(ORDERS)
}

/// `receiptId`.
pub(super) const fn receipt(claim: ClaimNo) -> u64 {
    RECEIPTS + place(claim)
}

/// The claim of a `receiptId`.
pub(super) fn claim_of_receipt(receipt: i64) -> Option<ClaimNo> {
    claim_above(RECEIPTS, receipt)
}

/// `exchangeId`.
pub(super) const fn exchange(claim: ClaimNo) -> u64 {
    EXCHANGES + place(claim)
}

/// The claim of an `exchangeId`.
pub(super) fn claim_of_exchange(exchange: i64) -> Option<ClaimNo> {
    claim_above(EXCHANGES, exchange)
}

/// `shipmentBoxId` of the box of this number in the order.
pub(super) const fn shipment_box(nth: u64, number: u32) -> u64 {
    BOXES + nth * PLACES + number as u64
}

/// The order and the box's number in it.
pub(super) fn box_of(shipment_box: i64) -> Option<(u64, u32)> {
    let place = u64::try_from(shipment_box).ok()?.checked_sub(BOXES)?;
    Some((place / PLACES, u32::try_from(place % PLACES).ok()?))
}

fn claim_above(base: u64, number: i64) -> Option<ClaimNo> {
    let place = u64::try_from(number).ok()?.checked_sub(base)?;
    Some(ClaimNo { order: place / PLACES, at: usize::try_from(place % PLACES).ok()? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_lead_back_to_what_they_stand_for(nth in 0_u64..1_000_000_000, at in 0_usize..8) {
            let claim = ClaimNo { order: nth, at };
            prop_assert_eq!(nth_of(order(nth).cast_signed()), Some(nth));
            prop_assert_eq!(claim_of_receipt(receipt(claim).cast_signed()), Some(claim));
            prop_assert_eq!(claim_of_exchange(exchange(claim).cast_signed()), Some(claim));
            let number = at as u32;
            let shipment_box = shipment_box(nth, number);
            prop_assert_eq!(box_of(shipment_box.cast_signed()), Some((nth, number)));
            prop_assert_eq!(shipment_box.to_string().len(), 18);
        }

        #[test]
        fn no_number_makes_it_panic(number in any::<i64>()) {
            let _ = (nth_of(number), claim_of_receipt(number), claim_of_exchange(number));
            let _ = box_of(number);
        }
    }
}
