import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Efs, type EfsOptions } from "../../../src/efs/efs.ts";
import { EfsError } from "../../../src/efs/efs-error.ts";
import { type EfsPath, printPath, type VolumeName } from "../../../src/efs/path.ts";
import { DIALECTS, type DialectName } from "../../../src/module/dialect.ts";
import { Rtc } from "../../../src/module/rtc.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { SeededRandom } from "../../../src/platform/crypto.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { type MailForm, saveMail } from "../../../src/services/pop3/save-mail.ts";
import { soup } from "../../support/cut.ts";
import { MailGenerator } from "../../support/mail-generator.ts";
import { turns } from "../../support/recording-network.ts";

const never = new AbortController().signal;

async function bench(options: Partial<EfsOptions> & { dialect?: DialectName } = {}) {
  const clock = new VirtualClock(Date.UTC(2009, 8, 1, 12));
  const efs = await Efs.open({ clock, ...options });
  const parts = {
    efs,
    rtc: new Rtc(clock, Nvram.inMemory(), undefined),
    dialect: DIALECTS[options.dialect ?? "manual"],
  };
  return {
    efs,
    clock,
    save: async (
      mail: string | AsyncIterable<Buffer>,
      {
        volume = "C",
        form = "parsed",
        signal = never,
      }: { volume?: VolumeName; form?: MailForm; signal?: AbortSignal } = {},
    ) => {
      const source = typeof mail === "string" ? pieces(mail) : mail;
      return printPath(await saveMail(parts, volume, form, source, signal));
    },
    /** What the mail directories hold, in latin1. */
    mails: async (volume: VolumeName = "C") => contents(efs, { volume, segments: ["Email"] }),
  };
}

async function contents(efs: Efs, directory: EfsPath): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { path, kind } of await efs.list(directory).catch(() => [])) {
    if (kind === "directory") {
      found[printPath(path)] = "directory";
      Object.assign(found, await contents(efs, path));
      continue;
    }
    const reader = await efs.openReader(path);
    let text = "";
    for (let bytes = await reader.read(never); bytes !== undefined; bytes = await reader.read(never)) {
      text += Buffer.from(bytes).toString("latin1");
    }
    await reader.close();
    found[printPath(path)] = text;
  }
  return found;
}

async function* pieces(mail: string, length = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < mail.length; at += length) yield Buffer.from(mail.slice(at, at + length), "latin1");
}

async function* broken(mail: string, failure: Error): AsyncGenerator<Buffer> {
  yield* pieces(mail);
  throw failure;
}

