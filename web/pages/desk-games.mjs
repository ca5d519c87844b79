// The games of the selected session on the manager's desk.

import { requestAsAccount } from "/account.mjs";
import { openGame } from "/desk-game.mjs";
import { countMarks, loadMarks } from "/desk-marks.mjs";
import { describeVerdict } from "/desk-verdicts.mjs";
import { child, cloneTemplate, element, orderChildren, setText } from "/dom.mjs";

/** @import { GameView } from "../types.d.ts" */

/** Only the newest games are shown. The exports contain all. */
const MAX_ROWS = 50;

/** The session whose games were requested last. */
let requested = "";
/**
 * The newest games of the session.
 * @type {GameView[]}
 */
let games = [];
/**
 * The row of each game that is shown.
 * @type {Map<string, HTMLElement>}
 */
const rows = new Map();

/** @param {string} session */
export async function showGames(session) {
  requested = session;
  const response = await requestAsAccount("get", "/v1/sessions/{session}/games", { path: { session } });
  if (requested !== session) {
    return;
  }
  ({ games } = response);
  showTable();
  loadMarks(games.slice(0, MAX_ROWS), showTable);
}

function showTable() {
  const shown = games.slice(0, MAX_ROWS);
  setText(element("games-summary"), summarise(shown));
  element("games").hidden = games.length === 0;
  removeRows(shown);
  const ordered = shown.map((game) => {
    const row = rows.get(game.game) ?? addRow(game.game);
    fillRow(row, game);
    return row;
  });
  orderChildren(child(element("games"), "tbody"), ordered);
}

/** @param {GameView[]} shown */
function summarise(shown) {
  if (games.length === 0) {
    return "No games yet.";
  }
  const count = (/** @type {string} */ status) => games.filter(({ verdict }) => verdict.status === status).length;
  const unranked = games.filter(({ rank }) => rank.status === "unranked").length;
  const marks = shown.map(countMarks).filter((marks) => marks !== null);
  const marked = marks.filter((marks) => marks > 0).length;
  return (
    `Last ${games.length} games: ${count("live")} live, ${count("verified")} verified, ` +
    `${count("rejected")} rejected, ${unranked} unranked. ${marked} of ${marks.length} checked games marked.`
  );
}

/** @param {GameView[]} shown */
function removeRows(shown) {
  const ids = new Set(shown.map(({ game }) => game));
  for (const [id, row] of rows) {
    if (!ids.has(id)) {
      row.remove();
      rows.delete(id);
    }
  }
}

/** @param {string} id */
function addRow(id) {
  const row = cloneTemplate("game-row");
  row.dataset.game = id;
  child(row, "button").onclick = () => {
    const game = games.find(({ game }) => game === id);
    if (game) {
      openGame(game, () => showGames(requested));
    }
  };
  rows.set(id, row);
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {GameView} game
 */
function fillRow(row, game) {
  const marks = countMarks(game);
  const fields = {
    start: new Date(game.opened_at).toLocaleTimeString(),
    nickname: game.nickname,
    score: game.run.score,
    level: game.level,
    pace: `${game.pace_percent} %`,
    verdict: describeVerdict(game),
    marks: marks === null ? "…" : describeCount(marks),
  };
  for (const [name, value] of Object.entries(fields)) {
    setText(child(row, `[data-field="${name}"]`), value);
  }
  child(row, '[data-field="verdict"]', HTMLAnchorElement).href = `/?watch=${game.game}`;
  row.classList.toggle("marked", marks !== null && marks > 0);
}

/** @param {number} marks */
function describeCount(marks) {
  if (marks === 0) {
    return "none";
  }
  return marks === 1 ? "1 mark" : `${marks} marks`;
}
