//! One game: applies the rules tick by tick.

mod bombs;

use super::{
    BombKind, Buttons, COUNTDOWN_TICKS, Defeat, Formation, GameEvent, LIVES, LevelParams, Mystery, Phase, Point, Px,
    Rocket, Seed, Shields, State,
    beat::Beat,
    bomb_pattern::{BombPattern, draw_first_reload},
    mystery::MysteryChange,
    rng::GameRng,
    shield::{Blast, Shot},
};
use crate::{
    time::{TICKS_PER_SECOND, Tick},
    tuning::{Bombing, MarchStyle, Tuning},
};

/// Distance from the ship's centre up to a new rocket.
const ROCKET_START: Px = Px::whole(12);
/// Maximum number of ticks by which the seed delays a march in turn at the start of a level: a round of the arcade
/// machine's formation.
const MAX_MARCH_DELAY: u32 = 55;
/// Ticks between two moves of the mystery ship.
const MYSTERY_MOVE_INTERVAL: u32 = 3;

/// A game in progress: its tuning, its state and the parameters of its level.
#[derive(Debug, Clone)]
pub struct Game {
    tuning: Tuning,
    params: LevelParams,
    state: State,
    /// Game events of the last tick.
    events: Vec<GameEvent>,
}

impl Game {
    /// Creates a game at the countdown of level 1. The seed starts the random generator, and its first draws choose
    /// where tables and clocks begin.
    pub fn new(tuning: Tuning, seed: Seed) -> Game {
        let params = LevelParams::new(&tuning, 1);
        let mut rng = GameRng::new(seed);
        let state = State {
            tick: Tick::ZERO,
            phase: Phase::Countdown { ticks_left: COUNTDOWN_TICKS },
            level: 1,
            lives: LIVES,
            score: 0,
            shots: 0,
            ship_x: Px::from_raw(params.width.raw() / 2),
            reload: 0,
            formation: Formation::new(&params),
            freeze: 0,
            quiet: 0,
            pattern: BombPattern::draw(&mut rng),
            shields: Shields::new(&params),
            mystery: Mystery::draw(&mut rng, &params),
            beat: Beat::default(),
            rockets: Default::default(),
            bombs: Default::default(),
            rng,
        };
        let mut game = Game { tuning, params, state, events: Vec::new() };
        game.draw_level_start();
        game
    }

    /// Restores a game from a saved state. The tuning must be the one of the saved game.
    pub fn resume(tuning: Tuning, state: State) -> Game {
        let params = LevelParams::new(&tuning, state.level);
        Game { tuning, params, state, events: Vec::new() }
    }

    /// The tuning.
    pub fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// The parameters of the current level.
    pub fn params(&self) -> &LevelParams {
        &self.params
    }

    /// The state after the last tick.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The centre of the ship.
    pub fn ship(&self) -> Point {
        Point { x: self.state.ship_x, y: self.params.height }
    }

    /// Whether the game is over. Further ticks do not change it.
    pub fn is_over(&self) -> bool {
        self.state.phase == Phase::Over
    }

    /// Plays one tick with the given buttons and returns its game events in order.
    pub fn step(&mut self, buttons: Buttons) -> &[GameEvent] {
        self.events.clear();
        match self.state.phase {
            Phase::Over => return &[],
            Phase::Countdown { ticks_left } => self.count_down(ticks_left),
            Phase::Playing => self.play(buttons),
            Phase::Respawning { ticks_left } => self.respawn(ticks_left),
        }
        self.state.tick = self.state.tick.next();
        &self.events
    }

    /// Draws what the seed chooses at the start of each level: the place of the formation or the first tick of its
    /// march, because few bombs alone can leave the first seconds of two games equal, and the first patterned bomb.
    fn draw_level_start(&mut self) {
        let State { rng, formation, freeze, quiet, .. } = &mut self.state;
        match self.params.march {
            MarchStyle::Together => formation.shift(rng.within(self.params.max_shift)),
            MarchStyle::InTurn => *freeze = rng.below(MAX_MARCH_DELAY + 1) as u16,
        }
        match self.params.bombing {
            Bombing::Random => {}
            Bombing::Patterned => *quiet = draw_first_reload(rng),
        }
    }

