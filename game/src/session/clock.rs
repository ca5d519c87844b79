//! An estimate of the server's clock, for the common start and the end of a session.

use crate::bevy::prelude::*;
use shared::{
    api::Clock,
    clock::{CLOCK_SAMPLES, ClockSample, clock_offset},
    time::Timestamp,
};
use wasm_bindgen_futures::spawn_local;

use super::join_code;
use crate::{FrameSet, network::http, page::mailbox::add_mailbox};

/// The server's time minus this browser's time, milliseconds.
#[derive(Resource, Message, Debug, Clone, Copy, Default)]
pub struct ServerClock(f64);

impl ServerClock {
    /// Seconds from now until `instant`; negative after it.
    pub fn seconds_until(&self, instant: Timestamp) -> f32 {
        ((instant.0 as f64 - js_sys::Date::now() - self.0) / 1000.0) as f32
    }
}

pub fn plugin(app: &mut App) {
    app.init_resource::<ServerClock>().add_systems(Update, set_clock.in_set(FrameSet::Input));
    let mailbox = add_mailbox::<ServerClock>(app);
    if join_code().is_some() {
        spawn_local(async move {
            if let Some(offset) = measure_offset().await {
                mailbox.post(ServerClock(offset));
            }
        });
    }
}

async fn measure_offset() -> Option<f64> {
    let mut samples = Vec::new();
    for _ in 0..CLOCK_SAMPLES {
        let sent_at = js_sys::Date::now();
        if let Ok(Clock { now }) = http::fetch(http::get("/v1/clock")).await {
            samples.push(ClockSample { sent_at, server: now, received_at: js_sys::Date::now() });
        }
    }
    clock_offset(&samples)
}

fn set_clock(mut estimates: MessageReader<ServerClock>, mut clock: ResMut<ServerClock>) {
    if let Some(latest) = estimates.read().last() {
        *clock = *latest;
    }
}
