//! One game: the rules applied tick by tick.

use rand_pcg::Pcg32;

use super::{
    Beat, Buttons, COUNTDOWN_TICKS, Defeat, Formation, Happening, LIVES, LevelRates, Mystery, Pattern, Phase, Point,
    Px, Rocket, Shields, State, TICKS_PER_SECOND, formation::holds, mystery::Appearance, shield::Blast,
};
use crate::{replay::Seed, time::Tick, tuning::Tuning};

/// A rocket starts this far above the ship's centre.
const ROCKET_START: Px = Px::whole(12);
/// The generator's stream, fixed, so that the seed alone decides.
const DICE_STREAM: u64 = 0x0a11_e4a7_7ac4;
/// Slow things move in every third tick.
const SLOW: u32 = 3;

/// A game in progress: its tuning, its state, and the figures of the level that it is in.
#[derive(Debug, Clone)]
pub struct Game {
    tuning: Tuning,
    pub(super) rates: LevelRates,
    pub(super) state: State,
    pub(super) happenings: Vec<Happening>,
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
            freeze: 0,
            quiet: 0,
            pattern: Pattern::default(),
            shields: Shields::new(&rates),
            mystery: Mystery::default(),
            beat: Beat::default(),
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
            Phase::Respawning { ticks_left } => self.respawn(ticks_left),
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
        let score = self.state.score;
        self.move_ship(buttons);
        self.fire(buttons);
        self.bomb();
        self.move_rockets();
        self.march();
        self.fly_mystery();
        self.shoot_invaders();
        self.drop_bombs();
        self.reward(score);
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

    /// The next ship stands in the middle, and the invaders hold their fire for a while.
    fn respawn(&mut self, ticks_left: u16) {
        self.state.phase = if ticks_left > 1 {
            Phase::Respawning { ticks_left: ticks_left - 1 }
        } else {
            self.state.ship_x = Px::from_raw(self.rates.width.raw() / 2);
            self.state.quiet = self.rates.quiet_ticks;
            self.happenings.push(Happening::ShipCame);
            Phase::Playing
        };
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
        let full = self.state.rockets.len() >= self.rates.rockets_at_once;
        if !buttons.contains(Buttons::FIRE) || self.state.reload > 0 || full {
            return;
        }
        let ship = self.ship();
        let at = Point { x: ship.x, y: ship.y - ROCKET_START };
        self.state.rockets.push(Rocket { at });
        self.state.shots += 1;
        self.state.reload = self.rates.reload_ticks;
        self.happenings.push(Happening::RocketFired { at });
    }

    fn move_rockets(&mut self) {
        let (shields, rates, happenings) = (&mut self.state.shields, &self.rates, &mut self.happenings);
        self.state.rockets.retain(|rocket| {
            let from = rocket.at;
            rocket.at.y -= rates.rocket_speed;
            if let Some(at) = shields.stop(from, rocket.at.y, 0, Blast::Rocket, rates) {
                happenings.push(Happening::ShieldHit { at });
                return false;
            }
            // The top row can stand with half its height above the field, as in the original.
            rocket.at.y >= -rates.invader.half_height
        });
    }

    fn march(&mut self) {
        if self.state.freeze > 0 {
            self.state.freeze -= 1;
            return;
        }
        let State { beat, formation, .. } = &mut self.state;
        if let Some(note) = beat.step(|| formation.living()) {
            self.happenings.push(Happening::MarchNote { note });
        }
        if self.state.formation.step(&self.rates) {
            self.happenings.push(Happening::FormationTurned);
        }
        self.trample_shields();
    }

    fn trample_shields(&mut self) {
        let (formation, rates) = (&self.state.formation, &self.rates);
        if rates.shields == 0 || formation.lower_edge(rates).is_none_or(|edge| edge <= Shields::top(rates)) {
            return;
        }
        for (_, at) in formation.invaders(rates) {
            self.state.shields.trample(at, rates.invader, rates);
        }
    }

