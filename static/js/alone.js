// A page with a few words and a way on.

import "./look.js";
import "./sound.js";
import "./ways.js";
