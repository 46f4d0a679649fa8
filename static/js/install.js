// The browser keeps pictures, letters and sound, and a page that says there is no network; see /sw.js.
// Everything works without it: plain http elsewhere and private windows have no such keeper.

addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => undefined));
