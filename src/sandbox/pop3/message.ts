const DOT = 0x2e;
const CR = 0x0d;
const LF = 0x0a;
const CRLF = Buffer.from("\r\n");

/** The octets that a message counts as a reply: every line end is CR LF, and the last line has one. */
export function wireSize(raw: Buffer): number {
  let size = 0;
  for (const line of lines(raw)) size += line.length + 2;
  return size;
}

/** The message's lines as a multi-line reply, in pieces of about `size` bytes, each dot at a line's start doubled. */
export function* stuffed(raw: Buffer, size: number, bodyLines = Number.POSITIVE_INFINITY): Generator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  let left = Number.POSITIVE_INFINITY;
  for (const line of lines(raw)) {
    // RFC 1939 §7: TOP gives the header, the empty line, and so many lines of the body.
    if (left === 0) break;
    if (left !== Number.POSITIVE_INFINITY) left--;
    else if (line.length === 0 && bodyLines !== Number.POSITIVE_INFINITY) left = bodyLines;
    if (line[0] === DOT) pieces.push(Buffer.of(DOT));
    pieces.push(line, CRLF);
    length += line.length + 2;
    if (length < size) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  yield Buffer.concat([...pieces, Buffer.from(".\r\n")]);
}

/** The lines without their ends, CR LF or a bare LF. */
function* lines(raw: Buffer): Generator<Buffer> {
  let from = 0;
  while (from < raw.length) {
    const at = raw.indexOf(LF, from);
    const end = at < 0 ? raw.length : at;
    yield raw.subarray(from, at > from && raw[end - 1] === CR ? end - 1 : end);
    from = end + 1;
  }
}
