//! Telemetry: records the player's game as numbered events and sends them until the server has stored them.

mod crash;
mod device_speed;
mod frame_times;
mod outbox;
mod page_exit;
mod queue;
mod recorder;
mod sender;
mod telemetry_state;

pub use device_speed::DeviceSpeed;
pub use telemetry_state::Telemetry;

use crate::bevy::prelude::*;

pub fn plugin(app: &mut App) {
    telemetry_state::plugin(app);
    recorder::plugin(app);
    sender::plugin(app);
    page_exit::plugin(app);
    crash::plugin(app);
    device_speed::plugin(app);
}
