//! Seeded chance: one stream per purpose, and ids that nothing else can move.

use std::collections::BTreeMap;

/// What every draw of a run comes from; always given, never a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub u64);

/// A purpose of chance. A draw in one stream moves no draw of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// The last tie between instances that placement ranks alike (PLACE-14).
    PlacementTie,
    /// How much longer than usual an EC2 instance takes to boot (LIFE-27).
    InstanceBoot,
    /// The placement strategy `random` (PLACE-09).
    PlacementRandom,
    /// The last tie between instances that a group could end (ASG-13).
    ScaleIn,
}

/// A seed and how much of it is used: draws per stream, ids per kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dice {
    seed: Seed,
    draws: BTreeMap<(Stream, String), u64>,
    ordinals: BTreeMap<String, u64>,
}

impl Dice {
    /// Unused dice of this seed.
    pub fn new(seed: Seed) -> Dice {
        Dice { seed, draws: BTreeMap::new(), ordinals: BTreeMap::new() }
    }

    /// The seed that the run was begun with.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The next draw of this stream for this place, from 0 to `bound - 1`; 0 when the bound is 0.
    ///
    /// The place is a cluster or zone, so that a draw for one moves no draw for another.
    pub fn draw(&mut self, stream: Stream, place: &str, bound: u64) -> u64 {
        let count = self.draws.entry((stream, place.to_string())).or_default();
        *count += 1;
        let bits = mix(self.seed.0 ^ mix(stream as u64 + 1) ^ mix(hash(place)) ^ mix(*count << 8));
        bits.checked_rem(bound).unwrap_or(0)
    }

    /// 32 hex digits, fresh for this kind (API-18): a hash of seed, kind and ordinal.
    ///
    /// A kind may name its parent (`task/shop`), so that what happens in another cluster moves
    /// no id of this one.
    pub fn hex(&mut self, kind: &str) -> String {
        let (high, low) = self.bits(kind);
        format!("{high:016x}{low:016x}")
    }

    /// A uuid with dashes, fresh for this kind.
    pub fn uuid(&mut self, kind: &str) -> String {
        let hex = self.hex(kind);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// A number of 19 digits, fresh for this kind, as deployments have (API-17).
    pub fn digits19(&mut self, kind: &str) -> String {
        let (high, _) = self.bits(kind);
        (1_000_000_000_000_000_000 + high % 9_000_000_000_000_000_000).to_string()
    }

    /// How many ids of this kind were given out so far.
    pub fn given(&self, kind: &str) -> u64 {
        self.ordinals.get(kind).copied().unwrap_or(0)
    }

    fn bits(&mut self, kind: &str) -> (u64, u64) {
        let ordinal = self.ordinals.entry(kind.to_string()).or_default();
        *ordinal += 1;
        let kind = hash(kind);
        let high = mix(self.seed.0 ^ mix(kind).wrapping_add(mix(*ordinal)));
        (high, mix(high ^ kind))
    }
}

/// FNV-1a over a name.
fn hash(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The output function of splitmix64: every bit of the input reaches every bit of the output.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
