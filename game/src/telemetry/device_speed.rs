//! Whether the device draws fast enough for a game in real time. It is measured before a game, so that none counts if the
//! device is too slow.

use std::time::Duration;

use crate::bevy::{prelude::*, time::common_conditions::on_real_timer};
use shared::event::EventKind;

use super::frame_times::FrameTimes;
use crate::{FrameSet, session::JoinedSession, simulation::MAX_FRAME_MILLIS, state::Screen};

/// The time of one measurement.
const MEASUREMENT_INTERVAL: Duration = Duration::from_secs(3);

/// The speed of the device in a session with games in real time.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeviceSpeed {
    /// Fast enough, or not measured.
    #[default]
    Sufficient,
    /// Most frames take so long that the player misses ticks.
    TooSlow,
}

#[derive(Resource, Default)]
struct MeasuredFrameTimes(FrameTimes);

pub fn plugin(app: &mut App) {
    let is_before_game = in_state(Screen::Lobby).or_else(in_state(Screen::Title));
    let is_real_time = |joined: Option<Res<JoinedSession>>| joined.is_some_and(|joined| joined.session.real_time);
    app.init_resource::<DeviceSpeed>().init_resource::<MeasuredFrameTimes>().add_systems(
        Update,
        (measure_frame, judge_device.run_if(on_real_timer(MEASUREMENT_INTERVAL)))
            .chain()
            .in_set(FrameSet::Output)
            .run_if(is_before_game.and_then(is_real_time)),
    );
}

fn measure_frame(mut times: ResMut<MeasuredFrameTimes>, time: Res<Time<Real>>) {
    times.0.add(time.delta_secs() * 1000.0);
}

fn judge_device(mut times: ResMut<MeasuredFrameTimes>, mut speed: ResMut<DeviceSpeed>) {
    if let Some(EventKind::Frames { p50_ms, .. }) = times.0.take_summary() {
        let is_too_slow = f64::from(p50_ms) > MAX_FRAME_MILLIS;
        speed.set_if_neq(if is_too_slow { DeviceSpeed::TooSlow } else { DeviceSpeed::Sufficient });
    }
}
