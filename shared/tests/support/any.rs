//! Random tunings and buttons for property tests.

use std::ops::RangeInclusive;

use proptest::prelude::*;
use shared::{
    rules::Buttons,
    tuning::{Bombing, Decimal, MarchStyle, Sprites, Tuning},
};

/// Maximum length of random buttons, in ticks: a minute.
const MAX_TICKS: usize = 60 * 60;

/// Any valid tuning with a field of 300 pixels at least.
pub fn any_tuning() -> impl Strategy<Value = Tuning> {
    let within = |range: RangeInclusive<i64>| range.prop_map(|hundredths| Decimal::from_micros(hundredths * 10_000));
    let whole = |range: RangeInclusive<i64>| range.prop_map(|n| Decimal::from_micros(n * 1_000_000));
    let bombs = (within(0..=500), within(100..=30_000), within(0..=30_000));
    let march = (within(100..=60_000), within(0..=10_000), within(0..=10_000), within(100..=1400), within(0..=50));
    let field = (within(30_000..=80_000), within(20_000..=60_000), within(100..=800), within(100..=2000));
    let ship = (within(1000..=60_000), within(10..=2000), whole(1..=24), within(1000..=60_000), within(0..=200));
    let extras = (whole(0..=6), within(0..=300), whole(0..=300), within(0..=200), within(0..=200));
    let styles = (any::<bool>(), any::<bool>(), any::<bool>(), proptest::collection::vec(within(0..=60_000), 0..4));
    (bombs, march, field, ship, extras, styles)
        .prop_map(|(bombs, march, field, ship, extras, styles)| Tuning {
            sprites: if styles.0 { Sprites::Small } else { Sprites::Large },
            march: if styles.1 { MarchStyle::InTurn } else { MarchStyle::Together },
            bombing: if styles.2 { Bombing::Patterned } else { Bombing::Random },
            wave_heights: styles.3,
            bomb_rate: bombs.0,
            bomb_min_velocity: bombs.1,
            bomb_max_velocity: Decimal::from_micros(bombs.1.micros() + bombs.2.micros()),
            invader_initial_velocity: march.0,
            invader_acceleration: march.1,
            invader_drop_distance: march.2,
            march_step: march.3,
            last_march_step: march.3,
            freeze_seconds: march.4,
            game_width: field.0,
            game_height: field.1,
            invader_ranks: field.2,
            invader_files: field.3,
            rocket_velocity: ship.0,
            rocket_max_fire_rate: ship.1,
            rockets_at_once: ship.2,
            ship_speed: ship.3,
            level_difficulty_multiplier: ship.4,
            shields: extras.0,
            mystery_seconds: extras.1,
            extra_life_score: extras.2,
            respawn_seconds: extras.3,
            quiet_seconds: extras.4,
            ..Tuning::default()
        })
        .prop_filter("a valid tuning", |tuning| tuning.validation_errors().is_empty())
}

/// Random buttons, each held for 1 to 39 ticks.
pub fn any_buttons() -> impl Strategy<Value = Vec<Buttons>> {
    proptest::collection::vec((0_u8..8, 1_usize..40), 1..90).prop_map(|runs| {
        let held = |(bits, ticks)| std::iter::repeat_n(Buttons::from_bits_truncate(bits), ticks);
        runs.into_iter().flat_map(held).take(MAX_TICKS).collect()
    })
}
