// Shows how much of the game has arrived, and says plainly what is missing where it cannot run.
// Trunk calls this; it knows the size before compression, which the server's headers do not tell.

const element = (id) => document.getElementById(id);

function trouble(text) {
  element("trouble-text").textContent = text;
  element("trouble").hidden = false;
  element("loading").hidden = true;
}

function hasWebGl2() {
  return document.createElement("canvas").getContext("webgl2") !== null;
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
    onProgress({ current, total }) {
      const percent = total ? Math.min(100, Math.round((100 * current) / total)) : undefined;
      if (percent !== undefined) {
        element("loading-progress").value = percent;
        element("loading-percent").textContent = `${percent} %`;
      }
    },
    onComplete() {
      element("loading-text").textContent = "Starting";
    },
    onSuccess() {
      element("loading").hidden = true;
    },
    onFailure(error) {
      trouble(`The game could not be loaded: ${error}. Reload the page to try again.`);
    },
  };
}
