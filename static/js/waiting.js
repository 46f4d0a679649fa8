// What waits on this tablet, told on the code page and after a Send: never whose it is, nor what it says.

import { expire } from "./expiry.js";
import "./kept.js";
import { words } from "./words.js";

const TOLD = { received: "waited_sent", already_received: "waited_sent", closed: "waited_late" };

const told = new Set();
let left = 0;
let pressed = false;

function show() {
  const place = document.getElementById("waiting");
  if (!place) return;
  const own = place.dataset.waits; // on some pages only who has pressed is told
  const waits = left && (own === "waits" || pressed) ? [own] : [];
  place.replaceChildren(...[...told, ...waits].filter(Boolean).map(words));
  if (pressed && document.activeElement === document.body) place.querySelector(".resend")?.focus();
}

addEventListener("resent", ({ detail: { status } }) => {
  told.add(TOLD[status] ?? "waited_not_used");
  show();
});
addEventListener("waiting", ({ detail }) => {
  left = detail;
  show();
});
document.addEventListener("click", ({ target }) => {
  if (!target.closest(".resend")) return;
  pressed = true;
  document.getElementById("waiting").replaceChildren(words("resending"));
});
expire();
