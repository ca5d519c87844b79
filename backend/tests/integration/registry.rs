//! Contract tests of the registry: they run on the embedded engine and on DynamoDB of a local AWS.

use std::{sync::Arc, time::Instant};

use crate::common::{aws::LocalAws, eventually};
use backend::engine::registry::{
    Account, DynamoRegistry, EmbeddedRegistry, GameSeed, Grant, Registry, RegistryError, SeatRequest, SeatRules,
    Session, TicketRequest,
};
use shared::{
    account::Role,
    ids::{GameId, PlayerId},
    replay::Seed,
    seed_commitment::{SeedNonce, SharedSeed},
    session::{Admission, Approval, JoinCode, MAX_WAITING, Participant, Plan, SEAT_TIMEOUT_MILLIS, SessionId, Stage},
    time::Timestamp,
    tuning::Tuning,
};
use tempfile::TempDir;
use tokio::task::JoinSet;

const SESSION: SessionId = SessionId(1);
const NOW: Timestamp = Timestamp(1_000_000);

type AnyRegistry = Arc<dyn Registry>;

fn embedded_registry() -> (TempDir, AnyRegistry) {
    let folder = tempfile::tempdir().unwrap();
    let registry = EmbeddedRegistry::open(&folder.path().join("registry.redb")).unwrap();
    (folder, Arc::new(registry))
}

async fn dynamodb_registry(aws: &LocalAws, prefix: &str) -> AnyRegistry {
    Arc::new(DynamoRegistry::open(&aws.config(), prefix, true).await.unwrap())
}

contract_tests! {
    embedded: embedded_registry, dynamodb: dynamodb_registry, tests:
    a_thousand_concurrent_requests_fill_exactly_the_seats,
    seat_is_free_after_its_timeout_and_a_heartbeat_keeps_it,
    concurrent_requests_get_one_ticket_and_only_the_newest_is_used,
    concurrent_first_batches_use_one_attempt,
    each_game_uses_its_own_ticket_and_older_ones_stay_used,
    unplayed_ticket_with_an_earlier_shared_seed_is_replaced,
    session_keeps_its_shared_seed,
    ticket_needs_a_held_seat_and_its_use_does_not,
    nicknames_are_unique_in_a_session_regardless_of_case,
    nickname_given_by_a_manager_stays,
    removed_player_stays_out_with_the_reason_until_readmitted,
    readmitted_player_gets_no_seat_that_another_player_took,
    waiting_player_holds_no_seat_and_gets_no_ticket_until_approved,
    approved_player_takes_a_seat_only_while_one_is_free,
    locked_session_refuses_new_players_and_lets_approved_ones_come_back,
    waiting_player_gets_in_once_all_may_join,
    nickname_of_a_waiting_player_is_free_after_the_timeout,
    number_of_waiting_players_is_limited,
    refused_player_stays_out_until_readmitted,
    rows_change_only_from_the_version_that_was_read,
    accounts_are_found_by_name_and_by_player,
    grant_is_taken_once_by_concurrent_requests,
}

fn rules(seats: u32) -> SeatRules {
    SeatRules { seats: Some(seats), admission: Admission::Open, max_waiting: MAX_WAITING }
}

fn request(player: u64, seats: u32, now: Timestamp) -> SeatRequest {
    SeatRequest {
        session: SESSION,
        rules: rules(seats),
        player: PlayerId(player),
        nickname: format!("Player {player}").parse().unwrap(),
        role: Role::Guest,
        now,
    }
}

fn participant(player: u64) -> Participant {
    Participant { session: SESSION, player: PlayerId(player) }
}

fn session(code: u32) -> Session {
    Session {
        id: SESSION,
        code: JoinCode::from_bits(code),
        made_at: NOW,
        plan: Plan::open_play(),
        stage: Stage::Planned,
        earlier_runs: Vec::new(),
        reopened_at: None,
        shared_seed: None,
    }
}

