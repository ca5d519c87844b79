//! The hash of a tuning.

use super::Tuning;
use crate::hex::hex_u64;

impl Tuning {
    /// The hash of everything that affects play. Tunings that differ only in name or debug mode have the same hash.
    pub fn hash(&self) -> TuningHash {
        let styles = [self.sprites as i64, self.march as i64, self.bombing as i64];
        let parameters = self.parameters().map(|(_, value)| value.micros());
        let waves = self.wave_heights.iter().map(|height| height.micros());
        let bytes: Vec<u8> = styles.into_iter().chain(parameters).chain(waves).flat_map(i64::to_le_bytes).collect();
        TuningHash(xxhash_rust::xxh3::xxh3_64(&bytes))
    }
}

hex_u64! {
    /// The hash of a tuning: XXH3 over its styles, its parameters in their documented order and its wave heights, in
    /// millionths.
    TuningHash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::MarchStyle;

    #[test]
    fn hash_depends_on_all_rules_and_not_on_the_name() {
        let classic = Tuning::default();
        let renamed = Tuning { name: "other".into(), ..classic.clone() };
        let faster = Tuning { ship_speed: 121.0.into(), ..classic.clone() };
        assert_eq!(classic.hash(), renamed.hash());
        assert_ne!(classic.hash(), faster.hash());
        let in_turn = Tuning { march: MarchStyle::InTurn, ..classic.clone() };
        let lower = Tuning { wave_heights: vec![90.0.into()], ..classic.clone() };
        assert_ne!(classic.hash(), in_turn.hash());
        assert_ne!(classic.hash(), lower.hash());
    }
}
