//! One game: the rules applied tick by tick.

use rand_core::Rng;
use rand_pcg::Pcg32;

use super::{
    Bomb, Buttons, COUNTDOWN_TICKS, Defeat, Formation, Happening, INVADER_SIZE, LIVES, LevelRates, Phase, Point, Px,
    Rocket, SHIP_SIZE, State, TICKS_PER_SECOND, formation::bits,
};
use crate::{replay::Seed, time::Tick, tuning::Tuning};

/// A rocket starts this far above the ship's centre.
const ROCKET_START: Px = Px::whole(12);
const HALF_SHIP: (Px, Px) = (Px::whole(SHIP_SIZE.0 / 2), Px::whole(SHIP_SIZE.1 / 2));
const HALF_INVADER_HEIGHT: Px = Px::whole(INVADER_SIZE.1 / 2);
/// Points for clearing level L are L times this.
const LEVEL_BONUS: u32 = 50;
/// The generator's stream, fixed, so that the seed alone decides.
const DICE_STREAM: u64 = 0x0a11_e4a7_7ac4;

/// A game in progress: its tuning, its state, and the figures of the level that it is in.
#[derive(Debug, Clone)]
pub struct Game {
    tuning: Tuning,
    rates: LevelRates,
    state: State,
    happenings: Vec<Happening>,
}

impl Game {
    /// A new game at the countdown of level 1.
    pub fn new(tuning: Tuning, seed: Seed) -> Game {
        let rates = LevelRates::new(&tuning, 1);
        let state = State {
            tick: Tick::ZERO,
            phase: Phase::Countdown { ticks_left: COUNTDOWN_TICKS },
            level: 1,
            lives: LIVES,
            score: 0,
            shots: 0,
            ship_x: Px::from_raw(rates.width.raw() / 2),
            reload: 0,
            formation: Formation::new(&rates),
            rockets: Default::default(),
            bombs: Default::default(),
            dice: Pcg32::new(seed.0, DICE_STREAM),
        };
        Game { tuning, rates, state, happenings: Vec::new() }
    }

    /// The game whose state was kept.
    pub fn resume(tuning: Tuning, state: State) -> Game {
        let rates = LevelRates::new(&tuning, state.level);
        Game { tuning, rates, state, happenings: Vec::new() }
    }

    /// The tuning that it is played by.
    pub fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// The figures of the level that it is in.
    pub fn rates(&self) -> &LevelRates {
        &self.rates
    }

    /// The state after the last step.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The centre of the ship.
    pub fn ship(&self) -> Point {
        Point { x: self.state.ship_x, y: self.rates.height }
    }

    /// Whether it has ended: further steps change nothing.
    pub fn is_over(&self) -> bool {
        self.state.phase == Phase::Over
    }

    /// Plays one tick with these buttons and says what happened, in order.
    pub fn step(&mut self, buttons: Buttons) -> &[Happening] {
        self.happenings.clear();
        match self.state.phase {
            Phase::Over => return &[],
            Phase::Countdown { ticks_left } => self.count_down(ticks_left),
            Phase::Playing => self.play(buttons),
        }
        self.state.tick = self.state.tick.next();
        &self.happenings
    }

    fn count_down(&mut self, ticks_left: u16) {
        if ticks_left.is_multiple_of(TICKS_PER_SECOND as u16) {
            let left = ticks_left / TICKS_PER_SECOND as u16;
            self.happenings.push(Happening::CountdownSecond { left });
        }
        self.state.phase = if ticks_left > 1 {
            Phase::Countdown { ticks_left: ticks_left - 1 }
        } else {
            self.happenings.push(Happening::LevelStarted { level: self.state.level });
            Phase::Playing
        };
    }

    /// The order is the original's: ship and fire, bombs, rockets, the march, hits on invaders, new bombs, hits on
    /// the ship, invaders that land.
    fn play(&mut self, buttons: Buttons) {
        self.move_ship(buttons);
        self.fire(buttons);
        self.move_shots();
        if self.state.formation.step(&self.rates) {
            self.happenings.push(Happening::FormationTurned);
        }
        self.shoot_invaders();
        self.drop_bombs();
        self.hit_ship();
        if self.is_overrun() {
            self.state.lives = 0;
            self.end(Defeat::Overrun);
        } else if self.state.lives == 0 {
            self.end(Defeat::Bombed);
        } else if self.state.formation.is_empty() {
            self.clear_level();
        }
    }

    fn move_ship(&mut self, buttons: Buttons) {
        let x = match (buttons.contains(Buttons::LEFT), buttons.contains(Buttons::RIGHT)) {
            (true, false) => self.state.ship_x - self.rates.ship_speed,
            (false, true) => self.state.ship_x + self.rates.ship_speed,
            _ => self.state.ship_x,
        };
        self.state.ship_x = x.clamp(Px::ZERO, self.rates.width);
    }