async fn a_thousand_concurrent_requests_fill_exactly_the_seats(registry: AnyRegistry) {
    let started = Instant::now();
    let mut joins = JoinSet::new();
    for player in 0..1000 {
        let registry = Arc::clone(&registry);
        joins.spawn(async move { registry.take_seat(request(player, 150, NOW)).await.map(|seat| seat.player) });
    }
    let results = joins.join_all().await;
    let seated = results.iter().filter(|result| result.is_ok()).count();
    let refused = results.iter().filter(|result| **result == Err(RegistryError::SeatsTaken)).count();
    println!("1000 requests for 150 seats: {seated} seated, {refused} refused, in {:.0?}", started.elapsed());
    assert_eq!((seated, refused), (150, 850));
    assert_eq!(registry.seats(SESSION).await.unwrap().len(), 150);
}

async fn seat_is_free_after_its_timeout_and_a_heartbeat_keeps_it(registry: AnyRegistry) {
    let at = |millis| NOW.after_millis(millis);
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let last = SEAT_TIMEOUT_MILLIS - 1;
    assert_eq!(registry.take_seat(request(2, 1, at(last))).await, Err(RegistryError::SeatsTaken));
    // A heartbeat in time keeps the seat for another timeout.
    registry.heartbeat(participant(1), rules(1), at(last)).await.unwrap();
    assert_eq!(registry.take_seat(request(2, 1, at(2 * last))).await, Err(RegistryError::SeatsTaken));
    // No heartbeat for longer than the timeout.
    registry.take_seat(request(2, 1, at(2 * last + 1))).await.unwrap();
    assert_eq!(registry.heartbeat(participant(1), rules(1), at(2 * last + 1)).await, Err(RegistryError::SeatsTaken));
    // A player who leaves frees the seat at once, and has the same number of attempts after coming back.
    let ticket = registry.issue_ticket(ticket_request(2, 1, at(2 * last + 1))).await.unwrap();
    registry.use_ticket(participant(2), GameId(1), ticket.number, None).await.unwrap();
    registry.leave(participant(2)).await.unwrap();
    registry.heartbeat(participant(1), rules(1), at(2 * last + 2)).await.unwrap();
    registry.leave(participant(1)).await.unwrap();
    let seat = registry.take_seat(request(2, 1, at(2 * last + 3))).await.unwrap();
    assert_eq!(seat.attempts, 1);
}

fn ticket_request(player: u64, game: u64, now: Timestamp) -> TicketRequest {
    TicketRequest {
        participant: participant(player),
        game: GameId(game),
        seed: GameSeed::Own(Seed(game)),
        tuning: Tuning::default(),
        started_at: now,
        real_time: true,
        max_attempts: Some(1),
        now,
    }
}

async fn attempts(registry: &AnyRegistry, player: u64) -> u32 {
    registry.seat(participant(player)).await.unwrap().unwrap().attempts
}

async fn concurrent_requests_get_one_ticket_and_only_the_newest_is_used(registry: AnyRegistry) {
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let mut requests = JoinSet::new();
    for game in 1..=50 {
        let registry = Arc::clone(&registry);
        let request = ticket_request(1, game, NOW.after_millis(game));
        requests.spawn(async move { registry.issue_ticket(request).await.unwrap() });
    }
    let mut tickets = requests.join_all().await;
    tickets.sort_by_key(|numbered| numbered.number.0);
    let numbers: Vec<u32> = tickets.iter().map(|numbered| numbered.number.0).collect();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
    let newest = tickets.pop().unwrap();
    let (game, seed) = (newest.ticket.game, newest.ticket.seed);
    assert!(tickets.iter().all(|numbered| (numbered.ticket.game, numbered.ticket.seed) == (game, seed)));
    assert_eq!(attempts(&registry, 1).await, 0, "a ticket alone is no attempt");
    for older in [tickets[0].number, tickets[48].number] {
        let used = registry.use_ticket(participant(1), game, older, Some(1)).await;
        assert_eq!(used, Err(RegistryError::OldTicket));
    }
    registry.use_ticket(participant(1), game, newest.number, Some(1)).await.unwrap();
    assert_eq!(attempts(&registry, 1).await, 1);
}

