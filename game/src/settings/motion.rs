//! How much moves that need not: as the system says, until the player says otherwise.

use bevy::prelude::*;
use web_sys::{Event, HtmlInputElement};

use crate::{
    Step,
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
        storage,
    },
};

/// The scoreboard's page reads it, too.
const LESS_MOTION: &str = "less-motion";

/// Without shake, sparks and drifting stars, or with.
#[derive(Resource, Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    Full,
    Less,
}

impl Motion {
    fn new(less: bool) -> Motion {
        if less { Motion::Less } else { Motion::Full }
    }
}

pub fn plugin(app: &mut App) {
    let less = storage::load(LESS_MOTION).unwrap_or_else(dom::prefers_reduced_motion);
    listen(&add_mailbox::<Motion>(app), less);
    app.insert_resource(Motion::new(less)).add_systems(Update, keep.in_set(Step::Listen));
}

fn listen(mailbox: &Mailbox<Motion>, less: bool) {
    let Some(switch) = dom::element::<HtmlInputElement>("less-motion") else {
        return;
    };
    switch.set_checked(less);
    let mailbox = mailbox.clone();
    let source = switch.clone();
    dom::listen(&switch, "change", move |_: Event| mailbox.post(Motion::new(source.checked())));
}

fn keep(mut changes: MessageReader<Motion>, mut motion: ResMut<Motion>) {
    if let Some(latest) = changes.read().last() {
        *motion = *latest;
        storage::save(LESS_MOTION, &(*motion == Motion::Less));
    }
}
