// The keys that the server wrote into this page; from here on they are nowhere in the document.

const place = document.getElementById("keeping");

/** `key` and the same key `wrapped` for the server; `unfinished`: this code's own, empty where the round keeps nothing. */
export const given = { ...place.dataset };

place.remove();
