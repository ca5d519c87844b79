//! Tests of the server over real sockets, real processes and real files, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[macro_use]
mod common;

mod access;
mod accounts;
mod archive;
mod designers;
mod flow;
mod kill;
mod kinesis;
mod kpl;
mod lambda;
mod live;
mod oidc;
mod registry;
mod requests;
mod secrets;
mod sessions;
mod several;
mod store;
mod storm;
mod stream;
mod verdicts;
