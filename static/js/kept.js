// A Send that failed: kept so that only the server can open it, and sent again until it has said what became of it.

import { keyFrom, lock, possible } from "./locking.js";
import { isFinal, post } from "./posting.js";
import { all, put, wipe } from "./store.js";

const SOON = 5_000; // milliseconds until it is tried again, then twice as long each time
const SELDOM = 300_000;

const others = new BroadcastChannel("medvirk");
let pause = SOON;
let timer;

function later() {
  clearTimeout(timer);
  timer = setTimeout(resend, pause);
  pause = Math.min(2 * pause, SELDOM);
}

/** Keep a form that could not be sent, with the keys its page was given; gives the id it waits under, or null. */
export async function keep(form, given) {
  if (!possible || !given.key) return null;
  try {
    const id = crypto.randomUUID();
    const fields = new URLSearchParams(new FormData(form));
    const kept = await lock(await keyFrom(given.key), fields);
    await put("kept", { id, round: fields.get("round"), key: given.wrapped, kept });
    given.key = ""; // from here on only the server can open it
    pause = SOON;
    later();
    return id;
  } catch {
    return null; // no room, or not allowed: the form stays as it is
  }
}

/** What has been kept need not wait: it has been said what became of it. */
export const forget = (id) => wipe("kept", id);

/* Send what waits, as soon as it can be; tells by the events "resent" {id, status} and "waiting" (how many). */
async function resend() {
  const waiting = await alone(sendAll);
  if (waiting) later();
  tell("waiting", waiting);
}

// Two pages that send the same do no harm, but one is enough.
const alone = (work) =>
  navigator.locks
    ? navigator.locks.request("medvirk-sending", { ifAvailable: true }, (free) => (free ? work() : left()))
    : work();

const left = async () => (await all("kept")).length;

async function sendAll() {
  for (const { id, ...fields } of await all("kept")) {
    const said = await post(new URLSearchParams(fields));
    if (said.status === "not sent") break; // nor would the others be
    if (!isFinal(said)) continue;
    await wipe("kept", id);
    tell("resent", { id, status: said.status });
    others.postMessage({ id, status: said.status });
  }
  return left();
}

function tell(name, detail) {
  dispatchEvent(new CustomEvent(name, { detail }));
}

function now() {
  pause = SOON;
  resend();
}

others.addEventListener("message", ({ data }) => tell("resent", data));
addEventListener("online", now);
document.addEventListener("visibilitychange", () => document.hidden || now());
document.addEventListener("click", ({ target }) => target.closest(".resend") && now());
now();
