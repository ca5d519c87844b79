//! The layers around all routes: request ID, log, metrics, security headers and time limit.

use std::time::{Duration, Instant};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use super::{
    labels,
    problem::ApiError,
    request_id::{self, RandomRequestId},
    request_log,
};

/// The time limit for reading a request and starting its response. The body of a response, such as live updates, may take
/// longer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Adds the layers to all routes. The last layer is the outermost.
pub fn add<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    let set_header = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let log = TraceLayer::new_for_http()
        .make_span_with(request_log::span)
        .on_request(())
        .on_response(|response: &Response<_>, latency, span: &_| request_log::log_response(response, latency, span))
        .on_failure(());
    routes
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        .layer(middleware::map_response(set_timeout_problem))
        .layer(set_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set_header(header::REFERRER_POLICY, "no-referrer"))
        .layer(middleware::from_fn(record_duration))
        .layer(log)
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(RandomRequestId))
        .layer(middleware::map_request(request_id::remove_unusable))
}

/// Gives the empty response of [`TimeoutLayer`] the body of a problem.
async fn set_timeout_problem(response: Response) -> Response {
    if response.status() == StatusCode::REQUEST_TIMEOUT { ApiError::TooSlow.into_response() } else { response }
}

async fn record_duration(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, route) = (labels::method(&request), labels::route(&request).to_owned());
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    metrics::histogram!("alien_http_request_seconds", "method" => method, "route" => route, "status" => status)
        .record(started.elapsed().as_secs_f64());
    response
}
