//! What tests have in common: servers, clients, honest games, local AWS services, and helpers.

#[macro_use]
mod contract;

pub mod api;
pub mod aws;
pub mod bots;
pub mod cognito;
mod eventually;
pub mod fault_proxy;
pub mod files;
pub mod games;
pub mod invariants;
pub mod kinesis;
pub mod lambda;
pub mod machine;
pub mod manual_time;
pub mod process;
pub mod processors;
pub mod random;
pub mod relay;
mod server;
pub mod snapshot;
pub mod two_shards;

use backend::clock::Clock;
use shared::time::Timestamp;

pub use api::{Api, read_problem};
pub use eventually::{LIMIT, eventually, eventually_true};
pub use process::{ServerProcess, backend};
pub use server::TestServer;

/// The time on the wall clock of this machine, where the clocks of servers start.
pub fn now() -> Timestamp {
    Clock::system().now()
}

/// A number from the environment variable `name`, for tests that can be run at a larger size.
pub fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().map_or(default, |value| value.parse().expect(name))
}
