// What waits in the browser, always locked. The database is there only while something is in it.

const NAME = "medvirk";
const STORES = ["kept", "unfinished"];

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// One page at a time, or one could remove the database that another has just put something into.
const alone = async (work) => (navigator.locks ? navigator.locks.request(NAME, work) : work());

/** The database; null: there is none, and none is to be made. */
async function opened(make) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    if (!make) opening.transaction.abort();
    else for (const name of STORES) opening.result.createObjectStore(name, { keyPath: "id" });
  };
  try {
    return await asked(opening);
  } catch (error) {
    if (make || error.name !== "AbortError") throw error;
    return null;
  }
}

async function within(work, make = false) {
  const database = await opened(make);
  if (!database) return null;
  try {
    const transaction = database.transaction(STORES, "readwrite", { durability: "strict" });
    const written = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await work((name) => transaction.objectStore(name));
    await written;
    return result;
  } finally {
    database.close();
  }
}

/** Everything in this store; nothing where the browser keeps nothing. */
export const all = (store) =>
  alone(() => within((at) => asked(at(store).getAll()))).then((found) => found ?? [], () => []);

/** Keep this, in place of what has the same id. */
export const put = (store, record) => alone(() => within((at) => asked(at(store).put(record)), true));

/** Wipe what has this id, and the database with the last of all. */
export const wipe = (store, id) =>
  alone(async () => {
    const left = await within(async (at) => {
      await asked(at(store).delete(id));
      const counts = await Promise.all(STORES.map((name) => asked(at(name).count())));
      return counts.some(Boolean);
    });
    if (left === false && navigator.locks) await asked(indexedDB.deleteDatabase(NAME));
  });
