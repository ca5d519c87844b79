//! Errors as answers: the one place where they become a status and a body that says what to do.

use axum::{
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use shared::{
    api::{Problem, ProblemCode},
    ids::Seq,
    tuning::TuningError,
};

use crate::{
    domain::{
        event_flow::RetryError, identity::IdentityError, ingest::IngestError, sessions::SessionError,
        tickets::TicketError, tokens::InvalidToken,
    },
    engine::{registry::RegistryError, store::StoreError, stream::StreamError},
};

/// Everything that a request can come to grief on.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request cannot be understood.
    #[error("{0}")]
    BadRequest(String),
    /// There is no usable token.
    #[error("{0}; sign in again, or get a new ticket by POST /v1/games")]
    InvalidToken(#[from] InvalidToken),
    /// The token is for another game.
    #[error("this token is for another game")]
    WrongGame,
    /// Whoever asks may not do this.
    #[error("this is for managers")]
    Forbidden,
    /// There is no such thing.
    #[error("there is no {0} here")]
    NotFound(&'static str),
    /// The path does not take this method.
    #[error("this address does not take this method; see /openapi.json")]
    MethodNotAllowed,
    /// The body is too large.
    #[error("{0}")]
    TooLarge(String),
    /// The body is of another type.
    #[error("{0}")]
    WrongType(String),
    /// The request took too long.
    #[error("the request took too long; try again")]
    TooSlow,
    /// A batch was not taken.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A ticket was not given.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The tables cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A tuning cannot be played by.
    #[error(transparent)]
    Tuning(#[from] TuningError),
    /// A dead letter did not get its second try.
    #[error(transparent)]
    Retry(#[from] RetryError),
    /// Something that should always work did not.
    #[error("the server failed: {0}")]
    Internal(String),
    /// Somebody is not let in.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A session does not do it.
    #[error(transparent)]
    Session(#[from] SessionError),
}

/// A body as JSON, or a problem that says what is wrong with it.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(ApiError))]
pub struct Json<T>(pub T);

/// Parts of the path, or a problem.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(ApiError))]
pub struct Path<T>(pub T);

/// The query, or a problem.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ApiError))]
pub struct Query<T>(pub T);

/// The answer where no route fits.
pub async fn not_found(_: Request) -> ApiError {
    ApiError::NotFound("such address")
}

/// The answer where the route takes other methods.
pub async fn method_not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}

impl ApiError {
    fn status(&self) -> (StatusCode, ProblemCode) {
        match self {
            ApiError::BadRequest(_) => (StatusCode::BAD_REQUEST, ProblemCode::BadRequest),
            ApiError::InvalidToken(_) => (StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken),
            ApiError::WrongGame => (StatusCode::FORBIDDEN, ProblemCode::WrongGame),
            ApiError::Forbidden => (StatusCode::FORBIDDEN, ProblemCode::Forbidden),
            ApiError::NotFound(_) => (StatusCode::NOT_FOUND, ProblemCode::NotFound),
            ApiError::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, ProblemCode::BadRequest),
            ApiError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge),
            ApiError::WrongType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, ProblemCode::BadRequest),
            ApiError::TooSlow => (StatusCode::REQUEST_TIMEOUT, ProblemCode::TooSlow),
            ApiError::Ingest(error) => of_ingest(error),
            ApiError::Ticket(error) => of_ticket(error),
            ApiError::Store(_) | ApiError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
            ApiError::Tuning(_) => (StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::BadRequest),
            ApiError::Retry(RetryError::Unknown(_)) => (StatusCode::NOT_FOUND, ProblemCode::NotFound),
            ApiError::Retry(RetryError::Stream(error)) => of_stream(error),
            ApiError::Retry(RetryError::Store(_)) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
            ApiError::Identity(error) => of_identity(error),
            ApiError::Session(error) => of_session(error),
        }
    }

    fn expected_seq(&self) -> Option<Seq> {
        match self {
            ApiError::Ingest(IngestError::Gap { expected }) => Some(*expected),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status();
        let detail = if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
            "the server cannot do this at the moment; try again shortly".to_owned()
        } else {
            self.to_string()
        };
        metrics::counter!("alien_problems_total", "status" => status.as_str().to_owned()).increment(1);
        let problem = Problem { code, detail, expected_seq: self.expected_seq() };
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if code == ProblemCode::Busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

fn of_ingest(error: &IngestError) -> (StatusCode, ProblemCode) {
    match error {
        IngestError::Json(_) | IngestError::Batch(_) => (StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::BadRequest),
        IngestError::Gap { .. } => (StatusCode::CONFLICT, ProblemCode::Gap),
        IngestError::Stream(error) => of_stream(error),
    }
}

fn of_ticket(error: &TicketError) -> (StatusCode, ProblemCode) {
    match error {
        TicketError::Identity(error) => of_identity(error),
        TicketError::Session(error) => of_session(error),
        TicketError::Stream(error) => of_stream(error),
        TicketError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
    }
}

fn of_stream(error: &StreamError) -> (StatusCode, ProblemCode) {
    match error {
        StreamError::Busy => (StatusCode::TOO_MANY_REQUESTS, ProblemCode::Busy),
        StreamError::Record(_) | StreamError::ReadOnly => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
        StreamError::Missing(_) | StreamError::Engine(_) => (StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Busy),
    }
}

fn of_identity(error: &IdentityError) -> (StatusCode, ProblemCode) {
    match error {
        IdentityError::WrongCredentials => (StatusCode::UNAUTHORIZED, ProblemCode::WrongCredentials),
        IdentityError::Token(_) => (StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken),
        IdentityError::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, ProblemCode::Busy),
        IdentityError::Registry(error) => of_registry(error),
        IdentityError::External(_) => (StatusCode::NOT_FOUND, ProblemCode::ExternalAccounts),
        IdentityError::IssuerUnavailable => (StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Busy),
        IdentityError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
    }
}

fn of_session(error: &SessionError) -> (StatusCode, ProblemCode) {
    match error {
        SessionError::Unknown => (StatusCode::NOT_FOUND, ProblemCode::NotFound),
        SessionError::Plan(_) | SessionError::Reason => (StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::BadRequest),
        SessionError::Move(_) | SessionError::NotOpen(_) | SessionError::NotRunning(_) => {
            (StatusCode::CONFLICT, ProblemCode::WrongStage)
        }
        SessionError::NoGuests => (StatusCode::FORBIDDEN, ProblemCode::Forbidden),
        SessionError::Registry(error) => of_registry(error),
        SessionError::Stream(error) => of_stream(error),
        SessionError::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
    }
}

fn of_registry(error: &RegistryError) -> (StatusCode, ProblemCode) {
    match error {
        RegistryError::Conflict => (StatusCode::CONFLICT, ProblemCode::Conflict),
        RegistryError::SeatsTaken => (StatusCode::CONFLICT, ProblemCode::SeatsTaken),
        RegistryError::NicknameTaken => (StatusCode::CONFLICT, ProblemCode::NicknameTaken),
        RegistryError::Removed(_) => (StatusCode::FORBIDDEN, ProblemCode::Removed),
        RegistryError::NoSeat => (StatusCode::NOT_FOUND, ProblemCode::NotFound),
        RegistryError::NoAttemptLeft => (StatusCode::CONFLICT, ProblemCode::NoAttemptLeft),
        RegistryError::Engine(_) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal),
    }
}

fn from_rejection(status: StatusCode, detail: String) -> ApiError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge(detail),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::WrongType(detail),
        _ => ApiError::BadRequest(detail),
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> ApiError {
        from_rejection(rejection.status(), rejection.body_text())
    }
}

impl From<BytesRejection> for ApiError {
    fn from(rejection: BytesRejection) -> ApiError {
        from_rejection(rejection.status(), rejection.body_text())
    }
}

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> ApiError {
        from_rejection(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> ApiError {
        from_rejection(rejection.status(), rejection.body_text())
    }
}
