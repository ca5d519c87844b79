//! The route and method of a request in the log and the metrics. Clients cannot add values to them.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
};

/// Returns the matched route with its parameters' names, such as `/v1/games/{game}`; `page` if no route of the API matched.
pub fn route(request: &Request) -> &str {
    request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str)
}

/// Returns the method; `OTHER` for methods that the API does not use.
pub fn method(request: &Request) -> &'static str {
    match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
