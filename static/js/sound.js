// Listen: reads what a place says, one text after another, each lit while it is read. Nothing sounds unasked.

const player = new Audio(); // one for all: tablets let only a player that a finger has started go on
let queue = [];
let pressed = null;

/** Stop reading. */
export function hush() {
  queue = [];
  player.pause();
  next();
}

/** Read these elements in turn; `button` is the one that was pressed, and stops it again. */
export function read(elements, button = null) {
  hush();
  queue = elements.filter((element) => element.dataset.sound && element.getClientRects().length);
  pressed = button;
  if (button) {
    button.dataset.listen = button.lastElementChild.textContent;
    button.lastElementChild.textContent = button.dataset.stop;
    button.classList.add("reading");
  }
  next();
}

/** Everything that can be heard in a place, in the order it stands. */
export const heard = (place) => [...place.querySelectorAll("[data-sound]")];

function next() {
  document.querySelector(".lit")?.classList.remove("lit");
  const element = queue.shift();
  if (!element) {
    release();
    return;
  }
  element.classList.add("lit");
  player.src = `/speech/${element.dataset.sound}`;
  player.play().catch((reason) => reason.name === "AbortError" || failed());
}

function release() {
  if (!pressed) return;
  pressed.lastElementChild.textContent = pressed.dataset.listen;
  pressed.classList.remove("reading");
  pressed = null;
}

function failed() {
  const button = pressed;
  hush();
  const words = document.getElementById("sound-missing")?.content;
  if (!words || !button || button.nextElementSibling?.matches(".no-sound")) return;
  const box = document.createElement("div");
  box.className = "no-sound";
  box.role = "alert";
  button.after(box);
  box.append(words.cloneNode(true));
}

/** Give each place with sound its Listen, and let each sentence be pressed. */
export function prepare(root) {
  for (const button of root.querySelectorAll(".listen")) {
    const place = button.closest(".place");
    button.hidden = !place.querySelector("[data-sound]");
    button.addEventListener("click", () => (button === pressed ? hush() : read(heard(place), button)));
  }
  for (const line of root.querySelectorAll(".sentences [data-sound]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...line.childNodes);
    button.addEventListener("click", () => read([line]));
    line.append(button);
  }
}

player.addEventListener("ended", next);
player.addEventListener("error", () => queue.length || pressed ? failed() : undefined);
addEventListener("pagehide", hush);
document.documentElement.classList.add("live");
prepare(document);
