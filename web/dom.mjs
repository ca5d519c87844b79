// Shorthands for the page's elements. Text of strangers is only ever set as textContent.

export const element = (id) => document.getElementById(id);

export function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Sets a text only where it has changed, so that screen readers do not say it again. */
export function say(id, text) {
  if (element(id).textContent !== text) {
    element(id).textContent = text;
  }
}

/** The item that an entry was made for. */
const shown = new WeakMap();

/** Shows an entry for each item. Where an item is as before, its entry stays: with the focus, and a click under way. */
export function showEach(list, items, makeEntry) {
  const before = new Map([...list.children].map((entry) => [shown.get(entry), entry]));
  const entries = items.map((item) => {
    const key = JSON.stringify(item);
    const entry = before.get(key) ?? makeEntry(item);
    shown.set(entry, key);
    before.delete(key);
    return entry;
  });
  before.forEach((entry) => entry.remove());
  entries.forEach((entry, place) => {
    if (list.children[place] !== entry) {
      list.insertBefore(entry, list.children[place] ?? null);
    }
  });
}

/** Minutes and seconds. */
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
