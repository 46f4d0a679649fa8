// "We try the buttons": steps before the questions, as many as it takes to know how many answers suit. Nothing of them
// is sent: they are in a form of their own, and only the number of answers goes on.

import { drawn, following } from "./ladder.js";
import { wanted } from "./manner.js";
import { offer } from "./panels.js";
import { forward, now } from "./steps.js";
import { prepare } from "./sound.js";

const LADDERS = ["2", "3", "5"];

const models = document.getElementById("models"); // residents only
const order = drawn(Math.random);
const asked = new Map(); // step -> its try
let decided = wanted("practice") === "off" || LADDERS.includes(wanted("ladder")); // by somebody who knows the person

const shown = () => [...document.querySelectorAll(".step.try")];

function add({ picture, among, asked: amount }, before) {
  const number = shown().length + 1;
  const step = models.querySelector(`[data-picture=${picture}]`).cloneNode(true);
  for (const other of step.querySelectorAll("[data-asked]")) {
    if (other.dataset.asked !== String(amount)) other.remove();
  }
  step.querySelector(number === 1 ? ".try_more" : ".try_first").remove();
  for (const input of step.querySelectorAll("input")) {
    input.name = `try${number}`;
    if (among === 3 && input.value % 2 === 0) input.parentElement.remove();
  }
  step.id = `try${number}`;
  step.className = "step try";
  step.dataset.among = among;
  step.querySelector("h2").id = `try${number}-title`;
  for (const named of [step, step.querySelector("[role=radiogroup]")]) {
    named.setAttribute("aria-labelledby", `try${number}-title`);
  }
  step.addEventListener("change", thank, { once: true });
  step.addEventListener("done", judge);
  asked.set(step, { among, asked: amount, chosen: null });
  prepare(step);
  before.after(step);
}

function thank({ currentTarget: step }) {
  step.querySelector("[role=status]").append(document.getElementById("try-thanks").content.cloneNode(true));
}

/** The step is left forwards: another try, or the questions. Without a choice nothing more is tried. */
function judge({ currentTarget: step }) {
  const chosen = Number(step.querySelector("input:checked")?.value ?? 0);
  const one = asked.get(step);
  if (decided || one.chosen === chosen) return;
  one.chosen = chosen;
  const steps = shown();
  const place = steps.indexOf(step);
  steps.splice(place + 1).forEach((later) => later.remove());
  if (!chosen) return;
  const next = following(steps.map((tried) => asked.get(tried)), order);
  if (next.ladder) offer(String(next.ladder));
  else add(next, step);
}

if (models) {
  if (LADDERS.includes(wanted("ladder"))) offer(wanted("ladder"));
  if (!decided) add(following([], order), document.getElementById("welcome"));
  document.getElementById("tries").addEventListener("submit", (event) => { // Enter on an answer
    event.preventDefault();
    forward();
  });
  for (const choice of document.querySelectorAll("[name=ladder-choice]")) {
    choice.addEventListener("click", () => {
      decided = true;
      for (const step of shown()) step.hidden = step !== now();
    });
  }
}
