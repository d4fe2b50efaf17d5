/** A text that is no JSON; the message says what is wrong, `line` and `column` count from 1. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(reason);
    this.line = line;
    this.column = column;
  }
}

/** A value of JSON, and where its parts stand in the text that it was read from. */
export interface LocatedJson {
  readonly value: unknown;
  /**
   * The line, from 1, of what a JSON pointer (RFC 6901) names: of a member its name, of what is not there that which should
   * hold it.
   */
  lineOf(pointer: string): number;
}

/** Deeper than any text that a person writes, and shallow enough for the stack. */
const DEPTH = 100;

/** Reads JSON (RFC 8259) and keeps where its parts stand. Throws a {@link JsonSyntaxError}; a name given twice is one, too. */
export function parseLocatedJson(text: string): LocatedJson {
  const reader = new Reader(text);
  const value = reader.read();
  return {
    value,
    lineOf(pointer) {
      for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
        const offset = reader.places.get(at);
        if (offset !== undefined) return lineAt(text, offset);
      }
      return lineAt(text, reader.start);
    },
  };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

const BLANK = /[ \t\n\r]*/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

class Reader {
  /** Offsets by JSON pointer. */
  readonly places = new Map<string, number>();
  start = 0;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    if (this.#text.startsWith("\ufeff")) this.#at = 1;
    this.#match(BLANK);
    this.start = this.#at;
    const value = this.#value("", 0);
    this.#match(BLANK);
    if (this.#at < this.#text.length) this.#fail("the end of the file");
    return value;
  }

  #value(pointer: string, depth: number): unknown {
    if (depth > DEPTH) this.#fail("less nesting");
    const next = this.#text[this.#at];
    if (next === "{") return this.#object(pointer, depth);
    if (next === "[") return this.#array(pointer, depth);
    if (next === '"') return this.#string();
    const found = this.#match(SCALAR);
    if (found === undefined) this.#fail("a value");
    return JSON.parse(found);
  }

  #string(): string {
    let end = this.#at;
    do end = this.#text.indexOf('"', end + 1);
    while (end >= 0 && this.#isEscaped(end));
    const quoted = this.#text.slice(this.#at, end + 1);
    try {
      const value = String(JSON.parse(quoted));
      this.#at = end + 1;
      return value;
    } catch {
      return this.#failAt(this.#at, "a string ends on its line, and has no escapes but those of JSON");
    }
  }

  /** Whether the sign has an odd number of backslashes before it. */
  #isEscaped(offset: number): boolean {
    let first = offset;
    while (this.#text[first - 1] === "\\") first--;
    return (offset - first) % 2 === 1;
  }

  #object(pointer: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    this.#items("}", () => {
      const place = this.#at;
      if (this.#text[place] !== '"') this.#fail("a name in double quotes");
      const name = this.#string();
      if (members.has(name)) this.#failAt(place, `the name ${JSON.stringify(name)} is there twice`);
      const inner = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      this.places.set(inner, place);
      this.#match(BLANK);
      this.#take(":");
      this.#match(BLANK);
      members.set(name, this.#value(inner, depth + 1));
    });
    return Object.fromEntries(members);
  }

  #array(pointer: string, depth: number): unknown {
    const items: unknown[] = [];
    this.#items("]", () => {
      const inner = `${pointer}/${items.length}`;
      this.places.set(inner, this.#at);
      items.push(this.#value(inner, depth + 1));
    });
    return items;
  }

  /** Reads what stands between an opening bracket and the closing one, separated by commas. */
  #items(close: string, readItem: () => void): void {
    this.#at++;
    this.#match(BLANK);
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      readItem();
      this.#match(BLANK);
      if (this.#text[this.#at] === close) {
        this.#at++;
        return;
      }
      if (this.#text[this.#at] !== ",") this.#fail(`"," or "${close}"`);
      this.#at++;
      this.#match(BLANK);
    }
  }

  #take(sign: string): void {
    if (this.#text[this.#at] !== sign) this.#fail(`"${sign}"`);
    this.#at++;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fail(wanted: string): never {
    const [found] = this.#text.slice(this.#at, this.#at + 2);
    return this.#failAt(this.#at, `expected ${wanted}, not ${found === undefined ? "the end" : JSON.stringify(found)}`);
  }

  #failAt(offset: number, reason: string): never {
    const line = lineAt(this.#text, offset);
    throw new JsonSyntaxError(reason, line, offset - this.#text.lastIndexOf("\n", offset - 1));
  }
}
