//! The parts of Bevy that the game uses: the app, the ECS, states and time. The crate `bevy` would add reflection, which is a
//! tenth of the download.

pub use bevy_ecs as ecs;
pub use bevy_math as math;
pub use bevy_platform as platform;
pub use bevy_state as state;
pub use bevy_time as time;

/// The names that most systems use.
pub mod prelude {
    pub use bevy_app::prelude::*;
    pub use bevy_ecs::prelude::*;
    pub use bevy_math::prelude::*;
    pub use bevy_state::prelude::*;
    pub use bevy_time::prelude::*;
}
