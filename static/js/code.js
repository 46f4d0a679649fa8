// The code page: a code is grouped as it is written, told at once when mistyped, and taken from a scanned link.

import "./gone.js";
import "./install.js";
import "./look.js";
import { closeKeys } from "./keys.js";
import { returnSoon } from "./kiosk.js";
import { wanted } from "./manner.js";
import { bare, grouped, isCode, LENGTH } from "./signs.js";
import { slow } from "./sound.js";
import "./waiting.js";
import { words } from "./words.js";
import "./watch.js";
import "./ways.js";

const form = document.getElementById("start");
const field = document.getElementById("code");
const away = document.querySelector("footer");
const [problem, told] = ["problem", "told"].map((id) => document.getElementById(id));

function tell(id) {
  if (problem.dataset.told === id) return;
  problem.dataset.told = id;
  problem.className = "";
  problem.replaceChildren(...(id === "mistyped" ? [words(id)] : []));
  told.replaceChildren(...(id === "ready" ? [words(id)] : []));
  field.setAttribute("aria-invalid", String(id === "mistyped"));
  away.hidden = id === "ready"; // a stray press must not lose what is ready
}

field.addEventListener("input", () => {
  const atEnd = field.selectionStart === field.value.length;
  const code = bare(field.value);
  if (atEnd) field.value = grouped(code); // never under a hand that mends the middle
  if (code.length >= LENGTH) closeKeys();
  tell(code.length < LENGTH ? "" : isCode(code) ? "ready" : "mistyped");
});

form.addEventListener("submit", (event) => {
  if (isCode(bare(field.value))) return;
  event.preventDefault();
  tell("mistyped");
  field.focus();
});

// A scanned code: nothing to write, one thing to press.
function takeFromLink() {
  const code = bare(location.hash.slice(1));
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  if (!isCode(code)) {
    if (code.length > 8) tell("mistyped"); // a link that came to harm; names of steps are shorter
    return;
  }
  field.value = grouped(code);
  away.hidden = true;
  if (!document.body.matches(".ready")) history.pushState(null, ""); // one Back comes to this page again, code and all
  document.body.classList.add("ready");
  document.querySelector("h1").replaceChildren(words("ready"));
  document.title = document.querySelector("h1").textContent;
  form.querySelector(".big").focus();
}

for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    const code = bare(field.value);
    if (isCode(code)) link.hash = code; // follows into the other language
  });
}

slow(wanted("pace") === "slow");
if (wanted("kiosk") === "queue") returnSoon(); // a card of the queue could not be opened: its page is not here

addEventListener("hashchange", takeFromLink);
takeFromLink();