async fn concurrent_first_batches_use_one_attempt(registry: AnyRegistry) {
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let ticket = registry.issue_ticket(ticket_request(1, 1, NOW)).await.unwrap();
    let mut batches = JoinSet::new();
    for _ in 0..50 {
        let registry = Arc::clone(&registry);
        batches.spawn(async move { registry.use_ticket(participant(1), GameId(1), ticket.number, Some(1)).await });
    }
    let results = batches.join_all().await;
    assert_eq!(results, vec![Ok(()); 50], "a client that missed the response sends again");
    assert_eq!(attempts(&registry, 1).await, 1);
    let refused = registry.issue_ticket(ticket_request(1, 2, NOW)).await;
    assert_eq!(refused, Err(RegistryError::NoAttemptLeft));
}

async fn each_game_uses_its_own_ticket_and_older_ones_stay_used(registry: AnyRegistry) {
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let unlimited = |game| TicketRequest { max_attempts: None, ..ticket_request(1, game, NOW) };
    let old = registry.issue_ticket(unlimited(1)).await.unwrap();
    let first = registry.issue_ticket(unlimited(2)).await.unwrap();
    registry.use_ticket(participant(1), GameId(1), first.number, None).await.unwrap();
    let second = registry.issue_ticket(unlimited(3)).await.unwrap();
    assert_eq!((second.ticket.game, second.ticket.seed), (GameId(3), Seed(3)));
    registry.use_ticket(participant(1), GameId(3), second.number, None).await.unwrap();
    // The client of the first game sends its first ticks again.
    registry.use_ticket(participant(1), GameId(1), first.number, None).await.unwrap();
    let used = registry.use_ticket(participant(1), GameId(1), old.number, None).await;
    assert_eq!(used, Err(RegistryError::OldTicket));
    let row = registry.tickets(participant(1)).await.unwrap();
    assert_eq!(row.require_valid(GameId(3), second.number), Ok(()));
    assert_eq!(row.require_valid(GameId(3), first.number), Err(RegistryError::OldTicket));
    assert_eq!(attempts(&registry, 1).await, 2);
}

async fn unplayed_ticket_with_an_earlier_shared_seed_is_replaced(registry: AnyRegistry) {
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let issue = async |game, seed| {
        let request = TicketRequest { seed: GameSeed::Shared(Seed(seed)), ..ticket_request(1, game, NOW) };
        registry.issue_ticket(request).await.unwrap()
    };
    let unplayed = issue(1, 7).await;
    assert_eq!(issue(2, 7).await.ticket, unplayed.ticket);
    let replaced = issue(3, 8).await;
    assert_eq!((replaced.ticket.game, replaced.ticket.seed), (GameId(3), Seed(8)));
    let used = registry.use_ticket(participant(1), GameId(1), replaced.number, None).await;
    assert_eq!(used, Err(RegistryError::OldTicket));
    registry.use_ticket(participant(1), GameId(3), replaced.number, None).await.unwrap();
}

async fn session_keeps_its_shared_seed(registry: AnyRegistry) {
    let shared_seed = Some(SharedSeed { seed: Seed(u64::MAX), nonce: SeedNonce([9; 16]) });
    let plan = Plan { shared_seed: true, ..Plan::open_play() };
    let with_seed = Session { plan, shared_seed, ..session(1) };
    registry.put_session(with_seed.clone(), None).await.unwrap();
    assert_eq!(registry.session(SESSION).await.unwrap().unwrap().0, with_seed);
}

async fn ticket_needs_a_held_seat_and_its_use_does_not(registry: AnyRegistry) {
    let no_seat = registry.issue_ticket(ticket_request(9, 1, NOW)).await;
    assert_eq!(no_seat, Err(RegistryError::NoSeat));
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let late = registry.issue_ticket(ticket_request(1, 1, NOW.after_millis(SEAT_TIMEOUT_MILLIS))).await;
    assert_eq!(late, Err(RegistryError::NoSeat));
    let ticket = registry.issue_ticket(ticket_request(1, 1, NOW)).await.unwrap();
    registry.leave(participant(1)).await.unwrap();
    registry.use_ticket(participant(1), GameId(1), ticket.number, Some(1)).await.unwrap();
    assert_eq!(attempts(&registry, 1).await, 1);
    // The seat is renamed between two issues.
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let unlimited = |game| TicketRequest { max_attempts: None, ..ticket_request(1, game, NOW) };
    registry.issue_ticket(unlimited(2)).await.unwrap();
    registry.rename(participant(1), "Polite".parse().unwrap(), NOW).await.unwrap();
    let again = registry.issue_ticket(unlimited(3)).await.unwrap();
    assert_eq!((again.ticket.game, again.ticket.nickname.as_str()), (GameId(2), "Polite"));
}

