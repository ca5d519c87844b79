// The gallery in WebAssembly, which the build adds to the pages as gallery.js.

/** Loads the WebAssembly. */
export default function init(): Promise<unknown>;

/** A game on a canvas. */
export class Monitor {
  constructor(canvas: HTMLCanvasElement, replay: string);
  grow(replay: string): void;
  /** Plays on for a time in milliseconds and draws. */
  draw(millis: number): void;
  score(): number;
  isOver(): boolean;
  free(): void;
}
