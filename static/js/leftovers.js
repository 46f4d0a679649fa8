// Leftover cards, typed or held before the camera, are voided one after the other without leaving the page.

import { seeing } from "./camera.js";
import { bare, LENGTH } from "./signs.js";
import { words } from "./words.js";

const [form, field, told] = ["leftover", "code", "told"].map((id) => document.getElementById(id));

async function send(code) {
  const body = new URLSearchParams(new FormData(form));
  body.set("code", code);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.redirected || answer?.status === 403) return location.reload(); // signed out: the page that comes says so
  if (!answer?.ok) return told.replaceChildren(words("could_not_reach"));
  const { told: text, voided, unit, counted } = await answer.json();
  told.setAttribute("role", "status");
  told.classList.toggle("alarm", !voided);
  told.textContent = text;
  if (voided) {
    field.value = "";
    // It may lie where another part of the list is open.
    document.querySelector(`[data-unit="${CSS.escape(unit)}"]`)?.replaceChildren(counted);
  }
  field.focus();
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(field.value);
  });
  document.getElementById("camera").hidden = false;
  // A card's QR code is a link that ends with the code.
  seeing((seen) => send(bare(seen).slice(-LENGTH)));
  document.documentElement.classList.add("live");
}