async fn nicknames_are_unique_in_a_session_regardless_of_case(registry: AnyRegistry) {
    let named = |player, name: &str| SeatRequest { nickname: name.parse().unwrap(), ..request(player, 9, NOW) };
    registry.take_seat(named(1, "Ada")).await.unwrap();
    assert_eq!(registry.take_seat(named(2, "ADA")).await, Err(RegistryError::NicknameTaken));
    let in_another_session = SeatRequest { session: SessionId(2), ..named(2, "Ada") };
    registry.take_seat(in_another_session).await.unwrap();
    // A player who takes another nickname frees the first one.
    registry.take_seat(named(1, "Grace")).await.unwrap();
    registry.take_seat(named(2, "Ada")).await.unwrap();
    let taken = registry.rename(participant(2), "grace".parse().unwrap(), NOW).await;
    assert_eq!(taken, Err(RegistryError::NicknameTaken));
    registry.rename(participant(2), "Lovelace".parse().unwrap(), NOW).await.unwrap();
    assert_eq!(registry.seat(participant(2)).await.unwrap().unwrap().nickname.as_str(), "Lovelace");
    assert_eq!(registry.rename(participant(9), "X".parse().unwrap(), NOW).await, Err(RegistryError::NoSeat));
}

async fn nickname_given_by_a_manager_stays(registry: AnyRegistry) {
    registry.take_seat(request(1, 9, NOW)).await.unwrap();
    let renamed = registry.rename(participant(1), "Polite".parse().unwrap(), NOW).await.unwrap();
    let action = renamed.moderation_action(SESSION).unwrap();
    assert_eq!(action.nickname.as_ref().map(|name| name.as_str()), Some("Polite"));
    assert_eq!(registry.take_seat(request(1, 9, NOW)).await.unwrap().nickname.as_str(), "Polite");
    let removed = registry.remove(participant(1), "rude".into()).await.unwrap();
    let action = removed.moderation_action(SESSION).unwrap();
    assert_eq!((action.number, action.removed), (2, true));
}

async fn removed_player_stays_out_with_the_reason_until_readmitted(registry: AnyRegistry) {
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    registry.remove(participant(1), "rude".into()).await.unwrap();
    let removed = Err(RegistryError::Removed("rude".into()));
    assert_eq!(registry.take_seat(request(1, 1, NOW)).await, removed);
    assert_eq!(registry.heartbeat(participant(1), rules(1), NOW).await, removed);
    let ticket = registry.issue_ticket(ticket_request(1, 1, NOW)).await.map(|_| ());
    assert_eq!(ticket, removed.map(|_| ()));
    // The seat is free for another player.
    registry.take_seat(request(2, 1, NOW)).await.unwrap();
    let removed_count = async || {
        let seats = registry.seats(SESSION).await.unwrap();
        seats.iter().filter(|seat| seat.removed.is_some()).count()
    };
    assert_eq!(removed_count().await, 1);
    registry.approve(participant(1)).await.unwrap();
    assert_eq!(removed_count().await, 0);
}

async fn held_seats(registry: &AnyRegistry, now: Timestamp) -> Vec<u64> {
    let seats = registry.seats(SESSION).await.unwrap();
    seats.iter().filter(|seat| seat.is_held(now)).map(|seat| seat.player.0).collect()
}

