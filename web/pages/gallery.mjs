// The games of the leaders beside the standings. Each is replayed from its button log by the rules of the game.

import { child, cloneTemplate, element, setText } from "/dom.mjs";
import { deleteViewerToken, viewerToken } from "/viewer.mjs";

/** @import { Monitor } from "/gallery.js" */
/** @import { GameReplay, Ranked } from "../types.d.ts" */

const MAX_MONITORS = 4;
/** Time between two requests for the replays, in milliseconds. */
const REFRESH_INTERVAL = 1000;
/** How long a game stays after its end, in milliseconds. */
const LINGER = 4000;
/**
 * A game without new buttons for this long is replaced by another, in milliseconds. The first buttons of a delayed game
 * arrive after the delay.
 */
const IDLE_TIMEOUT = 15_000;
/** A replaced game is not shown again for this long, in milliseconds. */
const RETRY_DELAY = 60_000;
/** The longest step of a game between two frames, in milliseconds. */
const MAX_FRAME = 250;

/**
 * A game on the page, and the delay of its replay in milliseconds. It is removed at `expires`, by `performance.now()`: some
 * time after its last new buttons, or after its end.
 * @typedef {{
 *   game: string,
 *   player: string,
 *   figure: HTMLElement,
 *   monitor: Monitor | null,
 *   replay: string | null,
 *   delay: number,
 *   expires: number,
 * }} Entry
 */

const gallery = element("gallery");
/** Phones have no room for the gallery, so they do not load it. */
const wideScreen = matchMedia("(min-width: 64rem)");
/**
 * The games on the page by their IDs, in the order of their appearance.
 * @type {Map<string, Entry>}
 */
const entries = new Map();
/**
 * Replaced games, and the time from which they may be shown again.
 * @type {Map<string, number>}
 */
const blocked = new Map();
/** @type {Promise<typeof Monitor | null> | null} */
let loading = null;

/**
 * Shows the newest games of the best players.
 * @param {Ranked[]} standings
 */
export async function showGallery(standings) {
  const leaders = chooseLeaders(standings);
  if (leaders.length > 0) {
    loading ??= loadGallery();
  }
  const Monitor = await loading;
  if (!Monitor) {
    return;
  }
  updateEntries(standings, leaders);
  for (const { game, player } of leaders) {
    if (!entries.has(game) && entries.size < MAX_MONITORS) {
      await addEntry(game, player, standings, Monitor);
    }
  }
  gallery.hidden = entries.size === 0;
}

/**
 * The best players with a game that can be shown, and that game.
 * @param {Ranked[]} standings
 */
function chooseLeaders(standings) {
  if (!wideScreen.matches) {
    return [];
  }
  const isBlocked = (/** @type {string} */ game) => performance.now() < (blocked.get(game) ?? 0);
  const playing = standings.flatMap(({ player, newest }) =>
    newest && !isBlocked(newest) ? [{ player, game: newest }] : [],
  );
  return playing.slice(0, MAX_MONITORS);
}

/** Returns null if the gallery cannot be loaded: the standings work without it. */
async function loadGallery() {
  try {
    const module = await import("/gallery.js");
    await module.default();
    requestAnimationFrame(drawEntries);
    setInterval(refreshEntries, REFRESH_INTERVAL);
    return module.Monitor;
  } catch (error) {
    console.warn("The gallery could not be loaded:", error);
    return null;
  }
}

/**
 * Returns the replay of a game; null if all games of the session have the same seed and have not started.
 * @param {string} game
 */
async function loadReplay(game) {
  let response = await fetchReplay(game);
  if (response.status === 401) {
    // The token has expired. Without one, the replay is delayed.
    deleteViewerToken();
    response = await fetchReplay(game);
  }
  if (response.status === 409) {
    return null;
  }
  if (!response.ok) {
    throw new Error(`The replay of game ${game} could not be loaded: status ${response.status}.`);
  }
  return response.text();
}

/** @param {string} game */
function fetchReplay(game) {
  const token = viewerToken();
  /** @type {HeadersInit} */
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`/v1/games/${game}/replay`, { headers });
}

/**
 * Removes games of players who are no longer leaders, and labels the others. A game that is no longer its player's newest
 * one has just ended and stays until it expires.
 * @param {Ranked[]} standings
 * @param {{ game: string }[]} leaders
 */
