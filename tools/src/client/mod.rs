//! Clients of the public API: of a player and of a manager.

mod api;
mod manager;
mod player;

pub use api::{Api, Refusal, RequestError};
pub use manager::{ManagerClient, SignInOptions};
pub use player::{PlayerClient, events_path, find_session};
