// Loads the game and starts it. It shows the progress of the download, starts a download that stalls again, and takes the
// nickname of a new player meanwhile.

import { element } from "/dom.mjs";
import { KEYS, local } from "/storage.mjs";

/** A download without a new byte for this long has stalled, in milliseconds. */
const STALL = 10_000;
/** Pauses before the next attempt, in milliseconds. */
const PAUSES = [1000, 3000, 9000];
/** Pages on which nobody starts a game with a nickname. */
const PAGES_WITHOUT_NAME = ["alone", "tune", "watch"];

/** The size of the game's WebAssembly in bytes, written by the build; 0 if unknown. A compressed download has no total. */
const gameBytes = Number(document.querySelector('meta[name="game-bytes"]')?.getAttribute("content"));
const text = element("loading-text");

/** The addresses of the game's files, whose names the build writes. */
const files = element("loader").dataset;

/** @param {number} bytes */
function showProgress(bytes) {
  if (gameBytes > 0) {
    const percent = Math.min(100, Math.round((100 * bytes) / gameBytes));
    element("loading-progress", HTMLProgressElement).value = percent;
    element("loading-percent").textContent = `${percent} %`;
  }
}

/**
 * Downloads and compiles the game. The browser compiles the response itself, and not what a reader of it passes on, so that
 * it can cache the result for the next visit.
 * @throws {NoWebGl2} if the browser has no WebGL2
 */
async function compile() {
  const abort = new AbortController();
  const watchdog = new Watchdog(() => abort.abort());
  try {
    const response = await fetch(files.wasm ?? "", { signal: abort.signal });
    if (!response.ok) {
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    }
    const copy = response.clone();
    const loaded = Promise.all([WebAssembly.compileStreaming(response), watch(copy, watchdog)]);
    // Nobody waits for it if the context cannot be created.
    loaded.catch(() => {});
    // Blocks the page. The browser compiles in the background meanwhile.
    createContext();
    const [module] = await loaded;
    return module;
  } catch (error) {
    const hasStalled = abort.signal.aborted;
    // Nothing more is downloaded for a game that cannot start.
    abort.abort();
    throw hasStalled ? new Error("the download stalled") : error;
  } finally {
    watchdog.stop();
  }
}

/** Calls a function unless it is fed again and again. */
class Watchdog {
  /** @param {() => void} act */
  constructor(act) {
    this.act = act;
    this.timer = setTimeout(act, STALL);
  }

  feed() {
    this.stop();
    this.timer = setTimeout(this.act, STALL);
  }

  stop() {
    clearTimeout(this.timer);
  }
}

/**
 * Shows the progress of a download.
 * @param {Response} response
 * @param {Watchdog} watchdog
 */
async function watch(response, watchdog) {
  const reader = response.body?.getReader();
  let bytes = 0;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    watchdog.feed();
    bytes += part.value.byteLength;
    showProgress(bytes);
  }
  watchdog.stop();
}

/**
 * Tries again after a failure, with longer and longer pauses.
 * @template T
 * @param {() => Promise<T>} attempt
 */
async function retry(attempt) {
  for (const pause of PAUSES) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof NoWebGl2) {
        throw error;
      }
      text.textContent = `${sentence(error)} Trying again.`;
      await new Promise((resolve) => setTimeout(resolve, pause));
      text.textContent = "Loading the game";
    }
  }
  return attempt();
}

/** @param {unknown} error */
function sentence(error) {
  const reason = error instanceof Error ? error.message : String(error);
  return `The game cannot be loaded: ${reason}.`;
}

/** @param {unknown} error */
function showError(error) {
  element("trouble-text").textContent =
    error instanceof NoWebGl2 ? error.message : `${sentence(error)} Check the connection, then reload the page.`;
  element("trouble").hidden = false;
}

/**
 * Creates the canvas's drawing context while the game still loads; the game takes it over. Without a graphics processor
 * these attributes are what gives 60 frames a second: opaque, desynchronized, and without unused buffers. The canvas has the
 * size of the first picture from the start, because changing it costs time.
 * @throws {Error} if the browser has no WebGL2
 */
function createContext() {
  const attributes = { alpha: false, antialias: false, depth: false, desynchronized: true, stencil: false };
  if (element("playfield", HTMLCanvasElement).getContext("webgl2", attributes) === null) {
    throw new NoWebGl2();
  }
}

class NoWebGl2 extends Error {
  constructor() {
    super(
      "This browser has no WebGL2, which the game needs. Use a current Firefox, Chrome, Edge or Safari, or enable " +
        "hardware acceleration in the browser's settings.",
    );
  }
}

/** Whether this browser has a nickname, so that the player needs none. */
function hasNickname() {
  const player = local.load(KEYS.player);
  return typeof player === "object" && player !== null && "nickname" in player && player.nickname !== null;
}

/** Shows the field for the nickname, unless the page or the player needs none. The game reads what it holds. */
function askForName() {
  const query = new URLSearchParams(location.search);
  const form = element("early-name", HTMLFormElement);
  form.hidden = hasNickname() || PAGES_WITHOUT_NAME.some((page) => query.has(page));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.dataset.chosen = "";
    const input = element("early-name-input", HTMLInputElement);
    input.blur();
    element("early-name-hint").textContent = `The game starts for ${input.value} as soon as it is loaded.`;
  });
  form.addEventListener("input", () => {
    delete form.dataset.chosen;
    element("early-name-hint").textContent = "";
  });
}

function loadOtherModules() {
  element("keep").addEventListener("click", (event) => {
    event.preventDefault();
    import("/save-replay.mjs").then(({ saveReplay }) => saveReplay());
  });
  // The game sends its requests with the account's access token.
  if (local.load(KEYS.account) !== null) {
    import("/account.mjs").then(({ keepTokensValid }) => keepTokensValid());
  }
  if (new URLSearchParams(location.search).has("tune")) {
    import("/tune.mjs");
  }
}

async function start() {
  const [{ default: init }, module] = await Promise.all([import(files.bindings ?? ""), retry(compile)]);
  text.textContent = "Starting the game";
  await init({ module_or_path: module });
  loadOtherModules();
}

element("reload").addEventListener("click", () => location.reload());
askForName();
try {
  await start();
} catch (error) {
  // A game that stops while it starts has said why.
  if (element("trouble").hidden) {
    showError(error);
  }
}
element("loading").hidden = true;
