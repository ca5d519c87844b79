// The session on the big screen: its stage, the remaining time, and how to join.

import { formatTimeUntil, serverNow } from "/clock.mjs";
import { element, setText } from "/dom.mjs";
import { SCOREBOARD_STAGES } from "/stages.mjs";

/** @import { SessionView } from "../types.d.ts" */

/** @type {SessionView | null} */
let session = null;

/** @param {SessionView} update */
export function showSession(update) {
  session = update;
  const { code, name, stage } = update;
  const panel = element("session");
  panel.hidden = false;
  panel.dataset.stage = stage;
  element("session-name").textContent = name;
  element("session-code").textContent = code;
  showQrCode(code);
  Object.assign(element("play"), { textContent: `${location.host}/?join=${code}`, href: `/?join=${code}` });
  showTime();
}

/** @param {string} code */
function showQrCode(code) {
  const image = element("session-qr", HTMLImageElement);
  const src = `/v1/codes/${code}/qr.svg`;
  if (image.getAttribute("src") !== src) {
    Object.assign(image, { src, alt: `QR code to join: ${location.host}/?join=${code}` });
  }
}

/** Shows the stage, and the time until the start or the end. */
export function showTime() {
  if (session === null) {
    return;
  }
  let text = SCOREBOARD_STAGES[session.stage];
  let instant = null;
  if (session.stage === "running" && serverNow() < session.starts_at) {
    text = "get ready: starts in";
    instant = session.starts_at;
  } else if (session.stage === "running") {
    instant = session.ends_at ?? null;
  }
  setText(element("session-stage"), text);
  setText(element("session-time"), instant === null ? "" : formatTimeUntil(instant));
}
