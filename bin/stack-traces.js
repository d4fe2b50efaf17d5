"use strict";

const { readFileSync } = require("node:fs");
const { SourceMap } = require("node:module");
const { dirname, relative, resolve } = require("node:path");

/**
 * Lets stack traces name the sources of the bundles in `folder`. Costs nothing until somebody looks at one: neither is a map
 * read before, nor anything done when an error is thrown.
 */
function mapStackTraces(folder) {
  const maps = new Map();
  Error.prepareStackTrace = (error, sites) => {
    const lines = sites.map((site) => `\n    at ${describe(site, folder, maps)}`);
    return `${Error.prototype.toString.call(error)}${lines.join("")}`;
  };
}

function describe(site, folder, maps) {
  const text = String(site);
  const file = site.getFileName();
  if (file === null || dirname(file) !== folder) return text;
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const { originalSource, originalLine, originalColumn } = mapOf(file, maps)?.findEntry(line - 1, column - 1) ?? {};
  if (originalSource === undefined) return text;
  const source = relative(process.cwd(), resolve(folder, originalSource));
  return text.replace(`${file}:${line}:${column}`, () => `${source}:${originalLine + 1}:${originalColumn + 1}`);
}

/** The map of a bundle, `undefined` where it cannot be read. */
function mapOf(file, maps) {
  if (!maps.has(file)) maps.set(file, readMap(file));
  return maps.get(file);
}

function readMap(file) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  } catch {
    return undefined;
  }
}

module.exports = { mapStackTraces };
