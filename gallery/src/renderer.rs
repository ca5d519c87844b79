//! Draws the state of a game on a 2D canvas with the same sprites as the game.

use art::{
    Sheet, SheetRegion,
    palette::{self, Rgb},
    sprites::{self, SpriteFrame},
};
use shared::rules::{Game, Point, TICKS_PER_SECOND};
use wasm_bindgen::{Clamped, JsCast, JsError};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// The margin around the field, pixels. The field's bounds limit the centres of sprites, which reach beyond them.
const MARGIN: f64 = 12.0;

/// A canvas, and the sheet with the sprites.
pub struct Renderer {
    context: CanvasRenderingContext2d,
    sheet: Sheet,
    /// The sheet's pixels, on a canvas that is not in the page.
    image: HtmlCanvasElement,
    /// The size of the canvas, pixels.
    size: (f64, f64),
}

impl Renderer {
    /// Resizes the canvas for the game's field.
    ///
    /// # Errors
    /// If the browser cannot draw on the canvas.
    pub fn new(canvas: HtmlCanvasElement, game: &Game) -> Result<Renderer, JsError> {
        let params = game.params();
        let size = (params.width, params.height + params.ship.half_height);
        let size = (f64::from(size.0.to_f32()) + 2.0 * MARGIN, f64::from(size.1.to_f32()) + 2.0 * MARGIN);
        canvas.set_width(size.0 as u32);
        canvas.set_height(size.1 as u32);
        let sheet = Sheet::new();
        let image = sheet_image(&sheet)?;
        Ok(Renderer { context: context(&canvas)?, sheet, image, size })
    }

    /// Draws the current state of the game.
    pub fn draw(&self, game: &Game) {
        self.rectangle(0.0, 0.0, self.size.0, self.size.1, palette::NIGHT);
        let (state, params) = (game.state(), game.params());
        for run in state.shields.runs(params) {
            self.rectangle(MARGIN + f64::from(run.x), MARGIN + f64::from(run.y), run.length.into(), 1.0, palette::MINT);
        }
        let march_steps = state.tick.0 / (TICKS_PER_SECOND / 2);
        for (slot, at) in state.formation.invaders(params) {
            self.sprite(sprites::invader(slot, at, march_steps, game), at);
        }
        if let Some(at) = state.mystery.at() {
            self.sprite(sprites::MYSTERY, at);
        }
        for rocket in &state.rockets {
            self.sprite(sprites::ROCKET, rocket.at);
        }
        for bomb in &state.bombs {
            self.sprite(sprites::bomb(bomb), bomb.at);
        }
        if let Some(ship) = sprites::ship(game) {
            self.sprite(ship, game.ship());
        }
    }

    fn sprite(&self, sprite: SpriteFrame, at: Point) {
        let SheetRegion { x, y, width, height } = self.sheet.sprite(sprite.name, sprite.frame);
        let (x, y, width, height) = (x as f64, y as f64, width as f64, height as f64);
        let left = (MARGIN + f64::from(at.x.to_f32()) - width / 2.0).round();
        let top = (MARGIN + f64::from(at.y.to_f32()) - height / 2.0).round();
        // Fails only for a broken image, which the sheet is not.
        let _ = self.context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.image,
            x,
            y,
            width,
            height,
            left,
            top,
            width,
            height,
        );
    }

    fn rectangle(&self, x: f64, y: f64, width: f64, height: f64, [red, green, blue]: Rgb) {
        self.context.set_fill_style_str(&format!("rgb({red} {green} {blue})"));
        self.context.fill_rect(x, y, width, height);
    }
}

/// Puts the sheet on a canvas that is not in the page.
fn sheet_image(sheet: &Sheet) -> Result<HtmlCanvasElement, JsError> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or_else(|| missing("document"))?;
    let element = document.create_element("canvas").map_err(|_| missing("document"))?;
    let canvas: HtmlCanvasElement = element.dyn_into().map_err(|_| missing("document"))?;
    let (width, height) = sheet.size();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let pixels = ImageData::new_with_u8_clamped_array(Clamped(sheet.pixels()), width as u32);
    let pixels = pixels.map_err(|_| missing("2D canvas"))?;
    context(&canvas)?.put_image_data(&pixels, 0.0, 0.0).map_err(|_| missing("2D canvas"))?;
    Ok(canvas)
}

fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsError> {
    let context = canvas.get_context("2d").ok().flatten().ok_or_else(|| missing("2D canvas"))?;
    context.dyn_into().map_err(|_| missing("2D canvas"))
}

fn missing(feature: &str) -> JsError {
    JsError::new(&format!("the browser provides no {feature} to draw on"))
}
