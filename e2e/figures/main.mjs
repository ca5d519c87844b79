// Measures the game in a browser: the download, the time to the first playable frame, the frame times of a level, the time
// from a key to its pixels, and whether frames and sound stay steady for five minutes. With ALIEN_BEFORE=FOLDER, an earlier
// build is measured in turn with the current one.

import { measureEndurance } from "./endurance.mjs";
import { PRESETS, measureFrames } from "./frames.mjs";
import { measureKeys } from "./keys.mjs";
import { measureLoad } from "./load.mjs";
import { CONDITIONS, compareBuilds } from "./setup.mjs";

for (const [name, condition] of Object.entries(CONDITIONS)) {
  await compareBuilds(`Loading, ${name}`, (web) => measureLoad(web, condition));
}
for (const [name, condition] of Object.entries(CONDITIONS)) {
  // The link does not matter while a game runs.
  if (condition.bytesPerSecond !== undefined) {
    continue;
  }
  for (const preset of /** @type {(keyof PRESETS)[]} */ (Object.keys(PRESETS))) {
    await compareBuilds(`Preset ${preset}, first level, ${name}`, (web) => measureFrames(preset, web, condition));
  }
  await compareBuilds(`Keys, ${name}`, (web) => measureKeys(web, condition));
}
await compareBuilds("Preset arcade, five minutes, this machine", measureEndurance);