async fn readmitted_player_gets_no_seat_that_another_player_took(registry: AnyRegistry) {
    for player in [1, 2] {
        registry.take_seat(request(player, 2, NOW)).await.unwrap();
    }
    registry.remove(participant(1), "rude".into()).await.unwrap();
    assert_eq!(held_seats(&registry, NOW).await, [2]);
    registry.take_seat(request(3, 2, NOW.after_millis(1))).await.unwrap();
    let readmitted = registry.approve(participant(1)).await.unwrap();
    assert_eq!((readmitted.removed.clone(), readmitted.moderation_count), (None, 2));
    assert!(!readmitted.moderation_action(SESSION).unwrap().removed);
    assert_eq!(held_seats(&registry, NOW).await, [2, 3]);
    assert_eq!(registry.heartbeat(participant(1), rules(2), NOW).await, Err(RegistryError::SeatsTaken));
    assert_eq!(registry.take_seat(request(1, 2, NOW)).await, Err(RegistryError::SeatsTaken));
    assert_eq!(registry.issue_ticket(ticket_request(1, 1, NOW)).await, Err(RegistryError::NoSeat));
    registry.leave(participant(2)).await.unwrap();
    registry.heartbeat(participant(1), rules(2), NOW).await.unwrap();
    assert_eq!(held_seats(&registry, NOW).await, [1, 3]);
}

/// A request for a seat of a session that does not admit all players. At most two players may wait.
fn request_under(admission: Admission, player: u64, seats: u32, now: Timestamp) -> SeatRequest {
    let rules = SeatRules { admission, max_waiting: 2, ..rules(seats) };
    SeatRequest { rules, ..request(player, seats, now) }
}

async fn waiting_player_holds_no_seat_and_gets_no_ticket_until_approved(registry: AnyRegistry) {
    let join = |player| registry.take_seat(request_under(Admission::Approval, player, 1, NOW));
    let rules = request_under(Admission::Approval, 1, 1, NOW).rules;
    let waiting = join(1).await.unwrap();
    assert_eq!(waiting.approval, Approval::Waiting);
    assert!(waiting.moderation_action(SESSION).is_none());
    assert_eq!(join(1).await.unwrap().approval, Approval::Waiting, "a second request changes nothing");
    assert_eq!(registry.heartbeat(participant(1), rules, NOW).await.unwrap().approval, Approval::Waiting);
    assert_eq!(registry.issue_ticket(ticket_request(1, 1, NOW)).await, Err(RegistryError::NotApproved));
    assert!(held_seats(&registry, NOW).await.is_empty());
    let approved = registry.approve(participant(1)).await.unwrap();
    assert!(approved.moderation_action(SESSION).is_none(), "an approval changes no standing");
    // The seat is taken by the next heartbeat, which has not come since.
    assert_eq!(registry.issue_ticket(ticket_request(1, 1, NOW)).await, Err(RegistryError::NoSeat));
    assert_eq!(registry.heartbeat(participant(1), rules, NOW).await.unwrap().approval, Approval::Approved);
    assert_eq!(held_seats(&registry, NOW).await, [1]);
    registry.issue_ticket(ticket_request(1, 1, NOW)).await.unwrap();
    // A second approval does not free the seat.
    registry.approve(participant(1)).await.unwrap();
    assert_eq!(held_seats(&registry, NOW).await, [1]);
    assert_eq!(registry.approve(participant(9)).await, Err(RegistryError::NoSeat));
}

async fn approved_player_takes_a_seat_only_while_one_is_free(registry: AnyRegistry) {
    let join = |player| registry.take_seat(request_under(Admission::Approval, player, 1, NOW));
    let rules = request_under(Admission::Approval, 1, 1, NOW).rules;
    for player in [1, 2] {
        assert_eq!(join(player).await.unwrap().approval, Approval::Waiting, "players wait without a free seat");
        registry.approve(participant(player)).await.unwrap();
    }
    registry.heartbeat(participant(2), rules, NOW).await.unwrap();
    assert_eq!(registry.heartbeat(participant(1), rules, NOW).await, Err(RegistryError::SeatsTaken));
    assert_eq!(join(1).await, Err(RegistryError::SeatsTaken));
    registry.leave(participant(2)).await.unwrap();
    assert_eq!(join(1).await.unwrap().approval, Approval::Approved, "one approval is enough");
    assert_eq!(held_seats(&registry, NOW).await, [1]);
}

