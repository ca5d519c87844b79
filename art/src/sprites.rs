//! What each thing of a game looks like: the name of its drawing, and which of its frames.

use shared::{
    rules::{Bomb, BombKind, Game, Phase, Point, Px, Slot},
    tuning::{MarchStyle, Sprites},
};

/// The invaders' drawings of each size, from the top row down; each kind fills two rows, the first one in front of
/// whole pairs only one.
const LARGE: [&str; 4] = ["manta", "crab", "jelly", "cyclops"];
const SMALL: [&str; 3] = ["small manta", "small crab", "small jelly"];

/// A frame of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpriteFrame {
    /// The drawing.
    pub name: &'static str,
    /// From 0.
    pub frame: usize,
}

/// The mystery ship.
pub const MYSTERY: SpriteFrame = SpriteFrame { name: "mystery", frame: 0 };
/// A rocket.
pub const ROCKET: SpriteFrame = SpriteFrame { name: "rocket", frame: 0 };

/// The kinds of invaders of a size, from the top row down.
pub fn kinds(sprites: Sprites) -> &'static [&'static str] {
    match sprites {
        Sprites::Large => &LARGE,
        Sprites::Small => &SMALL,
    }
}

/// The kind of the invaders in a row of the formation, as an index of [`kinds`].
pub fn kind(slot: Slot, game: &Game) -> usize {
    let row = match game.tuning().sprites {
        Sprites::Large => slot.row,
        // Pairs count from below, as points do.
        Sprites::Small => slot.row + game.params().rows % 2,
    };
    row / 2 % kinds(game.tuning().sprites).len()
}

/// An invader at a place; `stride` counts the steps of a formation that marches together.
pub fn invader(slot: Slot, at: Point, stride: u32, game: &Game) -> SpriteFrame {
    let steps = match game.tuning().march {
        MarchStyle::Together => stride,
        MarchStyle::InTurn => steps(at, game),
    };
    SpriteFrame { name: kinds(game.tuning().sprites)[kind(slot, game)], frame: (steps % 2) as usize }
}

/// How many steps of the march in turn lie behind an invader, more or less: each changes its drawing.
fn steps(at: Point, game: &Game) -> u32 {
    let params = game.params();
    let steps = |way: Px, step: Px| (way.to_f32() / step.to_f32().max(1.0)).abs() as u32;
    steps(at.x, params.march_step) + steps(at.y, params.drop_distance)
}

/// A bomb.
pub fn bomb(bomb: &Bomb) -> SpriteFrame {
    let (name, frame) = match bomb.kind {
        // It turns as it falls.
        BombKind::Plain => ("bomb", bomb.at.y.to_f32().max(0.0) as usize / 6),
        BombKind::Rolling => ("rolling", usize::from(bomb.steps)),
        BombKind::Plunger => ("plunger", usize::from(bomb.steps)),
        BombKind::Squiggly => ("squiggly", usize::from(bomb.steps)),
    };
    SpriteFrame { name, frame: frame % 2 }
}

/// The ship, or what is left of it; none when the last one is lost.
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
    fn everything_that_is_named_is_drawn() {
        let sheet = Sheet::new();
        for tuning in [Tuning::arcade(), Tuning::default()] {
            let game = Game::new(tuning, Seed(1));
            let invaders = game.state().formation.invaders(game.params());
            let figures = invaders.flat_map(|(slot, at)| [0, 1].map(|stride| invader(slot, at, stride, &game)));
            for figure in figures.chain([MYSTERY, ROCKET]).chain(ship(&game)) {
                assert!(sheet.has(figure), "{figure:?}");
            }
        }
        for kind in [BombKind::Plain, BombKind::Rolling, BombKind::Plunger, BombKind::Squiggly] {
            for steps in [0, 1] {
                let at = Point { x: Px::ZERO, y: Px::whole(6 * steps) };
                let figure = bomb(&Bomb { at, speed: Px::ZERO, kind, steps: steps as u16 });
                assert!(sheet.has(figure), "{figure:?}");
            }
        }
    }
}
