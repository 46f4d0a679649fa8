// How the page looks: colours, size of letters, order of answers, side of Next. For this page alone; nothing is kept.

const root = document.documentElement;
const help = document.getElementById("help");
const ways = document.querySelector(".ways");
const dark = matchMedia("(prefers-color-scheme: dark)");
// A media query counts in the browser's letters, not in the page's: its limits grow with the text.
const limits = [...document.styleSheets]
  .flatMap((sheet) => [...sheet.cssRules])
  .filter((rule) => rule instanceof CSSMediaRule)
  .map(({ media }) => [media, media.mediaText]);

function turn(box) {
  box.append(...[...box.children].reverse());
}

const chosen = {
  theme: (name) => (root.dataset.theme = name),
  size(percent) {
    root.style.setProperty("--grow", percent / 100);
    for (const [media, text] of limits) {
      media.mediaText = text.replace(/([\d.]+)rem/g, (_, limit) => `${(limit * percent) / 100}rem`);
    }
  },
  order: () => document.querySelectorAll("[data-question] .answers:not(.cannot)").forEach(turn),
  hand(side) {
    turn(ways);
    ways.dataset.hand = side;
  },
};

help.addEventListener("change", ({ target }) => chosen[target.name]?.(target.value));

// Until a theme is chosen, the one that the system gives stands as chosen.
function followSystem() {
  if (!root.dataset.theme) help.querySelector(`[value="${dark.matches ? "dark" : "light"}"]`).checked = true;
}
dark.addEventListener("change", followSystem);
followSystem();
