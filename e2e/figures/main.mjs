// Measures the game in a browser: the download, the time to the first playable frame, the frame times of a level, the time
// from a key to its pixels, and whether frames and sound stay steady for five minutes. With ALIEN_BEFORE=FOLDER, an earlier
// build is measured in turn with the current one. Arguments choose measurements; without any, all run.

import { measureEndurance } from "./endurance.mjs";
import { PRESETS, measureFrames } from "./frames.mjs";
import { measureKeys } from "./keys.mjs";
import { measureLoad } from "./load.mjs";
import { CONDITIONS, compareBuilds } from "./setup.mjs";

/** The conditions that matter while a game runs: the link is none of them. */
const PLAY_CONDITIONS = Object.entries(CONDITIONS).filter(([, { bytesPerSecond }]) => bytesPerSecond === undefined);

const MEASUREMENTS = {
  async loading() {
    for (const [name, condition] of Object.entries(CONDITIONS)) {
      await compareBuilds(`Loading, ${name}`, (web) => measureLoad(web, condition));
    }
  },
  async frames() {
    for (const [name, condition] of PLAY_CONDITIONS) {
      for (const preset of /** @type {(keyof PRESETS)[]} */ (Object.keys(PRESETS))) {
        await compareBuilds(`Preset ${preset}, first level, ${name}`, (web) => measureFrames(preset, web, condition));
      }
    }
  },
  async keys() {
    for (const [name, condition] of PLAY_CONDITIONS) {
      await compareBuilds(`Keys, ${name}`, (web) => measureKeys(web, condition));
    }
  },
  async endurance() {
    await compareBuilds("Preset arcade, five minutes, this machine", measureEndurance);
  },
};

const chosen = process.argv.slice(2);
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (chosen.length === 0 || chosen.includes(name)) {
    await measure();
  }
}
