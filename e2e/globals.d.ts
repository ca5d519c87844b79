// What the game and the tests add to the page's window.

interface Window {
  announced: string[];
  audio: AudioContext[];
  frameTimes: number[];
  audioLags: number[];
  keyTimes: { frames: number; time: number }[];
  pad: { axes: number[]; buttons: GamepadButton[] };
  playable: number | undefined;
  prevented: Record<string, boolean>;
}
