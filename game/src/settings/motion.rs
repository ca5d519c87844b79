//! The motion setting. Its default is the system's preference for reduced motion.

use crate::bevy::prelude::*;
use web_sys::{Event, HtmlInputElement};

use crate::{
    FrameSet,
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
        storage,
    },
};

/// The scoreboard page reads this key, too.
const STORAGE_KEY: &str = "less-motion";

#[derive(Resource, Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    Full,
    /// Without shaking, sparks and drifting stars.
    Less,
}

impl Motion {
    fn new(less: bool) -> Motion {
        if less { Motion::Less } else { Motion::Full }
    }
}

pub fn plugin(app: &mut App) {
    let less = storage::load(STORAGE_KEY).unwrap_or_else(dom::prefers_reduced_motion);
    listen_to_switch(&add_mailbox::<Motion>(app), less);
    app.insert_resource(Motion::new(less)).add_systems(Update, store_motion.in_set(FrameSet::Input));
}

fn listen_to_switch(mailbox: &Mailbox<Motion>, less: bool) {
    let Some(switch) = dom::element::<HtmlInputElement>("less-motion") else {
        return;
    };
    switch.set_checked(less);
    let mailbox = mailbox.clone();
    let source = switch.clone();
    dom::listen(&switch, "change", move |_: Event| mailbox.post(Motion::new(source.checked())));
}

fn store_motion(mut changes: MessageReader<Motion>, mut motion: ResMut<Motion>) {
    if let Some(latest) = changes.read().last() {
        *motion = *latest;
        storage::save(STORAGE_KEY, &(*motion == Motion::Less));
    }
}