    fn fire(&mut self, buttons: Buttons) {
        self.state.reload = self.state.reload.saturating_sub(1);
        if !buttons.contains(Buttons::FIRE) || self.state.reload > 0 || self.state.rockets.is_full() {
            return;
        }
        let ship = self.ship();
        let at = Point { x: ship.x, y: ship.y - ROCKET_START };
        self.state.rockets.push(Rocket { at });
        self.state.shots += 1;
        self.state.reload = self.rates.reload_ticks;
        self.happenings.push(Happening::RocketFired { at });
    }

    fn move_shots(&mut self) {
        let below = self.rates.height + HALF_SHIP.1;
        self.state.bombs.retain(|bomb| {
            bomb.at.y += bomb.speed;
            bomb.at.y <= below
        });
        let speed = self.rates.rocket_speed;
        // The top row stands with half its height above the field, as in the original.
        self.state.rockets.retain(|rocket| {
            rocket.at.y -= speed;
            rocket.at.y >= -HALF_INVADER_HEIGHT
        });
    }

    fn shoot_invaders(&mut self) {
        let points = self.rates.points;
        let (formation, rates, happenings) = (&mut self.state.formation, &self.rates, &mut self.happenings);
        let before = happenings.len();
        self.state.rockets.retain(|rocket| match formation.shoot(rocket.at, rates) {
            Some((slot, at)) => {
                happenings.push(Happening::InvaderHit { slot, at, points });
                false
            }
            None => true,
        });
        let hits = (happenings.len() - before) as u32;
        self.state.score = self.state.score.saturating_add(hits * points);
    }

    fn drop_bombs(&mut self) {
        let bombing = self.state.formation.columns() & ((1 << self.rates.bombing_columns) - 1);
        for column in bits(bombing) {
            if self.state.dice.next_u32() >= self.rates.bomb_chance {
                continue;
            }
            let speed = self.draw_bomb_speed();
            let Some(invader) = self.state.formation.front(column, &self.rates) else {
                continue;
            };
            let at = Point { x: invader.x, y: invader.y + HALF_INVADER_HEIGHT };
            if self.state.bombs.try_push(Bomb { at, speed }).is_ok() {
                self.happenings.push(Happening::BombDropped { at });
            }
        }
    }

    /// Evenly between the slowest and the fastest: the high word of draw times width, which is exact to 1/65536 of a
    /// pixel and needs no second draw.
    fn draw_bomb_speed(&mut self) -> Px {
        let (min, max) = (self.rates.bomb_min_speed, self.rates.bomb_max_speed);
        let width = (max - min).raw() as u64 + 1;
        let above = (u64::from(self.state.dice.next_u32()) * width) >> 32;
        min + Px::from_raw(above as i32)
    }

    fn hit_ship(&mut self) {
        let ship = self.ship();
        let happenings = &mut self.happenings;
        let mut lives = self.state.lives;
        self.state.bombs.retain(|bomb| {
            let hit = lives > 0 && covers(ship, bomb.at);
            if hit {
                lives -= 1;
                happenings.push(Happening::ShipHit { at: bomb.at });
            }
            !hit
        });
        self.state.lives = lives;
    }

    fn is_overrun(&self) -> bool {
        let Some(lower_edge) = self.state.formation.lower_edge() else {
            return false;
        };
        let ship_top = self.rates.height - HALF_SHIP.1;
        lower_edge >= self.rates.height
            || lower_edge > ship_top && self.state.formation.touches(self.ship(), HALF_SHIP.0, HALF_SHIP.1, &self.rates)
    }

    fn end(&mut self, defeat: Defeat) {
        self.state.phase = Phase::Over;
        self.happenings.push(Happening::Over(defeat));
    }

    fn clear_level(&mut self) {
        let level = self.state.level;
        let bonus = level.saturating_mul(LEVEL_BONUS);
        self.happenings.push(Happening::LevelCleared { level, bonus });
        self.state.score = self.state.score.saturating_add(bonus);
        self.state.level = level.saturating_add(1);
        self.rates = LevelRates::new(&self.tuning, self.state.level);
        self.state.formation = Formation::new(&self.rates);
        self.state.rockets.clear();
        self.state.bombs.clear();
        self.state.ship_x = Px::from_raw(self.rates.width.raw() / 2);
        self.state.reload = 0;
        self.state.phase = Phase::Countdown { ticks_left: COUNTDOWN_TICKS };
    }
}

/// Whether the ship's box holds the point.
fn covers(ship: Point, at: Point) -> bool {
    let (dx, dy) = (at.x - ship.x, at.y - ship.y);
    dx <= HALF_SHIP.0 && -dx <= HALF_SHIP.0 && dy <= HALF_SHIP.1 && -dy <= HALF_SHIP.1
}
