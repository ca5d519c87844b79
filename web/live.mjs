// What the server tells as it happens, for as long as the page is open.

/** After so long an address that has answered with an error is asked again, in milliseconds. */
const AGAIN = 2000;

/**
 * Listens at an address: gives what comes to the function of its kind, and tells whether the connection is lost. Gives
 * what ends it.
 */
export function listen(address, takers, tellLost) {
  let live = null;
  let again = null;
  const open = () => {
    live = new EventSource(address);
    live.addEventListener("open", () => tellLost(false));
    // It tries again by itself, unless the server has answered with an error.
    live.addEventListener("error", () => {
      tellLost(true);
      if (live.readyState === EventSource.CLOSED) {
        again = setTimeout(open, AGAIN);
      }
    });
    for (const [kind, take] of Object.entries(takers)) {
      live.addEventListener(kind, ({ data }) => take(JSON.parse(data)));
    }
  };
  open();
  return () => {
    clearTimeout(again);
    live.close();
  };
}
