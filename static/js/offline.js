// There is no network: waits for it, and goes on where one was.

import "./look.js";
import "./sound.js";
import "./waiting.js";
import "./ways.js";

const EVERY = 15_000; // milliseconds

// Where a code was sent in vain, it is written or scanned again: this page has it not.
const goOn = () => (location.pathname === "/start" ? history.back() : location.reload());

async function look() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) goOn();
}

document.getElementById("again").addEventListener("click", look);
addEventListener("online", look);
setInterval(look, EVERY);
