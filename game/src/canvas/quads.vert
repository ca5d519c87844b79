#version 300 es
// Places the four corners of each quad of the batch. One call draws all quads: values 0 to 3 change once for each quad.

// The upper left corner of the quad on the canvas, and its size, pixels.
layout(location = 0) in vec2 corner;
layout(location = 1) in vec2 size;
// The part of the sheet that the quad shows: its upper left corner and its size, texels.
layout(location = 2) in vec4 part;
// The sheet's colours are multiplied by this one. 0 to 1.
layout(location = 3) in vec4 colour;
// The size of the canvas, pixels: the same for all quads.
layout(location = 4) in vec2 canvas;

out vec2 texel;
out vec4 tint;

void main() {
  // The corners in the order of a triangle strip: (0, 0), (1, 0), (0, 1), (1, 1).
  vec2 unit = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 at = corner + unit * size;
  // The canvas's y axis points down from 0, that of WebGL up from -1 to 1.
  gl_Position = vec4(at / canvas * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
  texel = part.xy + unit * part.zw;
  tint = colour;
}
