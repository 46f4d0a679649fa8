// A tablet that stands for many (/s?kiosk=on): it goes back to its start when thanks has been seen, and covers what
// somebody has left. Who is there is never hurried: each touch and all that is read aloud begins the time anew, and
// nothing is deleted that could still be sent.

import { home, wanted } from "./manner.js";
import { sounding } from "./sound.js";

const RETURN = 60; // seconds that thanks stands untouched
const COVER = 600; // seconds that a questionnaire lies untouched

let untouched = 0; // seconds
let returning = null; // what shows how long it is until the start

/** The next person's turn is near. */
export function returnSoon() {
  if (!wanted("kiosk")) return;
  returning = document.querySelector(".returning");
  returning.hidden = false;
  for (const link of document.querySelectorAll("#outcome a.button")) link.href = home();
  untouched = 0;
}

function second() {
  untouched = sounding() ? 0 : untouched + 1;
  if (returning) returning.querySelector("progress").value = RETURN - untouched;
  if (returning && untouched === RETURN) location.replace(home());
  const left = !returning && untouched === COVER;
  if (left && document.getElementById("pause")?.open === false) document.getElementById("pause-button").click();
}

if (wanted("kiosk")) {
  setInterval(second, 1000);
  for (const sign of ["pointerdown", "pointermove", "keydown"]) addEventListener(sign, () => (untouched = 0), true);
}
