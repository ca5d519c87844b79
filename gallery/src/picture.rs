//! A picture: the state of a game on a canvas, from the drawings that the game itself uses.

use art::{
    Part, Sheet,
    palette::{self, Rgb},
    sprites::{self, SpriteFrame},
};
use shared::rules::{Game, Point, TICKS_PER_SECOND};
use wasm_bindgen::{Clamped, JsCast, JsError};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Room around the field, pixels: its bounds are those of the sprites' centres.
const MARGIN: f64 = 12.0;

/// A canvas, and what is drawn on it from.
pub struct Picture {
    context: CanvasRenderingContext2d,
    sheet: Sheet,
    image: HtmlCanvasElement,
    size: (f64, f64),
}

impl Picture {
    /// Gives the canvas the size of the game's field.
    pub fn new(canvas: HtmlCanvasElement, game: &Game) -> Result<Picture, JsError> {
        let params = game.params();
        let size = (params.width, params.height + params.ship.half_height);
        let size = (f64::from(size.0.to_f32()) + 2.0 * MARGIN, f64::from(size.1.to_f32()) + 2.0 * MARGIN);
        canvas.set_width(size.0 as u32);
        canvas.set_height(size.1 as u32);
        let sheet = Sheet::new();
        let image = image(&sheet)?;
        Ok(Picture { context: context(&canvas)?, sheet, image, size })
    }

    /// Draws the game as it is.
    pub fn draw(&self, game: &Game) {
        self.block(0.0, 0.0, self.size.0, self.size.1, palette::NIGHT);
        let (state, params) = (game.state(), game.params());
        for run in state.shields.runs(params) {
            self.block(MARGIN + f64::from(run.x), MARGIN + f64::from(run.y), run.length.into(), 1.0, palette::MINT);
        }
        let stride = state.tick.0 / (TICKS_PER_SECOND / 2);
        for (slot, at) in state.formation.invaders(params) {
            self.figure(sprites::invader(slot, at, stride, game), at);
        }
        if let Some(at) = state.mystery.at() {
            self.figure(sprites::MYSTERY, at);
        }
        for rocket in &state.rockets {
            self.figure(sprites::ROCKET, rocket.at);
        }
        for bomb in &state.bombs {
            self.figure(sprites::bomb(bomb), bomb.at);
        }
        if let Some(ship) = sprites::ship(game) {
            self.figure(ship, game.ship());
        }
    }

    fn figure(&self, figure: SpriteFrame, at: Point) {
        let Part { x, y, width, height } = self.sheet.sprite(figure.name, figure.frame);
        let (x, y, width, height) = (x as f64, y as f64, width as f64, height as f64);
        let left = (MARGIN + f64::from(at.x.to_f32()) - width / 2.0).round();
        let top = (MARGIN + f64::from(at.y.to_f32()) - height / 2.0).round();
        // Fails only for images that are broken, and ours is not.
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

    fn block(&self, x: f64, y: f64, width: f64, height: f64, [red, green, blue]: Rgb) {
        self.context.set_fill_style_str(&format!("rgb({red} {green} {blue})"));
        self.context.fill_rect(x, y, width, height);
    }
}

/// The sheet as an image that no page shows.
fn image(sheet: &Sheet) -> Result<HtmlCanvasElement, JsError> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or_else(|| broken("page"))?;
    let made = document.create_element("canvas").map_err(|_| broken("page"))?;
    let canvas: HtmlCanvasElement = made.dyn_into().map_err(|_| broken("page"))?;
    let (width, height) = sheet.size();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let pixels = ImageData::new_with_u8_clamped_array(Clamped(sheet.pixels()), width as u32);
    let pixels = pixels.map_err(|_| broken("canvas"))?;
    context(&canvas)?.put_image_data(&pixels, 0.0, 0.0).map_err(|_| broken("canvas"))?;
    Ok(canvas)
}

fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsError> {
    let context = canvas.get_context("2d").ok().flatten().ok_or_else(|| broken("canvas"))?;
    context.dyn_into().map_err(|_| broken("canvas"))
}

fn broken(what: &str) -> JsError {
    JsError::new(&format!("there is no {what} to draw on"))
}
