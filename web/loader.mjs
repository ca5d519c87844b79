// Shows the progress of the game's download, and why the game cannot run. Trunk's generated script calls the functions.

import { element } from "/dom.mjs";
import { KEYS, local } from "/storage.mjs";

/** The size of the game's WebAssembly in bytes, written by the build; 0 if unknown. A compressed download has no total. */
const gameBytes = Number(document.querySelector('meta[name="game-bytes"]')?.getAttribute("content"));

/** @param {string} message */
function showError(message) {
  element("trouble-text").textContent = message;
  element("trouble").hidden = false;
  element("loading").hidden = true;
}

/**
 * Creates the canvas's drawing context, which the game uses later. Without a graphics processor these attributes are what
 * gives 60 frames a second: opaque, desynchronized, and without unused buffers.
 */
function hasWebGl2() {
  const attributes = { alpha: false, antialias: false, depth: false, desynchronized: true, stencil: false };
  return element("playfield", HTMLCanvasElement).getContext("webgl2", attributes) !== null;
}

export default function loader() {
  return {
    onStart() {
      if (!hasWebGl2()) {
        showError(
          "This browser has no WebGL2, which the game needs. Use a current Firefox, Chrome, Edge or Safari, or enable " +
            "hardware acceleration in the browser's settings.",
        );
      }
    },
    /** @param {{ current: number }} progress bytes */
    onProgress({ current }) {
      if (gameBytes > 0) {
        const percent = Math.min(100, Math.round((100 * current) / gameBytes));
        element("loading-progress", HTMLProgressElement).value = percent;
        element("loading-percent").textContent = `${percent} %`;
      }
    },
    onComplete() {
      element("loading-text").textContent = "Starting the game";
    },
    onSuccess() {
      element("loading").hidden = true;
      import("/save-replay.mjs").then(({ handleSaveLink }) => handleSaveLink());
      // The game sends its requests with the account's access token.
      if (local.load(KEYS.account) !== null) {
        import("/account.mjs").then(({ keepTokensValid }) => keepTokensValid());
      }
      if (new URLSearchParams(location.search).has("tune")) {
        import("/tune.mjs");
      }
    },
    /** @param {unknown} error */
    onFailure(error) {
      showError(`The game could not be loaded: ${error}. Reload the page to try again.`);
    },
  };
}
