// Keeps what every person's page is made of, so that a tablet without network says so in words and symbols.
// No code, no answer, no page of anybody's ever comes into it.

const NAME = "medvirk-{{ version }}";
const PARTS = [
  {% for language in languages %}
  "/offline?language={{ language }}",
  {% endfor %}
  {% for part in ("css/page.css", "js/offline.js", "letters/AtkinsonHyperlegible-Regular.woff2", "letters/AtkinsonHyperlegible-Bold.woff2") %}
  "{{ asset(part) }}",
  {% endfor %}
  "{{ sheet }}",
  {% for pack in packs %}
  "{{ pack }}",
  {% endfor %}
];
const KEPT = /^\/(static|symbols|sounds)\//; // each is named by what is in it: it never changes
const SHOWN = ["/", "/s", "/start", "/queue"]; // pages that give place to "no network"
const LANGUAGES = { no: "nb"{% for language in languages %}, {{ language }}: "{{ language }}"{% endfor %} };

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(PARTS)));
  skipWaiting();
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forgetOlder(), clients.claim()]));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "GET" && KEPT.test(pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate" && SHOWN.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => noNetwork(request)));
  }
});

async function forgetOlder() {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
}

async function kept(request) {
  const cache = await caches.open(NAME);
  const there = await cache.match(request, { ignoreVary: true });
  if (there) return there;
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone());
  return response;
}

async function noNetwork(request) {
  const asked = new URL(request.url).searchParams.get("language");
  const language = [asked, ...navigator.languages].map((tag) => LANGUAGES[tag?.slice(0, 2)]).find(Boolean) ?? "nb";
  return caches.match(`/offline?language=${language}`);
}
