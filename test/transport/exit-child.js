// Opens and closes every transport, each with a writer that waits where the medium allows it, and must then come to an end
// by itself. Run by exit.test.ts with the directory of the compiled transports and a directory for links.
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

const [compiled, scratch] = process.argv.slice(2);
const load = (name) => import(join(compiled, "transport", `${name}.js`));
const [{ openPty }, { openTcp }, { openRfc2217 }, { openSerial }, { openStdio }, { memoryPair }, { openBarePty }] =
  await Promise.all(["pty", "tcp", "rfc2217", "serial", "stdio", "memory", "pty/bare-pty"].map(load));
const { SystemClock } = await import(join(compiled, "platform", "time", "clock.js"));

async function use(transport) {
  transport.start({ data: () => undefined, lost: () => undefined });
  transport.write(Buffer.alloc(100_000));
  await transport.close();
}

async function useAll() {
  await use(await openPty({ link: join(scratch, "modem") }));
  for (const open of [openTcp, openRfc2217]) {
    const line = await open({ host: "127.0.0.1", port: 0 });
    const socket = connect(Number(line.address.split(":").at(-1)))
      .on("error", () => undefined)
      .resume();
    await new Promise((resolve) => socket.once("connect", resolve));
    await use(line);
    socket.destroy();
  }
  await openPty().then(async (line) => {
    await use(await openSerial({ path: line.device, baudRate: 9600 }, new SystemClock()));
    await line.close();
  });
  await use(memoryPair().module);
}

await useAll();
const before = readdirSync("/proc/self/fd").length;
for (let round = 0; round < 10; round++) await useAll();
const leaked = readdirSync("/proc/self/fd").length - before;

const last = await openPty({ link: join(scratch, "last") });
last.start({ data: () => undefined, lost: () => undefined });
process.on("exit", () => void last.close());
const bare = await openBarePty();
process.stdin.pause();
const stdio = openStdio(process.stdin, process.stdout);
stdio.start({ data: () => undefined, lost: () => undefined });
stdio.write(Buffer.from(`leaked ${leaked} master ${bare.master > 0}\n`));
await stdio.close();
if (process.argv.includes("die")) process.exit(3);
await last.close();
