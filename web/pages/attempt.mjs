// Runs an action and shows its error, in the page's element #problem or in another one.

import { element } from "/dom.mjs";

/**
 * Clears the previous error, runs the action, and shows its error. Returns undefined if the action fails.
 * @template T
 * @param {() => T | Promise<T>} action
 * @param {string} [place] the id of the element that shows the error
 * @returns {Promise<T | undefined>}
 */
export async function attempt(action, place) {
  showProblem("", place);
  try {
    return await action();
  } catch (error) {
    showProblem(error instanceof Error ? error.message : String(error), place);
    return undefined;
  }
}

/**
 * @param {string} text
 * @param {string} [place] the id of the element that shows the text
 */
export function showProblem(text, place = "problem") {
  element(place).textContent = text;
}

/**
 * Calls an action with the fields of a form when the form is submitted, and resets the form if the action succeeds.
 * @param {string} id
 * @param {(fields: Record<string, string>) => unknown} action
 * @param {string} [place] the id of the element that shows the error
 */
export function onSubmit(id, action, place) {
  const form = element(id, HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    attempt(async () => {
      await action(fields);
      form.reset();
    }, place);
  });
}
