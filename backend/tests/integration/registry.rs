//! What every engine behind the registry's interface must do, on the embedded one and on a DynamoDB of a local AWS.

use std::{sync::Arc, time::Instant};

use crate::common::aws::LocalAws;
use backend::engine::registry::{
    Account, DynamoRegistry, EmbeddedRegistry, Grant, Registry, RegistryError, SeatRequest, Session,
};
use shared::{
    account::Role,
    ids::PlayerId,
    session::{JoinCode, Participant, Plan, SEAT_TIMEOUT_MILLIS, SessionId, Stage},
    time::Timestamp,
};
use tempfile::TempDir;
use tokio::task::JoinSet;

const HALL: SessionId = SessionId(1);
const NOW: Timestamp = Timestamp(1_000_000);

type AnyRegistry = Arc<dyn Registry>;

fn registry() -> (TempDir, AnyRegistry) {
    let folder = tempfile::tempdir().unwrap();
    let registry = EmbeddedRegistry::open(&folder.path().join("registry.redb")).unwrap();
    (folder, Arc::new(registry))
}

async fn on_dynamodb(aws: &LocalAws, prefix: &str) -> AnyRegistry {
    Arc::new(DynamoRegistry::open(&aws.config(), prefix, true).await.unwrap())
}

laws! {
    on registry and on_dynamodb:
    of_a_thousand_who_come_at_once_exactly_as_many_get_in_as_there_are_seats,
    a_vanished_browser_frees_its_seat_and_one_that_comes_back_in_time_keeps_it,
    a_single_trial_is_single_however_often_it_is_asked_for_at_once,
    nicknames_are_unique_within_a_session_whatever_their_case,
    a_name_that_a_manager_gave_stays,
    who_is_removed_stays_out_with_the_reason_until_readmitted,
    rows_change_only_from_the_version_that_was_read,
    accounts_are_found_by_name_and_by_player,
    a_grant_is_used_once_even_by_two_at_once,
}

fn request(player: u64, seats: u32, now: Timestamp) -> SeatRequest {
    SeatRequest {
        session: HALL,
        seats: Some(seats),
        player: PlayerId(player),
        nickname: format!("Player {player}").parse().unwrap(),
        role: Role::Guest,
        now,
    }
}

fn participant(player: u64) -> Participant {
    Participant { session: HALL, player: PlayerId(player) }
}

fn session(code: u32) -> Session {
    Session {
        id: HALL,
        code: JoinCode::from_bits(code),
        made_at: NOW,
        plan: Plan::open_play(),
        stage: Stage::Planned,
        settled: Vec::new(),
    }
}

async fn of_a_thousand_who_come_at_once_exactly_as_many_get_in_as_there_are_seats(registry: AnyRegistry) {
    let started = Instant::now();
    let mut joins = JoinSet::new();
    for player in 0..1000 {
        let registry = Arc::clone(&registry);
        joins.spawn(async move { registry.take_seat(request(player, 150, NOW)).await.map(|seat| seat.player) });
    }
    let results = joins.join_all().await;
    let seated = results.iter().filter(|result| result.is_ok()).count();
    let refused = results.iter().filter(|result| **result == Err(RegistryError::SeatsTaken)).count();
    println!("1000 at once for 150 seats: {seated} in, {refused} refused, after {:.0?}", started.elapsed());
    assert_eq!((seated, refused), (150, 850));
    assert_eq!(registry.seats(HALL).await.unwrap().len(), 150);
}

async fn a_vanished_browser_frees_its_seat_and_one_that_comes_back_in_time_keeps_it(registry: AnyRegistry) {
    let at = |millis| NOW.after_millis(millis);
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let last = SEAT_TIMEOUT_MILLIS - 1;
    assert_eq!(registry.take_seat(request(2, 1, at(last))).await, Err(RegistryError::SeatsTaken));
    // Back in time, and so for as long again.
    registry.heartbeat(participant(1), Some(1), at(last)).await.unwrap();
    assert_eq!(registry.take_seat(request(2, 1, at(2 * last))).await, Err(RegistryError::SeatsTaken));
    // Gone for too long.
    registry.take_seat(request(2, 1, at(2 * last + 1))).await.unwrap();
    assert_eq!(registry.heartbeat(participant(1), Some(1), at(2 * last + 1)).await, Err(RegistryError::SeatsTaken));
    // Whoever leaves frees the seat at once, and it is taken again, with what was played before.
    registry.begin_attempt(participant(2), None, at(2 * last + 1)).await.unwrap();
    registry.leave(participant(2)).await.unwrap();
    registry.heartbeat(participant(1), Some(1), at(2 * last + 2)).await.unwrap();
    registry.leave(participant(1)).await.unwrap();
    let seat = registry.take_seat(request(2, 1, at(2 * last + 3))).await.unwrap();
    assert_eq!(seat.attempts, 1);
    println!("a seat is held for {SEAT_TIMEOUT_MILLIS} ms after the last sign of life, and not a millisecond longer");
}

