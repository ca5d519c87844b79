//! Random sequences of requests about seats, on the embedded registry and on a model of it: both give the same answers, and
//! never more players hold seats, or wait for them, than may.

use std::collections::BTreeMap;

use backend::engine::registry::{
    EmbeddedRegistry, GameSeed, Registry, RegistryError, Seat, SeatRequest, SeatRules, TicketRequest,
};
use proptest::prelude::*;
use shared::{
    account::Role,
    ids::{GameId, PlayerId},
    replay::Seed,
    session::{Admission, Approval, Participant, SEAT_TIMEOUT_MILLIS, SessionId},
    time::Timestamp,
    tuning::Tuning,
};
use tempfile::TempDir;

const SESSION: SessionId = SessionId(1);
const PLAYERS: u64 = 6;
const SEATS: u32 = 2;
const MAX_WAITING: u32 = 2;
const REASON: &str = "rude";

#[derive(Debug, Clone, Copy)]
enum Action {
    Join(PlayerId),
    Heartbeat(PlayerId),
    Leave(PlayerId),
    Remove(PlayerId),
    /// A manager approves a waiting player, or readmits a removed one.
    Approve(PlayerId),
    Ticket(PlayerId),
    SetAdmission(Admission),
    Wait {
        millis: u64,
    },
}

fn any_action() -> impl Strategy<Value = Action> {
    let player = (1..=PLAYERS).prop_map(PlayerId);
    let admission = prop_oneof![Just(Admission::Open), Just(Admission::Approval), Just(Admission::Locked)];
    prop_oneof![
        6 => player.clone().prop_map(Action::Join),
        4 => player.clone().prop_map(Action::Heartbeat),
        1 => player.clone().prop_map(Action::Leave),
        2 => player.clone().prop_map(Action::Remove),
        3 => player.clone().prop_map(Action::Approve),
        2 => player.prop_map(Action::Ticket),
        1 => admission.prop_map(Action::SetAdmission),
        2 => (1..SEAT_TIMEOUT_MILLIS).prop_map(|millis| Action::Wait { millis }),
    ]
}

/// A player as the model knows it.
#[derive(Debug, Clone, Copy)]
struct ModelPlayer {
    is_approved: bool,
    is_removed: bool,
    /// The last heartbeat; `None` if the player gave up the seat or lost it by a manager's decision.
    seen_at: Option<Timestamp>,
}

/// The players who have joined.
#[derive(Debug, Default)]
struct Model {
    players: BTreeMap<PlayerId, ModelPlayer>,
}

type Outcome = Result<Approval, RegistryError>;

impl Model {
    fn player(&mut self, player: PlayerId) -> Result<&mut ModelPlayer, RegistryError> {
        self.players.get_mut(&player).ok_or(RegistryError::NoSeat)
    }

    fn player_not_removed(&mut self, player: PlayerId) -> Result<&mut ModelPlayer, RegistryError> {
        let player = self.player(player)?;
        if player.is_removed { Err(RegistryError::Removed(REASON.to_owned())) } else { Ok(player) }
    }

    fn select(&self, condition: impl Fn(&ModelPlayer) -> bool) -> Vec<PlayerId> {
        let selected = self.players.iter().filter(|(_, player)| !player.is_removed && condition(player));
        selected.map(|(id, _)| *id).collect()
    }

    fn holders(&self, now: Timestamp) -> Vec<PlayerId> {
        self.select(|player| player.is_approved && is_connected(player, now))
    }

    fn waiting(&self) -> Vec<PlayerId> {
        self.select(|player| !player.is_approved)
    }

    fn join(&mut self, player: PlayerId, admission: Admission, now: Timestamp) -> Outcome {
        if self.players.contains_key(&player) {
            return self.heartbeat(player, admission, now);
        }
        match admission {
            Admission::Open => self.require_free_seat(now)?,
            Admission::Approval => self.make_place_for_waiting(now)?,
            Admission::Locked => return Err(RegistryError::Locked),
        }
        let is_approved = admission == Admission::Open;
        self.players.insert(player, ModelPlayer { is_approved, is_removed: false, seen_at: Some(now) });
        Ok(approval(is_approved))
    }

    fn heartbeat(&mut self, player: PlayerId, admission: Admission, now: Timestamp) -> Outcome {
        let is_approved = self.player_not_removed(player)?.is_approved || admission == Admission::Open;
        if is_approved && !self.holders(now).contains(&player) {
            self.require_free_seat(now)?;
        }
        *self.player(player)? = ModelPlayer { is_approved, is_removed: false, seen_at: Some(now) };
        Ok(approval(is_approved))
    }

    fn ticket(&mut self, player: PlayerId, now: Timestamp) -> Result<(), RegistryError> {
        let player = self.player_not_removed(player)?;
        match (player.is_approved, is_connected(player, now)) {
            (true, true) => Ok(()),
            (true, false) => Err(RegistryError::NoSeat),
            (false, _) => Err(RegistryError::NotApproved),
        }
    }

    fn leave(&mut self, player: PlayerId) {
        if let Ok(player) = self.player(player) {
            player.seen_at = None;
        }
    }

