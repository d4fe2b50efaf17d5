"use strict";

const { closeSync, fstatSync, openSync, readFileSync, readSync } = require("node:fs");
const modules = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");
const { mapStackTraces } = require("./stack-traces.js");

const FOLDER = join(__dirname, "..", "dist", "program");
const MAIN = "./vmodem.cjs";
const HEAD = "(function (exports, require, module, __filename) {";
const TAIL = "\n})";

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
    const script = new Script(readFunction(filename), {
      filename,
      columnOffset: -HEAD.length,
      cachedData: readCache(filename),
    });
    this.scripts.set(filename, script);
    return script;
  }
}

/** A bundle, which is ASCII, as a function. Read between its head and its tail: V8 would copy a concatenation of the three. */
function readFunction(filename) {
  const file = openSync(filename, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.allocUnsafeSlow(HEAD.length + size + TAIL.length);
    bytes.latin1Write(HEAD);
    bytes.latin1Write(TAIL, HEAD.length + readSync(file, bytes, HEAD.length, size));
    return bytes.latin1Slice();
  } finally {
    closeSync(file);
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
