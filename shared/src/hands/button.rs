//! A single button, for figures of each button.

use serde::{Deserialize, Serialize};

use crate::rules::Buttons;

/// One of the player's buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Button {
    /// Moves the ship left.
    Left,
    /// Moves the ship right.
    Right,
    /// Fires rockets.
    Fire,
}

impl Button {
    /// All buttons, in the order of [`Button::index`].
    pub const ALL: [Button; 3] = [Button::Left, Button::Right, Button::Fire];

    /// The position of this button in [`Button::ALL`].
    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// Whether this button is among `buttons`.
    pub fn is_in(self, buttons: Buttons) -> bool {
        buttons.contains(match self {
            Button::Left => Buttons::LEFT,
            Button::Right => Buttons::RIGHT,
            Button::Fire => Buttons::FIRE,
        })
    }

    /// The name of this button.
    pub fn name(self) -> &'static str {
        match self {
            Button::Left => "left",
            Button::Right => "right",
            Button::Fire => "fire",
        }
    }
}
