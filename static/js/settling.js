// A hand that shakes presses twice: once is meant.

const SHAKING = 500; // milliseconds
let pointed = false;
let waiting;

/** Something else stands there now: for a moment it cannot be pressed. */
export function settle() {
  if (!pointed) return;
  clearTimeout(waiting);
  document.body.classList.add("settling");
  waiting = setTimeout(() => document.body.classList.remove("settling"), SHAKING);
}

/** Whether it cannot be pressed yet. */
export const settling = () => document.body.classList.contains("settling");

addEventListener("click", ({ detail }) => (pointed = detail > 0), true); // not a key
