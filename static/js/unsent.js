// What somebody has entered and not sent: who leaves the page is asked first, and a network that is away loses nothing.

/** Ask before the page is left while its form has something in it. Gives what is called before it is left on purpose. */
export function askBeforeLeaving(form) {
  let leaving = false;
  addEventListener("beforeunload", (event) => {
    const entered = form.querySelector("[type=radio]:not([value='']):not([name=ladder]):checked");
    const written = [...form.querySelectorAll("textarea")].some(({ value }) => value);
    if (!leaving && form.isConnected && (entered || written)) event.preventDefault();
  });
  return () => (leaving = true);
}

/** Whether the server answers now. */
export async function reached() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false;
  }
}
