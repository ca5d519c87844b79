//! The server of Alien Attack.
//!
//! Handlers in [`http`] parse requests and map results to responses. They call the domain modules in [`domain`]. These
//! call the interfaces of [`engine`], behind which an embedded engine or AWS stores the data. [`server`] puts these
//! parts together, and [`commands`] has the subcommands of the program.

pub mod archive;
pub mod clock;
pub mod commands;
pub mod domain;
pub mod engine;
pub mod error_chain;
pub mod http;
pub mod server;
pub mod settings;
