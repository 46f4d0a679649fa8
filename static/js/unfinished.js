// Where the round says so, what somebody has begun waits here for thirty minutes, locked with a key that only their
// code brings; it goes with Send and Stop, when its time is over, and when another code begins.

import { expire } from "./expiry.js";
import { given } from "./given.js";
import { keyFrom, lock, possible, unlock } from "./locking.js";
import { go, now } from "./steps.js";
import { all, put, wipe } from "./store.js";

const TIME = 30 * 60_000; // milliseconds
const ID = "one"; // there is never more than one
const NOT_KEPT = ["code", "round", "submission", "language"]; // a page has its own
const STEP = "#";

const form = document.getElementById("answers");
const ask = document.getElementById("begun"); // only where the round says so
const key = possible && given.unfinished ? keyFrom(given.unfinished) : null;
let turn = Promise.resolve();

const inTurn = (work) => (turn = turn.then(work).catch(() => {})); // no room, or not allowed: the page goes on

async function keep() {
  const fields = new URLSearchParams(new FormData(form));
  for (const name of NOT_KEPT) fields.delete(name);
  fields.set(STEP, now().id);
  await put("unfinished", { id: ID, until: Date.now() + TIME, kept: await lock(await key, fields) });
  await expire();
}

function restore(fields) {
  document.querySelector(`[name=ladder-choice][value="${fields.get("ladder")}"]:not(:checked)`)?.click();
  for (const field of form.querySelectorAll("input[type=radio], textarea")) {
    if (field.type === "radio") field.checked = fields.get(field.name) === field.value;
    else field.value = fields.get(field.name) ?? "";
  }
  dispatchEvent(new Event("restored"));
  go(fields.get(STEP));
}

async function offer() {
  await expire();
  const [begun] = await all("unfinished");
  const fields = begun && key ? await unlock(await key, begun.kept) : null;
  if (begun && !fields) await wipe("unfinished", ID);
  if (key) follow();
  if (!fields) return;
  ask.addEventListener("close", () => (ask.returnValue === "anew" ? inTurn(() => wipe("unfinished", ID)) : restore(fields)));
  ask.showModal();
}

function follow() {
  const watching = new AbortController();
  const { signal } = watching;
  let changed = false; // who has only looked in leaves nothing
  form.addEventListener("input", () => (changed = true), { signal });
  form.addEventListener("change", () => inTurn(keep), { signal });
  document.addEventListener("visibilitychange", () => document.hidden && changed && inTurn(keep), { signal });
  addEventListener("finished", () => {
    watching.abort();
    inTurn(() => wipe("unfinished", ID));
  });
}

for (const id of ["not-kept", "unfinished-kept"]) {
  const note = document.getElementById(id);
  if (note) note.hidden = (id === "not-kept") === Boolean(possible && given.key);
}
inTurn(offer);