const attach = (...names: string[]) =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n${names
    .map((name) => `--b\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${name}!\r\n`)
    .join("")}--b--\r\n`;

/** The names of the files of the one mail. */
async function namesOf(mail: string, volume: VolumeName = "C", dialect: DialectName = "manual"): Promise<string[]> {
  const { save, mails } = await bench({ dialect });
  await save(mail, { volume });
  return Object.keys(await mails(volume))
    .slice(1)
    .map((path) => path.slice(`${volume}:/Email/090901120000/`.length));
}

describe("the files of a mail", () => {
  test.each<readonly [what: string, names: readonly string[], kept: readonly string[]]>([
    ["none", [], ["EMAIL000.TXT"]],
    ["the text's name", ["EMAIL000.TXT"], ["EMAIL000.TXT", "EMAIL001.TXT"]],
    ["two of the text's names", ["EMAIL001.TXT", "EMAIL000.TXT"], ["EMAIL000.TXT", "EMAIL001.TXT", "EMAIL002.TXT"]],
    ["other letters", ["email000.txt"], ["EMAIL000.TXT", "email000.txt"]],
    ["twins", ["a.b.c", "a.b.c", "a.b.c"], ["EMAIL000.TXT", "a.b.c", "a.b_1.c", "a.b_2.c"]],
    ["twins without an extension", ["a", "a"], ["EMAIL000.TXT", "a", "a_1"]],
    ["a name like a suffixed one", ["a_1.c", "a.c", "a.c"], ["EMAIL000.TXT", "a.c", "a_1.c", "a_2.c"]],
    ["a dot first", [".x", ".x"], [".x", ".x_1", "EMAIL000.TXT"]],
    ["the draft's name", [" DRAFT.TMP"], ["DRAFT.TMP", "EMAIL000.TXT"]],
    ["ways out", ["../../x", "C:\\\\y", "/z"], ["EMAIL000.TXT", "x", "y", "z"]],
    ["nothing usable", ["..", "?"], ["EMAIL000.TXT", "PART001.txt", "PART002.txt"]],
    ["what was no text", ["\xef\xbf\xbd.txt"], ["EMAIL000.TXT", "_.txt"]],
  ])("with attachments of %s", async (_, names, kept) => {
    expect(await namesOf(attach(...names))).toEqual([...kept].toSorted());
  });

  test("on the card, which takes upper and lower case for one", async () => {
    expect(await namesOf(attach("email000.txt", "A.c", "a.C"), "D")).toEqual(
      ["A.c", "EMAIL001.TXT", "a_1.C", "email000.txt"].toSorted(),
    );
  });

  test("with stamped names", async () => {
    expect(await namesOf(attach("EMAIL000.TXT", "EMAIL090901120000000.TXT"), "C", "field")).toEqual([
      "EMAIL000.TXT",
      "EMAIL090901120000000.TXT",
      "EMAIL090901120000001.TXT",
    ]);
  });

  test("with a thousand of one name, and with names as long as can be", async () => {
    const names = await namesOf(attach(...Array.from({ length: 900 }, () => `${"x".repeat(300)}.txt`)));
    expect(names).toHaveLength(901);
  });

  test("the raw message keeps its name, whatever an attachment is called", async () => {
    const { save, mails } = await bench();
    const mail = attach("090901120000.eml");
    expect(await save(mail, { form: "both" })).toBe("C:/Email/090901120000/EMAIL000.TXT");
    expect(await mails()).toMatchObject({
      "C:/Email/090901120000/090901120000.eml": mail,
      "C:/Email/090901120000/090901120000_1.eml": "090901120000.eml!",
    });
  });
});

describe("the text file", () => {
  const brief = "Subject: \r\nDate: \r\nFrom: \r\nTo: \r\n\r\n";

  test.each<readonly [mail: string, whole: string, brief: string]>([
    ["", "\r\n", brief],
    ["To: a\r\nX: y\r\n", "To: a\r\nX: y\r\n\r\n", "Subject: \r\nDate: \r\nFrom: \r\nTo: a\r\n\r\n"],
    ["\r\nbody", "\r\nbody", `${brief}body`],
    ["no header\r\nat all", "\r\nno header\r\nat all", `${brief}no header\r\nat all`],
    [
      "To: t\r\nFrom: f\r\n g\r\nDate: d\r\nSubject: s\r\nSubject: s2\r\n\r\nb",
      "To: t\r\nFrom: f\r\n g\r\nDate: d\r\nSubject: s\r\nSubject: s2\r\n\r\nb",
      "Subject: s\r\nDate: d\r\nFrom: f g\r\nTo: t\r\n\r\nb",
    ],
    [
      "Content-Transfer-Encoding: quoted-printable\n\na=3Db=\nc",
      "Content-Transfer-Encoding: quoted-printable\n\r\na=bc",
      `${brief}a=bc`,
    ],
  ])("of %j", async (mail, whole, shown) => {
    for (const [dialect, text] of [
      ["manual", whole],
      ["field", shown],
    ] as const) {
      const { save, mails } = await bench({ dialect });
      const path = await save(mail);
      expect((await mails())[path]).toBe(text);
    }
  });

  test.each<readonly [what: string, parts: readonly string[], files: Readonly<Record<string, string>>]>([
    ["HTML where no plain text comes", ["html", "png"], { "EMAIL000.TXT": "0", "a.png": "1" }],
    [
      "the plain text where HTML comes first",
      ["html", "plain", "png"],
      { "EMAIL000.TXT": "1", "PART001.htm": "0", "a.png": "2" },
    ],
    ["HTML behind other files", ["png", "html"], { "EMAIL000.TXT": "1", "a.png": "0" }],
    ["empty where there are only files", ["png"], { "EMAIL000.TXT": "", "a.png": "0" }],
  ])("holds %s", async (_, parts, files) => {
    const types = { html: "text/html", plain: "text/plain", png: "image/png; name=a.png" };
    const head = "Content-Type: multipart/mixed; boundary=b\r\n";
    const content = parts.map((part, at) => `--b\r\nContent-Type: ${types[part as "png"]}\r\n\r\n${at}\r\n`);
    const { save, mails } = await bench();
    await save(`${head}\r\n${content.join("")}--b--\r\n`);
    const kept = Object.entries(await mails()).filter(([, text]) => text !== "directory");
    const names = kept.map(([path, text]) => [path.slice(path.lastIndexOf("/") + 1), text]);
    const expected = { ...files, "EMAIL000.TXT": `${head}\r\n${files["EMAIL000.TXT"]}` };
    expect(Object.fromEntries(names)).toEqual(expected);
  });

  test("does not depend on how the mail is cut", async () => {
    const mail = attach("a.txt", "EMAIL000.TXT", "a.txt");
    const { save, mails } = await bench();
    await save(pieces(mail, mail.length));
    const whole = await mails();
    for (const length of [1, 2, 3, 16, 61]) {
      const other = await bench();
      await other.save(pieces(mail, length));
      expect(await other.mails()).toEqual(whole);
    }
  });
});

describe("the directory", () => {
  test("is the next second that is free", async () => {
    const { efs, save } = await bench();
    await efs.ensureDirectory({ volume: "C", segments: ["Email", "090901120000"] });
    await efs.ensureDirectory({ volume: "C", segments: ["Email", "090901120001"] });
    expect(await save("a")).toBe("C:/Email/090901120002/EMAIL000.TXT");
    expect(await save("a")).toBe("C:/Email/090901120003/EMAIL000.TXT");
  });

  test("is not made where the file system has no room for it", async () => {
    const { efs, save } = await bench();
    const writer = await efs.openWriter({ volume: "C", segments: ["Email"] });
    await writer.commit();
    await expect(save("a")).rejects.toBeInstanceOf(EfsError);
  });
});

describe("a failure takes everything away", () => {
  const mail = attach("a.txt", "b.txt");

  test.each(["parsed", "raw", "both"] as const)("of the source (%s)", async (form) => {
    const { save, mails } = await bench();
    for (const length of [1, 60, 100, 150, mail.length]) {
      await expect(save(broken(mail.slice(0, length), new Error("cut")), { form })).rejects.toThrow("cut");
      expect(await mails()).toEqual({});
    }
  });

  test.each(["parsed", "raw", "both"] as const)("of a volume that is full at any byte (%s)", async (form) => {
    const needed = form === "both" ? 2 * mail.length : mail.length;
    for (let size = 0; size < needed; size += 5) {
      const { efs, save, mails } = await bench({ sizes: { C: size } });
      const outcome = await save(mail, { form }).then(
        () => "saved",
        (error) => error.code,
      );
      if (outcome === "saved") break;
      expect(outcome).toBe("NO_SPACE");
      expect(await mails()).toEqual({});
      expect(await efs.space("C")).toEqual({ total: size, used: 0 });
    }
  });

  test("of a card that is pulled", async () => {
    const { efs, save, mails } = await bench();
    async function* pulled(): AsyncGenerator<Buffer> {
      yield* pieces("Subject: x\r\n\r\ntext");
      await efs.pullCard();
      yield Buffer.from("more");
    }
    await expect(save(pulled(), { volume: "D" })).rejects.toMatchObject({ code: "NO_CARD" });
    await expect(save("text", { volume: "D" })).rejects.toMatchObject({ code: "NO_CARD" });
    await efs.insertCard();
    expect(Object.values(await mails("D")).filter((kind) => kind !== "directory")).toEqual([]);
  });

  test("of an abort, at any time", async () => {
    for (let chunks = 0; chunks < 40; chunks++) {
      const { save, mails } = await bench();
      const abort = new AbortController();
      async function* aborting(): AsyncGenerator<Buffer> {
        let left = chunks;
        for await (const piece of pieces(mail)) {
          if (left-- === 0) abort.abort(new Error("stopped"));
          yield piece;
        }
        abort.abort(new Error("stopped"));
      }
      await expect(save(aborting(), { signal: abort.signal })).rejects.toThrow("stopped");
      expect(await mails()).toEqual({});
    }
  });

  test("of a mail with more parts than a directory should hold", async () => {
    const { save, mails } = await bench();
    await expect(save(attach(...Array.from({ length: 1001 }, () => "a")))).rejects.toMatchObject({ code: "REPLY" });
    expect(await mails()).toEqual({});
  });
});

test("mails of all shapes are saved, and noise too", async () => {
  const { save } = await bench({ sizes: { C: 1 << 28 } });
  const generator = new MailGenerator(new SeededRandom(5));
  for (let count = 0; count < 200; count++) await save(pieces(generator.mail().toString("latin1"), 1000));
  await fc.assert(
    fc.asyncProperty(
      soup(["--b", "\r\n", "Content-Type: multipart/mixed; boundary=b", ":", "filename=", "a"]),
      async (noise) => {
        await save(noise.toString("latin1"));
      },
    ),
  );
});

test("a mail of 50 MB does not grow the memory", async () => {
  const directory = await mkdtemp(join(tmpdir(), "vmodem-mail-"));
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  /** What has been let go of is freed a moment later. */
  const collect = async () => {
    gc();
    await turns(2);
    gc();
  };
  try {
    const { save } = await bench({ sizes: { C: 1 << 30 }, backing: { disk: new SystemDisk(), directory } });
    let most = 0;
    async function* large(): AsyncGenerator<Buffer> {
      yield Buffer.from(attach("a.bin").replace("--b--\r\n", ""), "latin1");
      yield Buffer.from("--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n");
      const lines = Buffer.from(`${"QUJD".repeat(19)}\r\n`.repeat(800));
      await collect();
      const before = process.memoryUsage().arrayBuffers;
      for (let sent = 0; sent < 50 << 20; sent += lines.length) {
        yield Buffer.from(lines);
        if (sent % (100 * lines.length) !== 0) continue;
        await collect();
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
    }
    await save(large(), { form: "both" });
    expect(most).toBeLessThan(4 << 20);
  } finally {
    await rm(directory, { recursive: true });
  }
});
