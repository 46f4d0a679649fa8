// How this person wants the page: from the link that was prepared for them, or from the page before; handed on to the
// next page of the same answer, kept nowhere.

const field = document.querySelector("[name=manner]"); // not every page has a form
const chosen = new URLSearchParams(field?.value || location.search);
chosen.delete("language"); // the page is in it
const picked = new Set(); // what has been chosen on this page

/** What is wanted of `name` ("theme", "way", …); null: nothing special. */
export const wanted = (name) => chosen.get(name);

/** Where the next person begins. Of all that was wanted, only what the tablet is for goes with them. */
export const home = () => ({ on: "/s?kiosk=on", queue: "/queue" })[wanted("kiosk")] ?? "/s";

/** From now on, `value` is wanted. */
export function want(name, value) {
  picked.add(name);
  chosen.set(name, value);
  handOn();
}

/** What was prepared for the next person ("way=scan&theme=dark") is wanted, but where something has been chosen here. */
export function prepare(manner) {
  for (const [name, value] of new URLSearchParams(manner)) if (!picked.has(name)) chosen.set(name, value);
  handOn();
}

function handOn() {
  if (field) field.value = chosen;
  for (const link of document.querySelectorAll("a[href*='language=']")) {
    const language = new URLSearchParams(link.search).get("language");
    link.search = new URLSearchParams([["language", language], ...chosen]);
  }
}

handOn();
