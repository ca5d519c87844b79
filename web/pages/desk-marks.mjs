// The figures of games on the manager's desk, and the number of marks in them. The server replays a game to compute its
// figures, so only a few games are requested at once, and again only after new events.

import { requestAsAccount } from "/account.mjs";

/** @import { GameView } from "../types.d.ts" */

const MAX_CONCURRENT_REQUESTS = 4;
/** The list of games requests the figures of one game at most this often, in milliseconds. */
const REQUEST_INTERVAL = 10_000;

/**
 * @typedef {{
 *   next_seq: number | null,
 *   count: number | null,
 *   requestedAt: number,
 * }} Entry the game's next event number and the number of marks at the last response, and the time of the last request
 */

/** @type {Map<string, Entry>} */
const entries = new Map();
/**
 * The games whose figures are to be requested.
 * @type {GameView[]}
 */
let waiting = [];
let requests = 0;

/**
 * The number of marks of a game, or null if it is not known yet.
 * @param {GameView} game
 */
export const countMarks = ({ game }) => entries.get(game)?.count ?? null;

/**
 * Whether figures that were requested before are of an earlier state of the game, and may be requested again.
 * @param {GameView} game
 */
export function areFiguresOutdated({ game, next_seq }) {
  const entry = entries.get(game);
  return !entry || (entry.next_seq !== next_seq && Date.now() - entry.requestedAt >= REQUEST_INTERVAL);
}

/**
 * Requests the figures of a game, and stores the number of its marks.
 * @param {GameView} view
 */
export async function loadFigures({ game, next_seq }) {
  const entry = entries.get(game) ?? { next_seq: null, count: null, requestedAt: 0 };
  entries.set(game, entry);
  entry.requestedAt = Date.now();
  const figures = await requestAsAccount("get", "/v1/games/{game}/figures", { path: { game } });
  Object.assign(entry, { next_seq, count: figures.marks.length });
  return figures;
}

/**
 * Requests the marks of those games whose marks are unknown or outdated. The games of an earlier call that still wait are
 * left out.
 * @param {GameView[]} games
 * @param {() => void} onLoad runs after each response
 */
export function loadMarks(games, onLoad) {
  waiting = games.filter(areFiguresOutdated);
  while (requests < MAX_CONCURRENT_REQUESTS && waiting.length > 0) {
    loadNext(onLoad);
  }
}

/** @param {() => void} onLoad */
async function loadNext(onLoad) {
  const game = waiting.shift();
  if (!game) {
    return;
  }
  requests += 1;
  try {
    await loadFigures(game);
    onLoad();
  } catch {
    // The next refresh of the list requests the figures again.
  } finally {
    requests -= 1;
  }
  await loadNext(onLoad);
}
