// Switches: a key, a button of a mouse, half of a screen. Each press is taken once, however the hand shakes.

import { settling } from "./settling.js";

const STEP = [" ", "Tab", "1", "ArrowRight", "ArrowDown"];
const CHOOSE = ["Enter", "2"];
const WRITTEN = ["1", "2", "ArrowRight", "ArrowDown"]; // where one writes they are keys like any other

/**
 * Tell of presses until `signal` ends it. With `two` switches one steps and one chooses, else each chooses.
 * After a press nothing is taken for `still` milliseconds. `hold` hears when a pointer goes down: what counts is what
 * stood there then, `choose` and `step` come when it goes up.
 */
export function listen({ two, still, signal, hold, step, choose }) {
  let free = 0;
  let held = null; // the key or the pointer that is down

  /** Whether this press counts; until it is let go, and a while after, no other does. */
  function taken(by) {
    const now = held === null && performance.now() >= free && !settling();
    if (now) [held, free] = [by, performance.now() + still];
    return now;
  }

  function letGo(by) {
    if (by !== held) return false;
    held = null;
    free = Math.max(free, performance.now() + still);
    return true;
  }

  const nothing = () => undefined; // the ring goes its own way

  function meant({ key, target }) {
    if (target.matches?.("textarea, [type=text], input:not([type])") && WRITTEN.includes(key)) return null;
    if (CHOOSE.includes(key)) return key === "2" && !two ? null : choose;
    if (STEP.includes(key) && two) return step;
    return key === " " ? choose : key === "Tab" ? nothing : null;
  }

  // Two buttons of a mouse, or the two halves of a screen: the left one steps, the right one chooses.
  const pointed = ({ button, pointerType, clientX }) =>
    two && (pointerType === "touch" ? clientX < innerWidth / 2 : button === 0) ? step : choose;

  function on(type, heard) {
    addEventListener(type, heard, { capture: true, passive: false, signal });
  }
  const stop = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  on("keydown", (event) => {
    const act = event.ctrlKey || event.altKey || event.metaKey ? null : meant(event);
    if (!act) return;
    stop(event);
    if (!event.repeat && taken(event.key)) act();
  });
  on("keyup", (event) => {
    if (meant(event)) stop(event);
    letGo(event.key);
  });
  on("pointerdown", ({ pointerId }) => taken(pointerId) && hold());
  on("pointerup", (event) => letGo(event.pointerId) && pointed(event)());
  on("pointercancel", ({ pointerId }) => letGo(pointerId) && hold(false));
  on("blur", ({ target }) => target === window && (held = null)); // let go where nobody sees it
  // What a press would do where the pointer happens to be, it must not do.
  for (const type of ["mousedown", "contextmenu", "auxclick"]) on(type, stop);
  on("click", (event) => event.isTrusted && stop(event));
}