    fn count_down(&mut self, ticks_left: u16) {
        if ticks_left.is_multiple_of(TICKS_PER_SECOND as u16) {
            let left = ticks_left / TICKS_PER_SECOND as u16;
            self.events.push(GameEvent::CountdownSecond { left });
        }
        self.state.phase = if ticks_left > 1 {
            Phase::Countdown { ticks_left: ticks_left - 1 }
        } else {
            self.events.push(GameEvent::LevelStarted { level: self.state.level });
            Phase::Playing
        };
    }

    /// Plays one tick of [`Phase::Playing`]. The order of the steps follows the original.
    fn play(&mut self, buttons: Buttons) {
        let score = self.state.score;
        self.move_ship(buttons);
        self.fire(buttons);
        self.move_bombs();
        self.move_rockets();
        self.march();
        self.move_mystery_ship();
        self.hit_invaders();
        self.drop_bombs();
        self.award_extra_life(score);
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

    /// Counts down, then puts the ship into the middle and starts a time without new bombs.
    fn respawn(&mut self, ticks_left: u16) {
        self.state.phase = if ticks_left > 1 {
            Phase::Respawning { ticks_left: ticks_left - 1 }
        } else {
            self.state.ship_x = Px::from_raw(self.params.width.raw() / 2);
            self.state.quiet = self.params.quiet_ticks;
            self.events.push(GameEvent::ShipCame);
            Phase::Playing
        };
    }

    fn move_ship(&mut self, buttons: Buttons) {
        let x = match (buttons.contains(Buttons::LEFT), buttons.contains(Buttons::RIGHT)) {
            (true, false) => self.state.ship_x - self.params.ship_speed,
            (false, true) => self.state.ship_x + self.params.ship_speed,
            _ => self.state.ship_x,
        };
        self.state.ship_x = x.clamp(Px::ZERO, self.params.width);
    }

    fn fire(&mut self, buttons: Buttons) {
        self.state.reload = self.state.reload.saturating_sub(1);
        let is_full = self.state.rockets.len() >= self.params.rockets_at_once;
        if !buttons.contains(Buttons::FIRE) || self.state.reload > 0 || is_full {
            return;
        }
        let ship = self.ship();
        let at = Point { x: ship.x, y: ship.y - ROCKET_START };
        self.state.rockets.push(Rocket { at });
        self.state.shots += 1;
        self.state.reload = self.params.reload_ticks;
        self.events.push(GameEvent::RocketFired { at });
    }

    fn move_rockets(&mut self) {
        let (shields, params, events) = (&mut self.state.shields, &self.params, &mut self.events);
        self.state.rockets.retain(|rocket| {
            let from = rocket.at;
            rocket.at.y -= params.rocket_speed;
            let shot = Shot { from, to_y: rocket.at.y, half_width: 0, blast: Blast::Rocket };
            if let Some(at) = shields.hit(shot, params) {
                events.push(GameEvent::ShieldHit { at });
                return false;
            }
            // As in the original, half of the top row can be above the playfield.
            rocket.at.y >= -params.invader.half_height
        });
    }

    fn march(&mut self) {
        if self.state.freeze > 0 {
            self.state.freeze -= 1;
            return;
        }
        let State { beat, formation, .. } = &mut self.state;
        if let Some(note) = beat.step(|| formation.living()) {
            self.events.push(GameEvent::MarchNote { note });
        }
        if self.state.formation.step(&self.params) {
            self.events.push(GameEvent::FormationTurned);
        }
        self.erode_shields();
    }

    fn erode_shields(&mut self) {
        let (formation, params) = (&self.state.formation, &self.params);
        if params.shields == 0 || formation.lower_edge(params).is_none_or(|edge| edge <= Shields::top(params)) {
            return;
        }
        for (_, at) in formation.invaders(params) {
            self.state.shields.erode_under(at, params.invader, params);
        }
    }

    fn move_mystery_ship(&mut self) {
        if self.params.mystery_ticks.is_none() {
            return;
        }
        let can_appear = !self.state.bombs.iter().any(|bomb| bomb.kind == BombKind::Squiggly);
        let is_moving = self.state.tick.0.is_multiple_of(MYSTERY_MOVE_INTERVAL);
        let living = self.state.formation.living();
        match self.state.mystery.step(is_moving, living, self.state.shots, can_appear, &self.params) {
            Some(MysteryChange::Appeared) => self.events.push(GameEvent::MysteryCame),
            Some(MysteryChange::Left) => self.events.push(GameEvent::MysteryLeft),
            None => {}
        }
    }

    fn hit_invaders(&mut self) {
        let State { rockets, formation, mystery, score, freeze, shots, .. } = &mut self.state;
        let (params, events) = (&self.params, &mut self.events);
        let mut in_flight = rockets.len() as u32;
        rockets.retain(|rocket| {
            let points = if let Some((slot, at)) = formation.hit(rocket.at, params) {
                let points = params.invader_points(slot.row);
                events.push(GameEvent::InvaderHit { slot, at, points });
                *freeze = params.freeze_ticks.max(*freeze);
                points
            } else if let Some(at) = mystery.hit(rocket.at) {
                // The rocket that hit counts as finished.
                let points = mystery.points(*shots - (in_flight - 1));
                events.push(GameEvent::MysteryHit { at, points });
                points
            } else {
                return true;
            };
            in_flight -= 1;
            *score = score.saturating_add(points);
            false
        });
    }

    /// Adds the extra life if the score has reached it in this tick.
    fn award_extra_life(&mut self, score_before: u32) {
        let is_reached = |goal: u32| score_before < goal && goal <= self.state.score;
        if self.params.extra_life_score.is_some_and(is_reached) {
            self.state.lives = self.state.lives.saturating_add(1);
            self.events.push(GameEvent::ExtraLife);
        }
    }

    fn hit_ship(&mut self) {
        let ship = self.ship();
        let (size, respawns) = (self.params.ship, self.params.respawn_ticks > 0);
        let events = &mut self.events;
        let (before, mut lives) = (self.state.lives, self.state.lives);
        self.state.bombs.retain(|bomb| {
            let is_vulnerable = lives > 0 && !(respawns && lives < before);
            let hit = is_vulnerable && size.contains(ship, bomb.at);
            if hit {
                lives -= 1;
                events.push(GameEvent::ShipHit { at: bomb.at });
            }
            !hit
        });
        self.state.lives = lives;
        if respawns && lives < before {
            self.state.bombs.clear();
            self.state.rockets.clear();
            self.state.phase = Phase::Respawning { ticks_left: self.params.respawn_ticks };
        }
    }

    fn is_overrun(&self) -> bool {
        let Some(lower_edge) = self.state.formation.lower_edge(&self.params) else {
            return false;
        };
        let ship_top = self.params.height - self.params.ship.half_height;
        lower_edge >= self.params.height
            || lower_edge > ship_top && self.state.formation.touches(self.ship(), &self.params)
    }

    fn end(&mut self, defeat: Defeat) {
        self.state.phase = Phase::Over;
        self.events.push(GameEvent::Over(defeat));
    }

    fn clear_level(&mut self) {
        let (level, bonus) = (self.state.level, self.params.bonus);
        self.events.push(GameEvent::LevelCleared { level, bonus });
        self.state.score = self.state.score.saturating_add(bonus);
        self.state.level = level.saturating_add(1);
        self.params = LevelParams::new(&self.tuning, self.state.level);
        self.state.formation = Formation::new(&self.params);
        self.state.shields = Shields::new(&self.params);
        self.state.mystery.remove();
        self.state.rockets.clear();
        self.state.bombs.clear();
        self.state.ship_x = Px::from_raw(self.params.width.raw() / 2);
        self.state.reload = 0;
        self.state.freeze = 0;
        self.state.phase = Phase::Countdown { ticks_left: COUNTDOWN_TICKS };
        self.draw_level_start();
    }
}
