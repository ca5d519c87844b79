//! Tools for operators, over `shared` and the public API: a load test with bots, attacks and honest games, an estimate
//! of the cost on AWS, and a calibration of the marks for play that no hand plays.

pub mod attack;
pub mod bad_network;
pub mod calibrate;
pub mod client;
mod clock;
pub mod cost;
pub mod honest;
pub mod load;
pub mod look_ahead;
mod random;
mod sharpshooter;
