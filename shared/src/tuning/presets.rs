//! The built-in preset arcade. Preset classic is the default tuning.

use super::{Bombing, Decimal, MarchStyle, Sprites, Tuning};

impl Tuning {
    /// Preset arcade: the rules of the arcade machine of 1978. The server plays it by default.
    pub fn arcade() -> Tuning {
        Tuning {
            name: "arcade".to_owned(),
            sprites: Sprites::Small,
            march: MarchStyle::InTurn,
            bombing: Bombing::Patterned,
            wave_heights: [120.0, 96.0, 80.0, 72.0, 72.0, 72.0, 64.0, 64.0, 64.0].map(Decimal::from).to_vec(),
            bomb_rate: 0.0.into(),
            bomb_min_velocity: 80.0.into(),
            bomb_max_velocity: 100.0.into(),
            invader_drop_distance: 8.0.into(),
            rocket_velocity: 240.0.into(),
            rocket_max_fire_rate: 20.0.into(),
            rockets_at_once: 1.0.into(),
            game_width: 200.0.into(),
            game_height: 206.0.into(),
            invader_files: 11.0.into(),
            ship_speed: 60.0.into(),
            level_difficulty_multiplier: 0.0.into(),
            points_per_invader: 10.0.into(),
            points_rise: 10.0.into(),
            level_bonus: 0.0.into(),
            limit_level_increase: 0.0.into(),
            // 16 ticks.
            freeze_seconds: 0.266_667.into(),
            shields: 4.0.into(),
            // 1536 ticks.
            mystery_seconds: 25.6.into(),
            extra_life_score: 1500.0.into(),
            respawn_seconds: 2.0.into(),
            // 48 ticks.
            quiet_seconds: 0.8.into(),
            ..Tuning::default()
        }
    }
}
