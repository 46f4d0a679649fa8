// Send: once or many times with the same number, until the server has said what became of it.

import { given } from "./given.js";
import { forget, keep } from "./kept.js";
import { finish } from "./panels.js";
import { isFinal, post } from "./posting.js";
import { hush } from "./sound.js";
import { changed, go } from "./steps.js";
import { words } from "./words.js";

const form = document.getElementById("answers");
const button = document.getElementById("send-button");
const failed = document.getElementById("failed");
const sending = document.getElementById("sending");
const nothing = document.getElementById("nothing");
let meant = false; // to send nothing at all
let keeping = null; // the promise of an id
let waits = null; // the id under which this page's own answer is kept

const number = crypto.getRandomValues(new Uint8Array(16));
form.elements.submission.value = Array.from(number, (byte) => byte.toString(16).padStart(2, "0")).join("");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  if (!meant && !answered()) return ask();
  button.disabled = true;
  failed.replaceChildren();
  sending.textContent = sending.dataset.text;
  const said = await post(new URLSearchParams(new FormData(form)));
  if (!form.isConnected) return; // sent meanwhile by another try
  if (!isFinal(said)) await wait();
  else if (keeping) await forget(await keeping);
  sending.textContent = "";
  button.disabled = false;
  if (said.status === "invalid") putRight(said.errors);
  else if (isFinal(said)) finish(said.status);
  else if (waits) finish("kept");
  else askAgain(said.status === "unavailable" ? "too_busy" : "could_not_send");
});

const answered = () =>
  form.querySelector("[data-question] :checked") || [...form.querySelectorAll("textarea")].some(({ value }) => value.trim());

function ask() {
  hush();
  nothing.returnValue = "";
  nothing.showModal();
  nothing.scrollTo(0, 0);
  changed();
}

nothing.addEventListener("close", () => {
  hush();
  meant = nothing.returnValue === "send";
  if (meant) form.requestSubmit();
  else if (nothing.returnValue === "back") go("q1");
  changed();
});

async function wait() {
  keeping ??= keep(form, given);
  waits = await keeping;
  if (!waits) keeping = null;
}

// A tablet that is put away meanwhile may end the page.
document.addEventListener("visibilitychange", () => document.hidden && button.disabled && wait());

addEventListener("resent", (event) => {
  if (event.detail.id !== waits) return;
  event.stopImmediatePropagation(); // told here, to the one whose it is
  finish(event.detail.status);
});

function askAgain(why) {
  failed.append(words(why));
  button.replaceChildren(words("try-again"));
  button.focus();
}

function putRight(errors) {
  document.querySelectorAll(".wrong").forEach((box) => box.remove());
  const fields = Object.entries(errors).filter(([name]) => form.querySelector(`[data-question="${CSS.escape(name)}"]`));
  for (const [name, phrase] of fields) {
    const box = document.createElement("div");
    box.className = "wrong";
    box.role = "alert";
    box.append(words(phrase));
    form.querySelector(`[data-question="${CSS.escape(name)}"] .ask`).after(box);
  }
  if (fields.length) go(form.querySelector(".wrong").closest(".step").id);
  else askAgain("form_broken");
}
