//! The ID of a request in the log and in the header `x-request-id`: the client's if it is usable, else a random one.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
};
use tower_http::request_id::{MakeRequestId, RequestId};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The longest ID that a client may send, in characters.
const MAX_CHARS: usize = 64;

/// Makes random IDs of 16 hexadecimal digits.
#[derive(Clone, Copy)]
pub struct RandomRequestId;

impl MakeRequestId for RandomRequestId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = format!("{:016x}", getrandom::u64().ok()?);
        HeaderValue::try_from(id).ok().map(RequestId::new)
    }
}

/// Removes the client's ID unless it has 1 to 64 ASCII letters, digits, `-`, `_` and `.`, so that it is safe to log.
pub async fn remove_unusable(mut request: Request) -> Request {
    if request.headers().get(HEADER).is_some_and(|id| !is_usable(id)) {
        request.headers_mut().remove(HEADER);
    }
    request
}

fn is_usable(id: &HeaderValue) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=MAX_CHARS).contains(&id.len()) && id.as_bytes().iter().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_plain_ids_are_usable() {
        let is_usable = |id: &str| is_usable(&HeaderValue::from_str(id).unwrap());
        assert!(is_usable("0af7651916cd43dd-8448.eb_1") && is_usable(&"x".repeat(64)));
        for unusable in ["", "two words", "a\tb", "\"quoted\"", &"x".repeat(65)] {
            assert!(!is_usable(unusable), "{unusable}");
        }
    }
}
