// How the page looks: colours, size of letters, symbols, order of answers, side of Next.

import { want, wanted } from "./manner.js";

const root = document.documentElement;
const ways = document.querySelector(".ways");
const panel = document.getElementById("look"); // few pages have one
const dark = matchMedia("(prefers-color-scheme: dark)");
// A media query counts in the browser's letters, not in the page's: its limits grow with the text.
const limits = [...document.styleSheets]
  .flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule instanceof CSSMediaRule)
  .map(({ media }) => [media, media.mediaText]);

function turn(box) {
  box.append(...[...box.children].reverse());
}

const LOOKS = {
  theme: { light: setTheme, dark: setTheme, soft: setTheme, contrast: setTheme },
  size: { 100: grow, 150: grow, 200: grow, 300: grow },
  symbols: { on: showSymbols, answers: showSymbols, off: showSymbols },
  order: { usual: turnAnswers, turned: turnAnswers },
  hand: { right: setHand, left: setHand },
};
const FIRST = { order: "usual", hand: root.dir === "rtl" ? "left" : "right" }; // as the page comes

function setTheme(name) {
  root.dataset.theme = name;
}

function grow(percent) {
  root.style.setProperty("--grow", percent / 100);
  for (const [media, text] of limits) {
    media.mediaText = text.replace(/([\d.]+)rem/g, (_, limit) => `${(limit * percent) / 100}rem`);
  }
}

function showSymbols(where) {
  document.body.dataset.symbols = where;
}

function turnAnswers() {
  document.querySelectorAll(":is([data-question], [data-picture]) .answers:not(.cannot)").forEach(turn);
}

function setHand() {
  if (!ways) return; // a page with one way on
  turn(ways);
  ways.toggleAttribute("data-turned");
}

for (const [name, values] of Object.entries(LOOKS)) {
  const value = wanted(name);
  if (!Object.hasOwn(values, value) || value === FIRST[name]) continue;
  values[value](value);
  if (panel) panel.querySelector(`[name=${name}][value="${value}"]`).checked = true;
}

// What was pressed stays under the finger, however the page grows above it.
panel?.addEventListener("change", ({ target: { name, value, parentElement: choice } }) => {
  const middle = () => choice.getBoundingClientRect().top + choice.offsetHeight / 2;
  const before = middle();
  LOOKS[name][value](value);
  panel.closest("dialog").scrollBy(0, middle() - before);
  want(name, value);
});

// Until a theme is chosen, the one that the system gives stands as chosen.
function followSystem() {
  if (!root.dataset.theme) panel.querySelector(`[value="${dark.matches ? "dark" : "light"}"]`).checked = true;
}
if (panel) {
  dark.addEventListener("change", followSystem);
  followSystem();
}
