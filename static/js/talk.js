// Talk to somebody: choose whom, hear what will happen, say yes, be told. The answers stay where they are.

import { hush } from "./sound.js";
import { changed } from "./steps.js";

const PATIENCE = 20_000; // milliseconds until it is said that it did not work
const at = (id) => document.getElementById(id);
const dialog = at("talk"); // not there where nobody can be talked to

function prepareTalk() {
  const form = at("talk-form");
  const parts = ["talk-who", "talk-what", "talk-done"].map(at);
  const [who, what, done] = parts;
  const [named, name, yes, failed, telling] = ["talk-named", "talk-name", "talk-yes", "talk-failed", "talk-telling"].map(at);
  const told = new Set(); // whom this page has asked for
  let side = "";

  function show(part) {
    hush();
    for (const each of parts) each.hidden = each !== part;
    const heading = part.querySelector("h2[id]");
    dialog.setAttribute("aria-labelledby", heading.id);
    dialog.scrollTo(0, 0);
    changed();
    heading.focus();
  }

  function open() {
    at("help").close();
    dialog.showModal();
    show(who);
  }

  function choose(contact) {
    side = contact.value;
    at("talk-chosen").replaceChildren(...contact.firstElementChild.cloneNode(true).childNodes);
    failed.replaceChildren();
    yes.hidden = false;
    show(told.has(side) ? done : what);
  }

  function mayWrite() {
    name.closest("label").hidden = !named.checked;
    if (!named.checked) name.value = "";
  }

  async function ask() {
    const body = new URLSearchParams(new FormData(form));
    body.set("contact", side);
    const headers = { Accept: "application/json" };
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      const response = await fetch(form.action, { method: "POST", body, headers, credentials: "omit", signal });
      return (await response.json()).status;
    } catch {
      return "unavailable"; // the next press asks again: for each contact it counts once
    }
  }

  async function tell() {
    if (yes.disabled) return;
    yes.disabled = true;
    failed.replaceChildren();
    telling.textContent = telling.dataset.text;
    const status = await ask();
    telling.textContent = "";
    yes.disabled = false;
    if (status === "told") {
      told.add(side);
      named.checked = false;
      mayWrite();
      show(done);
      return;
    }
    const said = { unavailable: "talk_failed", name_too_long: "talk_name_too_long" }[status];
    yes.hidden = !said;
    failed.append(at(said ?? "talk_not_here").content.cloneNode(true));
    failed.scrollIntoView({ block: "nearest" });
    if (status === "name_too_long") name.focus({ preventScroll: true });
  }

  for (const button of document.querySelectorAll("#talk-button, .talk-offer button")) button.addEventListener("click", open);
  for (const id of ["talk-close", "talk-no", "talk-on"]) at(id).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    hush();
    changed();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(event.submitter);
  });
  named.addEventListener("change", () => {
    mayWrite();
    if (named.checked) name.focus();
  });
  yes.addEventListener("click", tell);
  mayWrite();
}

if (dialog) prepareTalk();
