// Typing in a paper by the keyboard: a number chooses an answer and leads on, Enter leads on, Backspace leads back.
// Where the network is away, the page stays as it is until it is back.

import { askBeforeLeaving, reached } from "./unsent.js";

const form = document.getElementById("paper");
const places = [...form.querySelectorAll(".typed"), document.getElementById("done")];

function go(place) {
  if (!place) return;
  const field = place.matches("button") ? place : place.querySelector(":checked, textarea");
  field.focus();
  place.scrollIntoView({ block: "center" });
}

form.addEventListener("keydown", (event) => {
  const place = event.target.closest("fieldset.typed, #done");
  if (!place || event.ctrlKey || event.altKey || event.metaKey) return;
  const number = places.indexOf(place);
  const chosen = [...place.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === event.key);
  const back = event.key === "Backspace";
  if (chosen) chosen.checked = true;
  else if (!back && (event.key !== "Enter" || place.id === "done")) return;
  event.preventDefault();
  go(places[number + (back ? -1 : 1)]);
});

const away = document.getElementById("away");
const leave = askBeforeLeaving(form);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const done = places.at(-1);
  if (done.disabled) return;
  done.disabled = true;
  away.hidden = await reached();
  done.disabled = false;
  if (!away.hidden) return done.focus();
  leave();
  form.submit();
});

// A paper that is in is nowhere in this browser.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
document.documentElement.classList.add("live");
go(places[0]);
