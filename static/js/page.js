// The questionnaire's page: one document, one form; the parts are modules of their own.

import "./gone.js";
import "./install.js";
import "./look.js";
import "./sound.js";
import "./steps.js";
import "./panels.js";
import "./talk.js";
import "./practice.js";
import "./send.js";
import "./unfinished.js";
import "./waiting.js";
import "./watch.js";
import "./ways.js";
