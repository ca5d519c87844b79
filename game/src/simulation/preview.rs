//! The tuning of a preview.

use crate::bevy::prelude::*;
use serde::Deserialize;
use shared::tuning::Tuning;

/// What the tuning panel has set. The panel sends it as JSON.
#[derive(Resource, Message, Debug, Clone, Deserialize)]
pub struct TuningPreview {
    pub tuning: Tuning,
    /// Whether a bot plays, so that the designer's hands are free for the sliders.
    pub bot: bool,
}
