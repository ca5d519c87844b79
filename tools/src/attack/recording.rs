//! Games that are played without a clock.

use shared::{
    api::Ticket,
    bot::{Bot, Skill},
    event::{Event, EventKind},
    replay::{ButtonLog, Replay},
    rules::{Buttons, Game, StateHash},
    time::Tick,
};

/// A game from its first tick on, with the score and the hash after each tick.
#[derive(Debug, Clone)]
pub struct Recording {
    buttons: Vec<Buttons>,
    /// The scores after 0, 1, ... ticks.
    scores: Vec<u32>,
    /// The hashes after 0, 1, ... ticks.
    hashes: Vec<StateHash>,
    is_over: bool,
}

impl Recording {
    /// Plays the ticket's game for at most `ticks` ticks.
    pub fn play(ticket: &Ticket, ticks: u32, mut player: impl FnMut(&Game) -> Buttons) -> Recording {
        let mut game = new_game(ticket);
        let mut recording = Recording {
            buttons: Vec::new(),
            scores: vec![game.state().score],
            hashes: vec![game.state().hash()],
            is_over: false,
        };
        while !game.is_over() && game.state().tick.0 < ticks {
            let buttons = player(&game);
            game.step(buttons);
            recording.buttons.push(buttons);
            recording.scores.push(game.state().score);
            recording.hashes.push(game.state().hash());
        }
        recording.is_over = game.is_over();
        recording
    }

    /// A bot's game.
    pub fn bot(ticket: &Ticket, ticks: u32, seed: u64) -> Recording {
        let mut bot = Bot::with_skill(seed, Skill::EXPERT);
        Recording::play(ticket, ticks, |game| bot.buttons(game))
    }

    /// A game in which no button is pressed.
    pub fn idle(ticket: &Ticket, ticks: u32) -> Recording {
        Recording::play(ticket, ticks, |_| Buttons::empty())
    }

    /// The buttons of a log in the ticket's game, up to its end.
    pub fn of_log(ticket: &Ticket, log: &ButtonLog) -> Recording {
        let mut buttons = log.iter();
        Recording::play(ticket, log.ticks(), |_| buttons.next().unwrap_or_default())
    }

    /// A replay as it was played.
    pub fn of_replay(ticket: &Ticket, replay: &Replay) -> Recording {
        Recording::of_log(&Ticket { seed: replay.seed, tuning: replay.tuning.clone(), ..ticket.clone() }, &replay.log)
    }

    /// Of the games of as many bots, the one with the largest value.
    pub fn best_bot<V: Ord>(ticket: &Ticket, ticks: u32, bots: u64, value: impl Fn(&Recording) -> V) -> Recording {
        let recordings = (1..=bots).map(|seed| Recording::bot(ticket, ticks, seed));
        recordings.max_by_key(value).unwrap_or_else(|| Recording::bot(ticket, ticks, 0))
    }

    /// Ticks played.
    pub fn ticks(&self) -> u32 {
        self.buttons.len() as u32
    }

    /// Whether the game is over.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The score at the end.
    pub fn score(&self) -> u32 {
        self.score_at(Tick(self.ticks()))
    }

    /// The score after a tick, or at the end.
    pub fn score_at(&self, tick: Tick) -> u32 {
        self.scores[self.scores.len().min(tick.0 as usize + 1) - 1]
    }

    /// The hash of the state after a tick, or at the end.
    pub fn hash_at(&self, tick: Tick) -> StateHash {
        self.hashes[self.hashes.len().min(tick.0 as usize + 1) - 1]
    }

    /// The event with the buttons of the ticks from `from` to `until`; `None` if the game has none of them.
    pub fn event(&self, from: u32, until: u32) -> Option<Event> {
        let until = until.min(self.ticks());
        let buttons = self.buttons.get(from as usize..until as usize)?;
        (!buttons.is_empty()).then(|| buttons_event(from, buttons.iter().copied().collect()))
    }

    /// The event with all buttons.
    pub fn whole(&self) -> Event {
        buttons_event(0, self.buttons.iter().copied().collect())
    }

    /// The event with the hash of the state after a tick.
    pub fn hash_event(&self, tick: u32) -> Event {
        Event { tick: Tick(tick), kind: EventKind::Hash(self.hash_at(Tick(tick))) }
    }
}

/// The ticket's game before its first tick.
pub fn new_game(ticket: &Ticket) -> Game {
    Game::new(ticket.tuning.clone(), ticket.seed)
}

/// An event with buttons.
pub fn buttons_event(tick: u32, log: ButtonLog) -> Event {
    Event { tick: Tick(tick), kind: EventKind::Buttons(log) }
}
