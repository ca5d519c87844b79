//! What the server says to an adversary.

use std::fmt;

use reqwest::StatusCode;
use shared::api::Problem;

use crate::client::{Refusal, RequestError};

/// What the server says to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The server took what was sent.
    Accepted,
    /// The server refused it.
    Refused(StatusCode, Problem),
    /// There was no usable response, for this reason.
    None(String),
}

impl Answer {
    /// The answer in a result.
    pub fn of<T>(result: &Result<T, RequestError>) -> Answer {
        match result {
            Ok(_) => Answer::Accepted,
            Err(RequestError::Refused(Refusal { status, problem, .. })) => Answer::Refused(*status, problem.clone()),
            Err(error) => Answer::None(error.to_string()),
        }
    }

    /// This answer, or `other` if this is a refusal. An adversary who tries several ways counts the best answer.
    pub fn or(self, other: Answer) -> Answer {
        match self {
            Answer::Accepted => Answer::Accepted,
            Answer::Refused(..) | Answer::None(_) => other,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Accepted => write!(f, "accepted"),
            Answer::Refused(status, problem) => write!(f, "{}: {}", status.as_u16(), problem.detail),
            Answer::None(reason) => write!(f, "no answer: {reason}"),
        }
    }
}
