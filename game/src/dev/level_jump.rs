//! Starts a practice game at any level.

use crate::bevy::prelude::*;
use shared::event::EventKind;

use super::DevCommand;
use crate::{
    FrameSet,
    game_start::StartSystems,
    simulation::Simulation,
    state::{Link, RecordedGame, Screen},
    telemetry::Telemetry,
};

pub fn plugin(app: &mut App) {
    // A ticket can arrive in the same frame. Its game then replaces the jump as a whole, so that the server never
    // records a game that started at another level.
    app.add_systems(Update, jump_to_level.in_set(FrameSet::Input).before(StartSystems));
}

fn jump_to_level(
    mut commands: Commands,
    mut dev_commands: MessageReader<DevCommand>,
    mut link: ResMut<Link>,
    mut next: ResMut<NextState<Screen>>,
    simulation: Res<Simulation>,
    telemetry: Res<Telemetry>,
) {
    for command in dev_commands.read() {
        let DevCommand::JumpToLevel(level) = *command else {
            continue;
        };
        match Simulation::practice_at_level(simulation.game().tuning().clone(), level) {
            Ok(practice) => {
                telemetry.stop_recording(EventKind::Left);
                commands.remove_resource::<RecordedGame>();
                commands.insert_resource(practice);
                *link = Link::Unrecorded(format!("PRACTICE FROM LEVEL {level}"));
                next.set(Screen::Playing);
            }
            Err(error) => {
                web_sys::console::error_1(&format!("cannot jump to level {level}: {error}").into());
            }
        }
    }
}
