#version 300 es
// Colours a pixel of a quad.

precision mediump float;
// Positions on the sheet need more than the 10 bits of medium precision.
precision highp int;

// The sheet of sprites and letters.
uniform mediump sampler2D sheet;

in highp vec2 texel;
in vec4 tint;

out vec4 colour;

void main() {
  // One texel and no blend of neighbours: sprites keep hard edges and do not touch the parts beside them.
  colour = texelFetch(sheet, ivec2(texel), 0) * tint;
}
