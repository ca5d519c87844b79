//! The request log: one line for each response, at INFO for the API, and at DEBUG for pages and for successful routine
//! requests, of which each player sends one or more a second.
//!
//! It has the matched route, not the address, and IDs only after parsing, so it never contains tokens or names.

use std::{str::FromStr, time::Duration};

use axum::{
    extract::{MatchedPath, Request},
    http::Response,
};
use shared::{ids::GameId, session::SessionId};
use tower_http::request_id::RequestId;
use tracing::{Level, Span, field};

use super::labels;

/// The routes that clients and operators' tools request all the time.
const ROUTINE: [(&str, &str); 6] = [
    ("POST", "/v1/games/{game}/events"),
    ("PUT", "/v1/sessions/{session}/seats/mine"),
    ("GET", "/v1/clock"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
];
/// The name of the span of a routine request, by which its response is recognised.
const ROUTINE_SPAN: &str = "routine_request";

/// Returns the span of a request. Everything that is logged while the request is handled is in it.
pub fn span(request: &Request) -> Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let (method, route) = (labels::method(request), labels::route(request));
    let span = match request.extensions().get::<MatchedPath>() {
        Some(_) if ROUTINE.contains(&(method, route)) => {
            tracing::info_span!(ROUTINE_SPAN, id, method, route, session = field::Empty, game = field::Empty)
        }
        Some(_) => tracing::info_span!("request", id, method, route, session = field::Empty, game = field::Empty),
        None => tracing::debug_span!("request", id, method, route),
    };
    if let Some(session) = session_of(request) {
        span.record("session", field::display(session));
    }
    if let Some(game) = path_parameter::<GameId>(request, "{game}") {
        span.record("game", field::display(game));
    }
    span
}

/// Logs a response in its request's span, at the span's level, or at DEBUG for the success of a routine request.
pub fn log_response<B>(response: &Response<B>, latency: Duration, span: &Span) {
    let status = response.status().as_u16();
    let ms = latency.as_micros() as f64 / 1000.0;
    let is_routine = |name: &str| name == ROUTINE_SPAN && response.status().is_success();
    match span.metadata() {
        Some(metadata) if *metadata.level() == Level::INFO && !is_routine(metadata.name()) => {
            tracing::info!(status, ms, "response")
        }
        _ => tracing::debug!(status, ms, "response"),
    }
}

/// Adds a game that the request did not name to the log of the current request.
pub fn record_game(session: SessionId, game: GameId) {
    Span::current().record("session", field::display(session)).record("game", field::display(game));
}

fn session_of(request: &Request) -> Option<SessionId> {
    path_parameter(request, "{session}").or_else(|| query_parameter(request.uri().query()?, "session"))
}

fn path_parameter<T: FromStr>(request: &Request, name: &str) -> Option<T> {
    let route = request.extensions().get::<MatchedPath>()?.as_str();
    let mut segments = route.split('/').zip(request.uri().path().split('/'));
    segments.find(|(pattern, _)| *pattern == name)?.1.parse().ok()
}

fn query_parameter<T: FromStr>(query: &str, name: &str) -> Option<T> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name)?.1.parse().ok()
}
