// Resting: eyes, a head or a hand hold a pointer over something, and when the ring around it is full it is pressed.

import { box, fill, surround, unring } from "./ring.js";
import { press, seen, stopAt } from "./stops.js";
import { settling } from "./settling.js";

const BEAT = 50; // milliseconds
const BLINK = 250; // milliseconds for which eyes may leave and come back, and nothing is lost
const STEPS = 4; // for whom movement disturbs

/**
 * Begin; gives what ends it. `pace`: milliseconds to rest until it is pressed. `only`: a selector of what may be pressed.
 * `unseen`: milliseconds in which no ring is shown yet.
 */
export function dwell({ pace, only = "*", unseen = 0 }) {
  const ending = new AbortController();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let point = null;
  let target = null;
  let rested = 0; // milliseconds on the target
  let away = 0; // milliseconds since it was left
  let used = null; // where something was pressed: first leave it
  let before;
  let timer;

  const within = ({ left, top, right, bottom }) =>
    point && point.x >= left && point.x <= right && point.y >= top && point.y <= bottom;

  function under() {
    if (used && !within(used)) used = null;
    if (!point || used || settling()) return null;
    const stop = stopAt(point.x, point.y);
    return stop?.matches(only) ? stop : null;
  }

  function drop() {
    clearTimeout(timer);
    target = timer = null;
    unring();
  }

  function beat() {
    const now = performance.now();
    const passed = Math.min(now - before, 2 * BEAT); // a tablet that slept has rested on nothing
    before = now;
    const stop = under();
    if (stop && stop !== target) {
      [target, rested, away] = [stop, 0, 0];
      unring();
    } else if (stop) {
      rested += passed;
      away = 0;
    } else {
      away += passed;
    }
    if (target && (!target.isConnected || away > BLINK)) drop();
    timer = target || settling() ? setTimeout(beat, BEAT) : null;
    if (stop) show();
    if (stop && rested >= pace) choose();
  }

  function show() {
    if (rested < unseen) return;
    const part = Math.min(1, (rested - unseen) / (pace - unseen));
    surround([seen(target)], "rest");
    fill(calm.matches ? Math.floor(part * STEPS) / STEPS : part);
  }

  function choose() {
    const stop = target;
    used = box([seen(stop)]);
    drop();
    press(stop);
  }

  function go() {
    if (timer || !(under() || settling())) return;
    before = performance.now();
    beat();
  }

  function on(type, heard) {
    addEventListener(type, heard, { capture: true, signal: ending.signal });
  }
  on("pointermove", ({ pointerType, clientX, clientY }) => {
    if (pointerType === "touch") return;
    point = { x: clientX, y: clientY };
    go();
  });
  document.documentElement.addEventListener("pointerleave", () => (point = null), { signal: ending.signal });
  // Some gaze programs press by themselves: then this one does not press again.
  on("click", ({ isTrusted }) => {
    const stop = isTrusted && point && stopAt(point.x, point.y);
    if (!stop) return;
    used = box([seen(stop)]);
    drop();
  });

  return () => {
    ending.abort();
    drop();
  };
}
