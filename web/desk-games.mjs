// The games of the selected session on the manager's desk.

import { requestAsAccount } from "/account.mjs";
import { child, element, make, updateList } from "/dom.mjs";

/** @import { GameView } from "./types.d.ts" */

/** Only the newest games are shown. The exports contain all. */
const MAX_ROWS = 50;

/** @typedef {Extract<GameView["verdict"], { status: "rejected" }>["reason"]["code"]} RejectionCode */

/** @type {Record<RejectionCode, string>} */
const REJECTIONS = {
  ahead_of_time: "faster than real time",
  rewritten: "button log changed",
  broken_log: "button log incomplete",
  hash_mismatch: "state differs from the replay",
  not_over: "not over by the rules",
  past_end: "buttons after the end",
  too_long: "longer than the maximum",
};

/** The session whose games were requested last. */
let requested = "";

/** @param {string} session */
export async function showGames(session) {
  requested = session;
  const { games } = await requestAsAccount("get", "/v1/sessions/{session}/games", { path: { session } });
  if (requested !== session) {
    return;
  }
  const count = (/** @type {string} */ status) => games.filter(({ verdict }) => verdict.status === status).length;
  element("games-summary").textContent =
    games.length === 0
      ? "No games yet."
      : `Last ${games.length} games: ${count("live")} live, ${count("verified")} verified, ${count("rejected")} rejected`;
  element("games").hidden = games.length === 0;
  updateList(child(element("games"), "tbody"), games.slice(0, MAX_ROWS), makeRow);
}

/** @param {GameView} game */
function makeRow(game) {
  const makeCell = (/** @type {string | number} */ content, className = "") =>
    make("td", { textContent: String(content), className });
  return make(
    "tr",
    {},
    makeCell(new Date(game.opened_at).toLocaleTimeString()),
    make("th", { scope: "row" }, make("bdi", { textContent: game.nickname })),
    makeCell(game.run.score),
    makeCell(game.level, "detail"),
    makeCell(`${game.pace_percent} %`, "detail"),
    make("td", {}, make("a", { textContent: describeVerdict(game), href: `/?watch=${game.game}` })),
  );
}

/** @param {GameView} game */
function describeVerdict({ verdict, late }) {
  const words = verdict.status === "rejected" ? `rejected: ${REJECTIONS[verdict.reason.code]}` : verdict.status;
  return late ? `${words}, partly too late to count` : words;
}
