// The link "Save replay". It sends the player's token, because without one the replay of a live game ends some time ago.

import { currentAccount, requestFileAsAccount } from "/account.mjs";
import { ApiError, requestFile } from "/api.mjs";
import { element } from "/dom.mjs";
import { downloadFile } from "/download.mjs";
import { KEYS, local } from "/storage.mjs";

/** Saves the replay that the link names. */
export async function saveReplay() {
  const link = element("keep", HTMLAnchorElement);
  try {
    downloadFile(link.download, await loadReplay(link.pathname));
  } catch (error) {
    alert(`The replay was not saved. ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {string} path */
async function loadReplay(path) {
  try {
    return await (currentAccount() === null ? requestFile(path, guestToken()) : requestFileAsAccount(path));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      return requestFile(path, undefined);
    }
    throw error;
  }
}

/** The token of the guest of this browser, which the game stores. */
function guestToken() {
  const player = /** @type {{ player_token?: unknown } | null} */ (local.load(KEYS.player));
  return typeof player?.player_token === "string" ? player.player_token : undefined;
}
