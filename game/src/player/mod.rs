//! The player of this browser: nickname, tokens, and the nickname dialog.

mod early_name;
mod identity;
mod nickname_dialog;

pub use early_name::EarlyName;
pub use identity::{Identity, account_token};
pub use nickname_dialog::{NicknameCancelled, NicknameChosen, NicknameSystems, continue_typing, open_nickname_dialog};

use crate::bevy::prelude::*;

pub fn plugin(app: &mut App) {
    identity::plugin(app);
    nickname_dialog::plugin(app);
}
