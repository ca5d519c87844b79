// The tuning panel beside the game. Each change goes to the game as a "tune" event and into the text area as TOML. The game
// writes errors of the tuning into #tune-problem.

import { request } from "/api.mjs";
import { make } from "/dom.mjs";
import { makeControl } from "/tune-controls.mjs";

/** @import { FieldSchema, TuningValues } from "../types.d.ts" */

const LABEL_RESET_DELAY = 3000;

/** @type {{ properties: Record<string, FieldSchema> }} */
const schema = await fetch("/tuning.schema.json").then((response) => response.json());
/** @type {TuningValues} */
const tuning = { ...(await request("get", "/v1/tuning", {})) };
const serverTuning = structuredClone(tuning);

/**
 * @param {string} name
 * @throws {Error} if the schema has no such field
 */
function fieldSchema(name) {
  const field = schema.properties[name];
  if (!field) {
    throw new Error(`tuning.schema.json has no field ${name}. Reload the page.`);
  }
  return field;
}

const controls = Object.keys(tuning).map((name) =>
  makeControl(name, fieldSchema(name), (value) => {
    tuning[name] = value;
    applyTuning();
  }),
);

const bot = make("input", { type: "checkbox", id: "tune-bot", checked: true, onchange: sendTuning });
const toml = make("textarea", { id: "tune-toml", readOnly: true, rows: 8 });
toml.setAttribute("aria-label", "Tuning as TOML");

/** Shows the tuning in all controls and sends it to the game. */
function applyTuning() {
  showTuning();
  sendTuning();
}

function showTuning() {
  Object.entries(tuning).forEach(([, value], index) => controls[index]?.show(value));
}

function sendTuning() {
  const detail = JSON.stringify({ tuning, bot: bot.checked });
  window.dispatchEvent(new CustomEvent("tune", { detail }));
  toml.value = formatToml();
}

/** The tuning as a preset file, with a description of each field. */
function formatToml() {
  const fields = Object.entries(tuning).map(([name, value]) => {
    const text = Array.isArray(value) ? `[${value.join(", ")}]` : JSON.stringify(value);
    return `# ${fieldSchema(name).description}\n${name} = ${text}\n`;
  });
  return `#:schema ./tuning.schema.json\n\n${fields.join("\n")}`;
}

function makeCopyButton() {
  const label = "Copy as TOML";
  const button = make("button", { type: "button", id: "tune-copy", textContent: label });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(toml.value);
      button.textContent = "Copied";
    } catch {
      // Without permission for the clipboard, the text is selected for the keyboard shortcut.
      toml.select();
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = label), LABEL_RESET_DELAY);
  });
  return button;
}

function makeResetButton() {
  const button = make("button", { type: "button", textContent: "Reset to server tuning" });
  button.addEventListener("click", () => {
    Object.assign(tuning, structuredClone(serverTuning));
    applyTuning();
  });
  return button;
}

function makePanel() {
  const hint =
    "Changes apply at once, and the games are not recorded. To use the tuning on a server, copy it into a TOML file.";
  const panel = make(
    "aside",
    { id: "tune" },
    make("h2", { textContent: "Tuning" }),
    make("p", { textContent: hint }),
    make("label", { className: "field" }, make("span", { textContent: "Let a bot play" }), bot),
    make("p", { id: "tune-problem", role: "alert" }),
    make("div", { id: "tune-fields" }, ...controls.map(({ line }) => line)),
    make("div", { className: "buttons" }, makeCopyButton(), makeResetButton()),
    toml,
  );
  panel.setAttribute("aria-label", "Tuning");
  return panel;
}

/** Lets the game fit the playfield into the remaining room. */
function resizePlayfield() {
  window.dispatchEvent(new Event("resize"));
}

document.head.append(make("link", { rel: "stylesheet", href: "/tune.css", onload: resizePlayfield }));
document.body.append(makePanel());
document.body.dataset.tune = "";
showTuning();

// The game accepts a tuning from the title screen on.
const observer = new MutationObserver(() => {
  if (document.body.dataset.screen === "title") {
    observer.disconnect();
    resizePlayfield();
    sendTuning();
  }
});
observer.observe(document.body, { attributeFilter: ["data-screen"] });
// Notifies the observer if the title screen is already open.
document.body.setAttribute("data-screen", document.body.dataset.screen ?? "");
