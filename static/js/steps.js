// One thing at a time: the fragment (#q3) says which step is seen. Nothing is fetched between steps.

import { home } from "./manner.js";
import { settle } from "./settling.js";
import { hush } from "./sound.js";

const form = document.getElementById("answers");
const questions = [...document.querySelectorAll("[data-question]")];
const dots = [...document.querySelectorAll(".dots li")];
const [back, begin, next] = ["back", "begin", "next"].map((id) => document.getElementById(id));
const languages = document.querySelector(".languages");
const title = document.title;
const watching = new AbortController();
const BEFORE = "before"; // the place in the browser's history from which one would leave

const steps = () => [...document.querySelectorAll(".step:not([hidden])")];

/** The step that is seen. */
export const now = () => document.querySelector(".step.now");

/** Show the step with this id, as the browser's own Back and Forward also do. */
export function go(id) {
  history.pushState(null, "", `#${id}`);
  show();
}

/** Something else stands there now. */
export const changed = settle;

export function forward() {
  now().dispatchEvent(new Event("done")); // a try may call for another
  const following = steps()[steps().indexOf(now()) + 1];
  if (following) go(following.id);
}

function backward() {
  go(steps()[steps().indexOf(now()) - 1].id);
}

/** Next is quiet until something is chosen or written. */
export function tellNext() {
  const answered = now().querySelector("input:checked") || now().querySelector("textarea")?.value.trim();
  next.classList.toggle("strong", Boolean(answered));
}

/** Stop following the fragment: there is nothing more to show. */
export function leave() {
  watching.abort();
  history.replaceState(null, "", home());
}

function stay() {
  history.forward();
  if (!document.querySelector("dialog[open]")) document.getElementById("stop-button").click();
}

function show(focus = true) {
  hush();
  const all = steps();
  const step = all.find(({ id }) => `#${id}` === location.hash) ?? all[0];
  for (const other of document.querySelectorAll(".step")) other.classList.toggle("now", other === step);
  document.body.dataset.step = step.id;
  const place = all.indexOf(step);
  dots.forEach((dot, index) => {
    const itsPlace = all.indexOf(questions[index]);
    dot.className = itsPlace < place ? "done" : itsPlace === place ? "now" : "";
  });
  begin.hidden = place > 0;
  back.hidden = place === 0;
  next.hidden = place === 0 || place === all.length - 1;
  document.title = [step.querySelector(".progress, .question")?.textContent, title].filter(Boolean).join(" – ");
  languages.hidden = [...form.elements].some(({ checked }) => checked); // another language begins anew; a try is no answer
  tellNext();
  changed();
  scrollTo(0, 0);
  if (focus) step.focus({ preventScroll: true });
}

// Reloading leads to the code page. Back beyond the first step would lose code and answers: it asks before it does.
history.replaceState(BEFORE, "", home());
history.pushState(null, "");
addEventListener("popstate", ({ state }) => state === BEFORE && stay(), { signal: watching.signal });
addEventListener("hashchange", () => show(), { signal: watching.signal });
addEventListener("hashchange", () => {
  // A link with a code, scanned into this page: its person begins anew.
  if (location.hash.length > 9) location.reload(); // names of steps are shorter
});
for (const [button, way] of [[begin, forward], [next, forward], [back, backward]]) button.addEventListener("click", way);
show(false);
