//! The tuning of a game: parameters in human units that designers set in a TOML file, with their ranges and checks.

mod decimal;
mod hash;
mod parameters;
mod presets;
mod reading;
mod styles;
mod validation;

pub use decimal::Decimal;
pub use hash::TuningHash;
pub use parameters::{Field, Tuning};
pub use reading::TuningError;
pub use styles::{Bombing, MarchStyle, Sprites};
pub use validation::{MAX_WAVES, ValidationError};
