// The players of the selected session on the manager's desk.

import { requestAsAccount } from "/account.mjs";
import { attempt } from "/attempt.mjs";
import { child, element, make, updateList } from "/dom.mjs";

/** @import { SeatChange, SeatView } from "./types.d.ts" */

/** The session whose players were requested last. */
let requested = "";

/** @param {string} session */
export async function showPlayers(session) {
  requested = session;
  const { seats } = await requestAsAccount("get", "/v1/sessions/{session}/seats", { path: { session } });
  if (requested !== session) {
    return;
  }
  updateList(child(element("players"), "tbody"), seats, (seat) => makeRow(session, seat));
}

/**
 * @param {string} session
 * @param {SeatView} seat
 */
function makeRow(session, seat) {
  const { player, nickname, present, removed, trials: attempts } = seat;
  const state = present ? "present" : "away";
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("bdi", { textContent: nickname })),
    make("td", { textContent: String(attempts) }),
    make("td", { textContent: removed ? `removed: ${removed}` : state }),
    make(
      "td",
      {},
      makeButton("Rename", () => {
        const changed = prompt(`New nickname for ${nickname}`, nickname);
        return changed ? changeSeat(session, player, { rename: changed }) : undefined;
      }),
      removed
        ? makeButton("Readmit", () => changeSeat(session, player, "readmit"))
        : makeButton("Remove", () => {
            const reason = prompt(`Reason for the removal of ${nickname} (shown to the player)`);
            return reason ? changeSeat(session, player, { remove: reason }) : undefined;
          }),
    ),
  );
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
function changeSeat(session, player, body) {
  return attempt(async () => {
    const path = { session, player };
    await requestAsAccount("patch", "/v1/sessions/{session}/seats/{player}", { path, body });
    await showPlayers(requested);
  });
}
