import { writeEscapes } from "./escapes.ts";

/** A response as ATV1 frames it, and what may stand in it; further lines of the same response. */
const RESPONSE = /\r\n([!-~](?:[ -~]*[!-~])?)\r\n/y;
const FURTHER = /([!-~](?:[ -~]*[!-~])?)\r\n/y;
/** Up to the end of a line, or to where a response may begin. */
const RAW = /(?:\r\n)?(?:(?!\r\n[!-~])[^\n])*\n?/y;
/** As many of the same byte are written as their number. */
const RUN = /([\s\S])\1{99,}/g;
/** Most bytes that a line of raw text holds. */
const WIDTH = 1000;

/** Writes what a module said as lines of a transcript. */
export function moduleLines(bytes: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const response = matchAt(RESPONSE, bytes, at);
    if (response === undefined) {
      const end = at + (matchAt(RAW, bytes, at)?.[0].length || 1);
      lines.push(...rawLines("<", bytes.slice(at, end)));
      at = end;
      continue;
    }
    lines.push(`< ${response[1]}`);
    at += response[0].length;
    for (let more = matchAt(FURTHER, bytes, at); more !== undefined; more = matchAt(FURTHER, bytes, at)) {
      lines.push(`<+ ${more[1]}`);
      at += more[0].length;
    }
  }
  return lines;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** Writes bytes that have no other form: raw text, and long runs of one byte as their number. */
export function rawLines(mark: ">" | "<" | "!" | "=", bytes: string): readonly string[] {
  const lines: string[] = [];
  let at = 0;
  for (const { 0: run, 1: byte = "", index } of bytes.matchAll(RUN)) {
    lines.push(...textLines(`${mark}"`, bytes.slice(at, index)), `${mark}* ${run.length} ${writeEscapes(byte)}`);
    at = index + run.length;
  }
  return [...lines, ...textLines(`${mark}"`, bytes.slice(at))];
}

/** Writes raw text, of a bounded width. */
export function textLines(mark: string, bytes: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += WIDTH) lines.push(`${mark} ${writeEscapes(bytes.slice(at, at + WIDTH))}`);
  return lines;
}
