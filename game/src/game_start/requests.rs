//! Requests for seats and tickets.

use crate::bevy::{ecs::system::SystemParam, prelude::*};
use shared::{
    api::{NewGame, Ticket},
    rules::RULES_VERSION,
};

use super::StartProgress;
use crate::{
    network::http::{self, RequestError},
    page::mailbox::Mailbox,
    player::Identity,
    session::{JoinedSession, SeatResponse, SeatState, request_seat},
};

/// The server's response to a request for a ticket.
#[derive(Message)]
pub struct TicketResponse(pub Result<Ticket, RequestError>);

/// Sends the request that the start of a game needs next: for a seat, or for a ticket. The system that handles the seat's
/// response sends again.
#[derive(SystemParam)]
pub struct TicketRequests<'w> {
    pub joined: Option<Res<'w, JoinedSession>>,
    tickets: Res<'w, Mailbox<TicketResponse>>,
    seats: Res<'w, Mailbox<SeatResponse>>,
}

impl TicketRequests<'_> {
    /// Whether the player waits for approval, and so can get no ticket.
    pub fn is_waiting(&self) -> bool {
        self.joined.as_ref().is_some_and(|joined| joined.seat == SeatState::Waiting)
    }

    /// Requests a seat if the player needs one, otherwise a ticket. Does nothing without a nickname.
    pub fn send(&self, identity: &Identity, progress: &mut StartProgress) {
        let Some(nickname) = identity.nickname.clone() else {
            return;
        };
        *progress = StartProgress::Requested;
        match self.joined.as_deref() {
            Some(joined) if joined.seat == SeatState::None => request_seat(joined, identity, &self.seats),
            joined => {
                let session = joined.map(|joined| joined.session.session);
                let player_token = identity.token();
                let new_game = NewGame { nickname, session, player_token, rules_version: Some(RULES_VERSION) };
                http::send_json(http::post("/v1/games"), &new_game, &self.tickets, TicketResponse);
            }
        }
    }
}
