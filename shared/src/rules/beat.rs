//! The sound of the march: four notes in a loop that speeds up as fewer invaders are left.

use serde::{Deserialize, Serialize};

/// Minimum number of living invaders, and the ticks between two notes: the table of the arcade machine.
const INTERVALS: [(u32, u16); 16] = [
    (50, 52),
    (43, 46),
    (36, 39),
    (28, 34),
    (22, 28),
    (17, 24),
    (13, 21),
    (10, 19),
    (8, 16),
    (7, 14),
    (6, 13),
    (5, 12),
    (4, 11),
    (3, 9),
    (2, 7),
    (0, 5),
];

/// The position in the sound of the march.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Beat {
    ticks_left: u16,
    note: u8,
}

impl Beat {
    /// Advances by one tick and returns the note that starts in it, if any. Calls `living` only if a note starts.
    pub fn step(&mut self, living: impl FnOnce() -> u32) -> Option<u8> {
        if self.ticks_left > 1 {
            self.ticks_left -= 1;
            return None;
        }
        self.ticks_left = interval(living());
        let note = self.note;
        self.note = (note + 1) % 4;
        Some(note)
    }
}

fn interval(living: u32) -> u16 {
    INTERVALS.iter().find(|(min, _)| living >= *min).map_or(0, |(_, ticks)| *ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks_of_notes(living: u32) -> Vec<(usize, u8)> {
        let mut beat = Beat::default();
        (0..200).filter_map(|tick| beat.step(|| living).map(|note| (tick, note))).collect()
    }

    #[test]
    fn fifty_invaders_sound_a_note_every_52_ticks() {
        assert_eq!(ticks_of_notes(55), [(0, 0), (52, 1), (104, 2), (156, 3)]);
    }

    #[test]
    fn last_invader_sounds_a_note_every_5_ticks() {
        let notes = ticks_of_notes(1);
        assert!(notes.windows(2).all(|pair| pair[1].0 - pair[0].0 == 5));
    }

    #[test]
    fn interval_never_grows_as_invaders_are_shot() {
        assert!((1..60).all(|living| interval(living) <= interval(living + 1)));
    }
}
