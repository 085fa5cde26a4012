// What the pages can do beyond what they do without a script: keys, live refresh, bulk ticks.
"use strict";
