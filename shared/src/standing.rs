//! Standings: the best result of each player, and their order on the scoreboard.

use std::cmp::{Ordering, Reverse};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{GameId, PlayerId},
    nickname::Nickname,
    time::Timestamp,
    tuning::TuningHash,
    verdict::Verdict,
};

/// The result of a game. More points are better, then more lives, then fewer shots.
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

/// A player's standing: the best game of the player in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// The player.
    pub player: PlayerId,
    /// The nickname of the player in that game.
    pub nickname: Nickname,
    /// The best game.
    pub game: GameId,
    /// The result of that game.
    // Stored rows and the API have the earlier name.
    #[serde(rename = "run")]
    pub result: GameResult,
    /// The level that the player reached, from 1.
    pub level: u32,
    /// The verdict on that game.
    pub verdict: Verdict,
    /// Name of the tuning.
    pub tuning_name: String,
    /// Hash of the tuning.
    pub tuning_hash: TuningHash,
    /// When the server last received events of that game.
    pub updated_at: Timestamp,
    /// When the server received the events with which that game reached its result. Of two equal results, the one that
    /// was reached first ranks first.
    // Rows of earlier servers do not have it.
    #[serde(default)]
    pub reached_at: Timestamp,
}

/// The sort key of a standing in an ordered store: bytes that sort the best standing first.
///
/// Consists of score, lives, shots, the time at which the result was reached, and the player's ID, which makes it unique.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RankKey(pub Vec<u8>);

impl RankKey {
    /// The player of the standing, from the last eight bytes.
    pub fn player(&self) -> PlayerId {
        let id = self.0.last_chunk().copied().unwrap_or_default();
        PlayerId(u64::from_be_bytes(id))
    }
}

impl Standing {
    /// The sort key of this standing.
    pub fn rank_key(&self) -> RankKey {
        // Score, lives, shots, time and player.
        let mut key = Vec::with_capacity(4 + 1 + 4 + 8 + 8);
        key.extend((u32::MAX - self.result.score).to_be_bytes());
        key.push(u8::MAX - self.result.lives);
        key.extend(self.result.shots.to_be_bytes());
        key.extend(self.reached_at.0.to_be_bytes());
        key.extend(self.player.0.to_be_bytes());
        RankKey(key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standing(score: u32, lives: u8, shots: u32, reached_at: u64, player: u64) -> Standing {
        Standing {
            player: PlayerId(player),
            nickname: "Ada".parse().unwrap(),
            game: GameId(1),
            result: GameResult { score, lives, shots },
            level: 1,
            verdict: Verdict::Live,
            tuning_name: "classic".into(),
            tuning_hash: TuningHash(0),
            updated_at: Timestamp(9),
            reached_at: Timestamp(reached_at),
        }
    }

    #[test]
    fn standings_sort_by_score_lives_fewest_shots_and_time() {
        let order = [
            standing(20, 0, 99, 9, 1),
            standing(10, 3, 50, 9, 2),
            standing(10, 2, 10, 9, 3),
            standing(10, 2, 11, 1, 6),
            standing(10, 2, 11, 2, 5),
            standing(10, 2, 11, 2, 7),
        ];
        assert!(order.is_sorted_by_key(Standing::rank_key));
    }

    proptest! {
        #[test]
        fn rank_keys_sort_like_the_fields(
            a in (0_u32..4, 0_u8..4, 0_u32..4, 0_u64..4, 0_u64..4),
            b in (0_u32..4, 0_u8..4, 0_u32..4, 0_u64..4, 0_u64..4),
        ) {
            let (a, b) = (standing(a.0, a.1, a.2, a.3, a.4), standing(b.0, b.1, b.2, b.3, b.4));
            let by_fields = b.result.cmp(&a.result)
                .then_with(|| a.reached_at.cmp(&b.reached_at))
                .then_with(|| a.player.cmp(&b.player));
            prop_assert_eq!(a.rank_key().cmp(&b.rank_key()), by_fields);
            prop_assert_eq!(a.rank_key().player(), a.player);
        }
    }
}
