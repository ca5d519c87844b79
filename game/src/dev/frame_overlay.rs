//! Shows the frame times of the last second over the canvas.

use crate::bevy::prelude::*;

use super::DevCommand;
use crate::{
    FrameSet,
    canvas::{Layer, font::Align, quad_batch::QuadBatch, theme},
};

/// The position of the text, pixels.
const POSITION: Vec2 = Vec2::new(8.0, 16.0);

#[derive(Resource, Default)]
struct FrameOverlay {
    is_shown: bool,
    /// The frame times of the current second, seconds.
    times: Vec<f32>,
    /// The summary of the last second.
    text: String,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<FrameOverlay>().add_systems(
        Update,
        (
            switch_overlay.in_set(FrameSet::Input),
            (measure_frame, draw_overlay)
                .chain()
                .in_set(Layer::Screen)
                .run_if(|overlay: Res<FrameOverlay>| overlay.is_shown),
        ),
    );
}

fn switch_overlay(mut commands: MessageReader<DevCommand>, mut overlay: ResMut<FrameOverlay>) {
    for command in commands.read() {
        if let DevCommand::ShowFrameTimes(on) = command {
            *overlay = FrameOverlay { is_shown: *on, ..FrameOverlay::default() };
        }
    }
}

fn measure_frame(mut overlay: ResMut<FrameOverlay>, time: Res<Time<Real>>) {
    overlay.times.push(time.delta_secs());
    if overlay.times.iter().sum::<f32>() >= 1.0 {
        overlay.text = summary(&mut std::mem::take(&mut overlay.times));
    }
}

fn summary(times: &mut [f32]) -> String {
    times.sort_by(f32::total_cmp);
    let millis = |percent: usize| times[(times.len() - 1) * percent / 100] * 1000.0;
    format!("{} FPS  P50 {:.0}  P95 {:.0}  MAX {:.0} MS", times.len(), millis(50), millis(95), millis(100))
}

fn draw_overlay(mut quads: ResMut<QuadBatch>, overlay: Res<FrameOverlay>) {
    quads.text(&overlay.text, POSITION, Align::Left, 1.0, theme::WHITE);
}
