// Listen: reads what a place says, one text after another, each lit while it is read, and each word marked while
// it is heard. Nothing sounds unasked.

import { source } from "./pack.js";

const SLOWLY = 0.75;

const player = new Audio(); // one for all: tablets let only a player that a finger has started go on
for (const name of ["preservesPitch", "mozPreservesPitch", "webkitPreservesPitch"]) player[name] = true;
let queue = [];
let pressed = null;
let words = []; // of the text that is read: where each stands, and the second at which it is heard
let frame = 0;

/** Whether something is heard now, or shown. */
export const sounding = () => !player.paused || document.querySelector(".film") !== null;

/** Stop reading, and showing. */
export function hush() {
  queue = [];
  player.pause();
  next();
  dispatchEvent(new Event("hush"));
}

/** Read these elements in turn; `button` is the one that was pressed, and stops it again. */
export function read(elements, button = null) {
  hush();
  queue = elements.filter((element) => element.dataset.sound);
  pressed = button;
  if (button) {
    button.dataset.listen = button.lastElementChild.textContent;
    button.lastElementChild.textContent = button.dataset.stop;
    button.classList.add("reading");
  }
  next();
}

/** Read slowly from now on, or as usual again; the voice keeps its pitch. */
export function slow(slowly) {
  player.defaultPlaybackRate = player.playbackRate = slowly ? SLOWLY : 1; // each new sound begins at the default
}

/** Everything that can be heard in a place, in the order it stands. */
export const heard = (place) => [...place.querySelectorAll("[data-sound]")];

// Safari before 17.4 cannot say whether a closed part hides it.
export const seen = (element) => element.checkVisibility?.() ?? element.getClientRects().length > 0;

function next() {
  document.querySelector(".lit")?.classList.remove("lit");
  queue = queue.filter(seen); // what has been hidden meanwhile is not read either
  const element = queue.shift();
  words = element ? timed(element) : [];
  mark();
  if (!element) {
    release();
    return;
  }
  element.classList.add("lit");
  player.src = source(element.dataset.sound);
  player.play().catch((reason) => reason.name === "AbortError" || failed());
}

// Ranges, not elements: the page stays as it is, for those who hear it and for what stands around the word.
// A browser without highlights (Safari before 17.2, Firefox before 140) lights the whole text only.
function timed(element) {
  if (!element.dataset.times || !window.Highlight) return [];
  const times = element.dataset.times.split(" ");
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    if (texts.currentNode.parentElement.closest("[aria-hidden]")) continue; // a sample to look at
    for (const { 0: word, index } of texts.currentNode.data.matchAll(/\S+/g)) {
      const range = new Range();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      found.push({ range, from: times[found.length] / 1000 });
    }
  }
  return found.slice(0, times.length);
}

function mark(heard = null) {
  if (!window.Highlight) return;
  if (heard) CSS.highlights.set("word", new Highlight(heard.range));
  else CSS.highlights.delete("word");
}

// By the player's own clock, which also knows of pauses and of slowness.
function follow(marked = null) {
  if (player.paused || !words.length) return;
  const heard = words.findLast(({ from }) => from <= player.currentTime) ?? null;
  if (heard !== marked) mark(heard);
  frame = requestAnimationFrame(() => follow(heard));
}

function release() {
  if (!pressed) return;
  pressed.lastElementChild.textContent = pressed.dataset.listen;
  pressed.classList.remove("reading");
  pressed = null;
}

function failed() {
  const button = pressed;
  hush();
  const words = document.getElementById("sound-missing")?.content;
  if (!words || !button || button.nextElementSibling?.matches(".no-sound")) return;
  const box = document.createElement("div");
  box.className = "no-sound";
  box.role = "alert";
  button.after(box);
  box.append(words.cloneNode(true));
}

/** The place that a text is read in. */
export const spokenAround = (element) => element.closest(".place, .spoken");

/** Give each place with sound its Listen, and let each sentence be pressed. */
export function prepare(root) {
  for (const button of root.querySelectorAll(".listen")) {
    const whole = button.dataset.reads; // all of the page, not a place alone
    const place = whole ? button.closest(whole) : spokenAround(button);
    const own = () => heard(place).filter((element) => whole || spokenAround(element) === place);
    button.hidden = !own().length;
    button.addEventListener("click", () => (button === pressed ? hush() : read(own(), button)));
  }
  for (const line of root.querySelectorAll(".sentences [data-sound]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...line.childNodes);
    button.addEventListener("click", () => read([line]));
    line.append(button);
  }
  dispatchEvent(new CustomEvent("prepared", { detail: root }));
}

player.addEventListener("ended", next);
player.addEventListener("playing", () => {
  cancelAnimationFrame(frame);
  follow();
});
player.addEventListener("error", () => queue.length || pressed ? failed() : undefined);
addEventListener("pagehide", hush);
document.documentElement.classList.add("live");
prepare(document);
