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

/** Minutes and seconds. */
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
