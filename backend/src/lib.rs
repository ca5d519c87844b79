//! The server of Alien Attack. Handlers in [`http`] call the domain modules ([`identity`], [`sessions`], [`tickets`],
//! [`ingest`], [`processor`], [`standings`], [`live`]); these call the interfaces of [`stream`], [`store`] and
//! [`registry`]; the engines sit behind those.

pub mod archive;
mod aws;
pub mod clock;
pub mod config;
pub mod cost;
pub mod dlq;
mod dynamodb;
pub mod engines;
pub mod export;
pub mod flow;
pub mod http;
pub mod identity;
pub mod ingest;
pub mod keys;
pub mod lambda;
pub mod live;
pub mod process;
pub mod processor;
pub mod qr;
pub mod rebuild;
pub mod registry;
pub mod serve;
pub mod sessions;
pub mod standings;
pub mod store;
pub mod stream;
pub mod swarm;
pub mod tickets;
pub mod tuning;
