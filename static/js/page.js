// The questionnaire's page: one document, one form; the parts are modules of their own.

import "./sound.js";
import "./steps.js";
import "./panels.js";
import "./send.js";

// A page brought back by the browser's Back is somebody's answers: away with it.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace("/s");
});