async fn locked_session_refuses_new_players_and_lets_approved_ones_come_back(registry: AnyRegistry) {
    let join = |admission, player, now| registry.take_seat(request_under(admission, player, 5, now));
    join(Admission::Open, 1, NOW).await.unwrap();
    join(Admission::Approval, 2, NOW).await.unwrap();
    assert_eq!(join(Admission::Locked, 3, NOW).await, Err(RegistryError::Locked));
    assert_eq!(registry.seats(SESSION).await.unwrap().len(), 2);
    // After the timeout the seat is free, but its player needs no approval.
    let later = NOW.after_millis(SEAT_TIMEOUT_MILLIS);
    let rules = request_under(Admission::Locked, 1, 5, later).rules;
    assert_eq!(join(Admission::Locked, 1, later).await.unwrap().approval, Approval::Approved);
    registry.leave(participant(1)).await.unwrap();
    registry.heartbeat(participant(1), rules, later).await.unwrap();
    assert_eq!(held_seats(&registry, later).await, [1]);
    assert_eq!(join(Admission::Approval, 1, later).await.unwrap().approval, Approval::Approved);
    // A player who waited when the session was locked still waits, and a manager can approve.
    assert_eq!(registry.heartbeat(participant(2), rules, later).await.unwrap().approval, Approval::Waiting);
    registry.approve(participant(2)).await.unwrap();
    assert_eq!(join(Admission::Locked, 2, later).await.unwrap().approval, Approval::Approved);
}

async fn waiting_player_gets_in_once_all_may_join(registry: AnyRegistry) {
    for player in [1, 2] {
        registry.take_seat(request_under(Admission::Approval, player, 1, NOW)).await.unwrap();
    }
    let seat = registry.heartbeat(participant(1), rules(1), NOW).await.unwrap();
    assert_eq!(seat.approval, Approval::Approved);
    assert_eq!(registry.heartbeat(participant(2), rules(1), NOW).await, Err(RegistryError::SeatsTaken));
    assert_eq!(held_seats(&registry, NOW).await, [1]);
}

async fn nickname_of_a_waiting_player_is_free_after_the_timeout(registry: AnyRegistry) {
    let named = |player, now| {
        let nickname = "Ada".parse().unwrap();
        SeatRequest { nickname, ..request_under(Admission::Approval, player, 1, now) }
    };
    registry.take_seat(named(1, NOW)).await.unwrap();
    assert_eq!(registry.take_seat(named(2, NOW)).await, Err(RegistryError::NicknameTaken));
    let later = NOW.after_millis(SEAT_TIMEOUT_MILLIS);
    registry.take_seat(named(2, later)).await.unwrap();
    assert_eq!(registry.seat(participant(1)).await.unwrap(), None);
    let rules = named(1, later).rules;
    assert_eq!(registry.heartbeat(participant(1), rules, later).await, Err(RegistryError::NoSeat));
    assert_eq!(registry.take_seat(named(1, later)).await, Err(RegistryError::NicknameTaken));
    // A manager can give the nickname of a player who no longer waits to another one.
    registry.take_seat(request(3, 1, later)).await.unwrap();
    let rename = |now| registry.rename(participant(3), "ada".parse().unwrap(), now);
    assert_eq!(rename(later).await, Err(RegistryError::NicknameTaken));
    rename(later.after_millis(SEAT_TIMEOUT_MILLIS)).await.unwrap();
    assert_eq!(registry.seat(participant(2)).await.unwrap(), None);
    // An approved player keeps the nickname.
    let much_later = later.after_millis(3 * SEAT_TIMEOUT_MILLIS);
    assert_eq!(registry.take_seat(named(4, much_later)).await, Err(RegistryError::NicknameTaken));
}

