//! Draws the batch on the canvas by WebGL2, in one instanced draw call.
//!
//! A second pass over the picture, such as a glow, has its place in [`Renderer::draw`]: the quads would go to a texture
//! first. There is none, because it would touch each pixel once more.

use crate::bevy::math::UVec2;
use art::Sheet;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlProgram};

use super::{quad_batch::Quad, theme};

const VERTEX_SHADER: &str = include_str!("quads.vert");
const FRAGMENT_SHADER: &str = include_str!("quads.frag");
/// The size of a quad in the buffer, bytes.
const QUAD_BYTES: i32 = 28;
/// The attribute with the size of the canvas, which is the same for all quads.
const CANVAS: u32 = 4;
/// The frame after which the shaders are checked. The browser compiles them while the game draws; asked earlier, it would stop
/// the page until it has.
const CHECKED_FRAME: u32 = 30;

/// Why nothing can be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("The page has not created the canvas's WebGL2 context. Reload the page.")]
    NoContext,
    #[error("This browser's WebGL2 cannot run the game's shaders: {0}")]
    Shaders(String),
}

/// Draws on one canvas.
pub struct Renderer {
    canvas: HtmlCanvasElement,
    gl: Gl,
    pipeline: Pipeline,
    /// The quads of the frame as the buffer has them.
    bytes: Vec<u8>,
}

/// What the graphics processor holds. All of it is gone when the context is lost.
struct Pipeline {
    program: WebGlProgram,
    buffer: WebGlBuffer,
    /// Frames drawn.
    frames: u32,
}

impl Renderer {
    /// # Errors
    /// See [`RenderError`].
    pub fn new(canvas: HtmlCanvasElement, sheet: &Sheet) -> Result<Renderer, RenderError> {
        let context = canvas.get_context("webgl2").ok().flatten();
        let gl = context.and_then(|context| context.dyn_into::<Gl>().ok()).ok_or(RenderError::NoContext)?;
        let pipeline = Pipeline::new(&gl, sheet)?;
        Ok(Renderer { canvas, gl, pipeline, bytes: Vec::new() })
    }

    /// Draws again after the context was lost and the browser restored it.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn restore(&mut self, sheet: &Sheet) -> Result<(), RenderError> {
        self.pipeline = Pipeline::new(&self.gl, sheet)?;
        Ok(())
    }

    /// Draws the quads on a canvas of this size, pixels, each of them `scale` drawn pixels wide. While the context is lost,
    /// the browser ignores the calls.
    ///
    /// # Errors
    /// [`RenderError::Shaders`] some frames after the first.
    pub fn draw(&mut self, quads: &[Quad], size: UVec2, scale: u32) -> Result<(), RenderError> {
        let drawn = size * scale;
        if (self.canvas.width(), self.canvas.height()) != (drawn.x, drawn.y) {
            self.canvas.set_width(drawn.x);
            self.canvas.set_height(drawn.y);
        }
        let gl = &self.gl;
        gl.viewport(0, 0, drawn.x as i32, drawn.y as i32);
        gl.vertex_attrib2f(CANVAS, size.x as f32, size.y as f32);
        gl.clear(Gl::COLOR_BUFFER_BIT);
        self.bytes.clear();
        quads.iter().for_each(|quad| write_quad(&mut self.bytes, quad));
        gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.pipeline.buffer));
        gl.buffer_data_with_u8_array(Gl::ARRAY_BUFFER, &self.bytes, Gl::STREAM_DRAW);
        gl.draw_arrays_instanced(Gl::TRIANGLE_STRIP, 0, 4, quads.len() as i32);
        self.pipeline.frames = self.pipeline.frames.saturating_add(1);
        if self.pipeline.frames == CHECKED_FRAME { self.pipeline.check(gl) } else { Ok(()) }
    }
}

