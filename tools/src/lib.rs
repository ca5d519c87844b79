//! Tools for operators, over `shared` and the public API: a load test with bots, an estimate of the cost on AWS, and a
//! calibration of the marks for play that no hand plays.

pub mod calibrate;
mod clock;
pub mod cost;
pub mod load;
pub mod look_ahead;
