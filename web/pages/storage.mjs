// Values that the browser stores across pages. If storage is blocked, full or damaged, nothing is remembered and the pages work without it.

const PREFIX = "alien-attack.";

/** The keys. The game saves its settings under further keys with the same prefix. */
export const KEYS = {
  account: "account",
  lessMotion: "less-motion",
  /** The guest of this browser. The game saves it. */
  player: "player",
  signIn: "sign-in",
  viewer: "viewer",
};

/** A storage area of the browser whose values are JSON. */
class Store {
  /** @param {"localStorage" | "sessionStorage"} area */
  constructor(area) {
    this.area = area;
  }

  /**
   * The value of a key, or null if there is none that can be read. The caller checks its shape.
   * @param {string} key
   * @returns {unknown}
   */
  load(key) {
    try {
      return JSON.parse(window[this.area].getItem(PREFIX + key) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * Returns whether the value was saved.
   * @param {string} key
   * @param {unknown} value
   */
  save(key, value) {
    try {
      window[this.area].setItem(PREFIX + key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  /** @param {string} key */
  remove(key) {
    try {
      window[this.area].removeItem(PREFIX + key);
    } catch {
      // Blocked storage holds nothing to remove.
    }
  }
}

/** Values that stay until they are removed. */
export const local = new Store("localStorage");

/** Values that stay until the tab is closed. */
export const session = new Store("sessionStorage");
