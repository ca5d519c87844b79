// Shows how much of the game has arrived, and says plainly what is missing where it cannot run.
// Trunk calls this.

const element = (id) => document.getElementById(id);

/** The game's size as built, which a compressed download's length does not tell; 0 where the build did not say. */
const gameBytes = Number(document.querySelector('meta[name="game-bytes"]').content);

function trouble(text) {
  element("trouble-text").textContent = text;
  element("trouble").hidden = false;
  element("loading").hidden = true;
}

/**
 * Makes the canvas's drawing context, which the game then finds made: opaque, shown without a detour, and with no buffer
 * that it does not use. Where there is no graphics processor this is what gives it 60 frames a second.
 */
function hasWebGl2() {
  const attributes = { alpha: false, antialias: false, depth: false, desynchronized: true, stencil: false };
  return element("playfield").getContext("webgl2", attributes) !== null;
}

export default function loader() {
  return {
    onStart() {
      if (!hasWebGl2()) {
        trouble(
          "This browser has no WebGL2, which draws the game. A current Firefox, Chrome, Edge or Safari has it; " +
            "in the settings it may be called hardware or graphics acceleration.",
        );
      }
    },
    onProgress({ current }) {
      if (gameBytes > 0) {
        const percent = Math.min(100, Math.round((100 * current) / gameBytes));
        element("loading-progress").value = percent;
        element("loading-percent").textContent = `${percent} %`;
      }
    },
    onComplete() {
      element("loading-text").textContent = "Starting";
    },
    onSuccess() {
      element("loading").hidden = true;
      // Whoever is signed in plays in that name.
      if (localStorage.getItem("alien-attack.account") !== null) {
        import("/account.mjs").then(({ stayFresh }) => stayFresh());
      }
      if (new URLSearchParams(location.search).has("tune")) {
        import("/tune.mjs");
      }
    },
    onFailure(error) {
      trouble(`The game could not be loaded: ${error}. Reload the page to try again.`);
    },
  };
}
