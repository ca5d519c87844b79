//! Sends requests of the public API and reads their responses.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use shared::api::{Problem, ProblemCode};

/// The client closes a connection that is idle for this long. The server closes it after ten seconds.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The server refused the request.
    #[error("{}", .0.problem.detail)]
    Refused(Refusal),
    /// The body of the response is not what the API describes.
    #[error("the response with status {0} is not in the format of the API; check that the URL is that of the server")]
    Format(StatusCode),
    /// There was no response in time.
    #[error("{}", if .0.is_timeout() { "no response in time" } else { "no connection to the server" })]
    NoResponse(#[from] reqwest::Error),
}

/// The response to a request that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub problem: Problem,
    /// The header `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

impl RequestError {
    /// The code of the problem if the server refused the request.
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            RequestError::Refused(refusal) => Some(refusal.problem.code),
            RequestError::Format(_) | RequestError::NoResponse(_) => None,
        }
    }
}

/// Sends requests to one server. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Api {
    client: reqwest::Client,
    url: String,
    timeout: Duration,
}

impl Api {
    /// A client of the server at `url`. A request with its response takes at most `timeout`.
    pub fn new(url: String, timeout: Duration) -> Api {
        let client = reqwest::Client::builder().pool_idle_timeout(IDLE_TIMEOUT).build().unwrap_or_default();
        Api { client, url, timeout }
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// If the server refuses the request or does not respond.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, token: Option<&str>) -> Result<T, RequestError> {
        read_json(self.request(Method::GET, path, token)).await
    }

    /// Sends a JSON body and reads the response.
    ///
    /// # Errors
    /// If the server refuses the request or does not respond.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, RequestError> {
        read_json(self.request(Method::POST, path, token).json(body)).await
    }

    /// Sends a text that need not be JSON of the API, and reads the response.
    ///
    /// # Errors
    /// If the server refuses the request or does not respond.
    pub async fn post_text<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: String,
    ) -> Result<T, RequestError> {
        let request = self.request(Method::POST, path, token).header(header::CONTENT_TYPE, "application/json");
        read_json(request.body(body)).await
    }

    /// Sends a request without a body, and ignores the body of the response.
    ///
    /// # Errors
    /// If the server refuses the request or does not respond.
    pub async fn send(&self, method: Method, path: &str, token: Option<&str>) -> Result<(), RequestError> {
        read(self.request(method, path, token)).await.map(drop)
    }

    fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url)).timeout(self.timeout);
        token.into_iter().fold(request, RequestBuilder::bearer_auth)
    }
}

async fn read_json<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, RequestError> {
    let (status, body) = read(request).await?;
    serde_json::from_slice(&body).map_err(|_| RequestError::Format(status))
}

/// Sends a request and returns the status and the body of a success.
async fn read(request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), RequestError> {
    let response = request.send().await?;
    let status = response.status();
    let retry_after = response.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
    let body = response.bytes().await?.to_vec();
    if status.is_success() {
        return Ok((status, body));
    }
    match serde_json::from_slice(&body) {
        Ok(problem) => Err(RequestError::Refused(Refusal { status, problem, retry_after })),
        Err(_) => Err(RequestError::Format(status)),
    }
}
