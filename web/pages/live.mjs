// Updates that the server sends while a page is open, as server-sent events.

/** @import { SessionView, Standings } from "../types.d.ts" */

/** Time from an error response to the next connection, in milliseconds. */
const RECONNECT_DELAY = 2000;

/**
 * What to do with each kind of update.
 * @typedef {{
 *   session?: (session: SessionView) => void,
 *   seats?: () => void,
 *   standings?: (standings: Standings) => void,
 * }} Handlers
 */

/**
 * Connects to the server and passes each update to its handler. Returns a function that disconnects.
 * @param {string | null} session the session's id; null for open play
 * @param {Handlers} handlers
 * @param {(isConnected: boolean) => void} onConnectionChange
 */
export function subscribe(session, handlers, onConnectionChange) {
  const path = session === null ? "/v1/live" : `/v1/live?session=${session}`;
  /** @type {EventSource} */
  let source;
  /** @type {number | undefined} */
  let timer;
  const connect = () => {
    source = new EventSource(path);
    source.addEventListener("open", () => onConnectionChange(true));
    source.addEventListener("error", () => {
      onConnectionChange(false);
      // The browser reconnects by itself, except after an error response.
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(connect, RECONNECT_DELAY);
      }
    });
    for (const [kind, handle] of Object.entries(handlers)) {
      source.addEventListener(kind, ({ data }) => handle(JSON.parse(data)));
    }
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
