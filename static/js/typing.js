// Typing in a paper by the keyboard: a number chooses an answer and leads on, Enter leads on, Backspace leads back.

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

// A paper that is in is nowhere in this browser.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
document.documentElement.classList.add("live");
go(places[0]);
