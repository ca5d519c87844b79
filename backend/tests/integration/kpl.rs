//! The format of aggregated records: AWS's module reads what the server writes, and the server reads what it writes.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::common::aws::program;
use backend::engine::stream::kinesis::aggregate::{UserRecord, decode, encode};
use base64::{Engine, engine::general_purpose::STANDARD};

/// Runs AWS's module.
fn run_module(mode: &str, input: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kpl.py");
    let mut python = Command::new(program("python3"))
        .args([script, mode])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("cannot start Python 3");
    python.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "AWS's module failed; `cargo xtask test` installs it, or `pip install aws-kinesis-agg`"
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Key, explicit hash and data.
type Row = (String, Option<String>, String);

/// Rows that all have an explicit hash, or all have none. AWS's module gives rows without a hash the first hash of the
/// others.
fn rows(are_explicit: bool) -> Vec<Row> {
    let hash = |i: usize| are_explicit.then(|| (u128::MAX / (1 + i as u128)).to_string());
    (0..300).map(|i| (format!("{:016x}", i % 40), hash(i), format!("record {i} {}", "x".repeat(i)))).collect()
}

fn record((key, hash, data): Row) -> UserRecord {
    UserRecord { key, explicit_hash: hash.map(|hash| hash.parse().unwrap()), data: data.into() }
}

#[test]
fn aws_reads_what_the_server_writes() {
    for rows in [rows(false), rows(true)] {
        let read = run_module("read", &STANDARD.encode(encode(rows.iter().cloned().map(record))));
        assert!(serde_json::from_str::<Vec<Row>>(&read).unwrap() == rows);
    }
}

#[test]
fn server_reads_what_aws_writes() {
    for rows in [rows(false), rows(true)] {
        let written = run_module("write", &serde_json::to_string(&rows).unwrap());
        let read = decode(&STANDARD.decode(written).unwrap()).expect("not an aggregated record");
        assert!(read.into_iter().eq(rows.into_iter().map(record)));
    }
}
