// The controls of the tuning panel: one line for each field of the tuning.

import { make } from "/dom.mjs";

/** @import { FieldSchema, TuningValues } from "../types.d.ts" */

/** @typedef {TuningValues[string]} Value */
/** @typedef {(value: Value) => void} SetValue */
/**
 * The elements of a control, and a function that shows a value in them.
 * @typedef {{ elements: HTMLElement[], show: (value: any) => void }} Control
 */

/**
 * Creates the line of a field. A change in it calls `set`.
 * @param {string} name
 * @param {FieldSchema} field
 * @param {SetValue} set
 */
export function makeControl(name, field, set) {
  const { elements, show } = chooseControl(name, field, set);
  const label = make("span", { textContent: name, title: field.description });
  return { line: make("div", { className: "field" }, label, ...elements), show };
}

/**
 * @param {string} name
 * @param {FieldSchema} field
 * @param {SetValue} set
 * @returns {Control}
 */
function chooseControl(name, field, set) {
  if (field.enum) {
    return makeSelect(name, field.enum, set);
  }
  switch (field.type) {
    case "number":
    case "integer":
      return makeSlider(name, field, set);
    case "boolean":
      return makeCheckbox(name, set);
    case "string":
      return makeTextField(name, set);
    case "array":
      return makeListField(name, set);
  }
}

/**
 * @param {string} name
 * @param {FieldSchema} field
 * @param {SetValue} set
 * @returns {Control}
 */
function makeSlider(name, { minimum = 0, maximum = 0, description }, set) {
  const bounds = { min: String(minimum), max: String(maximum) };
  const step = String(chooseStep(maximum - minimum));
  const slider = make("input", { type: "range", ...bounds, step, title: description });
  const number = make("input", { type: "number", ...bounds, step: "any" });
  slider.setAttribute("aria-label", name);
  number.setAttribute("aria-label", `${name} as a number`);
  slider.addEventListener("input", () => set(Number(slider.value)));
  number.addEventListener("change", () => number.value !== "" && set(Number(number.value)));
  const show = (/** @type {number} */ value) => {
    slider.value = String(value);
    number.value = String(value);
  };
  return { elements: [slider, number], show };
}

/**
 * The step of a slider, finer for a smaller range.
 * @param {number} range
 */
function chooseStep(range) {
  return range > 300 ? 1 : range > 30 ? 0.5 : range > 5 ? 0.1 : 0.01;
}

/**
 * @param {string} name
 * @param {string[]} values
 * @param {SetValue} set
 * @returns {Control}
 */
function makeSelect(name, values, set) {
  const options = values.map((value) => make("option", { value, textContent: value }));
  const select = make("select", { onchange: () => set(select.value) }, ...options);
  select.setAttribute("aria-label", name);
  return { elements: [select], show: (value) => (select.value = value) };
}

/**
 * @param {string} name
 * @param {SetValue} set
 * @returns {Control}
 */
function makeCheckbox(name, set) {
  const box = make("input", { type: "checkbox", onchange: () => set(box.checked) });
  box.setAttribute("aria-label", name);
  return { elements: [box], show: (value) => (box.checked = value) };
}

/**
 * @param {string} name
 * @param {SetValue} set
 * @returns {Control}
 */
function makeTextField(name, set) {
  const input = make("input", { type: "text", spellcheck: false, onchange: () => set(input.value) });
  input.setAttribute("aria-label", name);
  return { elements: [input], show: (value) => (input.value = value) };
}

/**
 * A list of numbers, separated by spaces or commas.
 * @param {string} name
 * @param {SetValue} set
 * @returns {Control}
 */
function makeListField(name, set) {
  const parse = (/** @type {string} */ text) =>
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
  const { elements, show } = makeTextField(name, (text) => set(parse(String(text))));
  return { elements, show: (/** @type {number[]} */ value) => show(value.join(" ")) };
}
