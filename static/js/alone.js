// A page with a few words and a way on.

import "./sound.js";
import "./ways.js";
