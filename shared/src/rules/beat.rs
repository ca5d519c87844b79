//! The sound of the march: four notes that come the faster the fewer invaders are left.

use serde::{Deserialize, Serialize};

/// With this many invaders or more, so many ticks pass from one note to the next: the machine's own table.
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

/// Where the march's sound is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Beat {
    ticks_left: u16,
    note: u8,
}

impl Beat {
    /// One tick on; gives the note that sounds, if one does.
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
    INTERVALS.iter().find(|(least, _)| living >= *least).map_or(0, |(_, ticks)| *ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks_of_notes(living: u32) -> Vec<(usize, u8)> {
        let mut beat = Beat::default();
        (0..200).filter_map(|tick| beat.step(|| living).map(|note| (tick, note))).collect()
    }

    #[test]
    fn fifty_invaders_march_every_52_ticks_through_four_notes() {
        assert_eq!(ticks_of_notes(55), [(0, 0), (52, 1), (104, 2), (156, 3)]);
    }

    #[test]
    fn the_last_one_marches_every_5_ticks() {
        let notes = ticks_of_notes(1);
        assert!(notes.windows(2).all(|pair| pair[1].0 - pair[0].0 == 5));
    }

    #[test]
    fn fewer_are_never_slower() {
        assert!((1..60).all(|living| interval(living) <= interval(living + 1)));
    }
}
