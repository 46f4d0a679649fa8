// One request to /submit, and what the server says became of it.

const PATIENCE = 20_000; // milliseconds
const FINAL = ["received", "already_received", "not_valid", "closed", "invalid"];

/** Gives {status, errors}; status "not sent": nobody can say whether it arrived, so it is to be sent again as it is. */
export async function post(fields) {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), PATIENCE);
  try {
    const response = await fetch("/submit", {
      method: "POST",
      body: fields,
      headers: { Accept: "application/json" },
      credentials: "omit",
      signal: waiting.signal,
    });
    return await response.json();
  } catch {
    return { status: "not sent" };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether sending again would change nothing. */
export const isFinal = ({ status }) => FINAL.includes(status);
