/** A piece of a structured header field. Text is one character a byte. */
export interface FieldToken {
  readonly kind: "text" | "quoted" | "comment";
  /** As it came; of a quoted string, what stands between the quotes, with its backslashes. */
  readonly text: string;
}

const QUOTED = /"((?:[^"\\]|\\.)*)(?:"|\\?$)/sy;
const TEXT_BEFORE_COMMENT = /[^";(]+/y;
const TEXT = /[^";]+/y;

/**
 * Splits a structured field at the semicolons that stand neither in quotes nor in a comment. Reads what mail programs
 * send: a quoted string that never ends reaches to the end of the field, and a parenthesis that is never closed is text.
 *
 * @rfc 5322 §3.2
 */
export function splitField(field: string): readonly (readonly FieldToken[])[] {
  const parts: FieldToken[][] = [];
  let tokens: FieldToken[] = [];
  let commentsClose = true;
  let at = 0;
  while (at < field.length) {
    if (field[at] === ";") {
      parts.push(tokens);
      tokens = [];
      at++;
      continue;
    }
    const commentLength = field[at] === "(" && commentsClose ? lengthOfComment(field, at) : 0;
    // What follows an unclosed parenthesis is not searched again: many of them would cost quadratic time.
    if (field[at] === "(" && commentLength === 0) commentsClose = false;
    if (commentLength > 0) {
      tokens.push({ kind: "comment", text: field.slice(at, at + commentLength) });
      at += commentLength;
      continue;
    }
    const kind = field[at] === '"' ? "quoted" : "text";
    const text = commentsClose ? TEXT_BEFORE_COMMENT : TEXT;
    const pattern = kind === "quoted" ? QUOTED : text;
    pattern.lastIndex = at;
    const [whole = "", content = whole] = pattern.exec(field) ?? [field.slice(at)];
    tokens.push({ kind, text: content });
    at += whole.length;
  }
  parts.push(tokens);
  return parts;
}

/** How long the comment is that begins at `from`; 0 if it never ends. Comments nest, and a backslash quotes a character. */
function lengthOfComment(field: string, from: number): number {
  let depth = 0;
  for (let at = from; at < field.length; at++) {
    if (field[at] === "\\") at++;
    else if (field[at] === "(") depth++;
    else if (field[at] === ")" && --depth === 0) return at + 1 - from;
  }
  return 0;
}

/** Without the blanks and line ends around it. `trim` would take byte A0 too, which ends an "à" in UTF-8. */
export function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text[from])) from++;
  while (to > from && isBlank(text[to - 1])) to--;
  return text.slice(from, to);
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\r" || character === "\n";
}
