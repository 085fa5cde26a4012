//! Chance without a memory: what is drawn depends on the seed, the order and the purpose alone, so
//! that what is done about one order shifts nothing for the others.

/// SplitMix64: a number that looks like noise, the same for the same number.
pub(crate) const fn mix(nth: u64) -> u64 {
    let mut z = nth.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number below `of`; `nth` is the order's, `purpose` and `which` say what for.
pub(crate) fn draw(seed: u64, nth: u64, purpose: &str, which: usize, of: u64) -> u64 {
    let salt = purpose.bytes().fold(which as u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3).rotate_left(7)
    });
    mix(mix(mix(seed) ^ nth) ^ salt) % of.max(1)
}
