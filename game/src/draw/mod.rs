//! Drawing: everything on the canvas is a piece of one sheet, painted anew each frame in one order and one batch.

pub mod font;
pub mod painter;
mod sheet;
pub mod theme;

use bevy::{
    camera::ScalingMode,
    core_pipeline::tonemapping::{DebandDither, Tonemapping},
    prelude::*,
    window::{WindowResizeConstraints, WindowResolution},
    winit::WinitSettings,
};
use shared::{rules::LevelParams, tuning::Tuning};

use crate::{Step, page::layout};

/// What lies over what, from back to front.
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
    let canvas = layout::canvas(&LevelParams::new(&Tuning::arcade(), 1)).as_uvec2();
    let window = Window {
        canvas: Some("#playfield".to_owned()),
        resolution: WindowResolution::new(canvas.x, canvas.y).with_scale_factor_override(1.0),
        // Below these, winit would not let the canvas go on a dense screen.
        resize_constraints: WindowResizeConstraints { min_width: 1.0, min_height: 1.0, ..default() },
        // Keys that are not the game's belong to the browser.
        prevent_default_event_handling: false,
        ..default()
    };
    app.add_plugins(
        DefaultPlugins
            .set(WindowPlugin { primary_window: Some(window), ..default() })
            .set(ImagePlugin::default_nearest()),
    )
    // The keys reach the game wherever the focus is, so it draws as fast without it.
    .insert_resource(WinitSettings::continuous())
    .insert_resource(ClearColor(theme::NIGHT))
    .add_systems(PreStartup, set_up)
    .configure_sets(
        Update,
        (Layer::Stars, Layer::Backdrop, Layer::Field, Layer::Effects, Layer::Hud, Layer::Screen)
            .chain()
            .in_set(Step::Draw),
    )
    .add_systems(Update, painter::paint.after(Step::Draw));
}

fn set_up(mut commands: Commands, mut images: ResMut<Assets<Image>>) {
    let (sheet, image) = sheet::load();
    commands.insert_resource(painter::Painter::new(sheet, images.add(image)));
    commands.spawn((
        Name::new("camera"),
        Camera2d,
        Projection::Orthographic(OrthographicProjection {
            // The upper left corner is (0, 0), and a unit is a pixel.
            viewport_origin: Vec2::Y,
            scaling_mode: ScalingMode::WindowSize,
            ..OrthographicProjection::default_2d()
        }),
        // Each of these costs a pass over all pixels, and pixel art wants none.
        Msaa::Off,
        Tonemapping::None,
        DebandDither::Disabled,
    ));
}
