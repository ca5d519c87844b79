// The tuning panel: a control for every field of the tuning, live over the game, which copies out as a preset's TOML.
// The game takes what is set here by "tune" events and says in #tune-problem what is wrong with it.

const schema = await fetch("/tuning.schema.json").then((answer) => answer.json());
const tuning = await fetch("/v1/tuning").then((answer) => answer.json());
const shipped = structuredClone(tuning);

/** An element with attributes and children. */
function make(name, attributes = {}, ...children) {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...children);
  return element;
}

/** What the field's control shows, and how it is set; each shows the field's value when told to. */
const shows = [];

function set(field, value) {
  tuning[field] = value;
  shows.forEach((show) => show());
  tell();
}

const bot = make("input", { type: "checkbox", id: "tune-bot", checked: true, onchange: tell });

function tell() {
  const detail = JSON.stringify({ tuning, bot: bot.checked });
  window.dispatchEvent(new CustomEvent("tune", { detail }));
  toml.value = asToml();
}

/** As fine as the range asks for. */
function step({ minimum, maximum }) {
  const range = maximum - minimum;
  return range > 300 ? 1 : range > 30 ? 0.5 : range > 5 ? 0.1 : 0.01;
}

function slider(field, about) {
  const { minimum: min, maximum: max } = about;
  const range = make("input", { type: "range", min, max, step: step(about), title: about.description });
  const number = make("input", { type: "number", min, max, step: "any" });
  range.setAttribute("aria-label", field);
  number.setAttribute("aria-label", `${field}, exactly`);
  const take = ({ target }) => target.value !== "" && set(field, Number(target.value));
  range.addEventListener("input", take);
  number.addEventListener("change", take);
  shows.push(() => {
    range.value = tuning[field];
    number.value = tuning[field];
  });
  return [range, number];
}

function choice(field, { enum: values }) {
  const options = values.map((value) => make("option", { value, textContent: value }));
  const select = make("select", { onchange: () => set(field, select.value) }, ...options);
  select.setAttribute("aria-label", field);
  shows.push(() => (select.value = tuning[field]));
  return [select];
}

function flag(field) {
  const box = make("input", { type: "checkbox", onchange: () => set(field, box.checked) });
  box.setAttribute("aria-label", field);
  shows.push(() => (box.checked = tuning[field]));
  return [box];
}

/** A name, or a list of numbers. */
function text(field, about) {
  const input = make("input", { type: "text", spellcheck: false });
  input.setAttribute("aria-label", field);
  const list = about.type === "array";
  input.addEventListener("change", () => {
    const numbers = () =>
      input.value
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(Number);
    set(field, list ? numbers() : input.value);
  });
  shows.push(() => (input.value = list ? tuning[field].join(" ") : tuning[field]));
  return [input];
}

function control(field, about) {
  if (about.enum) {
    return choice(field, about);
  }
  return { number: slider, boolean: flag, string: text, array: text }[about.type](field, about);
}

function line(field) {
  const about = schema.properties[field];
  const name = make("span", { textContent: field, title: about.description });
  return make("div", { className: "field" }, name, ...control(field, about));
}

/** The tuning as a preset's file, each field with its meaning. */
function asToml() {
  const value = (field) => {
    const plain = tuning[field];
    return Array.isArray(plain) ? `[${plain.join(", ")}]` : JSON.stringify(plain);
  };
  const fields = Object.keys(tuning).map(
    (field) => `# ${schema.properties[field].description}\n${field} = ${value(field)}\n`,
  );
  return `#:schema ./tuning.schema.json\n\n${fields.join("\n")}`;
}

const toml = make("textarea", { id: "tune-toml", readOnly: true, rows: 8 });
toml.setAttribute("aria-label", "The tuning as TOML");

const copy = make("button", { type: "button", id: "tune-copy", textContent: "Copy as TOML" });
copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(toml.value);
    copy.textContent = "Copied";
  } catch {
    // Not allowed here: it is selected instead, for the keys to copy.
    toml.select();
    copy.textContent = "Press Ctrl+C";
  }
  setTimeout(() => (copy.textContent = "Copy as TOML"), 3000);
});

const reset = make("button", { type: "button", textContent: "As the server plays" });
reset.addEventListener("click", () => {
  Object.assign(tuning, structuredClone(shipped));
  shows.forEach((show) => show());
  tell();
});

const panel = make(
  "aside",
  { id: "tune" },
  make("h2", { textContent: "Tuning" }),
  make("p", { textContent: "What you set is played at once and not recorded. Copy it into a file for the server." }),
  make("label", { className: "field" }, make("span", { textContent: "Let a bot play" }), bot),
  make("p", { id: "tune-problem", role: "alert" }),
  make("div", { id: "tune-fields" }, ...Object.keys(tuning).map(line)),
  make("div", { className: "buttons" }, copy, reset),
  toml,
);
panel.setAttribute("aria-label", "Tuning");
document.head.append(make("link", { rel: "stylesheet", href: "/tune.css", onload: settle }));
document.body.append(panel);
document.body.dataset.tune = "";

/** The playfield fits the room that is left; the game takes the first tuning once it runs. */
function settle() {
  window.dispatchEvent(new Event("resize"));
}

shows.forEach((show) => show());
const started = new MutationObserver(() => {
  if (document.body.dataset.screen === "title") {
    started.disconnect();
    settle();
    tell();
  }
});
started.observe(document.body, { attributeFilter: ["data-screen"] });
document.body.dataset.screen = document.body.dataset.screen;
