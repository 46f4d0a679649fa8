"""People at a browser: by mouse or by keyboard alone, they find things by what those are called."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

# The key that leads on to a thing; "skip" is the link over what stands on top of every page.
ONWARD = """(thing) => {
  const at = document.activeElement;
  if (at === thing) return "";
  if (at.type === "radio" && at.name === thing.name && at.form === thing.form) return "ArrowDown";
  if (at === document.body && thing.closest("main") && document.querySelector("a.skip")) return "skip";
  return at.compareDocumentPosition(thing) & Node.DOCUMENT_POSITION_PRECEDING ? "Shift+Tab" : "Tab";
}"""


@dataclass(frozen=True)
class Hand(ABC):
    """Somebody at a page; `within` narrows it to one of its forms or sections. Each has a name."""

    page: Page
    part: Locator | None = None

    def within(self, name: str) -> "Hand":
        """The same, in the form or section that is called so."""
        named = [self.page.get_by_role(role, name=name, exact=True) for role in ("form", "region")]
        return replace(self, part=named[0].or_(named[1]))

    @property
    def _all(self) -> Page | Locator:
        return self.part or self.page

    def sees(self, heading: str) -> None:
        """The page with this heading has come."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, words: str) -> None:
        """These words stand somewhere."""
        expect(self._all.get_by_text(words).first).to_be_visible()

    def told(self, words: str) -> None:
        """The page says what came of the last press."""
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def press(self, name: str) -> None:
        """A link, button or something that unfolds."""
        link, button = (self._all.get_by_role(role, name=name, exact=True) for role in ("link", "button"))
        folded = self._all.locator("summary").get_by_text(name, exact=True)
        self.push(link.or_(button).or_(folded).first)

    def write(self, label: str, text: str) -> None:
        """Text into a field, in place of what stands there."""
        self.fill(self._field(label), text)

    def tick(self, name: str) -> None:
        """A box or one of several."""
        radio, box = (self._all.get_by_role(role, name=name) for role in ("radio", "checkbox"))
        self.check(radio.or_(box))

    def choose(self, label: str, option: str) -> None:
        """One of a list that unfolds; its name begins so."""
        self.pick(self._field(label), option)

    def fetch(self, name: str) -> bytes:
        """What comes as a file when this is pressed."""
        with self.page.expect_download(timeout=60_000) as loading:  # some are set by a process of their own
            self.press(name)
        return content(loading.value)

    def _field(self, label: str) -> Locator:
        return self._all.locator("input, select, textarea").and_(self._all.get_by_label(label, exact=True))

    @abstractmethod
    def show(self, card: str) -> None:
        """A card's link, where cards are scanned."""

    @abstractmethod
    def push(self, thing: Locator) -> None: ...

    @abstractmethod
    def fill(self, field: Locator, text: str) -> None: ...

    @abstractmethod
    def check(self, box: Locator) -> None: ...

    @abstractmethod
    def pick(self, field: Locator, option: str) -> None: ...

    @abstractmethod
    def bring(self, label: str, file: Path) -> None:
        """A file into a field."""


class Mouse(Hand):
    """Points and clicks, and types where there is text to write."""

    def push(self, thing: Locator) -> None:
        thing.click()

    def fill(self, field: Locator, text: str) -> None:
        field.click()
        field.fill(text)

    def check(self, box: Locator) -> None:
        box.click()

    def pick(self, field: Locator, option: str) -> None:
        field.select_option(_value(field, option))

    def bring(self, label: str, file: Path) -> None:
        with self.page.expect_file_chooser() as asked:
            self._field(label).click()
        asked.value.set_files(file)

    def show(self, card: str) -> None:
        camera = self.page.locator("#camera")
        if camera.get_attribute("aria-pressed") == "false":
            camera.click()
        self.page.evaluate("(card) => { window.held = card; }", card)


class Keys(Hand):
    """Has no mouse: goes on with the tabulator until the thing is there, and within a choice with arrows."""

    def push(self, thing: Locator) -> None:
        self.reach(thing)
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        self.reach(field)
        if field.get_attribute("type") == "date":
            self._date(field, *text.split("-"))
        else:
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.insert_text(text)

    def _date(self, field: Locator, year: str, month: str, day: str) -> None:
        for first, second in ((day, month), (month, day)):  # which comes first follows from the machine's language
            self.page.keyboard.type(first + second + year)
            if field.input_value() == f"{year}-{month}-{day}":
                return
            for _ in range(2):
                self.page.keyboard.press("ArrowLeft")

    def check(self, box: Locator) -> None:
        self.reach(box)
        if not box.is_checked():  # an arrow has chosen it
            self.page.keyboard.press("Space")

    def pick(self, field: Locator, option: str) -> None:
        wanted = _value(field, option)
        self.reach(field)
        self.page.keyboard.press("Home")
        while field.input_value() != wanted:
            self.page.keyboard.press("ArrowDown")

    def bring(self, label: str, file: Path) -> None:
        with self.page.expect_file_chooser() as asked:
            self.push(self._field(label))
        asked.value.set_files(file)

    def show(self, card: str) -> None:
        self.fill(self.page.locator("#code"), card)
        self.page.keyboard.press("Enter")

    def reach(self, thing: Locator) -> None:
        """Go there by keys alone."""
        found = thing.element_handle()  # looked for once: by its name it takes long
        for _ in range(120):
            key = found.evaluate(ONWARD)
            if not key:
                return
            self.page.keyboard.press("Tab" if key == "skip" else key)
            if key == "skip":
                self.page.keyboard.press("Enter")
        raise AssertionError(f"no key leads to {thing}")


HANDS: dict[str, Callable[[Page], Hand]] = {"mouse": Mouse, "keyboard": Keys}


def content(download: Download) -> bytes:
    """What was downloaded."""
    return download.path().read_bytes()


def _value(field: Locator, option: str) -> str:
    """What the form sends for the option whose name begins so; only one does."""
    values = field.evaluate(
        "(field, name) => [...field.options].filter((one) => one.text.trim().startsWith(name)).map((one) => one.value)",
        option,
    )
    (value,) = values
    return str(value)