async fn a_single_trial_is_single_however_often_it_is_asked_for_at_once(registry: AnyRegistry) {
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    let mut asks = JoinSet::new();
    for _ in 0..50 {
        let registry = Arc::clone(&registry);
        asks.spawn(async move { registry.begin_attempt(participant(1), Some(1), NOW).await.is_ok() });
    }
    let begun = asks.join_all().await.into_iter().filter(|ok| *ok).count();
    println!("50 requests at once for a single attempt: {begun} granted");
    assert_eq!(begun, 1);
    assert_eq!(registry.begin_attempt(participant(1), Some(1), NOW).await, Err(RegistryError::NoAttemptLeft));
    assert_eq!(registry.begin_attempt(participant(9), None, NOW).await, Err(RegistryError::NoSeat));
}

async fn nicknames_are_unique_within_a_session_whatever_their_case(registry: AnyRegistry) {
    let called = |player, name: &str| SeatRequest { nickname: name.parse().unwrap(), ..request(player, 9, NOW) };
    registry.take_seat(called(1, "Ada")).await.unwrap();
    assert_eq!(registry.take_seat(called(2, "ADA")).await, Err(RegistryError::NicknameTaken));
    let elsewhere = SeatRequest { session: SessionId(2), ..called(2, "Ada") };
    registry.take_seat(elsewhere).await.unwrap();
    // Whoever takes another one gives the first back.
    registry.take_seat(called(1, "Grace")).await.unwrap();
    registry.take_seat(called(2, "Ada")).await.unwrap();
    let taken = registry.rename(participant(2), "grace".parse().unwrap()).await;
    assert_eq!(taken, Err(RegistryError::NicknameTaken));
    registry.rename(participant(2), "Lovelace".parse().unwrap()).await.unwrap();
    assert_eq!(registry.seat(participant(2)).await.unwrap().unwrap().nickname.as_str(), "Lovelace");
    assert_eq!(registry.rename(participant(9), "X".parse().unwrap()).await, Err(RegistryError::NoSeat));
}

async fn a_name_that_a_manager_gave_stays(registry: AnyRegistry) {
    registry.take_seat(request(1, 9, NOW)).await.unwrap();
    let renamed = registry.rename(participant(1), "Polite".parse().unwrap()).await.unwrap();
    assert_eq!(renamed.moderation_action(HALL).nickname.as_ref().map(|name| name.as_str()), Some("Polite"));
    assert_eq!(registry.take_seat(request(1, 9, NOW)).await.unwrap().nickname.as_str(), "Polite");
    let removed = registry.remove(participant(1), Some("rude".into())).await.unwrap();
    assert_eq!((removed.moderation_count, removed.moderation_action(HALL).removed), (2, true));
}

async fn who_is_removed_stays_out_with_the_reason_until_readmitted(registry: AnyRegistry) {
    registry.take_seat(request(1, 1, NOW)).await.unwrap();
    registry.remove(participant(1), Some("rude".into())).await.unwrap();
    let out = Err(RegistryError::Removed("rude".into()));
    assert_eq!(registry.take_seat(request(1, 1, NOW)).await, out);
    assert_eq!(registry.heartbeat(participant(1), Some(1), NOW).await, out);
    assert_eq!(registry.begin_attempt(participant(1), None, NOW).await, out);
    // The seat is free for somebody else, and so there is none left to come back to.
    registry.take_seat(request(2, 1, NOW)).await.unwrap();
    registry.remove(participant(1), None).await.unwrap();
    assert_eq!(registry.seats(HALL).await.unwrap().iter().filter(|seat| seat.removed.is_some()).count(), 0);
}

async fn rows_change_only_from_the_version_that_was_read(registry: AnyRegistry) {
    registry.put_session(session(1), None).await.unwrap();
    assert_eq!(registry.put_session(session(1), None).await, Err(RegistryError::Conflict));
    let (read, version) = registry.session(HALL).await.unwrap().unwrap();
    let opened = Session { stage: Stage::Lobby, ..read };
    registry.put_session(opened.clone(), Some(version)).await.unwrap();
    assert_eq!(registry.put_session(opened.clone(), Some(version)).await, Err(RegistryError::Conflict));
    // A code names one session.
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
async fn accounts_survive_the_engine() {
    let (folder, registry) = registry();
    registry.put_account(account(), None).await.unwrap();
    drop(registry);
    // The writer's thread lets go of the file a moment after the last asker is gone.
    let path = folder.path().join("registry.redb");
    let again = loop {
        match EmbeddedRegistry::open(&path) {
            Ok(registry) => break registry,
            Err(error) => assert!(backend::engine::error_chain(&error).contains("already open"), "{error:?}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    assert_eq!(again.account(&account().name).await.unwrap().unwrap().0, account());
}

async fn a_grant_is_used_once_even_by_two_at_once(registry: AnyRegistry) {
    let grant = Grant { name: "ada-1".parse().unwrap(), granted_at: NOW, expires_at: NOW.after_millis(1) };
    registry.put_grant([7; 32], grant.clone()).await.unwrap();
    let (one, other) = tokio::join!(registry.take_grant([7; 32]), registry.take_grant([7; 32]));
    let taken: Vec<Grant> = [one.unwrap(), other.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken, [grant]);
}
