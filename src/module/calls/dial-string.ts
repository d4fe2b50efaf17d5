import { unescaped } from "../../codec/quoted-string.ts";

/** What a dial string asks for. */
export type DialTarget =
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "last number" }
  /** An entry by its place, in the storage that is chosen unless one is named. */
  | { readonly kind: "entry"; readonly storage: string | undefined; readonly index: number }
  /** The first entry of that name, in the character set of the host. */
  | { readonly kind: "name"; readonly name: string };

/** The number of a call: 3GPP TS 24.008 10.5.4.7 has the digits; 40 are more than a SIM keeps. */
const NUMBER = /^\+?[0-9*#A-C]{1,40}$/;

/** V.250 6.3.1: modifiers of analogue lines, and characters that only make a number readable. */
const IGNORED = /[ ,.()/!@WTP-]/g;

/** 27.007 6.2: invocation of CLIR and of the closed user group, behind the number. */
const SUPPLEMENTARY = /[IG]+$/i;

/** 27.007 6.3: `>3`, `>SM3` or `>"SM"3`; `>"name"`. */
const ENTRY = /^>\s*(?:"?([A-Z]{2})"?)?\s*(\d{1,4})$/i;
const NAME = /^>\s*"([^"]*)"$/;

/** Reads what stands between `D` and the semicolon. @spec V.250 6.3.1, 27.007 6.2 and 6.3 */
export function readDialString(text: string): DialTarget | undefined {
  const dialled = text.trim().toUpperCase();
  if (dialled.startsWith(">")) return readEntry(text.trim());
  if (dialled === "L") return { kind: "last number" };
  const number = dialled.replace(SUPPLEMENTARY, "").replace(IGNORED, "");
  return NUMBER.test(number) ? { kind: "number", number } : undefined;
}

function readEntry(text: string): DialTarget | undefined {
  const entry = text.replace(SUPPLEMENTARY, "").trimEnd();
  const [, storage, index] = ENTRY.exec(entry) ?? [];
  if (index !== undefined) return { kind: "entry", storage: storage?.toUpperCase(), index: Number(index) };
  const name = NAME.exec(entry)?.[1];
  return name === undefined ? undefined : { kind: "name", name: unescaped(name) };
}
