//! The rules of the service, independent of HTTP, settings and commands: accounts and tokens, sessions, seats and
//! moderation, tickets, ingest, the processor, standings.

pub mod dead_letters;
mod game_figures;
pub mod games;
pub mod identity;
pub mod ingest;
pub mod live_updates;
pub mod moderation;
pub mod open_play;
pub mod processor;
pub mod processor_status;
pub mod replay_access;
pub mod seats;
pub mod sessions;
pub mod standings;
pub mod tickets;
pub mod tokens;
pub mod tuning_file;
pub mod upgrade;
pub mod viewers;
