// The ring around what is pressed next. It lies over everything, also over what lies over the page.

const MARGIN = 10; // CSS pixels
const ring = document.createElement("div");
ring.id = "ring";
ring.popover = "manual";
ring.ariaHidden = "true";
let around = [];

/** Draw the ring around these elements; `kind` is "one", "group" or "leave", or "rest" for eyes. */
export function surround(elements, kind) {
  around = elements;
  ring.dataset.kind = kind;
  document.documentElement.append(ring); // not in the body, which thanks empties
  if (ring.matches(":popover-open")) ring.hidePopover(); // over a dialog that has come since
  ring.showPopover();
  draw();
}

/** How much of the ring is full, 0 to 1. */
export function fill(part) {
  ring.style.setProperty("--part", part);
}

/** Away with the ring. */
export function unring() {
  around = [];
  ring.remove();
}

/** Where these elements stand together. */
export function box(elements) {
  const boxes = elements.map((element) => element.getBoundingClientRect());
  const [left, top] = ["left", "top"].map((side) => Math.min(...boxes.map((one) => one[side])));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((one) => one[side])));
  return { left, top, right, bottom };
}

/** Draw it where those elements are now. */
export function draw() {
  if (!around.length) return;
  const { left, top, right, bottom } = box(around);
  const [from, above] = [Math.max(0, left - MARGIN), Math.max(0, top - MARGIN)];
  ring.style.left = `${from}px`;
  ring.style.top = `${above}px`;
  ring.style.width = `${Math.min(innerWidth, right + MARGIN) - from}px`;
  ring.style.height = `${Math.min(innerHeight, bottom + MARGIN) - above}px`;
}

addEventListener("scroll", draw, true);
addEventListener("resize", draw);
