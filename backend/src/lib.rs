//! The server of Alien Attack. Handlers in [`http`] call the domain modules ([`tickets`], [`ingest`], [`processor`],
//! [`standings`]); these call the interfaces of [`stream`] and [`store`]; the engines sit behind those.

pub mod clock;
pub mod config;
pub mod http;
pub mod ingest;
pub mod keys;
pub mod processor;
pub mod registry;
pub mod serve;
pub mod standings;
pub mod store;
pub mod stream;
pub mod swarm;
pub mod tickets;
pub mod tuning;
