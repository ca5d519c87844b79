//! The session of this page, at `?join=CODE`: joining it, its updates, its clock, and the standings.

mod clock;
mod joined;
mod seats;
mod standings;
mod updates;

pub use clock::ServerClock;
pub use joined::{JoinedSession, SeatState};
pub use seats::{HeartbeatMailboxes, SeatApproved, SeatLost, SeatResponse, request_seat, send_heartbeats};
pub use standings::TopPlayers;
pub use updates::SessionSystems;

use crate::bevy::prelude::*;

use crate::page::dom;

pub fn plugin(app: &mut App) {
    clock::plugin(app);
    seats::plugin(app);
    standings::plugin(app);
    updates::plugin(app);
}

/// The join code in the page's address.
pub fn join_code() -> Option<String> {
    dom::query("join")
}
