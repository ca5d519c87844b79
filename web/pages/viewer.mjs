// The viewer token of a big screen: with it, the games of the leaders are not delayed. The address that the desk offers
// contains the token in its fragment, which browsers send to no server.

import { KEYS, session } from "/storage.mjs";

const PARAMETER = "viewer";

/** @type {string | undefined} */
let token = loadToken();

/** The viewer token, or undefined if the page has none. */
export const viewerToken = () => token;

/** Deletes the token after the server has rejected it. */
export function deleteViewerToken() {
  token = undefined;
  session.remove(KEYS.viewer);
}

function loadToken() {
  const saved = session.load(KEYS.viewer);
  return typeof saved === "string" ? saved : undefined;
}

/** Takes the token from the address, so that the screen does not show it to the audience. */
function takeToken() {
  const found = new URLSearchParams(location.hash.slice(1)).get(PARAMETER);
  if (found) {
    token = found;
    session.save(KEYS.viewer, found);
    history.replaceState(null, "", location.pathname + location.search);
  }
}

takeToken();
// The address may be opened in a tab that already shows the scoreboard.
addEventListener("hashchange", takeToken);
