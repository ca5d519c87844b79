//! Whether events count: those received while their session ran or was closing.

use std::collections::{HashMap, hash_map::Entry};

use shared::{session::SessionId, time::Timestamp};

use crate::engine::registry::{Registry, RegistryError, Session};

/// The sessions of a batch of records. Each is read once, after all records of the batch were received, so that a session
/// that was closed before an event was received is known to be closed.
pub struct CountingSessions<'a> {
    registry: &'a dyn Registry,
    sessions: HashMap<SessionId, Option<Session>>,
}

impl CountingSessions<'_> {
    /// Creates an empty set of sessions that are read from `registry` when needed.
    pub fn new(registry: &dyn Registry) -> CountingSessions<'_> {
        CountingSessions { registry, sessions: HashMap::new() }
    }

    /// Returns whether events received at that time count. In open play, all events count.
    pub async fn count(&mut self, session: SessionId, received_at: Timestamp) -> Result<bool, RegistryError> {
        if session == SessionId::OPEN_PLAY {
            return Ok(true);
        }
        if let Entry::Vacant(unread) = self.sessions.entry(session) {
            unread.insert(self.registry.session(session).await?.map(|(session, _)| session));
        }
        let session = self.sessions.get(&session).and_then(Option::as_ref);
        Ok(session.is_some_and(|session| session.counts(received_at)))
    }
}
