// What somebody began and left is wiped when its time is over, whichever page is open then.

import { all, wipe } from "./store.js";

let timer;

/** Wipe it, now or when its time comes. */
export async function expire() {
  clearTimeout(timer);
  for (const { id, until } of await all("unfinished")) {
    if (until <= Date.now()) await wipe("unfinished", id);
    else timer = setTimeout(expire, until - Date.now());
  }
}
