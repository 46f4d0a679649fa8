// Watch: somebody signs what stands in a place, one text after another, in the place itself. Nothing is fetched before
// it is pressed, and what silences the voice closes the film too: another step, Pause, Listen.

import { settle } from "./settling.js";
import { hush, seen, spokenAround } from "./sound.js";
import { words } from "./words.js";

const signed = document.getElementById("watch") !== null;
let open = null; // the film that is seen: what closes it

/** Show what is signed of these elements in turn; `button` is the one that was pressed, and stops it again. */
function watch(elements, button) {
  hush();
  const queue = elements.filter(seen);
  const film = words("film").firstElementChild;
  const player = film.querySelector("video");
  const label = button.lastElementChild;
  const name = label.textContent;
  let shown = null;
  // A switch or eyes cannot come to the player's own buttons: for them it has none, and what opened it closes it.
  player.controls = [undefined, "usual"].includes(document.documentElement.dataset.way);

  // A ring that goes by itself waits while something is lit.
  const light = () => shown?.classList.add("lit");
  const unlight = () => shown?.classList.remove("lit");

  function next() {
    unlight();
    shown = queue.shift();
    if (!shown) return hush();
    player.src = `/signs/${shown.dataset.film}`;
    player.setAttribute("aria-label", shown.textContent.trim());
    play();
    light();
  }

  // Some browsers want to be pressed before anything sounds, and eyes press nothing: then it is seen without its sound.
  // Or they want a press on the player's own buttons.
  function play() {
    player.play().catch(({ name }) => {
      if (name === "NotAllowedError" && !player.muted) {
        player.muted = true;
        play();
      } else if (player.paused) unlight();
    });
  }

  function close() {
    unlight();
    shown = open = null;
    label.textContent = name;
    if (film.contains(document.activeElement)) button.focus();
    player.removeAttribute("src");
    player.load();
    film.remove();
    settle();
  }

  function fail() {
    close();
    const told = words("film-missing").firstElementChild;
    told.role = "alert";
    row(button).after(told);
  }

  player.addEventListener("ended", next);
  player.addEventListener("error", () => open && fail());
  player.addEventListener("pause", () => player.ended || unlight());
  player.addEventListener("play", light);
  open = { button, close };
  label.textContent = button.dataset.stop;
  row(button).parentElement.querySelector(".no-film")?.remove();
  row(button).after(film);
  next();
  settle();
  film.scrollIntoView({ block: "nearest" });
}

const row = (button) => button.parentElement;

/** Give each place in which something is signed its Watch, beside Listen. */
function offer(root) {
  for (const listen of root.querySelectorAll(".listen")) {
    const place = spokenAround(listen);
    const own = [...place.querySelectorAll("[data-film]")].filter((element) => spokenAround(element) === place);
    if (!own.length) continue;
    const button = words("watch").firstElementChild;
    if (!row(listen).matches(".beside, .bar")) {
      const beside = document.createElement("div");
      beside.className = "beside";
      listen.replaceWith(beside);
      beside.append(listen);
    }
    listen.after(button);
    button.addEventListener("click", () => (open?.button === button ? hush() : watch(own, button)));
  }
}

if (signed) {
  addEventListener("hush", () => open?.close());
  addEventListener("prepared", ({ detail }) => offer(detail));
  offer(document);
}
