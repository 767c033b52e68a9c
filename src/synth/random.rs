//! A pseudo-random number generator without floating point, so that a seed gives the same numbers on every platform.

/// Fractional bits of fixed-point numbers.
const FRACTION: u32 = 16;

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
///
/// Floating point is avoided because `exp` and `ln` differ between platforms in their last bit, and a seed must
/// always give the same files.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The generator of one `stream` of a `seed`. Streams are independent, so files can be generated in any order and
    /// on any number of threads.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(scramble(seed ^ scramble(stream.wrapping_add(STEP))))
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        scramble(self.0)
    }

    /// A number below `limit`, which must not be 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(limit);
        u64::try_from(wide >> 64).expect("a product of 128 bits has 64 high bits")
    }

    /// An index below `limit`, which must not be 0.
    pub(super) fn index(&mut self, limit: usize) -> usize {
        usize::try_from(self.below(limit as u64)).expect("it is below a usize")
    }

    /// A number from `low` to `high`, inclusive.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True with probability `share / of`.
    pub(super) fn chance(&mut self, share: u64, of: u64) -> bool {
        self.below(of) < share
    }

    /// One of `choices`, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.index(choices.len())]
    }

    /// A rank below `limit`, roughly following Zipf's law: rank `r` is drawn about `1 / (r + 1)` as often as rank 0.
    pub(super) fn rank(&mut self, limit: usize) -> usize {
        let drawn = exp2(self.below(log2(limit as u64 + 1))) - 1;
        usize::try_from(drawn).map_or(limit - 1, |rank| rank.min(limit - 1))
    }

    /// A number with an approximately log-normal distribution around `median`: about two in three are within a factor
    /// of 2^(0.58 × `spread`). Never 0.
    pub(super) fn around(&mut self, median: u64, spread: u64) -> u64 {
        let bits = self.next();
        // The sum of four uniform numbers is close to a bell; its middle is 2.0 in fixed point.
        let bell: u64 = (0..4).map(|part| (bits >> (part * 16)) & 0xffff).sum();
        let highest = log2(median) + 2 * spread * (1 << FRACTION);
        exp2(highest.saturating_sub(bell * spread))
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.index(last + 1);
            items.swap(last, other);
        }
    }
}

/// The increment of `SplitMix64`: the fractional part of the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of `SplitMix64`; also used as a hash.
pub(super) fn scramble(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The binary logarithm of a number above 0, in fixed point and linear between powers of two.
fn log2(number: u64) -> u64 {
    let whole = u64::from(number.ilog2());
    let fraction = (u128::from(number) << FRACTION >> whole) & 0xffff;
    (whole << FRACTION) | u64::try_from(fraction).expect("16 bits")
}

/// The inverse of [`log2`], also linear between powers of two.
fn exp2(power: u64) -> u64 {
    let mantissa = u128::from((1 << FRACTION) | (power & 0xffff));
    let shifted = mantissa << (power >> FRACTION).min(62) >> FRACTION;
    u64::try_from(shifted).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_seed_are_those_of_the_published_algorithm() {
        // The first outputs for the state 1234567, as the reference implementation prints them.
        let mut random = Random(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn powers_and_logarithms_are_inverse_within_their_precision() {
        for number in [1, 2, 3, 5, 1000, 60_001, 65_536] {
            assert_eq!(exp2(log2(number)), number);
        }
        let large = 1 << 40;
        assert!(exp2(log2(large + 12_345)).abs_diff(large + 12_345) < large >> 15);
    }

    #[test]
    fn low_ranks_are_drawn_most_often_and_every_rank_can_be() {
        let mut random = Random::new(1, 2);
        let mut counts = [0_u32; 50];
        for _ in 0..100_000 {
            counts[random.rank(50)] += 1;
        }
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
        assert!(counts[0] > counts[1] && counts[1] > counts[5] && counts[5] > counts[40]);
        // Zipf over 50 ranks gives the first 1 in 4.5; the approximation gives it 1 in log2(51).
        assert!((14_000..24_000).contains(&counts[0]), "{}", counts[0]);
    }

    #[test]
    fn half_of_what_is_drawn_around_a_median_is_above_it() {
        let mut random = Random::new(3, 4);
        let drawn: Vec<u64> = (0..20_000).map(|_| random.around(1000, 3)).collect();
        let above = drawn.iter().filter(|number| **number > 1000).count();
        assert!((9_000..11_000).contains(&above), "{above}");
        assert!(drawn.iter().any(|number| *number > 10_000));
        assert!(drawn.iter().any(|number| *number < 100));
        assert!((0..1000).all(|_| random.around(2, 3) >= 1));
    }
}
