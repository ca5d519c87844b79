//! Fingerprints of games.

use async_trait::async_trait;
use redb::{Durability, ReadableDatabase, TableDefinition, WriteTransaction};
use shared::{
    fingerprint::Fingerprint,
    ids::{GameId, PlayerId},
    session::SessionId,
    time::Timestamp,
};

use super::{EmbeddedStore, Error};
use crate::engine::store::{FingerprintHolder, Fingerprints, GameFingerprint, MAX_HOLDERS, StoreError};

/// Session, end of the window, hash, time of arrival, and game.
type Key = (u64, u32, u64, u64, u64);
/// Players by fingerprint and game.
const FINGERPRINTS: TableDefinition<Key, u64> = TableDefinition::new("fingerprints");

/// Creates the table of this file if it is missing.
pub fn create_tables(transaction: &WriteTransaction) -> Result<(), Error> {
    transaction.open_table(FINGERPRINTS)?;
    Ok(())
}

#[async_trait]
impl Fingerprints for EmbeddedStore {
    async fn note_fingerprints(&self, fingerprints: Vec<GameFingerprint>) -> Result<(), StoreError> {
        self.run("write fingerprints", move |database| {
            let mut transaction = database.begin_write()?;
            // A crash loses the later changes of the same records as well, and they are processed again.
            transaction.set_durability(Durability::None).map_err(redb::Error::from)?;
            let mut table = transaction.open_table(FINGERPRINTS)?;
            for GameFingerprint { session, fingerprint, holder } in fingerprints {
                table.insert(key(session, fingerprint, holder.received_at.0, holder.game.0), holder.player.0)?;
            }
            drop(table);
            transaction.commit()?;
            Ok(())
        })
        .await
    }

    async fn fingerprint_holders(
        &self,
        session: SessionId,
        fingerprint: Fingerprint,
    ) -> Result<Vec<FingerprintHolder>, StoreError> {
        self.run("read fingerprints", move |database| {
            let table = database.begin_read()?.open_table(FINGERPRINTS)?;
            let all = key(session, fingerprint, 0, 0)..=key(session, fingerprint, u64::MAX, u64::MAX);
            let holders = table.range(all)?.take(MAX_HOLDERS).map(|entry| {
                let (key, player) = entry?;
                let (.., received_at, game) = key.value();
                let (received_at, game) = (Timestamp(received_at), GameId(game));
                Ok(FingerprintHolder { received_at, game, player: PlayerId(player.value()) })
            });
            holders.collect()
        })
        .await
    }
}

fn key(session: SessionId, Fingerprint { at, hash }: Fingerprint, received_at: u64, game: u64) -> Key {
    (session.0, at.0, hash, received_at, game)
}
