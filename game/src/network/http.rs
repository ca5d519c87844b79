//! HTTP requests to the server that served this page.

use crate::bevy::prelude::*;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::{
    api::{Problem, ProblemCode},
    sending::REQUEST_TIMEOUT_MILLIS,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortSignal;

use crate::page::mailbox::Mailbox;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestError {
    /// There was no response, or the response was not readable.
    Unreachable,
    /// The server or a proxy is overloaded; holds `Retry-After` in seconds if the response had it.
    Busy(Option<f64>),
    /// The server accepts these events later; holds `Retry-After` in seconds.
    TooEarly(f64),
    /// The server refused the request.
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

/// Adds the header that carries a token.
pub fn authorize(request: RequestBuilder, token: &str) -> RequestBuilder {
    request.header("authorization", &bearer(token))
}

/// The value of the `Authorization` header for a token.
pub fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Sends a request without a body and posts its result to the mailbox.
pub fn send<T: DeserializeOwned, M: Message>(
    request: RequestBuilder,
    mailbox: &Mailbox<M>,
    message: impl FnOnce(Result<T, RequestError>) -> M + 'static,
) {
    post_result(with_timeout(request).build(), mailbox, message);
}

/// Sends a request with a JSON body and posts its result to the mailbox.
pub fn send_json<T: DeserializeOwned, M: Message>(
    request: RequestBuilder,
    body: &impl Serialize,
    mailbox: &Mailbox<M>,
    message: impl FnOnce(Result<T, RequestError>) -> M + 'static,
) {
    post_result(with_timeout(request).json(body), mailbox, message);
}

/// Sends a request without a body and returns its response.
///
/// # Errors
/// See [`RequestError`].
pub async fn fetch<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, RequestError> {
    read_json(with_timeout(request).build()).await
}

fn with_timeout(request: RequestBuilder) -> RequestBuilder {
    request.abort_signal(Some(&AbortSignal::timeout_with_u32(REQUEST_TIMEOUT_MILLIS)))
}

fn post_result<T: DeserializeOwned, M: Message>(
    request: Result<Request, gloo_net::Error>,
    mailbox: &Mailbox<M>,
    message: impl FnOnce(Result<T, RequestError>) -> M + 'static,
) {
    let mailbox = mailbox.clone();
    spawn_local(async move { mailbox.post(message(read_json(request).await)) });
}

async fn read_json<T: DeserializeOwned>(request: Result<Request, gloo_net::Error>) -> Result<T, RequestError> {
    read_response(request).await?.json().await.map_err(|_| RequestError::Unreachable)
}

async fn read_response(request: Result<Request, gloo_net::Error>) -> Result<Response, RequestError> {
    let request = request.map_err(|_| RequestError::Unreachable)?;
    let response = request.send().await.map_err(|_| RequestError::Unreachable)?;
    match response.status() {
        200..300 => Ok(response),
        429 | 500.. => {
            let retry_after = response.headers().get("retry-after").and_then(|seconds| seconds.parse().ok());
            let code = response.json::<Problem>().await.ok().map(|problem| problem.code);
            Err(match (code, retry_after) {
                (Some(ProblemCode::TooEarly), Some(seconds)) => RequestError::TooEarly(seconds),
                _ => RequestError::Busy(retry_after),
            })
        }
        // A body that is no `Problem` comes from a proxy, not from our server.
        _ => Err(response.json().await.map_or(RequestError::Unreachable, RequestError::Refused)),
    }
}
