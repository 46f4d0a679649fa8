// Locks what is to wait in the browser (AES-GCM): the page has the key, the browser's storage never.

const NONCE = 12; // bytes
const STEP = 16384; // what is locked has a length in such steps, so that it tells nothing of the answers

/** Whether this browser can lock and keep anything: plain http from elsewhere cannot. */
export const possible = Boolean(window.crypto?.subtle && window.indexedDB);

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** The key that the server wrote into the page. */
export const keyFrom = (text) => crypto.subtle.importKey("raw", bytes(text), "AES-GCM", false, ["encrypt", "decrypt"]);

/** This form's fields, locked. */
export async function lock(key, fields) {
  const text = String(fields);
  const padded = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / STEP) * STEP));
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const locked = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, padded));
  return base64([...iv, ...locked]);
}

/** What `lock` locked with this key; null: with another. */
export async function unlock(key, text) {
  const box = bytes(text);
  try {
    const iv = box.slice(0, NONCE);
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, box.slice(NONCE));
    return new URLSearchParams(new TextDecoder().decode(opened).trimEnd());
  } catch {
    return null;
  }
}
