// Cards read by the camera, where the browser can.

import { words } from "./words.js";

const EVERY = 300; // milliseconds

/** Let the camera button begin and end; each card that is held up is given to `found` once. */
export function seeing(found) {
  const [button, video, why] = ["camera", "seen", "no-camera"].map((id) => document.getElementById(id));
  const able = window.isSecureContext && "BarcodeDetector" in window;
  const tell = (reason) => why.replaceChildren(words(reason));
  if (!able) {
    button.hidden = true;
    tell(window.isSecureContext ? "queue_reads_no_cards" : "queue_needs_https");
    return;
  }
  let timer = 0;
  let last = "";

  function stop() {
    clearInterval(timer);
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
    video.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  async function look(detector) {
    const [card] = await detector.detect(video).catch(() => []); // the first pictures are not ready
    if (!card || card.rawValue === last) return;
    last = card.rawValue;
    found(last);
  }

  button.addEventListener("click", async () => {
    if (video.srcObject) {
      stop();
      return;
    }
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      tell("queue_reads_no_cards");
      return;
    }
    video.hidden = false;
    button.setAttribute("aria-pressed", "true");
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    timer = setInterval(look, EVERY, detector);
  });
  addEventListener("pagehide", stop);
}
