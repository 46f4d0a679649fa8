// A page that the browser's Back brings out of its memory holds somebody's code or answers: away with it.

import { home } from "./manner.js";

addEventListener("pagehide", (event) => {
  document.documentElement.hidden = event.persisted; // not seen for a moment either
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(home());
});
