// The account page: sign in or up, and choose a session. Names are strangers' text: only ever set as textContent.

import {
  ask,
  changePassword,
  comeBack,
  goAndSignIn,
  register,
  signIn,
  signOut,
  signedIn,
  signsInElsewhere,
} from "/account.mjs";
import { element } from "/dom.mjs";

async function attempt(work) {
  try {
    element("problem").textContent = "";
    await work();
  } catch (error) {
    element("problem").textContent = error.message;
  }
  show();
}

function show() {
  const who = signedIn();
  element("mine").hidden = who === null;
  element("stranger").hidden = who !== null;
  element("nickname").textContent = who?.nickname ?? "";
  element("account-name").textContent = who?.name ?? "";
}

/** Shows the one way of signing in that there is. */
async function showWay() {
  const elsewhere = await signsInElsewhere();
  element("elsewhere").hidden = !elsewhere;
  element("here").hidden = elsewhere;
  element("change-password").hidden = elsewhere;
  element("note-it-down").hidden = elsewhere;
  element("sign-out").textContent = elsewhere ? "Sign out" : "Sign out, everywhere";
}

async function loadSessions() {
  const { sessions } = await ask("GET", "/v1/sessions");
  const open = sessions.filter(({ stage }) => stage === "lobby" || stage === "running");
  const entries = open.map(({ name, code, guests }) => {
    const link = Object.assign(document.createElement("a"), { href: `/?join=${code}`, textContent: name });
    const entry = document.createElement("li");
    entry.append(link, guests ? "" : " (for players with an account)");
    return entry;
  });
  element("sessions").replaceChildren(...entries);
  element("no-sessions").hidden = entries.length > 0;
}

/** Does with a form's fields what it is for. */
function onSubmit(id, work) {
  element(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target));
    attempt(async () => {
      await work(fields);
      event.target.reset();
    });
  });
}

onSubmit("sign-in", ({ name, password }) => signIn(name, password));
onSubmit("register", ({ nickname, password }) => register(nickname, password));
onSubmit("change-password", (fields) => changePassword(fields.old, fields.new));
onSubmit("by-code", ({ code }) => {
  location.href = `/?join=${encodeURIComponent(code.toUpperCase())}`;
});
element("sign-out").addEventListener("click", () => attempt(signOut));

element("go-and-sign-in").addEventListener("click", () => attempt(goAndSignIn));

show();
attempt(async () => {
  try {
    await showWay();
    await comeBack();
  } finally {
    await loadSessions();
  }
});
