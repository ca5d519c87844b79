//! Trying a tuning out: at `?tune` a panel's sliders change the game as it is played, and nothing of it is recorded.

use bevy::prelude::*;
use serde::Deserialize;
use shared::tuning::Tuning;
use web_sys::CustomEvent;

use crate::{
    Step,
    opening::Begin,
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
    },
    screen::Screen,
    simulation::Simulation,
};

/// What the panel has set.
#[derive(Resource, Message, Debug, Clone, Deserialize)]
pub struct Trial {
    pub tuning: Tuning,
    /// Whether a bot plays, so that the hands are free for the sliders.
    pub bot: bool,
}

pub fn plugin(app: &mut App) {
    if dom::query("tune").is_none() {
        return;
    }
    let mailbox = add_mailbox::<Trial>(app);
    listen(&mailbox);
    app.add_systems(
        Update,
        (apply, begin.run_if(resource_added::<Trial>)).chain().in_set(Step::Listen).before(crate::opening::begin),
    )
    .add_systems(OnEnter(Screen::Over), begin.run_if(|trial: Option<Res<Trial>>| trial.is_some_and(|it| it.bot)));
}

/// The panel tells by events on the window, and is told what is wrong with what it has set.
fn listen(mailbox: &Mailbox<Trial>) {
    let Some(window) = dom::window() else {
        return;
    };
    let mailbox = mailbox.clone();
    dom::listen(&window, "tune", move |event: CustomEvent| {
        match serde_json::from_str(&event.detail().as_string().unwrap_or_default()) {
            Ok(trial) => {
                dom::set_text("tune-problem", "");
                mailbox.post(trial);
            }
            Err(error) => dom::set_text("tune-problem", &error.to_string()),
        }
    });
}

fn apply(
    mut commands: Commands,
    mut news: MessageReader<Trial>,
    mut simulation: ResMut<Simulation>,
    screen: Res<State<Screen>>,
) {
    let Some(trial) = news.read().last() else {
        return;
    };
    if matches!(screen.get(), Screen::Playing | Screen::Paused) {
        simulation.retune(trial);
    }
    commands.insert_resource(trial.clone());
}

fn begin(mut begin: MessageWriter<Begin>) {
    begin.write(Begin);
}
