import { split } from "./encoded-word-encoder.ts";
import { isBareText } from "./text.ts";

/** The width of a parameter that fits on a line of its own. */
const PARAMETER_LIMIT = 74;
const BARE = /^[A-Za-z0-9._-]$/;

/** Writes a parameter of Content-Type or Content-Disposition as tokens: quoted, or as RFC 2231 sections if it is long or not ASCII. */
export function parameterTokens(name: string, value: string): string[] {
  const quoted = `${name}="${value.replace(/["\\]/g, "\\$&")}"`;
  if (isBareText(value) && quoted.length <= PARAMETER_LIMIT) return [quoted];
  const whole = `${name}*=utf-8''${percentEncode(value)}`;
  if (whole.length <= PARAMETER_LIMIT) return [whole];
  // RFC 2231 §3, §4.1: the charset stands in the first section only.
  const room = PARAMETER_LIMIT - `${name}*99*=utf-8'';`.length;
  const sections = split(value, room, (character) => percentEncode(character).length);
  return sections.map((section, index) => {
    const end = index < sections.length - 1 ? ";" : "";
    return `${name}*${index}*=${index === 0 ? "utf-8''" : ""}${percentEncode(section)}${end}`;
  });
}

function percentEncode(text: string): string {
  return [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return BARE.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}
