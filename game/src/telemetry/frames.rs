//! Frame times, summed up for the telemetry.

use shared::event::EventKind;

/// The times of the frames since the last summary, milliseconds.
#[derive(Debug, Default)]
pub struct Frames(Vec<f32>);

impl Frames {
    pub fn add(&mut self, millis: f32) {
        self.0.push(millis);
    }

    /// Sums them up and begins anew; none if there was no frame.
    pub fn take(&mut self) -> Option<EventKind> {
        let mut times = std::mem::take(&mut self.0);
        times.sort_by(f32::total_cmp);
        let at = |percent: usize| times.get(times.len().saturating_sub(1) * percent / 100).map(|ms| ms.round() as u16);
        Some(EventKind::Frames { count: times.len() as u32, p50_ms: at(50)?, p95_ms: at(95)?, max_ms: at(100)? })
    }
}
