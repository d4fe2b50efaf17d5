// Saves mails into C:/Email of a directory, one after the other, until it is killed. Run by whole-mail.test.ts with the
// compiled product, the directory, and the number of the piece after which it waits to be killed. Tells each piece on stdout.
import { writeSync } from "node:fs";
import { join } from "node:path";

const [dist = "", directory, last] = process.argv.slice(2);
const load = (name) => import(join(dist, name));
const [{ Efs }, { saveMail }, { SystemDisk }, { Rtc }, { Nvram }, { DIALECTS }, { SystemClock }] = await Promise.all(
  [
    "efs/efs.js",
    "services/pop3/save-mail.js",
    "platform/disk/system-disk.js",
    "module/rtc.js",
    "module/settings/nvram.js",
    "module/dialect.js",
    "platform/time/clock.js",
  ].map(load),
);

const clock = new SystemClock();
const efs = await Efs.open({ clock, backing: { disk: new SystemDisk(), directory } });
const parts = { efs, rtc: new Rtc(clock, Nvram.inMemory(), undefined), dialect: DIALECTS.manual };
const PIECES = [
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext",
  " and its end\r\n--b\r\nContent-Disposition: attachment; filename=one.bin\r\n\r\n",
  `${"1".repeat(5000)}\r\n--b\r\nContent-Disposition: attachment; filename=two.bin\r\n\r\n`,
  "2".repeat(3000),
  `${"2".repeat(2000)}\r\n--b--\r\n`,
];

let told = 0;
async function* source() {
  for (const piece of PIECES) {
    yield Buffer.from(piece);
    // What was yielded has been taken by now.
    writeSync(1, ".");
    if (++told === Number(last)) await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
}
for (;;) await saveMail(parts, "C", "both", source(), new AbortController().signal);
