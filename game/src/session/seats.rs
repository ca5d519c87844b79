//! The player's seat: requesting it, and the heartbeats that keep it, or the player's place among those who wait.

use std::time::Duration;

use crate::bevy::{ecs::system::SystemParam, prelude::*};
use gloo_timers::future::sleep;
use shared::{
    api::{Join, OwnSeat, Problem, ProblemCode, Seated},
    session::{Approval, SEAT_HEARTBEAT_MILLIS, SessionId},
};
use wasm_bindgen_futures::spawn_local;

use super::joined::JoinedSession;
use crate::{
    network::http::{self, RequestError},
    page::mailbox::{Mailbox, add_mailbox},
    player::{Identity, account_token},
};

/// The server's response to a request for a seat.
#[derive(Message, Clone)]
pub struct SeatResponse(pub Result<Seated, RequestError>);

/// A manager approved the player, who has a seat now.
#[derive(Message)]
pub struct SeatApproved;

/// The player lost the seat, for this reason.
#[derive(Message)]
pub struct SeatLost(pub Problem);

/// The mailboxes for what heartbeats find out.
#[derive(SystemParam)]
pub struct HeartbeatMailboxes<'w> {
    approvals: Res<'w, Mailbox<SeatApproved>>,
    losses: Res<'w, Mailbox<SeatLost>>,
}

pub fn plugin(app: &mut App) {
    add_mailbox::<SeatResponse>(app);
    add_mailbox::<SeatApproved>(app);
    add_mailbox::<SeatLost>(app);
}

/// Requests a seat. Does nothing without a nickname.
pub fn request_seat(joined: &JoinedSession, identity: &Identity, mailbox: &Mailbox<SeatResponse>) {
    let Some(nickname) = identity.nickname.clone() else {
        return;
    };
    let mut request = http::post(&format!("/v1/sessions/{}/seats", joined.session.session));
    if let Some(token) = identity.token() {
        request = http::authorize(request, &token);
    }
    http::send_json(request, &Join { nickname }, mailbox, SeatResponse);
}

/// Sends heartbeats until the seat is lost. They do not depend on frames, because a hidden page draws none.
///
/// `guest_token` is used while no account is signed in. `approval` is the player's approval so far.
pub fn send_heartbeats(
    session: SessionId,
    guest_token: Option<String>,
    mut approval: Approval,
    mailboxes: &HeartbeatMailboxes,
) {
    let (approvals, losses) = (mailboxes.approvals.clone(), mailboxes.losses.clone());
    spawn_local(async move {
        loop {
            sleep(Duration::from_millis(SEAT_HEARTBEAT_MILLIS)).await;
            let Some(token) = account_token().or_else(|| guest_token.clone()) else {
                return;
            };
            let request = http::put(&format!("/v1/sessions/{session}/seats/mine"));
            match http::fetch::<OwnSeat>(http::authorize(request, &token)).await {
                Ok(seat) => {
                    let before = std::mem::replace(&mut approval, seat.approval);
                    if (before, approval) == (Approval::Waiting, Approval::Approved) {
                        approvals.post(SeatApproved);
                    }
                }
                Err(RequestError::Refused(problem)) if problem.code != ProblemCode::InvalidToken => {
                    return losses.post(SeatLost(problem));
                }
                Err(_) => {}
            }
        }
    });
}
