//! A player that knows the seed: it tries moves on copies of the game and makes the best one. It plays far better than
//! a person, and its buttons are of no use for other seeds.

use shared::rules::{Buttons, Game, Phase};

/// Ticks between two decisions: a tenth of a second.
const DECISION_INTERVAL: u32 = 6;
/// Number of ticks that the player looks ahead.
const HORIZON: u32 = 100;
/// Ticks for which a move is held before the ship stops.
const MOVES: [u32; 4] = [6, 12, 24, 48];
/// Value of a life, in points.
const LIFE: i64 = 1000;

/// The buttons of a game from its first tick to its end, but at most `max_ticks` of them.
pub fn play(mut game: Game, max_ticks: u32) -> Vec<Buttons> {
    let mut played = Vec::new();
    while !game.is_over() && (played.len() as u32) < max_ticks {
        let buttons = if game.state().phase == Phase::Playing { best_buttons(&game) } else { Buttons::empty() };
        for _ in 0..DECISION_INTERVAL {
            game.step(buttons);
            played.push(buttons);
        }
    }
    played.truncate(max_ticks as usize);
    played
}

fn best_buttons(game: &Game) -> Buttons {
    let moves = [Buttons::LEFT, Buttons::RIGHT].into_iter().flat_map(|side| MOVES.map(|ticks| (side, ticks)));
    let stay = (Buttons::empty(), 0);
    let best = std::iter::once(stay).chain(moves).max_by_key(|(side, ticks)| value(game.clone(), *side, *ticks));
    best.map_or(Buttons::FIRE, |(side, _)| side | Buttons::FIRE)
}

/// The value of moving to a side for some ticks, in hundredths of a point. Firing never stops.
fn value(mut game: Game, side: Buttons, ticks: u32) -> i64 {
    let (score, lives) = (i64::from(game.state().score), i64::from(game.state().lives));
    let mut early = 0;
    for tick in 0..HORIZON {
        let before = game.state().score;
        game.step(if tick < ticks { side | Buttons::FIRE } else { Buttons::FIRE });
        if game.state().score > before {
            early += i64::from(HORIZON - tick);
        }
    }
    let (points, lost) = (i64::from(game.state().score) - score, lives - i64::from(game.state().lives));
    100 * (points - LIFE * lost) + early - distance(&game)
}

/// How far the ship is from the invaders, in pixels. Low ones count as near.
fn distance(game: &Game) -> i64 {
    let ship = game.ship();
    let distances = game.state().formation.invaders(game.params()).map(|(_, at)| {
        let (dx, y) = ((at.x - ship.x).to_f32(), at.y.to_f32());
        2 * dx.abs() as i64 - y as i64
    });
    distances.min().unwrap_or_default()
}
