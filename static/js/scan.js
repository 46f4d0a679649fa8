// One switch or two: a ring goes from group to group, then through the group that was chosen.
// With one switch it goes by itself, and rests after two rounds in which nothing was pressed; with two it is stepped.

import { box, draw, fill, surround, unring } from "./ring.js";
import { heard, read } from "./sound.js";
import { groups, press, seen, stage } from "./stops.js";
import { listen } from "./switches.js";
import { settling } from "./settling.js";
import { tick } from "./tick.js";

const ROUNDS = 2;
const AFTER_CHANGE = 500; // milliseconds more for what has just come, which cannot be pressed yet
const READING = 250; // milliseconds between looks at whether it is still read aloud

/**
 * Begin; gives what ends it. `pace`: milliseconds at each thing, null: stepped by a second switch.
 * `still`: milliseconds in which nothing is taken after a press. `cue`: what the ring comes to is heard.
 */
export function scan({ pace, still, cue }) {
  const ending = new AbortController();
  const resting = document.getElementById("scan-rests")?.content.firstElementChild.cloneNode(true);
  let entered = null; // the group that the ring goes through
  let place = 0;
  let rounds = 0;
  let rests = false;
  let timer;
  let last = []; // what was on the stage, to see when something else is
  let current = null; // the group or the thing that the ring is around

  /** What the ring goes through: [what it is, what can be pressed there]; last in a group, the way out of it. */
  function spots() {
    const outer = groups();
    const inner = outer.find(([group]) => group === entered);
    if (!inner) entered = null;
    return inner ? [...inner[1].map((stop) => [stop, [stop]]), inner] : outer;
  }

  function show(sounds = true) {
    clearTimeout(timer);
    const all = spots();
    last = sight();
    place = Math.min(place, all.length - 1);
    if (place < 0) return unring();
    const [what, stops] = all[place];
    current = what;
    const around = stops.map(seen);
    bring(around);
    surround(around, what === entered ? "leave" : stops.length > 1 ? "group" : "one");
    fill(1);
    if (cue && sounds) say(stops.length > 1 ? null : around[0]);
    if (pace !== null) timer = setTimeout(onwards, pace + (settling() ? AFTER_CHANGE : 0));
  }

  function say(element) {
    const sounding = element && (element.dataset.sound ? [element] : heard(element));
    if (sounding?.length) read(sounding);
    else tick();
  }

  function onwards() {
    if (document.querySelector(".lit")) timer = setTimeout(onwards, READING); // what is read is heard to its end
    else step();
  }

  function step() {
    place += 1;
    if (place >= spots().length) {
      place = 0;
      rounds += 1;
    }
    if (pace !== null && rounds >= ROUNDS) {
      if (!entered) return rest();
      leave();
    }
    show();
  }

  function leave() {
    const group = entered;
    enter(null);
    place = Math.max(0, spots().findIndex(([what]) => what === group));
  }

  function enter(group) {
    entered = group;
    place = rounds = 0;
  }

  function choose() {
    const all = spots();
    const [what, stops] = all[place] ?? [];
    if (!what) return;
    if (what === entered) leave();
    else if (stops.length > 1) enter(what);
    else return pressed(stops[0]);
    show();
  }

  // The ring goes on from where it was; where something else has come, it begins.
  function pressed(stop) {
    const was = sight();
    const group = entered ?? current;
    const from = groups().findIndex(([one]) => one === group);
    press(stop);
    if (ending.signal.aborted) return;
    rounds = 0;
    if (!same(was, sight())) enter(null);
    else if (group.dataset.group !== "again" && !document.querySelector(".lit")) {
      const stays = groups()[from]?.[0] === group;
      enter(null);
      place = (from + (stays ? 1 : 0)) % Math.max(1, groups().length);
    }
    show();
  }

  function rest(resumed = false) {
    rests = !resumed;
    clearTimeout(timer);
    place = rounds = 0;
    if (resumed) {
      resting?.remove();
      return show();
    }
    unring();
    if (!resting) return;
    document.documentElement.append(resting);
    resting.popover = "manual";
    resting.showPopover();
  }

  const sight = () => [stage(), document.querySelector(".step.now"), document.querySelector("main")];
  const same = (one, other) => one.every((part, index) => part === other[index]);

  // Something may come by itself: thanks, a message.
  function follow() {
    const now = sight();
    if (!same(last, now)) {
      if (rests) rest(true);
      enter(null);
      return show();
    }
    const at = spots().findIndex(([what]) => what === current);
    if (rests) return;
    if (at === place) return draw(); // it may stand elsewhere
    if (at >= 0) place = at;
    show(false);
  }

  const watching = new MutationObserver(follow);
  const watched = { subtree: true, childList: true, attributeFilter: ["class", "hidden", "open", "disabled"] };
  watching.observe(document.body, watched);
  listen({
    two: pace === null,
    still,
    signal: ending.signal,
    hold: (down = true) => (down ? clearTimeout(timer) : rests || show(false)),
    step: () => (rests ? rest(true) : step()),
    choose: () => (rests ? rest(true) : choose()),
  });
  show();

  return () => {
    ending.abort();
    watching.disconnect();
    clearTimeout(timer);
    unring();
    resting?.remove();
  };
}

// Into sight, and not under the bar at the bottom.
function bring(elements) {
  elements.at(-1).scrollIntoView({ block: "nearest" });
  elements[0].scrollIntoView({ block: "nearest" });
  const bar = document.querySelector("footer.ways");
  if (!bar || stage() !== document.body || bar.contains(elements[0])) return;
  const hidden = box(elements.slice(0, 1)).bottom + 16 - bar.getBoundingClientRect().top;
  if (hidden > 0) scrollBy(0, hidden);
}
