#!/usr/bin/env node
"use strict";

// Without a listener, SIGUSR1 makes Node open its debugger on a port.
process.on("SIGUSR1", () => undefined);

const { loadProgram } = require("./program.js");

run().catch((error) => {
  // When modules cannot be loaded, so that main() does not run, nothing can be imported to say why either.
  if (error?.code !== "EMFILE" && error?.code !== "ENFILE") throw error;
  process.stderr.write("vmodem: this process may not open more files; raise the limit with ulimit -n 256\n");
  process.exitCode = 2;
});

async function run() {
  const { main } = loadProgram();
  process.exitCode = await main(process.argv.slice(2));
}
