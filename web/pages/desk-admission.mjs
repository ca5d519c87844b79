// Who can join the selected session on the manager's desk.

import { requestAsAccount } from "/account.mjs";
import { attempt } from "/attempt.mjs";
import { element } from "/dom.mjs";

/** @import { Admission, SessionView } from "../types.d.ts" */

/** The ID of the session that is shown. */
let shown = "";

const buttons = () => element("admission").querySelectorAll("button");

/**
 * Shows who can join a session: the pressed one of three buttons.
 * @param {SessionView} session
 */
export function showAdmission({ session, admission }) {
  shown = session;
  for (const button of buttons()) {
    button.setAttribute("aria-pressed", String(button.dataset.admission === admission));
  }
}

/**
 * Changes the admission of the session when a button is clicked. Then calls an action with the changed session.
 * @param {(session: SessionView) => void} action
 */
export function onAdmissionChange(action) {
  for (const button of buttons()) {
    const admission = /** @type {Admission} */ (button.dataset.admission);
    button.addEventListener("click", () =>
      attempt(async () => {
        const path = { session: shown };
        const changed = await requestAsAccount("put", "/v1/sessions/{session}/admission", {
          path,
          body: { admission },
        });
        action(/** @type {SessionView} */ (changed));
      }),
    );
  }
}
