//! How bombs move and how invaders drop them.

use super::{
    super::{
        Bomb, BombKind, GameEvent, Point, Px,
        bomb_pattern::reload,
        formation::set_bits,
        shield::{Blast, Shot},
    },
    Game,
};
use crate::tuning::Bombing;

/// With this number of invaders or fewer, patterned bombs fall at their highest speed.
const MAX_INVADERS_FOR_FAST_BOMBS: u32 = 8;
/// Patterned bombs by tick: each kind moves in every third tick, by the distance of three ticks.
const KINDS: [BombKind; 3] = [BombKind::Rolling, BombKind::Plunger, BombKind::Squiggly];
/// Distance from the middle of a bomb to its sides, pixels.
const BOMB_HALF_WIDTH: i32 = 1;

impl Game {
    /// Moves the bombs. Removes the ones that leave the playfield or hit a shield.
    pub(super) fn move_bombs(&mut self) {
        match self.params.bombing {
            Bombing::Random => self.move_bombs_if(1, |_| true),
            Bombing::Patterned => {
                let kind = self.current_kind();
                let is_fast = self.state.formation.living() <= MAX_INVADERS_FOR_FAST_BOMBS;
                let speed = if is_fast { self.params.bomb_max_speed } else { self.params.bomb_min_speed };
                for bomb in self.state.bombs.iter_mut().filter(|bomb| bomb.kind == kind) {
                    bomb.speed = speed;
                }
                self.move_bombs_if(KINDS.len() as i32, |bomb| bomb.kind == kind);
            }
        }
    }

    fn move_bombs_if(&mut self, ticks: i32, is_moving: impl Fn(&Bomb) -> bool) {
        let (shields, params, events) = (&mut self.state.shields, &self.params, &mut self.events);
        let lower_limit = params.height + params.ship.half_height;
        self.state.bombs.retain(|bomb| {
            if !is_moving(bomb) {
                return true;
            }
            let from = bomb.at;
            bomb.at.y += bomb.speed.times(ticks);
            bomb.steps = bomb.steps.saturating_add(1);
            let shot = Shot { from, to_y: bomb.at.y, half_width: BOMB_HALF_WIDTH, blast: Blast::Bomb };
            if let Some(at) = shields.hit(shot, params) {
                events.push(GameEvent::ShieldHit { at });
                return false;
            }
            bomb.at.y <= lower_limit
        });
    }

    /// Drops new bombs.
    pub(super) fn drop_bombs(&mut self) {
        if self.state.quiet > 0 {
            self.state.quiet -= 1;
            return;
        }
        match self.params.bombing {
            Bombing::Random => self.drop_random_bombs(),
            Bombing::Patterned => self.drop_patterned_bomb(),
        }
    }

    fn drop_random_bombs(&mut self) {
        let bombing = self.state.formation.columns() & ((1 << self.params.bombing_columns) - 1);
        for column in set_bits(bombing) {
            if self.state.rng.draw() >= self.params.bomb_threshold {
                continue;
            }
            let speed = self.draw_bomb_speed();
            self.drop_bomb(column, speed, BombKind::Plain);
        }
    }

    /// Draws a speed between the slowest and the fastest with equal probabilities.
    fn draw_bomb_speed(&mut self) -> Px {
        let (min, max) = (self.params.bomb_min_speed, self.params.bomb_max_speed);
        let speeds = (max - min).raw() as u32 + 1;
        min + Px::from_raw(self.state.rng.below(speeds) as i32)
    }

    /// Drops a bomb of the current kind, unless one is in flight or another bomb has not moved far enough.
    fn drop_patterned_bomb(&mut self) {
        let kind = self.current_kind();
        let reload = reload(self.state.score);
        let is_reloading = self.state.bombs.iter().any(|bomb| bomb.kind == kind || bomb.steps <= reload);
        let is_blocked = match kind {
            BombKind::Plunger => self.state.formation.living() == 1,
            BombKind::Squiggly => self.state.mystery.at().is_some(),
            BombKind::Plain | BombKind::Rolling => false,
        };
        if is_reloading || is_blocked {
            return;
        }
        let column = match self.state.pattern.next_column(kind) {
            Some(from_left) => (self.params.columns - 1).checked_sub(from_left % self.params.columns),
            None => self.column_above_ship(),
        };
        if let Some(column) = column {
            self.drop_bomb(column, self.params.bomb_min_speed, kind);
        }
    }

    /// The kind of patterned bomb that moves and is dropped in this tick.
    fn current_kind(&self) -> BombKind {
        KINDS[self.state.tick.0 as usize % KINDS.len()]
    }

    /// The column whose front invader is nearest to the ship horizontally, at most half a column away.
    fn column_above_ship(&self) -> Option<usize> {
        let distance = |at: Point| (at.x - self.state.ship_x).raw().abs();
        let fronts = set_bits(self.state.formation.columns())
            .filter_map(|column| Some((column, distance(self.state.formation.front(column, &self.params)?))));
        let (column, distance) = fronts.min_by_key(|(_, distance)| *distance)?;
        (distance <= self.params.column_spacing.raw() / 2).then_some(column)
    }

    fn drop_bomb(&mut self, column: usize, speed: Px, kind: BombKind) {
        let Some(invader) = self.state.formation.front(column, &self.params) else {
            return;
        };
        let at = Point { x: invader.x, y: invader.y + self.params.invader.half_height };
        if self.state.bombs.try_push(Bomb { at, speed, kind, steps: 0 }).is_ok() {
            self.events.push(GameEvent::BombDropped { at });
        }
    }
}
