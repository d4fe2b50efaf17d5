import type { Random } from "../../src/platform/crypto.ts";

/** Stands in every multipart that has no boundary line. */
export const DAMAGED_TEXT = "text of a damaged multipart";

/** Makes mails of every shape that is met in the wild, the same for the same chance. Text is one character a byte. */
export class MailGenerator {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  mail(): Buffer {
    const header = this.#shuffled([
      ...this.#pick([
        ["From: A <a@b.c>"],
        ["from:a@b.c", "From: second@b.c"],
        ["From: =?utf-8?q?=C3=A9?=", " <a@b.c>"],
        [],
      ]),
      ...this.#pick([["Date: Mon, 17 Aug 2009 14:09:27 +0800"], []]),
      ...this.#pick([["Subject: plain"], ["SUBJECT:", " folded", "\tmore: or less"], ["Subject:"], []]),
      ...this.#pick([["Received: from x", "\tby y;", "    today", "X-Empty:"], []]),
    ]);
    const lines = [...header, ...this.#part(0)];
    const text = lines.join("\r\n") + this.#pick(["", "\r\n", "\r\n\r\n"]);
    return Buffer.from(this.#chance(5) ? text.replaceAll("\r\n", "\n") : text, "latin1");
  }

  /** A part's header, empty line and content. */
  #part(depth: number): string[] {
    const kind = this.#random.integer(depth > 4 ? 6 : 10);
    if (kind < 6) return this.#leaf();
    if (kind === 6 && depth > 0)
      return [
        this.#pick(["Content-Type: message/rfc822", "content-type:message/RFC822; name=m.eml"]),
        "",
        "Subject: inner",
        "",
        "Inner.",
        ...this.#text(),
      ];
    return this.#multipart(depth);
  }

  #multipart(depth: number): string[] {
    const boundary =
      this.#pick(["b", "=_Next:12", "b b", "simple", "x.y+z"]) + this.#random.hex(this.#random.integer(12)) + depth;
    const parts = Array.from({ length: 1 + this.#random.integer(4) }, () => this.#part(depth + 1));
    const type = this.#pick(["mixed", "alternative", "related", "Mixed", "report"]);
    return [
      ...this.#pick([
        [`Content-Type: multipart/${type}; boundary="${boundary}"`],
        [`Content-Type: multipart/${type};`, `\tcharset=x; boundary="${boundary}"`],
      ]),
      "",
      // Without any boundary line, all that follows is text.
      ...(this.#chance(15) ? ["", `-- ${boundary}`, DAMAGED_TEXT] : this.#partsBetween(boundary, parts)),
    ];
  }

  #partsBetween(boundary: string, parts: readonly (readonly string[])[]): string[] {
    return [
      ...this.#pick([[], ["preamble", `--${boundary}x`, ""]]),
      ...parts.flatMap((part) => [`--${boundary}${this.#pick(["", " ", "\t"])}`, ...part]),
      ...this.#pick([[`--${boundary}--`], [`--${boundary}--`, "epilogue", `--${boundary}`, "x"], []]),
    ];
  }

  #leaf(): string[] {
    const [encoding, content] = this.#content();
    const [type, disposition] = this.#pick<readonly [string[], string[]]>([
      [[], []],
      [["Content-Type: text/plain; charset=utf-8"], []],
      [["Content-Type: text/plain", "Content-Type: image/png"], []],
      [["Content-Type: text/html"], []],
      [["Content-Type: nonsense"], []],
      [["Content-Type: text/plain"], ["Content-Disposition: attachment"]],
      [["Content-Type: application/octet-stream"], this.#named("Content-Disposition: attachment", "filename")],
      [this.#named("Content-Type: image/jpeg", "name"), ["Content-Disposition: inline"]],
      [this.#named("Content-Type: text/plain", "name"), this.#named("Content-Disposition: attachment", "filename")],
    ]);
    return [...this.#shuffled([...type, ...disposition, ...encoding]), "", ...content];
  }

  #named(field: string, name: string): string[] {
    const long = "long".repeat(75);
    return this.#pick([
      [`${field}; ${name}=a.txt`],
      [`${field};`, `\t${name}="two words.pdf"`],
      [`${field}; ${name}="semi;colon.txt"; size=3`],
      [`${field}; ${name}="=?utf-8?B?5rWL6K+VLnR4dA==?="`],
      [`${field}; ${name}="=?gbk?B?suLK1A==?=`, ` =?gbk?Q?.txt?="`],
      [`${field}; ${name}="=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=.png"`],
      [`${field}; ${name}==?koi8-r?B?0NLJ18XU?=`],
      [`${field}; ${name}*=utf-8''%E6%B5%8B.txt`],
      [`${field}; ${name}*0*=gbk'zh'%b2%e2;`, ` ${name}*1*=%ca%d4;`, ` ${name}*2=.txt`],
      [`${field}; ${name}*0="${long}";`, ` ${name}*1=".doc"`],
      [`${field}; ${name}="${long}.jpeg"`],
      [`${field}; ${name}="../../etc/passwd"`],
      [`${field}; ${name}="C:dir*name?.txt"`],
      [`${field}; ${name}="be\x07ll\x01.txt"`],
      [`${field}; ${name}=""`],
    ]);
  }

  /** The transfer encoding's field, and the lines. */
  #content(): readonly [string[], string[]] {
    const lines = this.#text();
    const text = lines.join("\r\n");
    const base64 =
      Buffer.from(text, "latin1")
        .toString("base64")
        .match(/.{1,76}/g) ?? [];
    const quoted = text.replace(
      /[^ -<>-~]/g,
      (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    );
    const soft = quoted.replace(/ (?=$|=0D)/g, "=20").match(/(?:=..|[^=]){1,60}/g) ?? [];
    return this.#pick<readonly [string[], string[]]>([
      [[], lines],
      [["Content-Transfer-Encoding: 8bit"], [...lines, "\xe9\xff\x80"]],
      [["Content-Transfer-Encoding: base64"], base64],
      [["CONTENT-TRANSFER-ENCODING: Base64"], base64.map((line) => line.replace(/=+$/, ""))],
      [["Content-Transfer-Encoding: base64"], base64.flatMap((line) => [line.slice(0, 5), "", `!${line.slice(5)} `])],
      [
        ["Content-Transfer-Encoding: quoted-printable"],
        soft.map((line, at, all) => (at + 1 < all.length ? `${line}=` : line)),
      ],
      [["Content-Transfer-Encoding: quoted-printable"], ["a=3", "b=zz=", "c= d=e9=E9"]],
      [[], ["begin 644 x.bin", "#86)C", "`", "end"]],
    ]);
  }

  #text(): string[] {
    const line = () =>
      this.#pick([
        "",
        "Hello.",
        ".",
        "--",
        "-- ",
        "--b",
        "--b--",
        "- -",
        "From here",
        "a: b",
        "x".repeat(200),
        "caf\xe9",
        "=41",
        "tab\there",
      ]);
    return Array.from({ length: this.#random.integer(6) }, line);
  }

  #chance(of: number): boolean {
    return this.#random.integer(of) === 0;
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#random.integer(values.length)] as T;
  }

  /** Rotates the fields; folded lines stay with theirs. */
  #shuffled(lines: readonly string[]): string[] {
    const fields: string[][] = [];
    for (const line of lines) {
      if (/^[ \t]/.test(line)) fields.at(-1)?.push(line);
      else fields.push([line]);
    }
    const turn = this.#random.integer(fields.length + 1);
    return [...fields.slice(turn), ...fields.slice(0, turn)].flat();
  }
}
