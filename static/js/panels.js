// What lies over or beside a question: Pause, Help, Stop, "I can't answer", and what the one who helps may set.

import { returnSoon } from "./kiosk.js";
import { want, wanted } from "./manner.js";
import { heard, hush, prepare, read, slow } from "./sound.js";
import { changed, forward, leave, now, tellNext } from "./steps.js";
import { words } from "./words.js";

const form = document.getElementById("answers");
const at = (id) => document.getElementById(id);

for (const name of ["pause", "help", "stop"]) {
  at(`${name}-button`).addEventListener("click", () => {
    hush();
    at("help").close();
    at(name).showModal();
    at(name).scrollTo(0, 0); // a browser remembers where it was left
    changed();
  });
  at(name).addEventListener("submit", changed); // its way out
  at(name).addEventListener("submit", hush);
}

/** Take code and answers out of the page, then show what became of them. */
export function finish(outcome) {
  hush();
  leave();
  const shown = words(outcome);
  for (const field of document.querySelectorAll("input, textarea")) {
    field.checked = false;
    field.value = field.defaultValue = ""; // what is taken out of the page may live on in memory
  }
  document.body.replaceChildren(shown);
  document.body.className = "";
  changed();
  document.title = document.querySelector("h1").textContent;
  prepare(document.body);
  returnSoon();
  document.querySelector("h1").focus();
  dispatchEvent(new Event("finished"));
}

at("stop-yes").addEventListener("click", () => finish("stopped"));

at("read-page").addEventListener("click", () => {
  at("help").close();
  read(heard(now()), now().querySelector(".listen"));
});

at("look-button").addEventListener("click", () => {
  hush();
  at("look").open = true;
  at("help").showModal();
  at("look").scrollIntoView();
  at("look").querySelector("summary").focus();
  changed();
});

// Where no voice speaks, nothing is offered about it.
for (const id of ["read-page", "speak-answers", "read-slowly"]) {
  at(id).closest(".button").hidden = !document.querySelector(".step [data-sound]");
}

const [speak, slowly] = [at("speak-answers"), at("read-slowly")];
speak.checked = wanted("speak") === "yes";
slowly.checked = wanted("pace") === "slow";
slow(slowly.checked);
speak.addEventListener("change", () => want("speak", speak.checked ? "yes" : "no"));
slowly.addEventListener("change", () => {
  want("pace", slowly.checked ? "slow" : "usual");
  slow(slowly.checked);
});

form.addEventListener("change", ({ target }) => {
  if (target.type === "radio" && speak.checked) read([target.nextElementSibling]);
  openCannot(target.closest(".step"));
  tellNext();
});

// "I can't answer" gives place to its three choices, and comes back if none of them was chosen.
function openCannot(step, asked = false) {
  const button = step.querySelector(".cant");
  if (!button) return;
  const choices = step.querySelector(".cannot");
  button.hidden = asked || Boolean(choices.querySelector(":checked"));
  choices.classList.toggle("open", button.hidden);
}

addEventListener("restored", () => {
  document.querySelectorAll(".step").forEach((step) => openCannot(step));
  form.querySelectorAll("textarea").forEach((area) => area.dispatchEvent(new Event("input")));
});

for (const step of document.querySelectorAll(".step")) {
  openCannot(step);
  step.querySelector(".cant")?.addEventListener("click", () => {
    openCannot(step, true);
    hush(); // what was being read is no longer what is asked
    if (speak.checked) read(heard(step.querySelector(".cannot")));
    changed();
    step.querySelector(".cannot input").focus();
    step.querySelector(".cannot").scrollIntoView({ block: "nearest" });
  });
}

/** Fewer or more answers ("2", "3", "5"): one that is no longer there to choose is no longer chosen. */
export function offer(ladder) {
  form.dataset.ladder = form.elements.ladder.value = ladder;
  document.querySelector(`[name=ladder-choice][value="${ladder}"]`).checked = true;
  for (const input of form.querySelectorAll("[data-ladders] input:checked")) {
    input.checked = input.closest("label").dataset.ladders.split(" ").includes(ladder);
  }
  document.querySelectorAll(".step").forEach((step) => openCannot(step));
  tellNext();
  want("ladder", ladder);
}

for (const choice of document.querySelectorAll("[name=ladder-choice]")) {
  choice.addEventListener("click", () => offer(choice.value)); // also the one that was chosen already
}

for (const area of form.querySelectorAll("textarea")) {
  const left = area.parentElement.querySelector(".left");
  area.addEventListener("input", () => {
    const room = area.maxLength - area.value.length;
    left.textContent = room <= 300 ? left.dataset.text.replace("{n}", room) : "";
    tellNext();
  });
}

// Enter on an answer goes on to the next question; only the last step sends.
form.addEventListener("submit", (event) => {
  if (now().id === "send") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  forward();
});
