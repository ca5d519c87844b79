//! Tells the server that the game has stopped, and why, with the events of the recorded game.

use crate::bevy::prelude::*;
use shared::event::EventKind;

use super::{page_exit::send_all, telemetry_state::Telemetry};
use crate::page::errors;

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, listen_to_stop);
}

fn listen_to_stop(telemetry: Res<Telemetry>) {
    let telemetry = telemetry.clone();
    errors::on_stop(move |reason| {
        // A system that stopped while it held the lock never releases it.
        if !telemetry.is_locked() {
            telemetry.record_event(EventKind::Error(reason.to_owned()));
            send_all(&telemetry);
        }
    });
}
