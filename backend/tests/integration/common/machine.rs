//! A machine for servers in the process of the test: the test steps its wall clock and lets time pass.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use backend::clock::Clock;
use shared::time::Timestamp;

use super::now;

/// A machine. Its time passes by itself, and in addition when the test says so.
#[derive(Clone)]
pub struct Machine {
    started: Instant,
    /// Time that the test let pass, in milliseconds.
    passed: Arc<AtomicU64>,
    /// By how much the wall clock is wrong, in milliseconds.
    wrong_by: Arc<AtomicI64>,
}

impl Machine {
    /// A machine whose wall clock is right.
    pub fn new() -> Machine {
        Machine { started: Instant::now(), passed: Arc::default(), wrong_by: Arc::default() }
    }

    /// A machine for which time passes as for this one, with a wall clock that is wrong by `millis`.
    pub fn neighbour(&self, millis: i64) -> Machine {
        Machine { wrong_by: Arc::new(AtomicI64::new(millis)), ..self.clone() }
    }

    /// A clock for a server that starts now.
    pub fn clock(&self) -> Clock {
        let (wall, steady) = (self.clone(), self.clone());
        Clock::new(move || Duration::from_millis(wall.wall().0), move || steady.elapsed())
    }

    /// The time on its wall clock.
    pub fn wall(&self) -> Timestamp {
        let right = now().after_millis(self.passed.load(Ordering::SeqCst));
        Timestamp(right.0.saturating_add_signed(self.wrong_by.load(Ordering::SeqCst)))
    }

    /// The time that has passed on it.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed() + Duration::from_millis(self.passed.load(Ordering::SeqCst))
    }

    /// Lets time pass.
    pub fn advance(&self, millis: u64) {
        self.passed.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the wall clock forward, or back if negative.
    pub fn step(&self, millis: i64) {
        self.wrong_by.fetch_add(millis, Ordering::SeqCst);
    }
}
