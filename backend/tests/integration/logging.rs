//! The log of what happens never ends the server.

use std::{fs::File, os::fd::OwnedFd};

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::common::{ServerProcess, api::MANAGER_PASSWORD};

#[tokio::test]
async fn server_runs_on_when_nobody_reads_its_log_and_when_the_disk_of_its_log_is_full() {
    let (reader, writer) = std::io::pipe().unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let logs = [("closed pipe", File::from(OwnedFd::from(writer))), ("full disk", full)];
    drop(reader);
    for (name, log) in logs {
        let mut server = ServerProcess::start_logged("trace", log).await;
        let wrong = json!({"name": "manager", "password": "wrong password"});
        let refused = server.request(Method::POST, "/v1/tokens", None, Some(&wrong)).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{name}");
        let right = json!({"name": "manager", "password": MANAGER_PASSWORD});
        let answer = server.request(Method::POST, "/v1/tokens", None, Some(&right)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        assert!(server.stop().await.success(), "{name}");
    }
}