function updateEntries(standings, leaders) {
  for (const entry of entries.values()) {
    const isLeading = leaders.some(({ game }) => game === entry.game);
    const isNewest = standings.some(({ newest }) => newest === entry.game);
    if (!isLeading && isNewest) {
      removeEntry(entry);
    } else {
      labelEntry(entry, standings);
    }
  }
}

/**
 * @param {string} game
 * @param {string} player
 * @param {Ranked[]} standings
 * @param {typeof Monitor} Monitor
 */
async function addEntry(game, player, standings, Monitor) {
  const figure = cloneTemplate("monitor");
  /** @type {Entry} */
  const entry = { game, player, figure, monitor: null, replay: null, delay: 0, expires: Infinity };
  entries.set(game, entry);
  try {
    const replay = await loadReplay(game);
    if (replay === null) {
      removeEntry(entry);
      return;
    }
    entry.monitor = new Monitor(child(figure, "canvas", HTMLCanvasElement), replay);
    storeReplay(entry, replay);
  } catch (error) {
    console.warn(`Game ${game} cannot be shown:`, error);
    blockEntry(entry, RETRY_DELAY);
    return;
  }
  if (entry.monitor.isOver()) {
    blockEntry(entry, Infinity);
    return;
  }
  figure.dataset.game = game;
  labelEntry(entry, standings);
  gallery.append(figure);
  showDelay();
}

/**
 * Stores the latest replay of a game. A game is hidden until its first buttons arrive.
 * @param {Entry} entry
 * @param {string} replay
 */
function storeReplay(entry, replay) {
  /** @type {GameReplay} */
  const { delay_seconds, log } = JSON.parse(replay);
  const delay = 1000 * delay_seconds;
  Object.assign(entry, { replay, delay, expires: performance.now() + IDLE_TIMEOUT + delay });
  entry.figure.hidden = log === "";
}

/**
 * Removes a game and does not show it again before a time has passed, which can be infinite.
 * @param {Entry} entry
 * @param {number} millis
 */
function blockEntry(entry, millis) {
  blocked.set(entry.game, performance.now() + millis);
  removeEntry(entry);
}

/** @param {Entry} entry */
function removeEntry({ game, figure, monitor }) {
  entries.delete(game);
  figure.remove();
  monitor?.free();
}

/**
 * Shows the rank and the nickname of a game's player. The order follows the ranks.
 * @param {Entry} entry
 * @param {Ranked[]} standings
 */
function labelEntry({ figure, player }, standings) {
  const standing = standings.find((standing) => standing.player === player);
  if (standing) {
    figure.style.order = String(standing.rank);
    child(figure, '[data-field="rank"]').textContent = String(standing.rank);
    child(figure, '[data-field="nickname"]').textContent = standing.nickname;
  }
}

/** Requests the replays of the games again, which have grown since. */
async function refreshEntries() {
  for (const entry of entries.values()) {
    if (entry.expires < performance.now()) {
      blockEntry(entry, entry.monitor?.isOver() ? Infinity : RETRY_DELAY);
    } else if (entry.monitor !== null && !document.hidden) {
      // A failed request is repeated the next time.
      const replay = await loadReplay(entry.game).catch(() => null);
      if (replay !== null && replay !== entry.replay && entries.has(entry.game)) {
        storeReplay(entry, replay);
        entry.monitor.grow(replay);
      }
    }
  }
  gallery.hidden = entries.size === 0;
  showDelay();
}

/** Says by how much the games are delayed. */
function showDelay() {
  const seconds = Math.max(0, ...[...entries.values()].map(({ delay }) => delay)) / 1000;
  const note = element("gallery-delay");
  note.hidden = seconds === 0;
  setText(note, `The games are shown ${seconds} seconds behind.`);
}

let previousFrame = performance.now();

/** @param {number} now */
function drawEntries(now) {
  const elapsed = Math.min(now - previousFrame, MAX_FRAME);
  previousFrame = now;
  for (const entry of entries.values()) {
    if (entry.monitor !== null) {
      entry.monitor.draw(elapsed);
      child(entry.figure, '[data-field="score"]').textContent = String(entry.monitor.score());
      if (entry.monitor.isOver()) {
        entry.expires = Math.min(entry.expires, now + LINGER);
      }
    }
  }
  requestAnimationFrame(drawEntries);
}
