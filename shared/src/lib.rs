//! What the browser and the server of Alien Attack must agree on, and nothing else: the game's rules, its tuning,
//! the events on the stream, the replay codec, the order of standings, and the HTTP requests and responses.
//!
//! Everything here is a pure function of its arguments: no I/O, no clock, no random source of its own.

pub mod account;
pub mod api;
pub mod bot;
pub mod clock;
pub mod event;
mod hex;
pub mod ids;
pub mod nickname;
pub mod record;
pub mod replay;
pub mod rules;
pub mod session;
pub mod standing;
mod text;
pub mod time;
pub mod tuning;
pub mod verdict;
