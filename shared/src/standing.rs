//! The order of the scoreboard.

use std::cmp::{Ordering, Reverse};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{GameId, PlayerId},
    nickname::Nickname,
    time::Timestamp,
    tuning::TuningHash,
    verdict::Verdict,
};

/// How far a game got. Orders from worst to best: points, then lives, then the fewest shots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GameResult {
    /// Points.
    pub score: u32,
    /// Lives left.
    pub lives: u8,
    /// Rockets fired.
    pub shots: u32,
}

impl Ord for GameResult {
    fn cmp(&self, other: &GameResult) -> Ordering {
        let key = |result: &GameResult| (result.score, result.lives, Reverse(result.shots));
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for GameResult {
    fn partial_cmp(&self, other: &GameResult) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A player's place on the scoreboard: the best single run, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// The player.
    pub player: PlayerId,
    /// The name, as given with that game.
    pub nickname: Nickname,
    /// The game of the run.
    pub game: GameId,
    /// How far it got.
    #[serde(rename = "run")]
    pub result: GameResult,
    /// The level that it reached.
    pub level: u32,
    /// What the server thinks of it.
    pub verdict: Verdict,
    /// The tuning's name.
    pub tuning_name: String,
    /// The tuning's hash.
    pub tuning_hash: TuningHash,
    /// When the server last heard of that game.
    pub updated_at: Timestamp,
}

/// The place of a standing as bytes that sort best first, for an ordered store.
///
/// Score, lives, shots, then the nickname's bytes and the player, which makes it unique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RankKey(pub Vec<u8>);

impl RankKey {
    /// Whose standing it is: its last eight bytes.
    pub fn player(&self) -> PlayerId {
        let tail = self.0.last_chunk().copied().unwrap_or_default();
        PlayerId(u64::from_be_bytes(tail))
    }
}

impl Standing {
    /// Where it stands.
    pub fn rank_key(&self) -> RankKey {
        let mut key = Vec::with_capacity(18 + self.nickname.as_str().len());
        key.extend((u32::MAX - self.result.score).to_be_bytes());
        key.push(u8::MAX - self.result.lives);
        key.extend(self.result.shots.to_be_bytes());
        key.extend(self.nickname.as_str().as_bytes());
        // Below any character, so that a name sorts before the names that it begins.
        key.push(0);
        key.extend(self.player.0.to_be_bytes());
        RankKey(key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standing(score: u32, lives: u8, shots: u32, nickname: &str, player: u64) -> Standing {
        Standing {
            player: PlayerId(player),
            nickname: nickname.parse().unwrap(),
            game: GameId(1),
            result: GameResult { score, lives, shots },
            level: 1,
            verdict: Verdict::Live,
            tuning_name: "classic".into(),
            tuning_hash: TuningHash(0),
            updated_at: Timestamp(0),
        }
    }

    #[test]
    fn score_then_lives_then_fewest_shots_then_nickname() {
        let order = [
            standing(20, 0, 99, "z", 1),
            standing(10, 3, 50, "z", 2),
            standing(10, 2, 10, "z", 3),
            standing(10, 2, 11, "a", 4),
            standing(10, 2, 11, "ab", 5),
            standing(10, 2, 11, "b", 6),
        ];
        assert!(order.is_sorted_by_key(Standing::rank_key));
    }

    proptest! {
        #[test]
        fn keys_sort_as_runs_and_names_do(
            a in (0_u32..4, 0_u8..4, 0_u32..4, "[a-cé]{1,3}", 0_u64..4),
            b in (0_u32..4, 0_u8..4, 0_u32..4, "[a-cé]{1,3}", 0_u64..4),
        ) {
            let (a, b) = (standing(a.0, a.1, a.2, &a.3, a.4), standing(b.0, b.1, b.2, &b.3, b.4));
            let by_fields = b.result.cmp(&a.result)
                .then_with(|| a.nickname.cmp(&b.nickname))
                .then_with(|| a.player.cmp(&b.player));
            prop_assert_eq!(a.rank_key().cmp(&b.rank_key()), by_fields);
            prop_assert_eq!(a.rank_key().player(), a.player);
        }
    }
}
