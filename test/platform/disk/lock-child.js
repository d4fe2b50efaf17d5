// Tries to lock argv[2] as soon as a byte comes on stdin, says how that went, and stays until stdin ends.
import { SystemDisk } from "../../../dist/platform/disk/system-disk.js";

process.stdout.write("ready\n");
let lock;
process.stdin.once("data", () => {
  new SystemDisk().lock(process.argv[2]).then(
    (taken) => {
      lock = taken;
      process.stdout.write("held\n");
    },
    (error) => process.stdout.write(`${error.code} ${error.message}\n`),
  );
});
process.stdin.on("end", () => lock?.release());
