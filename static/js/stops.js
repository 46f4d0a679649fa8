// What can be pressed in what is seen now: the same for a switch that steps from one to the next and for eyes that rest
// on one. Parts of a page say which things belong together with data-group; what says nothing stands alone.

const PRESSED = "button, summary, a[href], [type=radio], [type=checkbox]";
const FEW = 5; // so many are stepped through one by one

/** The page, or what lies over it. */
export const stage = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

/** What is seen of something that can be pressed. */
export const seen = (stop) => stop.closest("label") ?? stop;

const there = (element) =>
  (element.origin ?? location.origin) === location.origin && // links out of the house are no way on
  !element.matches(":disabled") && element.getClientRects().length > 0 && (element.checkVisibility?.() ?? true);

/** Everything that can be pressed now, by group: [what groups them, [stop, …]]; the top of the page comes last. */
export function groups() {
  const stops = [...stage().querySelectorAll(PRESSED)].filter(there);
  const found = new Map();
  for (const stop of stops) {
    const group = (stops.length > FEW && stop.closest("[data-group]")) || stop;
    found.set(group, [...(found.get(group) ?? []), stop]);
  }
  const last = ([group]) => (group.closest("[data-group=top]") ? 1 : 0);
  return [...found].sort((one, other) => last(one) - last(other));
}

/** The stop at a point of the screen, if there is one. */
export function stopAt(x, y) {
  const element = document.elementFromPoint(x, y);
  const stop = element?.closest("label")?.control ?? element?.closest(PRESSED);
  return stop?.matches(PRESSED) && there(stop) ? stop : null;
}

/** Press it, as a finger would. */
export function press(stop) {
  stop.focus({ preventScroll: true });
  stop.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1, view: window }));
}
