//! Extractors whose rejections are problems, and the server's origin.

use std::convert::Infallible;

use axum::{
    extract::{FromRequest, FromRequestParts},
    http::{header, request::Parts},
};

use super::problem::ApiError;

/// The body as JSON.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(ApiError))]
pub struct Json<T>(pub T);

/// Parameters in the path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(ApiError))]
pub struct Path<T>(pub T);

/// Parameters in the query.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ApiError))]
pub struct Query<T>(pub T);

/// The scheme, host and port by which the browser reaches this server, from the headers of the browser or a proxy.
pub struct Origin(pub String);

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Origin, Infallible> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = header("x-forwarded-proto").filter(|proto| *proto == "https").unwrap_or("http");
        let host = header("x-forwarded-host").or_else(|| header(header::HOST.as_str())).unwrap_or("localhost");
        Ok(Origin(format!("{scheme}://{host}")))
    }
}
