//! A summary of frame times.

use shared::event::EventKind;

/// The times of the frames since the last summary, milliseconds.
#[derive(Debug, Default)]
pub struct FrameTimes(Vec<f32>);

impl FrameTimes {
    pub fn add(&mut self, millis: f32) {
        self.0.push(millis);
    }

    /// Takes the times and summarizes them; `None` without a frame.
    pub fn take_summary(&mut self) -> Option<EventKind> {
        let mut times = std::mem::take(&mut self.0);
        times.sort_by(f32::total_cmp);
        let percentile = |percent: usize| {
            let index = times.len().saturating_sub(1) * percent / 100;
            times.get(index).map(|millis| millis.round() as u16)
        };
        Some(EventKind::Frames {
            count: times.len() as u32,
            p50_ms: percentile(50)?,
            p95_ms: percentile(95)?,
            max_ms: percentile(100)?,
        })
    }
}
