// The table of standings. Rows move to their new positions when the ranks change.

import { child, cloneTemplate, element, orderChildren, setText } from "/dom.mjs";
import { KEYS, local } from "/storage.mjs";

/** @import { Ranked } from "../types.d.ts" */

/** A live game without events for this long is shown as away, in milliseconds. */
const AWAY_AFTER = 15_000;
/** How long a row takes to move, in milliseconds. */
const MOVE_DURATION = 600;

const body = child(element("standings"), "tbody");
/**
 * The row of each player.
 * @type {Map<string, HTMLElement>}
 */
const rows = new Map();

/** @param {Ranked[]} standings */
export function showStandings(standings) {
  const previous = new Map([...rows].map(([player, row]) => [player, row.offsetTop]));
  removeRows(standings);
  const ordered = standings.map((standing) => {
    const row = rows.get(standing.player) ?? addRow(standing.player);
    fillRow(row, standing);
    return row;
  });
  orderChildren(body, ordered);
  animateMoves(previous);
  element("standings").hidden = standings.length === 0;
  element("empty").hidden = standings.length > 0;
}

/**
 * Removes the rows of players without a standing.
 * @param {Ranked[]} standings
 */
function removeRows(standings) {
  const players = new Set(standings.map(({ player }) => player));
  for (const [player, row] of rows) {
    if (!players.has(player)) {
      row.remove();
      rows.delete(player);
    }
  }
}

/** @param {string} player */
function addRow(player) {
  const row = cloneTemplate("row");
  row.dataset.player = player;
  rows.set(player, row);
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {Ranked} standing
 */
function fillRow(row, standing) {
  const { rank, nickname, game, level, tuning_name, tuning_hash, verdict } = standing;
  const { score, lives, shots } = standing.run;
  const fields = { rank, nickname, score, level, lives, shots, "tuning-name": tuning_name, "tuning-hash": tuning_hash };
  for (const [name, value] of Object.entries(fields)) {
    setText(child(row, `[data-field="${name}"]`), value);
  }
  const state = child(row, '[data-field="state"]', HTMLAnchorElement);
  const { kind, label } = describeState(standing);
  setText(state, label);
  state.dataset.kind = kind;
  state.href = `/?watch=${game}`;
  Object.assign(row.dataset, { rank, game, score, verdict: verdict.status });
}

/**
 * The state of a standing's game: a kind, which decides its symbol, and a label.
 * @param {Ranked} standing
 */
function describeState({ verdict, updated_at }) {
  if (verdict.status === "verified") {
    return { kind: "verified", label: "Verified" };
  }
  return Date.now() - updated_at > AWAY_AFTER ? { kind: "away", label: "Away" } : { kind: "live", label: "Live" };
}

/**
 * Moves rows visibly from their previous positions.
 * @param {Map<string, number>} previous the offset of each player's row
 */
function animateMoves(previous) {
  if (prefersLessMotion()) {
    return;
  }
  for (const [player, row] of rows) {
    const distance = (previous.get(player) ?? row.offsetTop) - row.offsetTop;
    if (distance !== 0) {
      const frames = [{ transform: `translateY(${distance}px)` }, { transform: "none" }];
      row.animate(frames, { duration: MOVE_DURATION, easing: "ease" });
    }
  }
}

/** The game's setting if there is one, else the system's. */
function prefersLessMotion() {
  return local.load(KEYS.lessMotion) ?? matchMedia("(prefers-reduced-motion: reduce)").matches;
}
