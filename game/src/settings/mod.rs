//! The settings dialog: motion and key bindings. Volume belongs to `sound`.

mod key_bindings;
mod motion;

pub use motion::Motion;

use crate::bevy::prelude::*;
use web_sys::HtmlDialogElement;

use crate::{
    FrameSet,
    input::{Key, PressedKeys},
    page::dom,
};

pub fn plugin(app: &mut App) {
    motion::plugin(app);
    key_bindings::plugin(app);
    app.add_systems(Update, open_dialog.in_set(FrameSet::Input));
}

fn open_dialog(pressed: Res<PressedKeys>) {
    let closed = dom::element::<HtmlDialogElement>("settings-dialog").filter(|dialog| !dialog.open());
    if let (true, Some(dialog)) = (pressed.contains(Key::Settings), closed) {
        // Fails only if the dialog is not in the page.
        let _ = dialog.show_modal();
    }
}
