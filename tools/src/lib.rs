//! Tools for operators, over `shared` and the public API: a load test with bots, and an estimate of the cost on AWS.

mod clock;
pub mod cost;
pub mod load;
