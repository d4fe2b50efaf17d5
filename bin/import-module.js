"use strict";

/** Node's own `import()`: the bundles of the program, which are CommonJS and compiled ahead, do not have it. */
module.exports = (url) => import(url);
