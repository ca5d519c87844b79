//! Requests to the server that this page came from.

use bevy::prelude::*;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::api::Problem;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortSignal;

use crate::page::mailbox::Mailbox;

/// An answer that takes longer counts as none.
const PATIENCE_MS: u32 = 8_000;

/// Why there is no answer of the kind that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// No answer, or none that can be read: the network, or something between here and the server.
    Unreachable,
    /// The server asks to come back later; after this many seconds, if it says so.
    Busy(Option<f64>),
    /// The server says no, and why.
    Refused(Problem),
}

pub fn get(path: &str) -> RequestBuilder {
    Request::get(path)
}

pub fn post(path: &str) -> RequestBuilder {
    Request::post(path)
}

/// Sends a request without a body, and posts what becomes of it.
pub fn ask<T: DeserializeOwned, M: Message>(
    request: RequestBuilder,
    mailbox: &Mailbox<M>,
    message: impl FnOnce(Result<T, Failure>) -> M + 'static,
) {
    let request = request.abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS))).build();
    send(request, mailbox, message);
}

/// Sends a request with a body, and posts what becomes of it.
pub fn tell<T: DeserializeOwned, M: Message>(
    request: RequestBuilder,
    body: &impl Serialize,
    mailbox: &Mailbox<M>,
    message: impl FnOnce(Result<T, Failure>) -> M + 'static,
) {
    let request = request.abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS))).json(body);
    send(request, mailbox, message);
}

fn send<T: DeserializeOwned, M: Message>(
    request: Result<Request, gloo_net::Error>,
    mailbox: &Mailbox<M>,
    message: impl FnOnce(Result<T, Failure>) -> M + 'static,
) {
    let mailbox = mailbox.clone();
    spawn_local(async move {
        let answer = match request {
            Ok(request) => match request.send().await {
                Ok(response) => read(response).await,
                Err(_) => Err(Failure::Unreachable),
            },
            Err(_) => Err(Failure::Unreachable),
        };
        mailbox.post(message(answer));
    });
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    match response.status() {
        200..300 => response.json().await.map_err(|_| Failure::Unreachable),
        429 | 500.. => {
            let after = response.headers().get("retry-after");
            Err(Failure::Busy(after.and_then(|seconds| seconds.parse().ok())))
        }
        // An error that is not ours comes from something between here and the server.
        _ => Err(response.json().await.map_or(Failure::Unreachable, Failure::Refused)),
    }
}
