//! The tuning of a game: parameters in human units that designers set in a TOML file, with their ranges and checks.

mod decimal;
mod hash;
mod parameters;
mod presets;
mod reading;
mod styles;
#[cfg(feature = "toml")]
mod toml_file;
mod validation;

pub use decimal::Decimal;
pub use hash::TuningHash;
pub use parameters::{Field, Tuning};
pub use styles::{Bombing, MarchStyle, Sprites};
#[cfg(feature = "toml")]
pub use toml_file::TuningError;
pub use validation::{MAX_WAVES, ValidationError};
