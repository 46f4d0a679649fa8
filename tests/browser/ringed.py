"""The ring, as it is seen: what it is around, what it comes to, and its colours."""

import io

from PIL import Image
from playwright.sync_api import Page

REACHED = """() => {
  const key = (type, name) => document.body.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true }));
  const press = (name) => (key("keydown", name), key("keyup", name));
  const ring = () => document.getElementById("ring");
  const round = (element) => element.getBoundingClientRect();
  const stage = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const wanted = new Set([...stage.querySelectorAll("a[href], button, input, summary")]
    .filter((it) => (it.origin ?? location.origin) === location.origin)
    .filter((it) => it.checkVisibility({ visibilityProperty: true }))
    .filter((it) => !it.matches("[type=text], .signs, [type=hidden]")));
  const hidden = [];
  let presses = 0;
  const look = () => {
    const around = round(ring());
    for (const it of wanted) {
      const { left, top, right, bottom } = round(it.closest("label") ?? it);
      if (Math.abs(left - around.left - 10) > 2 || Math.abs(bottom - around.bottom + 10) > 2) continue;
      if (Math.abs(right - around.right + 10) > 2 || Math.abs(top - around.top - 10) > 2) continue;
      wanted.delete(it);
      const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (!it.contains(found) && !(it.closest("label") ?? it).contains(found)) hidden.push(it.outerHTML);
    }
  };
  const step = () => (press("Tab"), presses += 1);
  for (let tour = 0; tour < 40 && wanted.size; tour += 1) {
    if (ring().dataset.kind === "group") {
      press("Enter");
      for (let place = 0; place < 20 && ring().dataset.kind !== "leave"; place += 1) look(), step();
      press("Enter");
    } else look();
    step();
  }
  return { missed: [...wanted].map((it) => it.outerHTML), hidden, presses };
}"""
AROUND = """() => {
  const ring = document.getElementById("ring")?.getBoundingClientRect();
  if (!ring) return null;
  const within = ({ left, top, right, bottom }) =>
    left >= ring.left && right <= ring.right && top >= ring.top && bottom <= ring.bottom;
  const all = [...document.querySelectorAll("button, summary, a, label")];
  return all.filter((it) => it.getClientRects().length && within(it.getBoundingClientRect()))
    .map((it) => it.textContent.trim()).join(" ");
}"""
# The colours that a ring has where it is full, and where it is not.
COLOURS = """() => ["focus", "paper"].map((name) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
})"""


def ring(page: Page) -> str | None:
    """What the ring is around: the words that stand there."""
    found: str | None = page.evaluate(AROUND)
    return found


def band(page: Page) -> list[list[int]]:
    """The colour of the ring on its right and its left side, half-way down, as it is seen."""
    around = page.locator("#ring").bounding_box()
    assert around
    clip = {"x": around["x"], "y": around["y"], "width": around["width"], "height": around["height"]}
    with Image.open(io.BytesIO(page.screenshot(clip=clip))) as seen:
        ring = seen.convert("RGB")
    return [list(map(int, ring.getpixel((across, ring.height // 2)))) for across in (ring.width - 5, 4)]
