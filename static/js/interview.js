// An interview: one question at a time for those who read and press. A second screen follows to the same question; it is
// never told what was answered.

import { post } from "./posting.js";
import { askBeforeLeaving } from "./unsent.js";

const form = document.getElementById("answers");
const steps = [...form.querySelectorAll(".step")];
const [back, next, button] = ["back", "next", "send-button"].map((id) => document.getElementById(id));
const failed = document.getElementById("failed");
const screen = new BroadcastChannel(document.body.dataset.channel);
const desk = location.pathname;
let now;

function tell() {
  screen.postMessage({ step: now.id, ladder: form.elements.ladder.value });
}

function show(focus = true) {
  now = steps.find(({ id }) => `#${id}` === location.hash) ?? steps[0];
  for (const step of steps) step.classList.toggle("now", step === now);
  back.hidden = now === steps[0];
  next.hidden = now === steps.at(-1);
  tell();
  scrollTo(0, 0);
  if (focus) now.focus({ preventScroll: true });
}

function go(by) {
  history.pushState(null, "", `#${steps[steps.indexOf(now) + by].id}`);
  show();
}

/* Fewer answers are offered now: one that is no longer seen is not chosen either. */
form.addEventListener("change", ({ target }) => {
  if (target.name !== "ladder") return;
  for (const chosen of form.querySelectorAll("[data-ladders] :checked")) {
    chosen.checked = chosen.closest("[data-ladders]").dataset.ladders.split(" ").includes(target.value);
  }
  tell();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  failed.replaceChildren();
  const { status } = await post(new URLSearchParams(new FormData(form)));
  button.disabled = false;
  const said = document.getElementById(status)?.content;
  if (said) finish(said);
  else failed.append(document.getElementById("could-not-send").content.cloneNode(true));
});

/* Code and answers leave the page before thanks is seen. */
function finish(said) {
  form.replaceWith(said);
  document.querySelector("footer").remove();
  document.querySelector(".top").remove();
  removeEventListener("hashchange", show);
  history.replaceState(null, "", desk);
  screen.postMessage({ step: "rest" });
  document.querySelector("[data-outcome]").focus();
}

const leave = askBeforeLeaving(form);
document.querySelector(".top form").addEventListener("submit", leave); // does not want to go on
screen.addEventListener("message", ({ data }) => data === "hello" && form.isConnected && tell());
back.addEventListener("click", () => go(-1));
next.addEventListener("click", () => go(1));
addEventListener("hashchange", show);
addEventListener("pageshow", ({ persisted }) => persisted && location.replace(desk));
history.replaceState(null, "", desk); // reloading leads to the desk
document.documentElement.classList.add("live");
show(false);
