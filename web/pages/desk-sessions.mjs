// The lists of sessions on the manager's desk: current and past ones.

import { element, make, updateList } from "/dom.mjs";
import { MANAGER_STAGES } from "/stages.mjs";

/** @import { SessionView } from "../types.d.ts" */

/**
 * Shows the sessions. A click on one calls `select` with its ID.
 * @param {SessionView[]} sessions
 * @param {string | null} selected
 * @param {(id: string) => void} select
 */
export function showSessions(sessions, selected, select) {
  const entries = sessions.map((session) => ({
    id: session.session,
    name: session.name,
    stage: describeStage(session),
    isPast: session.stage === "closed",
    isSelected: session.session === selected,
  }));
  const makeEntry = (/** @type {typeof entries[number]} */ { id, name, stage, isSelected }) => {
    const children = [make("strong", { textContent: name }), make("span", { textContent: ` ${stage}` })];
    const button = make("button", { type: "button", onclick: () => select(id) }, ...children);
    button.setAttribute("aria-pressed", String(isSelected));
    return make("li", {}, button);
  };
  const past = entries.filter(({ isPast }) => isPast);
  const current = entries.filter(({ isPast }) => !isPast);
  updateList(element("sessions"), current, makeEntry);
  updateList(element("past-sessions"), past, makeEntry);
  element("past").hidden = past.length === 0;
}

/** @param {SessionView} session */
function describeStage(session) {
  return session.stage === "closed"
    ? `closed ${new Date(session.settled_at).toLocaleString()}`
    : MANAGER_STAGES[session.stage];
}
