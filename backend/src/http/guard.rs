//! What every request passes through: a time limit, safe headers, and measurement.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::ApiError;

/// A request, body included, must be read and answered within this time.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Bounds, marks and measures a request.
pub async fn guard(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str).to_owned();
    let answer = tokio::time::timeout(TIME_LIMIT, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| ApiError::TooSlow.into_response());
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let status = response.status().as_str().to_owned();
    metrics::histogram!("alien_http_request_seconds", "route" => route, "status" => status)
        .record(started.elapsed().as_secs_f64());
    response
}
