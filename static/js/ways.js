// Ways of answering: which one is wanted, and the panel in which it is chosen, in pictures.

import { dwell } from "./dwell.js";
import { want, wanted } from "./manner.js";
import { scan } from "./scan.js";
import { settle } from "./settling.js";
import { hush } from "./sound.js";
import "./keys.js";

// Seconds. The helper's buttons go from `least` to `most`; `medium` is what a link without a number gives.
const PACES = {
  scan: { least: 0.5, most: 5, by: 0.25, slow: 3, medium: 1.5, fast: 0.75 },
  dwell: { least: 0.3, most: 3, by: 0.1, slow: 2, medium: 1, fast: 0.6 },
};
const STILL = { least: 0, most: 2, by: 0.1, medium: 0.3 };
const WAYS = { usual: byHand, scan: byOne, two: byTwo, dwell: byResting };
const OPENER = "[data-opens=way]";

const root = document.documentElement;
const panel = document.getElementById("way"); // pages without it still follow what was chosen
let end = () => {};

const chosen = () => (Object.hasOwn(WAYS, wanted("way")) ? wanted("way") : "usual");

function number(name, { least, most, medium }) {
  const given = wanted(name);
  const value = Number(given);
  return given && value >= least && value <= most ? value : medium;
}

function use(way) {
  end();
  root.dataset.way = way;
  end = WAYS[way]();
}

function byOne() {
  return scan({ ...switches(), pace: number("seconds", PACES.scan) * 1000 });
}

function byTwo() {
  return scan({ ...switches(), pace: null });
}

function switches() {
  return { still: number("still", STILL) * 1000, cue: wanted("cue") === "on" };
}

function byResting() {
  return dwell({ pace: number("seconds", PACES.dwell) * 1000 });
}

// Who has not chosen yet may have nothing but a switch or their eyes: the panel opens to these too, and is worked by them.
function byHand() {
  const ending = new AbortController();
  const options = { signal: ending.signal };
  const eyes = dwell({ pace: PACES.dwell.most * 1000, unseen: 1000, only: OPENER });
  const opener = () => [...document.querySelectorAll(OPENER)].find((button) => button.getClientRects().length);
  addEventListener(
    "keydown",
    (event) => {
      const scrolls = root.scrollHeight > innerHeight;
      const pressed = event.key === "Enter" || (event.key === " " && !scrolls);
      if (event.target !== document.body || !pressed || event.repeat || !opener()) return;
      event.preventDefault();
      open("scan");
    },
    options,
  );
  addEventListener("click", ({ target, isTrusted }) => !isTrusted && target.closest(OPENER) && use("dwell"), options);
  return () => {
    ending.abort();
    eyes();
  };
}

function open(way = null) {
  hush();
  document.querySelector("dialog[open]")?.close();
  panel.showModal();
  panel.scrollTo(0, 0);
  settle();
  if (way) use(way);
}

function show() {
  const way = chosen();
  const pace = PACES[way];
  panel.querySelector(`[name=way][value=${way}]`).checked = true;
  panel.querySelector("#seconds").hidden = !pace;
  panel.querySelector("#switches").hidden = way !== "scan" && way !== "two";
  panel.querySelector("#eyes").hidden = way !== "dwell";
  for (const speed of panel.querySelectorAll("[name=speed]")) {
    speed.checked = number("seconds", pace ?? PACES.scan) === pace?.[speed.value];
  }
  panel.querySelector("[name=cue]").checked = wanted("cue") === "on";
  for (const [name, range] of [["seconds", pace ?? PACES.scan], ["still", STILL]]) {
    const told = panel.querySelector(`[data-number=${name}] output`);
    told.textContent = number(name, range).toLocaleString(root.lang, { maximumFractionDigits: 2 });
  }
}

function step(name, range, direction) {
  const value = Math.round((number(name, range) + direction * range.by) * 100) / 100;
  want(name, Math.min(range.most, Math.max(range.least, value)));
}

if (panel) {
  for (const button of document.querySelectorAll(OPENER)) button.addEventListener("click", () => open());
  panel.addEventListener("change", ({ target: { name, value, checked } }) => {
    if (name === "way") {
      want("way", value);
      want("seconds", PACES[value]?.medium ?? "");
    } else if (name === "speed") want("seconds", PACES[chosen()][value]);
    else want("cue", checked ? "on" : "off");
    show();
  });
  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-by]");
    if (!button) return;
    const { number: name } = button.closest("[data-number]").dataset;
    step(name, name === "still" ? STILL : PACES[chosen()], Number(button.dataset.by));
    show();
  });
  // Only now: who chooses for somebody else is still pressing with a finger.
  panel.addEventListener("close", () => {
    settle();
    use(chosen());
  });
  show();
}

use(chosen());
