// What can be seen of the page as it is now. Each check gives a list of what is wrong, in words.

window.checks = (() => {
  const shown = (selector) => {
    const modal = document.querySelector("dialog:modal");
    return [...document.querySelectorAll(selector)].filter((element) => {
      const around = element.closest("dialog") ?? modal;
      if (around && !around.contains(element)) return false; // a panel lies over it
      return element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length;
    });
  };
  const box = (element) => element.getBoundingClientRect();
  const name = (element) => {
    const { left, top, width, height } = box(element);
    const place = [left, top, width, height].map(Math.round).join(" ");
    return `${element.outerHTML.slice(0, 120).replace(/\s+/g, " ")} (${place})`;
  };
  const hiddenForEyes = (element) => getComputedStyle(element).clipPath !== "none";

  const meet = (a, b) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;

  const FREE = "h1 label, .switch input, p *, li:not(:has(> button)) *";
  const inText = (element) => element.matches("a") && element.parentElement.textContent.trim() !== element.textContent.trim();

  /** Buttons under 44 px, answers under 96. All else has 24 to itself; a link in a line of text is as tall as its line. */
  const tooSmall = () => {
    const all = shown("a, button, summary, input:not([type=hidden]), textarea, label");
    const small = (element, least) => box(element).width < least || box(element).height < least;
    const crowded = (element) => {
      const { left, top, width, height } = box(element);
      const [x, y] = [left + width / 2, top + height / 2];
      const around = { left: x - 12, right: x + 12, top: y - 12, bottom: y + 12 };
      return all.some((other) => !other.contains(element) && !element.contains(other) && meet(around, box(other)));
    };
    return all
      .filter((element) => (element.matches(FREE)
        ? !inText(element) && small(element, 24) && crowded(element)
        : small(element, element.closest(".answer") ? 95.9 : 43.9)))
      .map((element) => `too small: ${name(element)}`);
  };

  const WORDS = "span, b, h1, h2, h3, p, li, legend, summary, a, button, label, .face, .place";

  /** What stands beside the screen, is wider than its frame, or makes the page scroll sideways. */
  const cutOff = () => {
    const width = document.documentElement.clientWidth;
    const cut = shown(WORDS).filter((element) => {
      if (hiddenForEyes(element) || element.closest(".progress") || element.matches(".here, .here *")) return false;
      const { left, right } = box(element);
      const framed = element.matches(".face, button, .button, summary");
      return left < -1 || right > width + 1
        || (framed && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2));
    });
    const wide = [document.documentElement, ...shown("dialog")].filter((it) => it.scrollWidth > it.clientWidth + 1);
    return [...cut.map((element) => `cut off: ${name(element)}`), ...wide.map((it) => `scrolls sideways: ${it.tagName}`)];
  };

  /** Things that lie over each other and neither of which holds the other. */
  const overlapping = () => {
    const all = shown("h1, h2, h3, p, li, legend, summary, label, button, .button, textarea, input[type=text]")
      .filter((element) => !hiddenForEyes(element) && element.textContent.trim() !== "" && !element.closest(".progress"))
      .filter((element) => !element.closest(".ways") || getComputedStyle(element.closest(".ways")).position !== "sticky");
    const boxes = all.map(box);
    const found = [];
    for (let one = 0; one < all.length; one += 1) {
      for (let other = one + 1; other < all.length; other += 1) {
        if (!meet(boxes[one], boxes[other]) || all[one].contains(all[other]) || all[other].contains(all[one])) continue;
        found.push(`over each other: ${name(all[one])} / ${name(all[other])}`);
      }
    }
    return found;
  };

  const layout = () => [...tooSmall(), ...cutOff(), ...overlapping()];

  /** The same with the text spacing of WCAG 1.4.12. */
  const spaced = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
      p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets.push(sheet);
    const found = layout();
    document.adoptedStyleSheets.pop();
    return found;
  };

  /** What moves or sounds although nobody asked it to. */
  const restless = () => [
    ...document.getAnimations().map((animation) => `moves: ${animation.animationName ?? animation.transitionProperty}`),
    ...[...document.querySelectorAll("audio, video")].filter((it) => !it.paused).map(name),
  ];

  /** Where it stands on the whole page or panel; what sticks to the bottom stands below all else. */
  const at = (element, [left, top, right, bottom]) => {
    const over = element.closest("dialog");
    const bar = element.closest(".ways"); // which stays at the bottom, where it does not scroll along
    const stays = bar && getComputedStyle(bar).position === "sticky";
    const down = over ? over.scrollTop : stays ? document.documentElement.scrollHeight : scrollY;
    return [left, top + down, right, bottom + down].map(Math.round);
  };

  /** Where the keyboard is: what has the focus, whether it can be seen, and where. */
  const focus = () => {
    const element = document.activeElement;
    if (!element || element === document.body || element.matches("html, dialog")) return null; // between the last and the first
    const seen = element.matches(".answer input") ? element.nextElementSibling : element;
    const { left, top, right, bottom } = box(seen);
    const inside = (x, y) => {
      const found = document.elementFromPoint(x, y);
      return found && (seen.contains(found) || found.contains(seen) || found.contains(element) || found === element);
    };
    const places = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]];
    const hidden = places.filter(([x, y]) => !inside(left + x * (right - left), top + y * (bottom - top)));
    const style = getComputedStyle(seen);
    return {
      name: name(seen),
      number: [...document.querySelectorAll("*")].indexOf(element),
      ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
      hidden: hidden.length,
      box: at(seen, [left, top, right, bottom]),
    };
  };

  return { layout, spaced, restless, focus };
})();
