// The selected session on the manager's desk: its stage, the moves that the server allows, who can join, and how.

import { attempt } from "/attempt.mjs";
import { formatTimeUntil } from "/clock.mjs";
import { showAdmission } from "/desk-admission.mjs";
import { offerBigScreen } from "/desk-big-screen.mjs";
import { offerExports } from "/desk-exports.mjs";
import { element, make, setText, updateList } from "/dom.mjs";
import { MANAGER_STAGES } from "/stages.mjs";

/** @import { MoveName, SessionView } from "../types.d.ts" */

/** The time that the move "extend" adds. */
export const EXTENSION_MINUTES = 5;

/** @type {Record<MoveName, string>} */
const MOVE_LABELS = {
  open: "Open session",
  start: "Start games",
  extend: `Add ${EXTENSION_MINUTES} minutes`,
  close: "Close session",
  reopen: "Reopen session",
};

/**
 * Shows a session. A click on a move calls `move` with the session's ID.
 * @param {SessionView} session
 * @param {(session: string, move: MoveName) => Promise<void>} move
 */
export function showSession(session, move) {
  element("session").hidden = false;
  element("session").dataset.stage = session.stage;
  element("session-title").textContent = session.name;
  showStage(session);
  showMoves(session, move);
  showAdmission(session);
  showInvitation(session);
  offerExports(session.session);
}

/**
 * Shows the stage in words, the seats, whether games are in real time, and the remaining time.
 * @param {SessionView} session
 */
export function showStage(session) {
  const seats = session.seats ?? null;
  const words = [MANAGER_STAGES[session.stage], `${session.seated}${seats === null ? "" : ` of ${seats}`} seats taken`];
  if (session.real_time) {
    words.push("real time");
  }
  if (session.stage === "running" && session.ends_at) {
    words.push(`${formatTimeUntil(session.ends_at)} left`);
  }
  setText(element("session-stage"), words.join(" · "));
  const meter = element("seats-taken", HTMLMeterElement);
  meter.hidden = seats === null;
  Object.assign(meter, { max: seats ?? 1, value: session.seated });
}

/**
 * @param {SessionView} session
 * @param {(session: string, move: MoveName) => Promise<void>} move
 */
function showMoves({ session, moves }, move) {
  const items = moves.map((name) => ({ session, name }));
  updateList(element("moves"), items, ({ session, name }) =>
    make("button", {
      type: "button",
      className: "primary",
      textContent: MOVE_LABELS[name],
      onclick: () => attempt(() => move(session, name)),
    }),
  );
}

/** @param {SessionView} session */
function showInvitation({ session, code }) {
  const href = `${location.origin}/?join=${code}`;
  Object.assign(element("join-link"), { textContent: href, href });
  element("join-code").textContent = code;
  Object.assign(element("qr"), { src: `/v1/codes/${code}/qr.svg`, alt: `QR code of ${href}` });
  offerBigScreen(session);
}
