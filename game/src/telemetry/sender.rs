//! Sends unacknowledged events to the server and handles its responses.

use crate::bevy::prelude::*;
use shared::{api::Ack, ids::GameId, time::Tick};

use super::telemetry_state::Telemetry;
use crate::{
    FrameSet,
    network::http::{self, RequestError},
    page::mailbox::{Mailbox, add_mailbox},
    simulation::Simulation,
    state::{LagNotice, Link, RecordedGame},
};

/// The server's response to a batch of events.
#[derive(Message)]
pub struct BatchResponse {
    game: GameId,
    /// The token that the batch was sent with.
    token: String,
    response: Result<Ack, RequestError>,
}

pub fn plugin(app: &mut App) {
    add_mailbox::<BatchResponse>(app);
    app.add_systems(
        Update,
        (
            handle_responses.in_set(FrameSet::Input),
            (send_batches, update_link, update_lag_notice).chain().in_set(FrameSet::Output),
        ),
    );
}

/// The path to which a game's events are posted.
pub fn events_path(game: GameId) -> String {
    format!("/v1/games/{game}/events")
}

pub fn send_batches(telemetry: Res<Telemetry>, time: Res<Time<Real>>, mailbox: Res<Mailbox<BatchResponse>>) {
    for outbox in &mut telemetry.lock().outboxes {
        let Some(batch) = outbox.next_batch(time.elapsed_secs_f64()) else {
            continue;
        };
        let (game, token) = (outbox.queue.game, outbox.queue.token.clone());
        let request = http::authorize(http::post(&events_path(game)), &token);
        http::send_json(request, &batch, &mailbox, move |response| BatchResponse { game, token, response });
    }
}

fn handle_responses(
    mut responses: MessageReader<BatchResponse>,
    telemetry: Res<Telemetry>,
    time: Res<Time<Real>>,
    recorded: Option<Res<RecordedGame>>,
    mut link: ResMut<Link>,
) {
    let mut state = telemetry.lock();
    for BatchResponse { game, token, response } in responses.read() {
        // Another token is that of an earlier start of the game.
        let Some(outbox) = state.outbox(*game).filter(|outbox| outbox.queue.token == *token) else {
            continue;
        };
        let handled = outbox.handle_response(response.clone(), time.elapsed_secs_f64(), js_sys::Math::random());
        state.save_queue(*game);
        if let Err(reason) = handled {
            web_sys::console::error_1(&format!("the server does not record game {game}: {reason}").into());
            state.delete_queue(*game);
            if recorded.as_ref().is_some_and(|recorded| recorded.game == *game) {
                *link = Link::Unrecorded(reason);
            }
        }
    }
    state.drop_finished_outboxes();
}

fn update_link(
    telemetry: Res<Telemetry>,
    recorded: Option<Res<RecordedGame>>,
    simulation: Res<Simulation>,
    mut link: ResMut<Link>,
) {
    let Some(recorded) = recorded.filter(|_| !matches!(*link, Link::Unrecorded(_))) else {
        return;
    };
    let mut state = telemetry.lock();
    let failing = state.outbox(recorded.game).filter(|outbox| outbox.is_failing());
    let now = simulation.state().tick;
    link.set_if_neq(failing.map_or(Link::Up, |outbox| {
        let first = outbox.queue.first_tick().unwrap_or(now);
        Link::Down { stored_seconds: (Tick(now.0 - first.0).millis() / 1000) as u32 }
    }));
}

fn update_lag_notice(
    telemetry: Res<Telemetry>,
    recorded: Option<Res<RecordedGame>>,
    simulation: Res<Simulation>,
    mut notice: ResMut<LagNotice>,
) {
    let Some(recorded) = recorded.filter(|_| simulation.is_real_time()) else {
        notice.set_if_neq(LagNotice::None);
        return;
    };
    // Without an outbox, the server has acknowledged the whole game, and the last notice stays.
    if let Some(outbox) = telemetry.lock().outbox(recorded.game) {
        notice.set_if_neq(outbox.lag_notice(simulation.due_tick()));
    }
}
