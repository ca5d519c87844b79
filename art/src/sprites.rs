//! The sprite frame of each object of a game.

use shared::{
    rules::{Bomb, BombKind, Game, Phase, Point, Px, Slot},
    tuning::{MarchStyle, Sprites},
};

/// Sprites of large invaders, from the top row down. Each fills two rows.
const LARGE: [&str; 4] = ["manta", "crab", "jelly", "cyclops"];
/// Sprites of small invaders, from the top row down. Each fills two rows; with an odd number of rows the top one fills
/// a single row.
const SMALL: [&str; 3] = ["small manta", "small crab", "small jelly"];

/// A frame of a sprite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpriteFrame {
    /// Name of the sprite.
    pub name: &'static str,
    /// Number of the frame, from 0.
    pub frame: usize,
}

/// The sprite of the mystery ship.
pub const MYSTERY: SpriteFrame = SpriteFrame { name: "mystery", frame: 0 };
/// The sprite of a rocket.
pub const ROCKET: SpriteFrame = SpriteFrame { name: "rocket", frame: 0 };

/// The sprites of the invaders, from the top row down.
pub fn kinds(sprites: Sprites) -> &'static [&'static str] {
    match sprites {
        Sprites::Large => &LARGE,
        Sprites::Small => &SMALL,
    }
}

/// The index in [`kinds`] of the invader's sprite for a slot of the formation. Two rows share a sprite.
pub fn kind(slot: Slot, game: &Game) -> usize {
    let row = match game.tuning().sprites {
        Sprites::Large => slot.row,
        // Pairs of rows count from the lowest row, as points do.
        Sprites::Small => slot.row + game.params().rows % 2,
    };
    row / 2 % kinds(game.tuning().sprites).len()
}

/// The sprite of an invader at a position. `stride` counts the notes of the march, by
/// which a formation that marches together changes its frame.
pub fn invader(slot: Slot, at: Point, stride: u32, game: &Game) -> SpriteFrame {
    let steps = match game.tuning().march {
        MarchStyle::Together => stride,
        MarchStyle::InTurn => steps(at, game),
    };
    SpriteFrame { name: kinds(game.tuning().sprites)[kind(slot, game)], frame: (steps % 2) as usize }
}

/// The number of steps from the playfield's corner to a position. Each step shows the next frame, so a frame depends only on
/// the position.
fn steps(at: Point, game: &Game) -> u32 {
    let params = game.params();
    let count = |distance: Px, step: Px| (distance.to_f32() / step.to_f32().max(1.0)).abs() as u32;
    count(at.x, params.march_step) + count(at.y, params.drop_distance)
}

/// The sprite of a bomb.
pub fn bomb(bomb: &Bomb) -> SpriteFrame {
    let (name, frame) = match bomb.kind {
        // The frame changes every 6 pixels.
        BombKind::Plain => ("bomb", bomb.at.y.to_f32().max(0.0) as usize / 6),
        BombKind::Rolling => ("rolling", usize::from(bomb.steps)),
        BombKind::Plunger => ("plunger", usize::from(bomb.steps)),
        BombKind::Squiggly => ("squiggly", usize::from(bomb.steps)),
    };
    SpriteFrame { name, frame: frame % 2 }
}

/// The sprite of the ship; `None` without lives. Of the small sprites, one shows the wreck until the next ship appears.
pub fn ship(game: &Game) -> Option<SpriteFrame> {
    let small = game.tuning().sprites == Sprites::Small;
    match game.state().phase {
        Phase::Respawning { ticks_left } if small => {
            Some(SpriteFrame { name: "small wreck", frame: usize::from(ticks_left / 6 % 2) })
        }
        _ if game.state().lives == 0 => None,
        _ => Some(SpriteFrame { name: if small { "small ship" } else { "ship" }, frame: 0 }),
    }
}

#[cfg(test)]
mod tests {
    use shared::{replay::Seed, tuning::Tuning};

    use super::*;
    use crate::Sheet;

    #[test]
    fn sprites_of_all_objects_are_on_the_sheet() {
        let sheet = Sheet::new();
        for tuning in [Tuning::arcade(), Tuning::default()] {
            let game = Game::new(tuning, Seed(1));
            let invaders = game.state().formation.invaders(game.params());
            let sprites = invaders.flat_map(|(slot, at)| [0, 1].map(|stride| invader(slot, at, stride, &game)));
            for sprite in sprites.chain([MYSTERY, ROCKET]).chain(ship(&game)) {
                assert!(sheet.has(sprite), "{sprite:?}");
            }
        }
        for kind in [BombKind::Plain, BombKind::Rolling, BombKind::Plunger, BombKind::Squiggly] {
            for steps in [0, 1] {
                let at = Point { x: Px::ZERO, y: Px::whole(6 * steps) };
                let sprite = bomb(&Bomb { at, speed: Px::ZERO, kind, steps: steps as u16 });
                assert!(sheet.has(sprite), "{sprite:?}");
            }
        }
    }
}
