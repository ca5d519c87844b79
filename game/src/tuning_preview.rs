//! The tuning preview at `?tune`: the sliders of a panel change the game while it is played. It is not recorded.

use crate::bevy::prelude::*;
use web_sys::CustomEvent;

use crate::{
    FrameSet,
    game_start::{StartGame, StartSystems},
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
    },
    simulation::{Simulation, TuningPreview},
    state::Screen,
};

pub fn plugin(app: &mut App) {
    if dom::query("tune").is_none() {
        return;
    }
    let mailbox = add_mailbox::<TuningPreview>(app);
    listen_to_panel(&mailbox);
    let plays_by_bot = |preview: Option<Res<TuningPreview>>| preview.is_some_and(|preview| preview.bot);
    app.add_systems(
        Update,
        (apply_preview, request_start.run_if(resource_added::<TuningPreview>))
            .chain()
            .in_set(FrameSet::Input)
            .before(StartSystems),
    )
    .add_systems(OnEnter(Screen::GameOver), request_start.run_if(plays_by_bot));
}

/// The panel sends events to the window. The page shows the error if the game cannot read one.
fn listen_to_panel(mailbox: &Mailbox<TuningPreview>) {
    let Some(window) = dom::window() else {
        return;
    };
    let mailbox = mailbox.clone();
    dom::listen(&window, "tune", move |event: CustomEvent| {
        match serde_json::from_str(&event.detail().as_string().unwrap_or_default()) {
            Ok(preview) => {
                dom::set_text("tune-problem", "");
                mailbox.post(preview);
            }
            Err(error) => dom::set_text("tune-problem", &error.to_string()),
        }
    });
}

fn apply_preview(
    mut commands: Commands,
    mut changes: MessageReader<TuningPreview>,
    mut simulation: ResMut<Simulation>,
    screen: Res<State<Screen>>,
) {
    let Some(preview) = changes.read().last() else {
        return;
    };
    if matches!(screen.get(), Screen::Playing | Screen::Paused) {
        simulation.set_tuning(preview);
    }
    commands.insert_resource(preview.clone());
}

fn request_start(mut starts: MessageWriter<StartGame>) {
    starts.write(StartGame);
}
