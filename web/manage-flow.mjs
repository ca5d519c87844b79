// The flow of events at the manager's desk: how many, how soon, and what could not be processed.

import { ask } from "/account.mjs";
import { element, make, showEach } from "/dom.mjs";

/** Points of a chart, one a second. */
const MINUTE = 60;

const rates = [];
const lags = [];
let flow = null;

export async function loadFlow(attempt) {
  const now = await ask("GET", "/v1/flow");
  if (flow !== null && now.now > flow.now) {
    keep(rates, (Math.max(0, now.events - flow.events) * 1000) / (now.now - flow.now));
    keep(lags, now.lag_millis);
  }
  flow = now;
  showFlow();
  if (now.dead_letters !== element("dead-letters").childElementCount) {
    await loadDeadLetters(attempt);
  }
}

function keep(points, point) {
  points.push(point);
  points.splice(0, points.length - MINUTE);
}

function showFlow() {
  element("flow-rate").textContent = Math.round(rates.at(-1) ?? 0);
  element("flow-lag").textContent = flow.lag_millis;
  element("flow-rejected").textContent = flow.rejected;
  element("flow-letters").textContent = flow.dead_letters;
  draw("flow-rates", rates, 1);
  draw("flow-lags", lags, 100);
}

/** Draws points, the highest as high as the chart, or as `least` where none is higher. */
function draw(id, points, least) {
  const highest = Math.max(least, ...points);
  const places = points.map((point, i) => `${MINUTE - points.length + i},${(20 - (19 * point) / highest).toFixed(1)}`);
  element(id).firstElementChild.setAttribute("points", places.join(" "));
}

async function loadDeadLetters(attempt) {
  const { letters } = await ask("GET", "/v1/dead-letters");
  showEach(element("dead-letters"), letters, ({ place, reason }) => {
    const retry = async () => {
      await ask("POST", `/v1/dead-letters/${place}/retry`);
      // One that fails again has another place.
      await loadDeadLetters(attempt);
    };
    const button = make("button", { type: "button", textContent: "Try again", onclick: () => attempt(retry) });
    return make("li", {}, `${place}: ${reason} `, button);
  });
}
