// @ts-check
"use strict";

require("../../support/test-files").runTogether(__dirname);
