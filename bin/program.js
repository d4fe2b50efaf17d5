"use strict";

const { readFileSync } = require("node:fs");
const modules = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");
const { mapStackTraces } = require("./stack-traces.js");

const FOLDER = join(__dirname, "..", "dist", "program");
const MAIN = "./vmodem.cjs";
const HEAD = "(function (exports, require, module, __filename) {";

/**
 * Loads the program. Beside its bundles lies the code that V8 has compiled of them when they were built. Where that is of no
 * use, because another version of Node runs, Node's own compile cache serves from the second start on, if there is one.
 */
function loadProgram() {
  mapStackTraces(FOLDER);
  const bundles = new Bundles();
  if (bundles.compile(MAIN).cachedDataRejected === false) return bundles.load(MAIN);
  modules.enableCompileCache?.();
  return bundles.require(MAIN);
}

/** The bundles of the program, loaded as `require` does it. */
class Bundles {
  /** Those that were compiled, by path. */
  scripts = new Map();
  require = modules.createRequire(join(FOLDER, MAIN));
  #modules = new Map();

  load(name) {
    const known = this.#modules.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    this.#modules.set(name, module);
    const require = (wanted) => (wanted.startsWith("./") ? this.load(wanted) : this.require(wanted));
    this.compile(name).runInThisContext()(module.exports, require, module, join(FOLDER, name));
    return module.exports;
  }

  compile(name) {
    const filename = join(FOLDER, name);
    const known = this.scripts.get(filename);
    if (known !== undefined) return known;
    // The bundles are ASCII.
    const source = `${HEAD}${readFileSync(filename, "latin1")}\n})`;
    const script = new Script(source, { filename, columnOffset: -HEAD.length, cachedData: readCache(filename) });
    this.scripts.set(filename, script);
    return script;
  }
}

function readCache(filename) {
  try {
    return readFileSync(`${filename}.cache`);
  } catch {
    return undefined;
  }
}

module.exports = { Bundles, loadProgram };
