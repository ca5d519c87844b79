//! The canvas: camera, size, and the batch of quads that each frame draws.

pub mod font;
pub mod layout;
pub mod quad_batch;
mod sheet;
mod sizing;
pub mod theme;

use bevy::{
    camera::ScalingMode,
    core_pipeline::tonemapping::{DebandDither, Tonemapping},
    prelude::*,
    window::{WindowResizeConstraints, WindowResolution},
    winit::WinitSettings,
};
use shared::{rules::LevelParams, tuning::Tuning};

use crate::FrameSet;

/// The layers of the canvas, from back to front.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    Stars,
    Backdrop,
    Field,
    Effects,
    Hud,
    Screen,
}

pub fn plugin(app: &mut App) {
    let size = layout::canvas_size(&LevelParams::new(&Tuning::arcade(), 1)).as_uvec2();
    let window = Window {
        canvas: Some("#playfield".to_owned()),
        resolution: WindowResolution::new(size.x, size.y).with_scale_factor_override(1.0),
        // winit's default limits would enlarge the canvas on screens with a high pixel density.
        resize_constraints: WindowResizeConstraints { min_width: 1.0, min_height: 1.0, ..default() },
        // The browser handles keys that the game does not use.
        prevent_default_event_handling: false,
        ..default()
    };
    app.add_plugins(
        DefaultPlugins
            .set(WindowPlugin { primary_window: Some(window), ..default() })
            .set(ImagePlugin::default_nearest()),
    )
    .add_plugins(sizing::plugin)
    // Input does not need the focus, so the frame rate must not depend on it.
    .insert_resource(WinitSettings::continuous())
    .insert_resource(ClearColor(theme::NIGHT))
    .add_systems(PreStartup, set_up)
    .configure_sets(
        Update,
        (Layer::Stars, Layer::Backdrop, Layer::Field, Layer::Effects, Layer::Hud, Layer::Screen)
            .chain()
            .in_set(FrameSet::Draw),
    )
    .add_systems(Update, quad_batch::draw_batch.after(FrameSet::Draw));
}

fn set_up(mut commands: Commands, mut images: ResMut<Assets<Image>>) {
    let (sheet, image) = sheet::load();
    commands.insert_resource(quad_batch::QuadBatch::new(sheet, images.add(image)));
    commands.spawn((
        Name::new("camera"),
        Camera2d,
        Projection::Orthographic(OrthographicProjection {
            // The upper left corner is (0, 0), and a unit is a pixel.
            viewport_origin: Vec2::Y,
            scaling_mode: ScalingMode::WindowSize,
            ..OrthographicProjection::default_2d()
        }),
        // Each of these costs a pass over all pixels and does not help pixel art.
        Msaa::Off,
        Tonemapping::None,
        DebandDither::Disabled,
    ));
}
