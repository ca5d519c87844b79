//! The server's clock, as far as this browser can tell.

use bevy::prelude::*;
use shared::{
    api::Clock,
    clock::{CLOCK_SAMPLES, ClockSample, clock_offset},
    time::Timestamp,
};
use wasm_bindgen_futures::spawn_local;

use crate::{Step, api, page::mailbox::add_mailbox};

/// How far the server's clock is ahead of this browser's, milliseconds.
#[derive(Resource, Message, Debug, Clone, Copy, Default)]
pub struct ServerClock(f64);

impl ServerClock {
    /// Seconds from now until that instant; negative after it.
    pub fn seconds_to(&self, at: Timestamp) -> f32 {
        ((at.0 as f64 - js_sys::Date::now() - self.0) / 1000.0) as f32
    }
}

pub fn plugin(app: &mut App) {
    app.init_resource::<ServerClock>().add_systems(Update, set.in_set(Step::Listen));
    let mailbox = add_mailbox::<ServerClock>(app);
    if super::code().is_some() {
        spawn_local(async move {
            let mut answers = Vec::new();
            for _ in 0..CLOCK_SAMPLES {
                let asked = js_sys::Date::now();
                if let Ok(Clock { now }) = api::answer(api::get("/v1/clock")).await {
                    answers.push(ClockSample { sent_at: asked, server: now, received_at: js_sys::Date::now() });
                }
            }
            if let Some(ahead) = clock_offset(&answers) {
                mailbox.post(ServerClock(ahead));
            }
        });
    }
}

fn set(mut estimates: MessageReader<ServerClock>, mut clock: ResMut<ServerClock>) {
    if let Some(latest) = estimates.read().last() {
        *clock = *latest;
    }
}
