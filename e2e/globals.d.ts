// What the game and the tests add to the page's window.

interface Window {
  /** The game's exports from WebAssembly. */
  wasmBindings: { replay_hash(replay: string): string };
  announced: string[];
  audio: AudioContext[];
  frameTimes: number[];
  audioLags: number[];
  pad: { axes: number[]; buttons: GamepadButton[] };
  prevented: Record<string, boolean>;
}
