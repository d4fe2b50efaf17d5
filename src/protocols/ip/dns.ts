/** The answers' codes. @rfc 1035 §4.1.1 */
export const RCODE = { ok: 0, format: 1, failure: 2, noName: 3, notImplemented: 4 } as const;

const HEADER = 12;
const IPV4_TYPE = 1;
const ANY_TYPE = 255;
const INTERNET = 1;
const ANSWER_LENGTH = 16;
/** The largest message over UDP. */
const MESSAGE = 512;
/** Seconds that a host may keep an answer: faults and rules may change what a name leads to. */
const TIME_TO_LIVE = 60;
/** The name of the question: a pointer to the first byte after the header. */
const POINTER = 0xc00c;

/** What a host asks; with `rcode` it is answered at once. */
export interface DnsQuery {
  readonly id: number;
  /** Opcode and Recursion Desired, as they stand in the flags. */
  readonly flags: number;
  /** The question as it came, to be repeated in the answer. */
  readonly question: Buffer;
  readonly name: string;
  /** Whether IPv4 addresses answer the question. */
  readonly asksAddress: boolean;
  readonly rcode: number;
}

/** Reads a query; `undefined` for what is none, or too short for an answer. The question is a copy. */
export function readQuery(message: Buffer): DnsQuery | undefined {
  if (message.length < HEADER) return undefined;
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return undefined;
  const query = {
    id: message.readUInt16BE(0),
    flags: flags & 0x7900,
    question: Buffer.alloc(0),
    name: "",
    asksAddress: false,
  };
  if ((flags & 0x7800) !== 0) return { ...query, rcode: RCODE.notImplemented };
  const name = message.readUInt16BE(4) === 1 ? readName(message) : undefined;
  if (name === undefined || message.length < name.end + 4) return { ...query, rcode: RCODE.format };
  const type = message.readUInt16BE(name.end);
  const isInternet = message.readUInt16BE(name.end + 2) === INTERNET;
  return {
    ...query,
    question: Buffer.from(message.subarray(HEADER, name.end + 4)),
    name: name.labels.join("."),
    asksAddress: isInternet && (type === IPV4_TYPE || type === ANY_TYPE),
    rcode: name.labels.every(isHostLabel) ? RCODE.ok : RCODE.noName,
  };
}

/** Composes the answer with as many of the addresses as a message holds. */
export function composeAnswer(query: DnsQuery, rcode: number, addresses: readonly number[] = []): Buffer {
  const { id, flags, question } = query;
  const count = Math.min(addresses.length, Math.floor((MESSAGE - HEADER - question.length) / ANSWER_LENGTH));
  const message = Buffer.alloc(HEADER + question.length + count * ANSWER_LENGTH);
  message.writeUInt16BE(id, 0);
  // A response, with recursion available.
  message.writeUInt16BE(0x8080 | flags | rcode, 2);
  message.writeUInt16BE(question.length === 0 ? 0 : 1, 4);
  message.writeUInt16BE(count, 6);
  message.set(question, HEADER);
  let at = HEADER + question.length;
  for (const address of addresses.slice(0, count)) {
    message.writeUInt16BE(POINTER, at);
    message.writeUInt16BE(IPV4_TYPE, at + 2);
    message.writeUInt16BE(INTERNET, at + 4);
    message.writeUInt32BE(TIME_TO_LIVE, at + 6);
    message.writeUInt16BE(4, at + 10);
    message.writeUInt32BE(address, at + 12);
    at += ANSWER_LENGTH;
  }
  return message;
}

/** Reads the name of the question, which has nothing to point to: a pointer there is malformed. */
function readName(message: Buffer): { readonly labels: readonly string[]; readonly end: number } | undefined {
  const labels: string[] = [];
  let at = HEADER;
  while (at - HEADER < 255) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined;
    at++;
    if (length === 0) return { labels, end: at };
    if (at + length > message.length) return undefined;
    labels.push(message.toString("latin1", at, at + length));
    at += length;
  }
  return undefined;
}

function isHostLabel(label: string): boolean {
  return /^[\w-]+$/.test(label);
}
