//! What the server does, independent of HTTP and of the engines: accounts and tokens, sessions and seats, tickets, ingest
//! of events, the processor, standings.

pub mod event_flow;
pub mod identity;
pub mod ingest;
pub mod live;
pub mod processor;
pub mod sessions;
pub mod standings;
pub mod tickets;
pub mod tokens;
pub mod tuning_file;
