// The players of the selected session on the manager's desk. Those who wait for approval come first.

import { requestAsAccount } from "/account.mjs";
import { attempt } from "/attempt.mjs";
import { child, element, make, setText, updateList } from "/dom.mjs";

/** @import { SeatChange, SeatView } from "../types.d.ts" */

/** The session whose players were requested last. */
let requested = "";

/** @param {SeatView} seat */
const isWaiting = ({ approval, removed }) => approval === "waiting" && !removed;

const rows = () => child(element("players"), "tbody", HTMLTableSectionElement).rows;

/** @param {string} session */
export async function showPlayers(session) {
  requested = session;
  const { seats } = await requestAsAccount("get", "/v1/sessions/{session}/seats", { path: { session } });
  if (requested !== session) {
    return;
  }
  const waiting = seats.filter(isWaiting);
  showWaiting(session, waiting);
  const sorted = [...waiting, ...seats.filter((seat) => !isWaiting(seat))];
  updateList(child(element("players"), "tbody"), sorted, (seat) => makeRow(session, seat));
}

/**
 * Shows how many players wait for approval, and a button that approves all of them.
 * @param {string} session
 * @param {SeatView[]} waiting
 */
function showWaiting(session, waiting) {
  const count = waiting.length;
  setText(
    element("waiting-count"),
    count === 0 ? "" : `${count} ${count === 1 ? "player waits" : "players wait"} for approval.`,
  );
  const button = element("approve-all");
  button.hidden = count === 0;
  setText(button, `Approve all (${count})`);
  button.onclick = () =>
    change(async () => {
      for (const { player } of waiting) {
        await sendChange(session, player, "approve");
      }
    });
}

/**
 * @param {string} session
 * @param {SeatView} seat
 */
function makeRow(session, seat) {
  const { nickname, trials: attempts } = seat;
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("bdi", { textContent: nickname })),
    make("td", { textContent: String(attempts) }),
    make("td", { textContent: describeSeat(seat) }),
    make("td", {}, ...makeButtons(session, seat)),
  );
}

/** @param {SeatView} seat */
function describeSeat(seat) {
  const { present, removed } = seat;
  if (removed) {
    return `removed: ${removed}`;
  }
  if (isWaiting(seat)) {
    return present ? "waits for approval" : "waits for approval, away";
  }
  return present ? "present" : "away";
}

/**
 * @param {string} session
 * @param {SeatView} seat
 */
function makeButtons(session, seat) {
  const { player, nickname, removed } = seat;
  const decide = (/** @type {SeatChange} */ decision) => change(() => sendChange(session, player, decision));
  const rename = makeButton("Rename", () => {
    const changed = prompt(`New nickname for ${nickname}`, nickname);
    return changed ? decide({ rename: changed }) : undefined;
  });
  const makeRemove = (/** @type {string} */ label, /** @type {string} */ question) =>
    makeButton(label, () => {
      const reason = prompt(question);
      return reason ? decide({ remove: reason }) : undefined;
    });
  if (removed) {
    return [rename, makeButton("Readmit", () => decide("readmit"))];
  }
  if (isWaiting(seat)) {
    const refuse = makeRemove("Refuse", `Reason for the refusal of ${nickname} (shown to the player)`);
    return [makeButton("Approve", () => decide("approve")), refuse, rename];
  }
  return [rename, makeRemove("Remove", `Reason for the removal of ${nickname} (shown to the player)`)];
}

/**
 * @param {string} textContent
 * @param {() => unknown} onclick
 */
const makeButton = (textContent, onclick) => make("button", { type: "button", textContent, onclick });

/**
 * @param {string} session
 * @param {string} player
 * @param {SeatChange} body
 */
const sendChange = (session, player, body) =>
  requestAsAccount("patch", "/v1/sessions/{session}/seats/{player}", { path: { session, player }, body });

/**
 * Runs an action that changes players, and shows the players again. If that removes the focused button, the focus moves to
 * the player who is then in the same row, so that the next player who waits can be approved by the same key.
 * @param {() => Promise<unknown>} action
 */
function change(action) {
  const focused = document.activeElement;
  const position = Math.max(
    [...rows()].findIndex((row) => row.contains(focused)),
    0,
  );
  return attempt(async () => {
    try {
      await action();
    } finally {
      await showPlayers(requested);
      if (focused instanceof HTMLElement && !focused.checkVisibility()) {
        rows()[position]?.querySelector("button")?.focus();
      }
    }
  });
}
