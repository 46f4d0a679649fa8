// Send: once or many times with the same number, until the server has said what became of it.

import { finish } from "./panels.js";
import { go } from "./steps.js";

const PATIENCE = 20_000; // milliseconds until "not sent yet" is said
const FINAL = ["received", "already_received", "not_valid", "closed"];

const form = document.getElementById("answers");
const button = document.getElementById("send-button");
const failed = document.getElementById("failed");
const sending = document.getElementById("sending");
const words = (id) => document.getElementById(id).content.cloneNode(true);

const number = crypto.getRandomValues(new Uint8Array(16));
form.elements.submission.value = Array.from(number, (byte) => byte.toString(16).padStart(2, "0")).join("");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  failed.replaceChildren();
  sending.textContent = sending.dataset.text;
  const said = await sent();
  sending.textContent = "";
  button.disabled = false;
  if (FINAL.includes(said.status)) finish(said.status);
  else if (said.status === "invalid") putRight(said.errors);
  else askAgain(said.status === "unavailable" ? "too_busy" : "could_not_send");
});

async function sent() {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), PATIENCE);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      credentials: "omit",
      signal: waiting.signal,
    });
    return await response.json();
  } catch {
    return { status: "not sent" }; // nothing is lost: the same number is sent again
  } finally {
    clearTimeout(timer);
  }
}

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
