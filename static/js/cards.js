// The cards that wait on this tablet: their pictures, tickets that only the server can read, and how their people want
// the page. No code is kept, and no card of anybody who has had their turn. Nothing is left at the end of the day, or after twelve hours.

const NAME = "medvirk-queue";
const VALID = 12 * 60 * 60 * 1000; // milliseconds, as the server's

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("cards", { autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("cards", mode);
      const asked = work(transaction.objectStore("cards"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** The cards in their order, each {key, ticket, picture, second, manner, since}. */
export async function waiting() {
  const cards = [];
  await within("readwrite", (store) => {
    const asked = store.openCursor();
    asked.onsuccess = () => {
      const place = asked.result;
      if (!place) return;
      if (Date.now() - place.value.since < VALID) cards.push({ key: place.key, ...place.value });
      else place.delete();
      place.continue();
    };
    return asked;
  });
  return cards;
}

/** One more, at the end. */
export const add = ({ ticket, picture, second, manner, since = Date.now() }) =>
  within("readwrite", (store) => store.add({ ticket, picture, second, manner, since }));

/** This one has had its turn. */
export const take = ({ key }) => within("readwrite", (store) => store.delete(key));

/** The day is over: nothing is left. */
export function end() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = resolve;
    asked.onerror = reject;
  });
}
