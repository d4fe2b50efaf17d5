import { IAC, SB, SE } from "./codes.ts";
import { copyRun, endOfRun } from "./run.ts";

const CR = 0x0d;
const LF = 0x0a;
const NUL = 0x00;

/** Doubles each IAC. Gives the bytes themselves where there is none. @rfc 854 */
function doubleIac(bytes: Uint8Array): Uint8Array {
  const first = bytes.indexOf(IAC);
  if (first < 0) return bytes;
  let count = 0;
  for (let at = first; at < bytes.length; at++) if (bytes[at] === IAC) count++;
  const doubled = new Uint8Array(bytes.length + count);
  doubled.set(bytes.subarray(0, first));
  let write = first;
  for (let read = first; read < bytes.length; ) {
    for (; bytes[read] === IAC; read++) {
      doubled[write++] = IAC;
      doubled[write++] = IAC;
    }
    const end = endOfRun(bytes, read);
    write = copyRun(bytes, read, end, doubled, write);
    read = end;
  }
  return doubled;
}

/** A whole subnegotiation. @rfc 855 */
export function subnegotiation(option: number, content: Uint8Array): Uint8Array {
  return Uint8Array.of(IAC, SB, option, ...doubleIac(content), IAC, SE);
}

/** Encodes the data of a Telnet stream. */
export class TelnetEncoder {
  /** Whether we transmit binary; otherwise a NUL follows each CR that ends no line (RFC 854, NVT). */
  binary = false;
  #afterCr = false;

  /** Encodes data, cut anywhere. What needs no change is given as it is. */
  encode(bytes: Uint8Array): Uint8Array {
    const doubled = doubleIac(bytes);
    return this.binary ? doubled : this.#padded(doubled);
  }

  /** A CR at the end is padded by the next call, which knows what follows. */
  #padded(bytes: Uint8Array): Uint8Array {
    const padded: number[] = [];
    for (const byte of bytes) {
      if (this.#afterCr && byte !== LF) padded.push(NUL);
      padded.push(byte);
      this.#afterCr = byte === CR;
    }
    return Uint8Array.from(padded);
  }
}