async fn number_of_waiting_players_is_limited(registry: AnyRegistry) {
    let join = |player, now| registry.take_seat(request_under(Admission::Approval, player, 1, now));
    for player in [1, 2] {
        join(player, NOW).await.unwrap();
    }
    assert_eq!(join(3, NOW).await, Err(RegistryError::TooManyWaiting));
    // Another player gets the place of one who no longer waits, but not of one about whom a manager has decided.
    let later = NOW.after_millis(SEAT_TIMEOUT_MILLIS);
    registry.rename(participant(1), "Polite".parse().unwrap(), NOW).await.unwrap();
    join(3, later).await.unwrap();
    assert_eq!(registry.seat(participant(2)).await.unwrap(), None);
    assert_eq!(join(4, later).await, Err(RegistryError::TooManyWaiting));
    let by_the_free_nickname = SeatRequest { nickname: "Player 2".parse().unwrap(), ..request(5, 1, later) };
    registry.take_seat(by_the_free_nickname).await.unwrap();
    registry.approve(participant(1)).await.unwrap();
    join(4, later).await.unwrap();
}

async fn refused_player_stays_out_until_readmitted(registry: AnyRegistry) {
    let join = |now| registry.take_seat(request_under(Admission::Approval, 1, 1, now));
    join(NOW).await.unwrap();
    registry.remove(participant(1), "who are you".into()).await.unwrap();
    let refused = Err(RegistryError::Removed("who are you".into()));
    assert_eq!(join(NOW).await, refused);
    assert_eq!(join(NOW.after_millis(SEAT_TIMEOUT_MILLIS)).await, refused, "the refusal has no timeout");
    registry.approve(participant(1)).await.unwrap();
    assert_eq!(join(NOW).await.unwrap().approval, Approval::Approved);
}

async fn rows_change_only_from_the_version_that_was_read(registry: AnyRegistry) {
    registry.put_session(session(1), None).await.unwrap();
    assert_eq!(registry.put_session(session(1), None).await, Err(RegistryError::Conflict));
    let (read, version) = registry.session(SESSION).await.unwrap().unwrap();
    let opened = Session { stage: Stage::Lobby, ..read };
    registry.put_session(opened.clone(), Some(version)).await.unwrap();
    assert_eq!(registry.put_session(opened.clone(), Some(version)).await, Err(RegistryError::Conflict));
    // A join code belongs to one session.
    let other = Session { id: SessionId(2), ..session(1) };
    assert_eq!(registry.put_session(other, None).await, Err(RegistryError::Conflict));
    let (found, _) = registry.session_by_code(&JoinCode::from_bits(1)).await.unwrap().unwrap();
    assert_eq!(found, opened);
    assert_eq!(registry.sessions().await.unwrap().len(), 1);
}

fn account() -> Account {
    Account {
        name: "ada-1".parse().unwrap(),
        player: PlayerId(7),
        nickname: "Ada".parse().unwrap(),
        role: Role::Player,
        password_hash: "hash".into(),
        tokens_since: NOW,
    }
}

async fn accounts_are_found_by_name_and_by_player(registry: AnyRegistry) {
    registry.put_account(account(), None).await.unwrap();
    assert_eq!(registry.put_account(account(), None).await, Err(RegistryError::Conflict));
    assert_eq!(registry.account(&account().name).await.unwrap().unwrap().0, account());
    assert_eq!(registry.account_by_player(PlayerId(7)).await.unwrap().unwrap().0, account());
    assert_eq!(registry.account_by_player(PlayerId(8)).await.unwrap(), None);
}

#[tokio::test]
async fn accounts_are_stored_when_the_engine_is_closed() {
    let (folder, registry) = embedded_registry();
    registry.put_account(account(), None).await.unwrap();
    drop(registry);
    let path = folder.path().join("registry.redb");
    // The engine's thread closes the file a moment after the engine is dropped.
    let reopened = eventually("the registry can be opened again", async || {
        EmbeddedRegistry::open(&path).map_err(|error| error.to_string())
    })
    .await;
    assert_eq!(reopened.account(&account().name).await.unwrap().unwrap().0, account());
}

async fn grant_is_taken_once_by_concurrent_requests(registry: AnyRegistry) {
    let grant = Grant { name: "ada-1".parse().unwrap(), granted_at: NOW, expires_at: NOW.after_millis(1) };
    registry.put_grant([7; 32], grant.clone()).await.unwrap();
    let (one, other) = tokio::join!(registry.take_grant([7; 32]), registry.take_grant([7; 32]));
    let taken: Vec<Grant> = [one.unwrap(), other.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken, [grant]);
}
