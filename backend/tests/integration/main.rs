//! Tests of the server as its clients and its operators see it: over real sockets, on real files, with real processes.
//! They are one binary, because linking the AWS SDK takes longer than running most of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

#[macro_use]
mod common;

mod access;
mod accounts;
mod admission;
mod adversary;
mod archive;
mod aws;
mod clock;
mod command_line;
mod copies;
mod data_folder;
mod faults;
mod forgeries;
mod formats;
mod golden;
mod http;
mod kill;
mod kpl;
mod lambda;
mod live;
mod logging;
mod metrics;
mod multiple_servers;
mod oidc;
mod pages;
mod problems;
mod processing;
mod rank_decisions;
mod real_time;
mod rebuild;
mod registry;
mod responses;
mod seat_model;
mod secrecy;
mod secrets;
mod sessions;
mod shared_seed;
mod standings;
mod store;
mod stream;
mod tickets;
mod tuning;
mod verdicts;
