//! The sheet of sprites and letters as a Bevy image.

use art::SheetRegion;
use bevy::{
    asset::RenderAssetUsages,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};

/// The positions of sprites and letters on the image.
pub struct Sheet(art::Sheet);

impl Sheet {
    /// A frame of a sprite, from 0.
    pub fn sprite(&self, name: &str, frame: usize) -> Rect {
        rect(self.0.sprite(name, frame))
    }

    /// A letter, or the placeholder for a missing one; `None` for a space.
    pub fn glyph(&self, letter: char) -> Option<Rect> {
        self.0.glyph(letter).map(rect)
    }

    /// A white pixel, for filled rectangles of any size.
    pub fn white(&self) -> Rect {
        Rect::from_center_size(rect(self.0.white()).center(), Vec2::ONE)
    }
}

fn rect(region: SheetRegion) -> Rect {
    let corner = Vec2::new(region.x as f32, region.y as f32);
    Rect::from_corners(corner, corner + Vec2::new(region.width as f32, region.height as f32))
}

/// Loads the sheet and its image.
pub fn load() -> (Sheet, Image) {
    let sheet = art::Sheet::new();
    let (width, height) = sheet.size();
    let image = Image::new(
        Extent3d { width: width as u32, height: height as u32, depth_or_array_layers: 1 },
        TextureDimension::D2,
        sheet.pixels().to_vec(),
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    );
    (Sheet(sheet), image)
}