    fn remove(&mut self, player: PlayerId) -> Result<(), RegistryError> {
        let player = self.player(player)?;
        *player = ModelPlayer { is_removed: true, seen_at: None, ..*player };
        Ok(())
    }

    fn approve(&mut self, player: PlayerId) -> Result<(), RegistryError> {
        let player = self.player(player)?;
        if player.is_removed || !player.is_approved {
            *player = ModelPlayer { is_approved: true, is_removed: false, seen_at: None };
        }
        Ok(())
    }

    fn require_free_seat(&self, now: Timestamp) -> Result<(), RegistryError> {
        if self.holders(now).len() < SEATS as usize { Ok(()) } else { Err(RegistryError::SeatsTaken) }
    }

    /// If as many players wait as may, the one without a heartbeat for the longest time makes place.
    fn make_place_for_waiting(&mut self, now: Timestamp) -> Result<(), RegistryError> {
        if self.waiting().len() < MAX_WAITING as usize {
            return Ok(());
        }
        let absent = self.select(|player| !player.is_approved && !is_connected(player, now));
        let longest = absent.into_iter().min_by_key(|player| self.players[player].seen_at);
        self.players.remove(&longest.ok_or(RegistryError::TooManyWaiting)?);
        Ok(())
    }
}

fn is_connected(player: &ModelPlayer, now: Timestamp) -> bool {
    player.seen_at.is_some_and(|seen_at| now.millis_since(seen_at) < SEAT_TIMEOUT_MILLIS)
}

fn approval(is_approved: bool) -> Approval {
    if is_approved { Approval::Approved } else { Approval::Waiting }
}

/// A registry and its model.
struct World {
    _folder: TempDir,
    registry: EmbeddedRegistry,
    model: Model,
    admission: Admission,
    now: Timestamp,
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let registry = EmbeddedRegistry::open(&folder.path().join("registry.redb")).unwrap();
        let now = Timestamp(1_800_000_000_000);
        World { _folder: folder, registry, model: Model::default(), admission: Admission::Open, now }
    }

    fn rules(&self) -> SeatRules {
        SeatRules { seats: Some(SEATS), admission: self.admission, max_waiting: MAX_WAITING }
    }

    /// Lets the registry and the model do the same, and compares their answers.
    async fn act(&mut self, action: Action) {
        let now = self.now;
        match action {
            Action::Join(player) => {
                let joined = self.registry.take_seat(self.request(player)).await;
                assert_eq!(joined.map(|seat| seat.approval), self.model.join(player, self.admission, now));
            }
            Action::Heartbeat(player) => {
                let kept = self.registry.heartbeat(participant(player), self.rules(), now).await;
                assert_eq!(kept.map(|seat| seat.approval), self.model.heartbeat(player, self.admission, now));
            }
            Action::Leave(player) => {
                self.registry.leave(participant(player)).await.unwrap();
                self.model.leave(player);
            }
            Action::Remove(player) => {
                let removed = self.registry.remove(participant(player), REASON.to_owned()).await;
                assert_eq!(removed.map(drop), self.model.remove(player));
            }
            Action::Approve(player) => {
                let approved = self.registry.approve(participant(player)).await;
                assert_eq!(approved.map(drop), self.model.approve(player));
            }
            Action::Ticket(player) => {
                let issued = self.registry.issue_ticket(ticket_request(player, now)).await;
                assert_eq!(issued.map(drop), self.model.ticket(player, now));
            }
            Action::SetAdmission(admission) => self.admission = admission,
            Action::Wait { millis } => self.now = now.after_millis(millis),
        }
        self.assert_equal().await;
    }

    fn request(&self, player: PlayerId) -> SeatRequest {
        SeatRequest {
            session: SESSION,
            rules: self.rules(),
            player,
            nickname: format!("Player {}", player.0).parse().unwrap(),
            role: Role::Guest,
            now: self.now,
        }
    }

    async fn assert_equal(&self) {
        let mut seats = self.registry.seats(SESSION).await.unwrap();
        seats.sort_by_key(|seat| seat.player);
        let select = |condition: &dyn Fn(&Seat) -> bool| -> Vec<PlayerId> {
            seats.iter().filter(|seat| condition(seat)).map(|seat| seat.player).collect()
        };
        let (holders, waiting) = (select(&|seat: &Seat| seat.is_held(self.now)), select(&Seat::is_waiting));
        assert_eq!((&holders, &waiting), (&self.model.holders(self.now), &self.model.waiting()));
        assert!(holders.len() <= SEATS as usize && waiting.len() <= MAX_WAITING as usize, "{holders:?} {waiting:?}");
    }
}

fn participant(player: PlayerId) -> Participant {
    Participant { session: SESSION, player }
}

fn ticket_request(player: PlayerId, now: Timestamp) -> TicketRequest {
    TicketRequest {
        participant: participant(player),
        game: GameId(player.0),
        real_time: false,
        seed: GameSeed::Own(Seed(player.0)),
        tuning: Tuning::default(),
        started_at: now,
        max_attempts: None,
        now,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn registry_and_model_agree_and_seats_never_exceed_the_limit(
        actions in prop::collection::vec(any_action(), 10..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new();
            for action in actions {
                world.act(action).await;
            }
        });
    }
}
