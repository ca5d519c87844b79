//! Fingerprints of games: a row for each game with a fingerprint, in the order of arrival.

use async_trait::async_trait;
use shared::{fingerprint::Fingerprint, session::SessionId};

use super::DynamoStore;
use crate::engine::{
    dynamodb::{DynamoError, Item, Key},
    store::{FingerprintHolder, Fingerprints, GameFingerprint, MAX_HOLDERS, StoreError},
};

#[async_trait]
impl Fingerprints for DynamoStore {
    async fn note_fingerprints(&self, fingerprints: Vec<GameFingerprint>) -> Result<(), StoreError> {
        let items = fingerprints.iter().map(fingerprint_item).collect::<Result<_, _>>()?;
        Ok(self.table.put_all(items).await?)
    }

    async fn fingerprint_holders(
        &self,
        session: SessionId,
        fingerprint: Fingerprint,
    ) -> Result<Vec<FingerprintHolder>, StoreError> {
        let items = self.table.query_first(&fingerprint_pk(session, fingerprint), MAX_HOLDERS).await?;
        Ok(items.iter().map(Item::row).collect::<Result<_, _>>()?)
    }
}

fn fingerprint_item(GameFingerprint { session, fingerprint, holder }: &GameFingerprint) -> Result<Item, DynamoError> {
    let sk = format!("{:016x}/{}", holder.received_at.0, holder.game);
    Item::new(&Key::new(fingerprint_pk(*session, *fingerprint), sk), holder)
}

fn fingerprint_pk(session: SessionId, Fingerprint { at, hash }: Fingerprint) -> String {
    format!("fingerprint/{session}/{}/{hash:016x}", at.0)
}
