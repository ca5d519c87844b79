//! The code that the browser and the server of Alien Attack share: rules, tuning, stream records, replays, standings,
//! marks for play that no hand plays, fingerprints of play, and HTTP requests and responses.
//!
//! Every function is pure: no I/O, no clock, no random source of its own.

pub mod account;
pub mod api;
pub mod bot;
pub mod clock;
pub mod event;
pub mod fingerprint;
pub mod hands;
mod hex;
pub mod ids;
pub mod lag;
pub mod nickname;
pub mod ranking;
pub mod reason;
pub mod record;
pub mod replay;
pub mod rules;
pub mod seed_commitment;
pub mod sending;
pub mod session;
pub mod standing;
mod text;
pub mod time;
pub mod tuning;
pub mod verdict;
