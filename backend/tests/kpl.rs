//! Our aggregated records, read by AWS's own module, and its records, read by us.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{
    io::Write,
    process::{Command, Stdio},
};

use backend::stream::kinesis::aggregate::{UserRecord, decode, encode};
use base64::{Engine, engine::general_purpose::STANDARD};
use common::aws::program;

/// Runs AWS's module.
fn module(mode: &str, input: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kpl.py");
    let mut python = Command::new(program("python3"))
        .args([script, mode])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("there is no Python");
    python.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "AWS's module failed; `cargo xtask test` gets it, or `pip install aws-kinesis-agg`"
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn records() -> Vec<(String, String)> {
    (0..300).map(|i| (format!("{:016x}", i % 40), format!("record {i} {}", "x".repeat(i)))).collect()
}

fn of_ours(records: Vec<UserRecord>) -> Vec<(String, String)> {
    records.into_iter().map(|record| (record.key, String::from_utf8(record.data).unwrap())).collect()
}

#[test]
fn aws_reads_what_we_write() {
    let ours = records().into_iter().map(|(key, data)| UserRecord { key, explicit_hash: None, data: data.into() });
    let read = module("read", &STANDARD.encode(encode(ours)));
    assert_eq!(serde_json::from_str::<Vec<(String, String)>>(&read).unwrap(), records());
}

#[test]
fn we_read_what_aws_writes() {
    let written = module("write", &serde_json::to_string(&records()).unwrap());
    let read = decode(&STANDARD.decode(written).unwrap()).expect("it is aggregated");
    // Its module writes down where each belongs, which is where the key's hash says.
    let by_key = |record: &UserRecord| UserRecord { explicit_hash: None, ..record.clone() }.hash();
    assert!(read.iter().all(|record| record.explicit_hash == Some(by_key(record))));
    assert_eq!(of_ours(read), records());
}
