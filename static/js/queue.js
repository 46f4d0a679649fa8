// A tablet for a survey day: who helps has scanned the cards; each person presses "It's me" at their picture.
// The queue knows whose turn has been, never whether or what anybody answered: a card leaves it before it is opened.

import "./gone.js";
import "./install.js";
import "./look.js";
import { add, end, take, waiting } from "./cards.js";
import { seeing } from "./camera.js";
import { prepare, want } from "./manner.js";
import { bare, isCode, LENGTH } from "./signs.js";
import { settle } from "./settling.js";
import { hush } from "./sound.js";
import "./ways.js";
import { words } from "./words.js";

// What of a card's link says how its person wants the page (docs/ways.md, docs/buttons.md).
const LOOK = ["language", "theme", "size", "symbols", "order", "hand"];
const MANNER = [...LOOK, "way", "seconds", "still", "cue", "speak", "pace", "ladder", "practice"];

const at = (id) => document.getElementById(id);
let cards = [];

/** Show the next card; its second picture only where another waits with the same first. */
async function show() {
  cards = await waiting();
  const [next] = cards;
  at("turn").hidden = !next;
  at("empty").hidden = Boolean(next);
  at("other").hidden = cards.length < 2;
  at("count").textContent = at("count").dataset.text.replace("{n}", cards.length);
  at("failed").replaceChildren();
  if (!next) return;
  const alike = cards.filter(({ picture }) => picture === next.picture).length > 1;
  at("card").replaceChildren(...[next.picture, ...(alike ? [next.second] : [])].map((it) => words(`picture-${it}`)));
}

const tell = (id) => at("told").replaceChildren(words(id));

function mannerOf(seen) {
  const asked = new URLSearchParams(seen.split("#")[0].split("?")[1]);
  const prepared = MANNER.filter((name) => /^[\w.]{1,10}$/.test(asked.get(name) ?? ""));
  return String(new URLSearchParams(prepared.map((name) => [name, asked.get(name)])));
}

/** Let the card with this code wait; `seen` is a code, or a link that ends with one. */
async function scan(seen) {
  const code = bare(seen).slice(-LENGTH);
  if (!isCode(code)) return tell("code_mistyped");
  const body = new URLSearchParams({ code });
  const answer = await fetch("/queue", { method: "POST", body, credentials: "omit" }).catch(() => null);
  if (!answer?.ok) return tell("could_not_reach");
  const card = await answer.json();
  const alike = cards.some(({ picture, second }) => picture === card.picture && second === card.second);
  if (!alike) await add({ ...card, manner: mannerOf(seen) });
  tell(alike ? "queue_alike" : "queue_added");
  return show();
}

at("add").addEventListener("submit", (event) => {
  event.preventDefault();
  scan(at("code").value);
  at("code").value = "";
  at("code").focus();
});

at("turn").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [card] = cards;
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return at("failed").replaceChildren(words("could_not_reach"));
  await take(card);
  const { language, ...manner } = Object.fromEntries(new URLSearchParams(card.manner));
  prepare(manner);
  at("turn").elements.ticket.value = card.ticket;
  if (language) at("turn").elements.language.value = language;
  return at("turn").submit();
});

at("other").addEventListener("click", async () => {
  hush();
  settle();
  const [first] = cards;
  await take(first);
  await add(first);
  await show();
});

at("end").addEventListener("click", async () => {
  await end();
  await show();
  tell("queue_ended");
});

seeing(scan);
want("kiosk", "queue");
history.replaceState(null, "", location.pathname + location.search);
show();
