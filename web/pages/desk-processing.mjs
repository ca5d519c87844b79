// Event processing on the manager's desk: the rate of events, the delay, and dead letters.

import { requestAsAccount } from "/account.mjs";
import { attempt } from "/attempt.mjs";
import { child, element, make, updateList } from "/dom.mjs";

/** @import { FlowView } from "../types.d.ts" */

/** Points of a chart, one a second. */
const MAX_POINTS = 60;
/** The height of a chart and the highest position of a point, in units of the chart. */
const CHART_HEIGHT = 20;
const CHART_TOP = 19;

/** @type {number[]} */
const rates = [];
/** @type {number[]} */
const lags = [];
/** @type {FlowView | null} */
let previous = null;

export async function showProcessing() {
  const flow = await requestAsAccount("get", "/v1/flow", {});
  if (previous !== null && flow.now > previous.now) {
    const events = Math.max(0, flow.events - previous.events);
    addPoint(rates, (events * 1000) / (flow.now - previous.now));
    addPoint(lags, flow.lag_millis);
  }
  previous = flow;
  element("event-rate").textContent = String(Math.round(rates.at(-1) ?? 0));
  element("processing-delay").textContent = String(flow.lag_millis);
  element("rejected-games").textContent = String(flow.rejected);
  element("dead-letter-count").textContent = String(flow.dead_letters);
  drawChart("event-rates", rates, 1);
  drawChart("processing-delays", lags, 100);
  if (flow.dead_letters !== element("dead-letters").childElementCount) {
    await showDeadLetters();
  }
}

/**
 * @param {number[]} points
 * @param {number} point
 */
function addPoint(points, point) {
  points.push(point);
  points.splice(0, points.length - MAX_POINTS);
}

/**
 * Draws the points of a chart. The scale ends at the highest point, or at `minScale` if all points are lower.
 * @param {string} id
 * @param {number[]} points
 * @param {number} minScale
 */
function drawChart(id, points, minScale) {
  const highest = Math.max(minScale, ...points);
  const positions = points.map((point, i) => {
    const y = CHART_HEIGHT - (CHART_TOP * point) / highest;
    return `${MAX_POINTS - points.length + i},${y.toFixed(1)}`;
  });
  child(element(id, SVGElement), "polyline", SVGElement).setAttribute("points", positions.join(" "));
}

async function showDeadLetters() {
  const { letters } = await requestAsAccount("get", "/v1/dead-letters", {});
  updateList(element("dead-letters"), letters, ({ place, reason }) => {
    const retry = async () => {
      await requestAsAccount("post", "/v1/dead-letters/{place}/retry", { path: { place } });
      // If the record fails again, it is a new dead letter.
      await showDeadLetters();
    };
    const onclick = () => attempt(retry);
    return make(
      "li",
      {},
      `${place}: ${reason} `,
      make("button", { type: "button", textContent: "Retry record", onclick }),
    );
  });
}
