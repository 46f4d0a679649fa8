// The sound of the whole page in one file, as survey/answering/packs.py makes it. Once it is here, no press asks the
// network for anything, so nobody who watches the network learns what is listened to.

const places = new Map(); // name of a sound -> its part of the pack, then its address in this page

/** What a player plays for the sound of this name. */
export function source(name) {
  const place = places.get(name);
  if (!place) return `/speech/${name}`;
  if (typeof place !== "string") places.set(name, URL.createObjectURL(place));
  return places.get(name);
}

async function fetchPack() {
  try {
    const response = await fetch(document.body.dataset.pack, { priority: "low", credentials: "omit" });
    if (!response.ok) return;
    const pack = await response.blob();
    const start = 4 + new DataView(await pack.slice(0, 4).arrayBuffer()).getUint32(0);
    const index = JSON.parse(await pack.slice(4, start).text());
    for (const [name, [first, bytes]] of Object.entries(index)) {
      places.set(name, pack.slice(start + first, start + first + bytes, "audio/mpeg"));
    }
    await Promise.all([...document.querySelectorAll("[data-sound]")].map(fetchName));
    delete document.body.dataset.pack; // it has come
  } catch {
    // then each sound is fetched when it is wanted
  }
}

// A place's name, and whom one can talk to, stand on some pages only and are in no pack.
async function fetchName({ dataset: { sound } }) {
  if (places.has(sound)) return;
  const response = await fetch(`/speech/${sound}`, { priority: "low", credentials: "omit" });
  if (response.ok) places.set(sound, await response.blob());
}

// The page first, but not for ever; and who pays for every byte gets only what is listened to.
const soon = (work) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: 2000 }) : setTimeout(work));
if (document.body.dataset.pack && !navigator.connection?.saveData) addEventListener("load", () => soon(fetchPack));
