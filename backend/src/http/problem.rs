//! Errors as responses: the one place that maps them to a status and a problem, and logs those of the server.

use axum::{
    extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
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
        dead_letters::RetryError,
        games::GameError,
        identity::{IdentityError, TooManyAttempts},
        ingest::IngestError,
        moderation::ModerationError,
        replay_access::Withheld,
        seats::SeatError,
        sessions::SessionError,
        tickets::TicketError,
        viewers::ViewerError,
    },
    engine::{registry::RegistryError, store::StoreError, stream::StreamError},
    error_chain::error_chain,
};

/// Why a request fails.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request is malformed.
    #[error("{0}")]
    BadRequest(String),
    /// The request has no token but needs one.
    #[error("this request needs a token; send it in the header Authorization: Bearer TOKEN")]
    MissingToken,
    /// The caller is not a manager.
    #[error("only managers may do this; sign in as a manager")]
    Forbidden,
    /// There is no such thing.
    #[error("there is no {0}")]
    NotFound(&'static str),
    /// The path does not support the method.
    #[error("this address does not support this method; see /openapi.json")]
    MethodNotAllowed,
    /// The body is too large.
    #[error("{0}")]
    TooLarge(String),
    /// The body has the wrong content type.
    #[error("{0}")]
    WrongType(String),
    /// The request took too long.
    #[error("the request took too long; try again")]
    TooSlow,
    /// The text of a QR code is too long.
    #[error("the address is too long for a QR code")]
    QrCode(#[from] qrcodegen::DataTooLong),
    /// A table cannot be written as CSV.
    #[error("cannot write the table as CSV")]
    Csv(#[from] csv::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A tuning is invalid.
    #[error(transparent)]
    Tuning(#[from] TuningError),
    /// A game cannot be read.
    #[error(transparent)]
    Game(#[from] GameError),
    /// A batch of events is not accepted.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// A ticket is not issued.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The caller cannot be identified, or an account not be changed.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A request about a session fails.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A viewer token is not issued.
    #[error(transparent)]
    Viewer(#[from] ViewerError),
    /// A request about a seat fails.
    #[error(transparent)]
    Seat(#[from] SeatError),
    /// A moderation action fails.
    #[error(transparent)]
    Moderation(#[from] ModerationError),
    /// A dead letter cannot be retried.
    #[error(transparent)]
    Retry(#[from] RetryError),
}

impl From<TooManyAttempts> for ApiError {
    fn from(error: TooManyAttempts) -> ApiError {
        ApiError::Identity(error.into())
    }
}

/// The response where no route matches.
pub async fn not_found() -> ApiError {
    ApiError::NotFound("such address; see /openapi.json")
}

/// The response where a route exists, but not for the method.
pub async fn method_not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Kind(status, code) = Kind::from(&self);
        let detail = if status.is_server_error() {
            tracing::error!(error = error_chain(&self), "request failed");
            "the server cannot do this at the moment; try again shortly".to_owned()
        } else {
            self.to_string()
        };
        metrics::counter!("alien_problems_total", "status" => status.as_str().to_owned()).increment(1);
        let retry_after = self.retry_after(code);
        let problem = Problem { code, detail, expected_seq: self.expected_seq() };
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl ApiError {
    fn expected_seq(&self) -> Option<Seq> {
        match self {
            ApiError::Ingest(IngestError::Gap { expected }) => Some(*expected),
            _ => None,
        }
    }

    /// The seconds after which the client may try again.
    fn retry_after(&self, code: ProblemCode) -> Option<u64> {
        match self {
            ApiError::Ingest(IngestError::TooEarly { seconds, .. }) => Some(*seconds),
            _ => (code == ProblemCode::Busy).then_some(1),
        }
    }
}

/// The status and code of a problem.
#[derive(Clone, Copy)]
struct Kind(StatusCode, ProblemCode);

impl Kind {
    const INTERNAL: Kind = Kind(StatusCode::INTERNAL_SERVER_ERROR, ProblemCode::Internal);
    const NOT_FOUND: Kind = Kind(StatusCode::NOT_FOUND, ProblemCode::NotFound);
    const INVALID_TOKEN: Kind = Kind(StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken);
    const FORBIDDEN: Kind = Kind(StatusCode::FORBIDDEN, ProblemCode::Forbidden);
    const WRONG_STAGE: Kind = Kind(StatusCode::CONFLICT, ProblemCode::WrongStage);
    const UNPROCESSABLE: Kind = Kind(StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::BadRequest);
    const UNAVAILABLE: Kind = Kind(StatusCode::SERVICE_UNAVAILABLE, ProblemCode::Busy);
    const BUSY: Kind = Kind(StatusCode::TOO_MANY_REQUESTS, ProblemCode::Busy);
}

impl From<&ApiError> for Kind {
    fn from(error: &ApiError) -> Kind {
        match error {
            ApiError::BadRequest(_) | ApiError::QrCode(_) => Kind(StatusCode::BAD_REQUEST, ProblemCode::BadRequest),
            ApiError::MissingToken => Kind::INVALID_TOKEN,
            ApiError::Forbidden => Kind::FORBIDDEN,
            ApiError::NotFound(_) => Kind::NOT_FOUND,
            ApiError::MethodNotAllowed => Kind(StatusCode::METHOD_NOT_ALLOWED, ProblemCode::BadRequest),
            ApiError::TooLarge(_) => Kind(StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge),
            ApiError::WrongType(_) => Kind(StatusCode::UNSUPPORTED_MEDIA_TYPE, ProblemCode::BadRequest),
            ApiError::TooSlow => Kind(StatusCode::REQUEST_TIMEOUT, ProblemCode::TooSlow),
            ApiError::Tuning(_) => Kind::UNPROCESSABLE,
            ApiError::Csv(_) | ApiError::Store(_) => Kind::INTERNAL,
            ApiError::Game(error) => error.into(),
            ApiError::Ingest(error) => error.into(),
            ApiError::Ticket(error) => error.into(),
            ApiError::Identity(error) => error.into(),
            ApiError::Session(error) => error.into(),
            ApiError::Viewer(error) => error.into(),
            ApiError::Seat(error) => error.into(),
            ApiError::Moderation(error) => error.into(),
            ApiError::Retry(error) => error.into(),
        }
    }
}

impl From<&GameError> for Kind {
    fn from(error: &GameError) -> Kind {
        match error {
            GameError::Unknown(_) => Kind::NOT_FOUND,
            GameError::NotReplayable { .. } => Kind(StatusCode::GONE, ProblemCode::NotReplayable),
            GameError::Withheld(Withheld::UntilStart) => Kind::WRONG_STAGE,
            GameError::Withheld(Withheld::UntilSettled) => Kind::FORBIDDEN,
            GameError::Store(_) => Kind::INTERNAL,
            GameError::Registry(error) => error.into(),
        }
    }
}

impl From<&RetryError> for Kind {
    fn from(error: &RetryError) -> Kind {
        match error {
            RetryError::Unknown(_) => Kind::NOT_FOUND,
            RetryError::Store(_) => Kind::INTERNAL,
            RetryError::Stream(error) => error.into(),
        }
    }
}

impl From<&IngestError> for Kind {
    fn from(error: &IngestError) -> Kind {
        match error {
            IngestError::Token(_) => Kind::INVALID_TOKEN,
            IngestError::WrongGame(_) => Kind(StatusCode::FORBIDDEN, ProblemCode::WrongGame),
            IngestError::Json(_) | IngestError::Batch(_) => Kind::UNPROCESSABLE,
            IngestError::Gap { .. } => Kind(StatusCode::CONFLICT, ProblemCode::Gap),
            IngestError::TooEarly { .. } => Kind(StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooEarly),
            // The client must send the events again, not drop them.
            IngestError::Ticket(SeatError::Registry(RegistryError::Conflict)) => Kind::BUSY,
            IngestError::Ticket(error) => error.into(),
            IngestError::Stream(error) => error.into(),
            IngestError::Signing(_) => Kind::INTERNAL,
        }
    }
}

impl From<&TicketError> for Kind {
    fn from(error: &TicketError) -> Kind {
        match error {
            TicketError::OutdatedClient => Kind(StatusCode::CONFLICT, ProblemCode::OutdatedClient),
            TicketError::OtherVersion => Kind(StatusCode::CONFLICT, ProblemCode::OtherVersion),
            TicketError::Identity(error) => error.into(),
            TicketError::Seat(error) => error.into(),
            TicketError::Stream(error) => error.into(),
            TicketError::Store(_) | TicketError::Signing(_) | TicketError::Random(_) => Kind::INTERNAL,
        }
    }
}

impl From<&IdentityError> for Kind {
    fn from(error: &IdentityError) -> Kind {
        match error {
            IdentityError::WrongCredentials => Kind(StatusCode::UNAUTHORIZED, ProblemCode::WrongCredentials),
            IdentityError::Token(_) => Kind::INVALID_TOKEN,
            IdentityError::TooManyAttempts(_) => Kind::BUSY,
            IdentityError::Registry(error) => error.into(),
            IdentityError::External(_) => Kind(StatusCode::NOT_FOUND, ProblemCode::ExternalAccounts),
            IdentityError::IssuerUnavailable => Kind::UNAVAILABLE,
            IdentityError::Signing(_) | IdentityError::Internal { .. } => Kind::INTERNAL,
        }
    }
}

impl From<&SessionError> for Kind {
    fn from(error: &SessionError) -> Kind {
        match error {
            SessionError::Unknown => Kind::NOT_FOUND,
            SessionError::Plan(_) => Kind::UNPROCESSABLE,
            SessionError::Move(_) => Kind::WRONG_STAGE,
            SessionError::Registry(error) => error.into(),
            SessionError::Random(_) => Kind::INTERNAL,
        }
    }
}

impl From<&ViewerError> for Kind {
    fn from(error: &ViewerError) -> Kind {
        match error {
            ViewerError::Session(error) => error.into(),
            ViewerError::Signing(_) => Kind::INTERNAL,
        }
    }
}

impl From<&SeatError> for Kind {
    fn from(error: &SeatError) -> Kind {
        match error {
            SeatError::Session(error) => error.into(),
            SeatError::NotOpen(_) | SeatError::NotRunning(_) => Kind::WRONG_STAGE,
            SeatError::NoGuests => Kind::FORBIDDEN,
            SeatError::Registry(error) => error.into(),
            SeatError::Signing(_) | SeatError::Random(_) => Kind::INTERNAL,
        }
    }
}

impl From<&ModerationError> for Kind {
    fn from(error: &ModerationError) -> Kind {
        match error {
            ModerationError::Reason(_) => Kind::UNPROCESSABLE,
            ModerationError::UnknownGame(_) => Kind::NOT_FOUND,
            ModerationError::Store(_) => Kind::INTERNAL,
            ModerationError::Registry(error) => error.into(),
            ModerationError::Stream(error) => error.into(),
        }
    }
}

impl From<&StreamError> for Kind {
    fn from(error: &StreamError) -> Kind {
        match error {
            StreamError::Busy => Kind::BUSY,
            StreamError::Record(_) | StreamError::Encoding(_) | StreamError::ReadOnly => Kind::INTERNAL,
            StreamError::Missing(_) | StreamError::Lost(_) | StreamError::Engine(_) => Kind::UNAVAILABLE,
        }
    }
}

impl From<&RegistryError> for Kind {
    fn from(error: &RegistryError) -> Kind {
        match error {
            RegistryError::Conflict => Kind(StatusCode::CONFLICT, ProblemCode::Conflict),
            RegistryError::SeatsTaken | RegistryError::TooManyWaiting => {
                Kind(StatusCode::CONFLICT, ProblemCode::SeatsTaken)
            }
            RegistryError::Locked => Kind(StatusCode::CONFLICT, ProblemCode::Locked),
            RegistryError::NotApproved => Kind(StatusCode::FORBIDDEN, ProblemCode::NotApproved),
            RegistryError::NicknameTaken => Kind(StatusCode::CONFLICT, ProblemCode::NicknameTaken),
            RegistryError::Removed(_) => Kind(StatusCode::FORBIDDEN, ProblemCode::Removed),
            RegistryError::NoSeat => Kind::NOT_FOUND,
            RegistryError::NoAttemptLeft => Kind(StatusCode::CONFLICT, ProblemCode::NoAttemptLeft),
            RegistryError::OldTicket => Kind::INVALID_TOKEN,
            RegistryError::Engine(_) => Kind::INTERNAL,
        }
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
