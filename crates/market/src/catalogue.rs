//! What a seller sells, and what an order is made of.

use crate::Line;
use crate::chance::draw;
use crate::rates::{SECOND_LINE, THIRD_LINE};
use crate::story::{ITEM, OPTION};

/// Goods a seller has.
const GOODS: u64 = 12;
/// How far they are apart among all there are; shares no factor with their number, 40.
const STRIDE: u64 = 7;

/// The lines of an order; no two are of the same goods.
pub(crate) fn lines(seed: u64, seller: usize, nth: u64) -> Vec<Line> {
    let chance = |purpose, rate| draw(seed, nth, purpose, 0, 1000) < rate;
    let second = chance("second-line", SECOND_LINE);
    let many = 1 + u64::from(second) + u64::from(second && chance("third-line", THIRD_LINE));
    let first = draw(seed, nth, "goods", 0, GOODS);
    (0..many)
        .map(|at| {
            let quantity = match draw(seed, nth, "quantity", at as usize, 100) {
                0..58 => 1,
                58..80 => 2,
                80..93 => 3,
                _ => 4,
            };
            line(seed, seller, (first + at * 5) % GOODS, quantity)
        })
        .collect()
}

/// Pieces of one of a seller's goods.
fn line(seed: u64, seller: usize, which: u64, quantity: u32) -> Line {
    let all = (ITEM.len() * OPTION.len()) as u64;
    let sku = (draw(seed, seller as u64, "catalogue", 0, all) + which * STRIDE) % all;
    let price = draw(seed, seller as u64, "price", sku as usize, 85) + 5;
    Line {
        sku: sku as u32,
        item: ITEM[sku as usize / OPTION.len()],
        option: OPTION[sku as usize % OPTION.len()],
        price: price as i64 * 1_000,
        quantity,
    }
}
