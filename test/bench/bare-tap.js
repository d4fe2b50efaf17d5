/**
 * Carries bytes in one direction between a new pty and a port, by the shortest loop that node can run, and keeps none of them:
 * what tap.bench.js compares us with.
 */
import { constants, openSync, readSync, writeSync } from "node:fs";
import { openBarePty } from "../../dist/transport/pty/bare-pty.js";
import { whenReady } from "./when-ready.js";

const [path, direction] = process.argv.slice(2);
const module = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
const pty = await openBarePty();
const [from, to] = direction === "toHost" ? [module, pty.master] : [pty.master, module];
const buffer = Buffer.alloc(65536);
console.log(JSON.stringify({ port: pty.path }));

for (;;) {
  let [length, sent] = [0, 0];
  await whenReady(from, "readable", () => {
    for (;;) {
      while (sent < length) {
        try {
          sent += writeSync(to, buffer, sent, length - sent);
        } catch (error) {
          if (error.code === "EAGAIN") return true;
          throw error;
        }
      }
      [length, sent] = [readSync(from, buffer), 0];
    }
  });
  await whenReady(to, "writable", () => {
    while (sent < length) sent += writeSync(to, buffer, sent, length - sent);
    return true;
  });
}
