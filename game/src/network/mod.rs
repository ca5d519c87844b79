//! Requests to the server, and the events that it sends.

pub mod http;
pub mod server_events;
