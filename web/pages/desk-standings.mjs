// The standings of the selected session on the manager's desk, as bars.

import { element, make } from "/dom.mjs";

/** @import { Standings } from "../types.d.ts" */

/** @param {Standings} standings */
export function showStandings({ standings }) {
  const highest = Math.max(1, ...standings.map(({ run }) => run.score));
  const rows = standings.map(({ nickname, run: { score } }) => {
    const bar = make("span", { className: "bar" });
    bar.style.setProperty("width", `${(100 * score) / highest}%`);
    const name = make("bdi", { textContent: nickname });
    return make("li", {}, bar, name, make("span", { textContent: String(score) }));
  });
  element("standings").replaceChildren(...rows);
}