    fn fly_mystery(&mut self) {
        if self.rates.mystery_ticks.is_none() {
            return;
        }
        let squiggly = self.state.bombs.iter().any(|bomb| bomb.kind == super::BombKind::Squiggly);
        let third_tick = self.state.tick.0.is_multiple_of(SLOW);
        let living = self.state.formation.living();
        match self.state.mystery.step(third_tick, living, self.state.shots, !squiggly, &self.rates) {
            Some(Appearance::Came) => self.happenings.push(Happening::MysteryCame),
            Some(Appearance::Left) => self.happenings.push(Happening::MysteryLeft),
            None => {}
        }
    }

    fn shoot_invaders(&mut self) {
        let State { rockets, formation, mystery, score, freeze, shots, .. } = &mut self.state;
        let (rates, happenings) = (&self.rates, &mut self.happenings);
        let mut flying = rockets.len() as u32;
        rockets.retain(|rocket| {
            let points = if let Some((slot, at)) = formation.shoot(rocket.at, rates) {
                let points = rates.worth(slot.row);
                happenings.push(Happening::InvaderHit { slot, at, points });
                *freeze = rates.freeze_ticks;
                points
            } else if let Some(at) = mystery.shoot(rocket.at) {
                // This rocket has ended, too.
                let points = Mystery::worth(*shots - (flying - 1));
                happenings.push(Happening::MysteryHit { at, points });
                points
            } else {
                return true;
            };
            flying -= 1;
            *score = score.saturating_add(points);
            false
        });
    }

    /// Gives the extra life, where the score has just passed it.
    fn reward(&mut self, score_before: u32) {
        let passed = |goal: u32| score_before < goal && goal <= self.state.score;
        if self.rates.extra_life_score.is_some_and(passed) {
            self.state.lives = self.state.lives.saturating_add(1);
            self.happenings.push(Happening::ExtraLife);
        }
    }

    fn hit_ship(&mut self) {
        let ship = self.ship();
        let (size, respawns) = (self.rates.ship, self.rates.respawn_ticks > 0);
        let happenings = &mut self.happenings;
        let (before, mut lives) = (self.state.lives, self.state.lives);
        self.state.bombs.retain(|bomb| {
            let vulnerable = lives > 0 && !(respawns && lives < before);
            let hit = vulnerable && holds(ship, size, bomb.at);
            if hit {
                lives -= 1;
                happenings.push(Happening::ShipHit { at: bomb.at });
            }
            !hit
        });
        self.state.lives = lives;
        if respawns && lives < before {
            self.state.bombs.clear();
            self.state.rockets.clear();
            self.state.phase = Phase::Respawning { ticks_left: self.rates.respawn_ticks };
        }
    }

    fn is_overrun(&self) -> bool {
        let Some(lower_edge) = self.state.formation.lower_edge(&self.rates) else {
            return false;
        };
        let ship_top = self.rates.height - self.rates.ship.half_height;
        lower_edge >= self.rates.height
            || lower_edge > ship_top && self.state.formation.touches(self.ship(), &self.rates)
    }

    fn end(&mut self, defeat: Defeat) {
        self.state.phase = Phase::Over;
        self.happenings.push(Happening::Over(defeat));
    }

    fn clear_level(&mut self) {
        let (level, bonus) = (self.state.level, self.rates.bonus);
        self.happenings.push(Happening::LevelCleared { level, bonus });
        self.state.score = self.state.score.saturating_add(bonus);
        self.state.level = level.saturating_add(1);
        self.rates = LevelRates::new(&self.tuning, self.state.level);
        self.state.formation = Formation::new(&self.rates);
        self.state.shields = Shields::new(&self.rates);
        self.state.mystery.dismiss();
        self.state.rockets.clear();
        self.state.bombs.clear();
        self.state.ship_x = Px::from_raw(self.rates.width.raw() / 2);
        self.state.reload = 0;
        self.state.freeze = 0;
        self.state.phase = Phase::Countdown { ticks_left: COUNTDOWN_TICKS };
    }
}
