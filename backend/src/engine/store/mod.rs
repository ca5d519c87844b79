//! The store: tables that the processor derives from the stream. They can be deleted and computed again.
//!
//! Each concern has a trait of its own; [`Store`] unites them and writes to all of them in one step.

mod dead_letters;
mod dynamodb;
mod embedded;
mod fingerprints;
mod game_end;
mod games;
mod rankings;
mod recorded;
mod shards;

use std::path::PathBuf;

use async_trait::async_trait;

use super::error::OperationError;
use crate::engine::stream::ShardId;

pub use dead_letters::{DeadLetter, DeadLetters};
pub use dynamodb::DynamoStore;
pub use embedded::{EmbeddedStore, Format8Tables};
pub use fingerprints::{FingerprintHolder, Fingerprints, GameFingerprint, MAX_HOLDERS};
pub use games::{CopyMark, CountedResult, Counting, GameChange, GameRow, GameTables, Pace};
pub use rankings::{PlayerChange, PlayerRow, Rankings};
pub use recorded::{RecordedResult, ResultSource};
pub use shards::{Lease, ShardProgress, ShardRow, ShardTables, Worker};

/// All tables.
#[async_trait]
pub trait Store: GameTables + Rankings + ShardTables + Fingerprints + DeadLetters {
    /// Applies the changes that a record batch causes, and then writes the shard's new row.
    ///
    /// If this is interrupted, the same changes can be computed again from the same records and applied again.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if a row is not the version before its change. The shard's row is then unchanged.
    /// [`StoreError::Engine`] if the engine fails.
    async fn apply(&self, changes: Changes, shard: &ShardId, row: ShardRow) -> Result<(), StoreError>;
}

/// Everything that processing a record batch changes.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Changed games, each at most once.
    pub games: Vec<GameChange>,
    /// Changed players of sessions, each at most once.
    pub players: Vec<PlayerChange>,
    /// Records that cannot be processed.
    pub dead_letters: Vec<DeadLetter>,
}

/// Why an operation of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another writer changed a row since it was read: read it and compute the changes again.
    #[error("another writer changed a row")]
    Conflict,
    /// A server of another version wrote the tables.
    #[error("{path} has format {found}, but this server uses format {expected}")]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format; 0 if it has none.
        found: u64,
        /// The format of this server.
        expected: u64,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] OperationError),
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Value, json};

    use super::*;
    use crate::engine::registry::{Seat, Session, TicketRow};

    /// Reads a row that an earlier server stored, and stores it again with the same names.
    fn assert_names_stay<T: Serialize + DeserializeOwned>(stored: Value) {
        let row: T = serde_json::from_value(stored.clone()).unwrap_or_else(|error| panic!("{error} in {stored}"));
        assert_contains(&serde_json::to_value(row).unwrap(), &stored);
    }

    /// Fails if a field of `stored` is missing or different in `row`, at any depth.
    fn assert_contains(row: &Value, stored: &Value) {
        let Value::Object(fields) = stored else {
            assert_eq!(row, stored);
            return;
        };
        for (name, value) in fields {
            assert_contains(row.get(name).unwrap_or_else(|| panic!("{name} is missing in {row}")), value);
        }
    }

    #[test]
    fn rows_of_earlier_servers_are_read_and_keep_their_names() {
        let result = json!({"score": 20, "lives": 3, "shots": 3});
        let live = json!({"status": "live"});
        assert_names_stay::<CountedResult>(json!({"run": result, "level": 1, "verdict": live, "updated_at": 9}));
        let (player, session) = ("6f351a549a08d230", "0a1a1f03d80ab26c");
        let standing = json!({
            "player": player, "nickname": "Ada", "game": "33eaf6370584c34f", "run": result, "level": 1,
            "verdict": live, "tuning_name": "arcade", "tuning_hash": "48548c435897dc9e", "updated_at": 9,
        });
        let ruling = json!({"session": session, "player": player, "number": 1, "nickname": "Polite", "removed": false});
        assert_names_stay::<PlayerRow>(
            json!({"version": 2, "standing": standing, "ruling": ruling, "newest": [9, "33eaf6370584c34f"]}),
        );
        let passed = json!({"events": 3, "rejected": 0, "lag_millis": 2, "at": 9});
        let checkpoint = json!({"At": "00000000000000000004.0"});
        assert_names_stay::<ShardRow>(json!({"checkpoint": checkpoint, "passed": passed}));
        let place = json!({"shard": "log", "position": "00000000000000000004.0"});
        assert_names_stay::<DeadLetter>(json!({"place": place, "reason": "not a record"}));
        assert_names_stay::<Seat>(json!({
            "player": player, "nickname": "Ada", "role": "guest", "taken_at": 1, "seen_at": 9, "trials": 1,
            "removed": null, "renamed": true, "rulings": 1,
        }));
        assert_names_stay::<TicketRow>(json!({"newest": 2, "unplayed": null, "played": [["33eaf6370584c34f", 2]]}));
        assert_names_stay::<Session>(json!({
            "id": session, "code": "9PUJGT", "made_at": 1, "stage": {"stage": "closed", "settled_at": 9},
            "settled": [[1, 9]],
            "plan": {
                "name": "Cup", "kind": "single_trial", "seats": 3, "synchronised": false, "guests": true,
                "tuning": null, "opens_at": null, "closes_at": null,
            },
        }));
    }
}
