/** The codes of control packets (RFC 1661 5); IPCP has the first seven. */
export const CODES = {
  configureRequest: 1,
  configureAck: 2,
  configureNak: 3,
  configureReject: 4,
  terminateRequest: 5,
  terminateAck: 6,
  codeReject: 7,
  protocolReject: 8,
  echoRequest: 9,
  echoReply: 10,
  discardRequest: 11,
} as const;

/** A packet of LCP, of a network control protocol, or of an authentication protocol: all have one form. */
export interface ControlPacket {
  readonly code: number;
  readonly id: number;
  readonly data: Buffer;
}

/** How many bytes stand before the data. */
const CONTROL_HEAD = 4;

/** Reads a packet; what follows its length is padding. `undefined` where the length is wrong. */
export function readControlPacket(bytes: Buffer): ControlPacket | undefined {
  if (bytes.length < CONTROL_HEAD) return undefined;
  const length = bytes.readUInt16BE(2);
  if (length < CONTROL_HEAD || length > bytes.length) return undefined;
  return { code: bytes.readUInt8(0), id: bytes.readUInt8(1), data: bytes.subarray(CONTROL_HEAD, length) };
}

export function writeControlPacket(code: number, id: number, data: Uint8Array): Buffer {
  const packet = Buffer.alloc(CONTROL_HEAD + data.length);
  packet.writeUInt8(code, 0);
  packet.writeUInt8(id & 0xff, 1);
  packet.writeUInt16BE(packet.length, 2);
  packet.set(data, CONTROL_HEAD);
  return packet;
}

/** An option that is negotiated (RFC 1661 6). */
export interface Option {
  readonly type: number;
  readonly data: Buffer;
}

/** Reads a list of options; `undefined` where one has a wrong length. */
export function readOptions(bytes: Buffer): readonly Option[] | undefined {
  const options: Option[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) return undefined;
    options.push({ type: bytes.readUInt8(at), data: bytes.subarray(at + 2, at + length) });
    at += length;
  }
  return options;
}

export function writeOptions(options: readonly Option[]): Buffer {
  return Buffer.concat(options.map(({ type, data }) => Buffer.concat([Buffer.of(type, data.length + 2), data])));
}

/** A number as it stands in packets and options. */
export function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
