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

pub fn put(path: &str) -> RequestBuilder {
    Request::put(path)
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

/// What becomes of a request without a body.
pub async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Failure> {
    let request = request.abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS))).build();
    checked(request).await?.json().await.map_err(|_| Failure::Unreachable)
}

/// Whether a request without a body was done; the answer says nothing more.
pub async fn done(request: RequestBuilder) -> Result<(), Failure> {
    let request = request.abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS))).build();
    checked(request).await.map(|_| ())
}

fn send<T: DeserializeOwned, M: Message>(
    request: Result<Request, gloo_net::Error>,
    mailbox: &Mailbox<M>,
    message: impl FnOnce(Result<T, Failure>) -> M + 'static,
) {
    let mailbox = mailbox.clone();
    spawn_local(async move {
        let answer = match checked(request).await {
            Ok(response) => response.json().await.map_err(|_| Failure::Unreachable),
            Err(failure) => Err(failure),
        };
        mailbox.post(message(answer));
    });
}

/// The answer, if it is what was asked for.
async fn checked(request: Result<Request, gloo_net::Error>) -> Result<Response, Failure> {
    let request = request.map_err(|_| Failure::Unreachable)?;
    let response = request.send().await.map_err(|_| Failure::Unreachable)?;
    match response.status() {
        200..300 => Ok(response),
        429 | 500.. => {
            let after = response.headers().get("retry-after");
            Err(Failure::Busy(after.and_then(|seconds| seconds.parse().ok())))
        }
        // An error that is not ours comes from something between here and the server.
        _ => Err(response.json().await.map_or(Failure::Unreachable, Failure::Refused)),
    }
}
