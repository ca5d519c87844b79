// Exports of the selected session on the manager's desk: all games and standings as files.

import { requestAsAccount, requestFileAsAccount } from "/account.mjs";
import { attempt } from "/attempt.mjs";
import { element } from "/dom.mjs";
import { downloadFile } from "/download.mjs";

/** Rows that a request for standings returns at most. */
const PAGE_SIZE = 100;

/** @param {string} session */
export function offerExports(session) {
  const path = { session };
  const loadStandings = async (/** @type {number} */ after) => {
    const query = { session, after, top: PAGE_SIZE };
    const { standings, next } = await requestAsAccount("get", "/v1/standings", { query });
    return { rows: standings, next };
  };
  const loadGames = async (/** @type {number} */ after) => {
    const { games, next } = await requestAsAccount("get", "/v1/sessions/{session}/games", { path, query: { after } });
    return { rows: games, next };
  };
  element("standings-csv", HTMLAnchorElement).href = `/v1/standings.csv?session=${session}`;
  offerFile("standings-json", `standings-${session}.json`, async () => toJsonFile(await loadAll(loadStandings)));
  offerFile("games-csv", `games-${session}.csv`, () => requestFileAsAccount(`/v1/sessions/${session}/games.csv`));
  offerFile("games-json", `games-${session}.json`, async () => toJsonFile(await loadAll(loadGames)));
}

/**
 * Makes a button download a file.
 * @param {string} id
 * @param {string} name
 * @param {() => Promise<Blob>} load
 */
function offerFile(id, name, load) {
  element(id).onclick = () => attempt(async () => downloadFile(name, await load()));
}

/** @param {unknown[]} rows */
const toJsonFile = (rows) => new Blob([JSON.stringify(rows, null, 1)], { type: "application/json" });

/**
 * Loads all pages of a list.
 * @template T
 * @param {(after: number) => Promise<{ rows: T[], next?: number | null }>} loadPage
 */
async function loadAll(loadPage) {
  const all = [];
  /** @type {number | null} */
  let after = 0;
  while (after !== null) {
    const { rows, next = null } = await loadPage(after);
    all.push(...rows);
    after = next;
  }
  return all;
}