/// Appends a quad in the order of the attributes in [`Pipeline::new`].
fn write_quad(bytes: &mut Vec<u8>, quad: &Quad) {
    for value in [quad.corner.x, quad.corner.y, quad.size.x, quad.size.y] {
        bytes.extend(value.to_le_bytes());
    }
    for value in [quad.part.x, quad.part.y, quad.part.width, quad.part.height] {
        bytes.extend((value as u16).to_le_bytes());
    }
    bytes.extend(quad.colour.bytes());
}

impl Pipeline {
    fn new(gl: &Gl, sheet: &Sheet) -> Result<Pipeline, RenderError> {
        let program = program(gl)?;
        gl.use_program(Some(&program));
        upload_sheet(gl, sheet);
        gl.bind_vertex_array(gl.create_vertex_array().as_ref());
        let buffer = gl.create_buffer().ok_or_else(|| failure(None))?;
        gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&buffer));
        attribute(gl, 0, 2, Gl::FLOAT, 0);
        attribute(gl, 1, 2, Gl::FLOAT, 8);
        attribute(gl, 2, 4, Gl::UNSIGNED_SHORT, 16);
        attribute(gl, 3, 4, Gl::UNSIGNED_BYTE, 24);
        gl.enable(Gl::BLEND);
        gl.blend_func(Gl::SRC_ALPHA, Gl::ONE_MINUS_SRC_ALPHA);
        let [red, green, blue] = theme::NIGHT.channels();
        gl.clear_color(red, green, blue, 1.0);
        Ok(Pipeline { program, buffer, frames: 0 })
    }

    /// Checks that the shaders can run.
    fn check(&self, gl: &Gl) -> Result<(), RenderError> {
        let is_linked = gl.get_program_parameter(&self.program, Gl::LINK_STATUS).is_truthy();
        if is_linked || gl.is_context_lost() { Ok(()) } else { Err(failure(gl.get_program_info_log(&self.program))) }
    }
}

/// Describes one value of each quad: the number of its components, their type, and the offset in bytes.
fn attribute(gl: &Gl, location: u32, components: i32, kind: u32, offset: i32) {
    gl.enable_vertex_attrib_array(location);
    let is_normalized = kind == Gl::UNSIGNED_BYTE;
    gl.vertex_attrib_pointer_with_i32(location, components, kind, is_normalized, QUAD_BYTES, offset);
    gl.vertex_attrib_divisor(location, 1);
}

fn upload_sheet(gl: &Gl, sheet: &Sheet) {
    let (width, height) = sheet.size();
    gl.bind_texture(Gl::TEXTURE_2D, gl.create_texture().as_ref());
    // Without mipmaps, the default filter would read black.
    gl.tex_parameteri(Gl::TEXTURE_2D, Gl::TEXTURE_MIN_FILTER, Gl::NEAREST as i32);
    // Fails only for pixels of another count.
    let _ = gl.tex_image_2d_with_i32_and_i32_and_i32_and_format_and_type_and_opt_u8_array(
        Gl::TEXTURE_2D,
        0,
        Gl::RGBA8 as i32,
        width as i32,
        height as i32,
        0,
        Gl::RGBA,
        Gl::UNSIGNED_BYTE,
        Some(sheet.pixels()),
    );
}

fn program(gl: &Gl) -> Result<WebGlProgram, RenderError> {
    let program = gl.create_program().ok_or_else(|| failure(None))?;
    for (kind, source) in [(Gl::VERTEX_SHADER, VERTEX_SHADER), (Gl::FRAGMENT_SHADER, FRAGMENT_SHADER)] {
        let shader = gl.create_shader(kind).ok_or_else(|| failure(None))?;
        gl.shader_source(&shader, source);
        gl.compile_shader(&shader);
        gl.attach_shader(&program, &shader);
    }
    gl.link_program(&program);
    Ok(program)
}

fn failure(log: Option<String>) -> RenderError {
    RenderError::Shaders(log.unwrap_or_else(|| "no details".to_owned()))
}
