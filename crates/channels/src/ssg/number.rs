//! The numbers a market's orders, claims and shipments have here, there and back again.
//!
//! Orders and claims share one series on SSG.COM, so claims begin where no order of a market comes to:
//! no claim's number is ever another order's.

use hoesu_market::ClaimNo;

use super::told::written;
use jiff::Timestamp;

/// A claim's digits begin here; orders' end before it.
const CLAIMS: u64 = 0x80_0000;

/// An order has no more claims, and no more parcels, than this in a number.
const PLACES: u64 = 8;

/// What goes out with an order.
const OUT: u64 = 10_000_000_000;
/// What comes back for a claim.
const BACK: u64 = 20_000_000_000;
/// What goes out again for a claim.
const OUT_AGAIN: u64 = 30_000_000_000;
/// After the last.
const END: u64 = 40_000_000_000;

/// What a shipment is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shipment {
    /// An order.
    Out(u64),
    /// A claim: back.
    Back(ClaimNo),
    /// A claim: out again, in the box of this number.
    OutAgain(ClaimNo, u32),
}

/// `yyyyMMdd` of the day and six upper-case hexadecimal digits. The time begins `yyyy-MM-dd`.
pub(super) fn numbered(time: &str, nth: u64) -> String {
    format!("{}{}{}{nth:06X}", &time[..4], &time[5..7], &time[8..10])
}

/// An order's `orordNo`.
pub(super) fn order(paid_at: Timestamp, nth: u64) -> String {
    numbered(&written(paid_at), nth)
}

/// A claim's own `ordNo`.
pub(super) fn claim(asked_at: Timestamp, claim: ClaimNo) -> String {
    numbered(&written(asked_at), CLAIMS + claim.order * PLACES + claim.at as u64)
}

/// The claim a number of [`claim`] stands for.
pub(super) fn claim_of(number: &str) -> Option<ClaimNo> {
    let (day, digits) = number.split_at_checked(8)?;
    let shaped = day.bytes().all(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    let place = u64::from_str_radix(digits, 16).ok()?.checked_sub(CLAIMS).filter(|_| shaped)?;
    Some(placed(place))
}

/// A shipment's `shppNo`.
pub(super) const fn shipment(of: Shipment) -> u64 {
    match of {
        Shipment::Out(order) => OUT + order * PLACES,
        Shipment::Back(claim) => BACK + claim.order * PLACES + claim.at as u64,
        Shipment::OutAgain(claim, parcel) => {
            OUT_AGAIN + (claim.order * PLACES + claim.at as u64) * PLACES + parcel as u64
        }
    }
}

/// What a `shppNo` stands for.
pub(super) fn shipment_of(number: &str) -> Option<Shipment> {
    let number: u64 = number.parse().ok()?;
    match number {
        OUT..BACK if number.is_multiple_of(PLACES) => Some(Shipment::Out((number - OUT) / PLACES)),
        BACK..OUT_AGAIN => Some(Shipment::Back(placed(number - BACK))),
        OUT_AGAIN..END => {
            let number = number - OUT_AGAIN;
            Some(Shipment::OutAgain(placed(number / PLACES), (number % PLACES) as u32))
        }
        _ => None,
    }
}

const fn placed(number: u64) -> ClaimNo {
    ClaimNo { order: number / PLACES, at: (number % PLACES) as usize }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_leads_back() {
        let at: Timestamp = "2026-01-05T15:00:00Z".parse().unwrap();
        assert_eq!(order(at, 17), "20260106000011");
        for number in [0, 1, 17, 1_048_575, 2_000_000] {
            for at_place in [0, 3, 7] {
                let no = ClaimNo { order: number, at: at_place };
                assert_eq!(claim_of(&claim(at, no)), Some(no));
                let again = Shipment::OutAgain(no, 7);
                for of in [Shipment::Out(number), Shipment::Back(no), again] {
                    assert_eq!(shipment_of(&shipment(of).to_string()), Some(of));
                }
            }
            assert_eq!(claim_of(&order(at, number)), None);
        }
        for text in ["", "2026", "20260106", "2026010600001g", "20260106-00001", "x0260106800000"] {
            assert_eq!(claim_of(text), None, "{text}");
        }
        for text in ["", "1", "10000000001", "40000000000", "-1", "1e10"] {
            assert_eq!(shipment_of(text), None, "{text}");
        }
    }
}
