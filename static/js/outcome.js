// What became of a Send, for those whose page came without a script.

import "./look.js";
import "./sound.js";
import "./waiting.js";
import "./ways.js";
