// Links to big screens on the manager's desk. A link contains a viewer token, so that the screen shows the games of the
// leaders without a delay on any device, also without an account.

import { requestAsAccount } from "/account.mjs";
import { attempt } from "/attempt.mjs";
import { serverNow } from "/clock.mjs";
import { element } from "/dom.mjs";

/** @import { ViewerToken } from "../types.d.ts" */

/** The ID of open play, a session that always runs. */
const OPEN_PLAY = "0000000000000000";
/** A token that expires sooner than this is replaced, in milliseconds. */
const MIN_VALIDITY = 3 * 24 * 60 * 60 * 1000;

/**
 * The token of each session, or the request for it.
 * @type {Map<string, Promise<ViewerToken | undefined>>}
 */
const tokens = new Map();

/** Offers the big screen of open play. */
export const offerOpenPlayScreen = () => offer("open-play-screen", OPEN_PLAY, "/scoreboard.html");

/**
 * Offers the big screen of the selected session.
 * @param {string} session
 */
export const offerBigScreen = (session) => offer("big-screen", session, `/scoreboard.html?session=${session}`);

/**
 * Sets the address of a link. Until the token has arrived, the link leads to the screen without one.
 * @param {string} id
 * @param {string} session
 * @param {string} address
 */
async function offer(id, session, address) {
  const link = element(id, HTMLAnchorElement);
  if (link.dataset.session !== session) {
    link.dataset.session = session;
    link.href = address;
  }
  const issued = await validToken(session);
  if (issued && link.dataset.session === session) {
    link.href = `${address}#viewer=${issued.viewer_token}`;
  }
}

/** @param {string} session */
async function validToken(session) {
  const issued = await (tokens.get(session) ?? requestToken(session));
  return issued && issued.expires_at - serverNow() < MIN_VALIDITY ? requestToken(session) : issued;
}

/** @param {string} session */
function requestToken(session) {
  const path = { session };
  const requested = attempt(() => requestAsAccount("post", "/v1/sessions/{session}/viewer-tokens", { path }));
  tokens.set(session, requested);
  requested.then((issued) => {
    // The next update of the desk requests it again.
    if (!issued) {
      tokens.delete(session);
    }
  });
  return requested;
}
