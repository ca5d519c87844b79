//! Which ticks of a game count: those that were due while its session ran and before the player's next game began, and
//! that arrived by the end of the session's grace period.

use std::collections::{HashMap, hash_map::Entry};

use shared::{
    record::TicketIssued,
    session::{GRACE_MILLIS, SessionId},
    time::Timestamp,
};

use crate::engine::registry::{Registry, RegistryError, Session};

/// Until when ticks of a game count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountingLimit {
    /// The last instant at which a tick that counts is due.
    pub due_by: Timestamp,
    /// The last instant at which a tick that counts arrives.
    pub received_by: Timestamp,
}

impl CountingLimit {
    /// The limit of a game of a session without an end.
    pub const NONE: CountingLimit = CountingLimit { due_by: Timestamp(u64::MAX), received_by: Timestamp(u64::MAX) };

    /// The limit of a game whose session ends then.
    fn until(end: Timestamp) -> CountingLimit {
        CountingLimit { due_by: end, received_by: end.after_millis(GRACE_MILLIS) }
    }

    /// This limit for a player who began another game then.
    pub fn before(self, next_game: Option<Timestamp>) -> CountingLimit {
        CountingLimit { due_by: next_game.map_or(self.due_by, |start| start.min(self.due_by)), ..self }
    }
}

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

    /// Returns the limit that its session sets for a game that started at `started_at`. Open play has no end. A game that
    /// started while its session did not run does not count at all.
    pub async fn limit(
        &mut self,
        ticket: &TicketIssued,
        started_at: Timestamp,
    ) -> Result<CountingLimit, RegistryError> {
        if ticket.session == SessionId::OPEN_PLAY {
            return Ok(CountingLimit::NONE);
        }
        let end = self.session(ticket.session).await?.and_then(|session| session.run_end(started_at));
        Ok(CountingLimit::until(end.unwrap_or_default()))
    }

    /// Returns whether all games of a session have the same seed. Those of open play have not.
    pub async fn share_seed(&mut self, session: SessionId) -> Result<bool, RegistryError> {
        let session = if session == SessionId::OPEN_PLAY { None } else { self.session(session).await? };
        Ok(session.is_some_and(|session| session.plan.shared_seed))
    }

    async fn session(&mut self, session: SessionId) -> Result<Option<&Session>, RegistryError> {
        if let Entry::Vacant(unread) = self.sessions.entry(session) {
            unread.insert(self.registry.session(session).await?.map(|(session, _)| session));
        }
        Ok(self.sessions.get(&session).and_then(Option::as_ref))
    }
}
