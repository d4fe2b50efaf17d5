/** What a dial string asks for. */
export type DialTarget =
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "last number" }
  | { readonly kind: "phone book" };

/** The number of a call: 3GPP TS 24.008 10.5.4.7 has the digits; 40 are more than a SIM keeps. */
const NUMBER = /^\+?[0-9*#A-C]{1,40}$/;

/** V.250 6.3.1: modifiers of analogue lines, and characters that only make a number readable. */
const IGNORED = /[ ,.()/!@WTP-]/g;

/** 27.007 6.2: invocation of CLIR and of the closed user group, behind the number. */
const SUPPLEMENTARY = /[IG]+$/;

/** Reads what stands between `D` and the semicolon. @spec V.250 6.3.1, 27.007 6.2 and 6.3 */
export function readDialString(text: string): DialTarget | undefined {
  const dialled = text.trim().toUpperCase();
  if (dialled === "L") return { kind: "last number" };
  if (dialled.startsWith(">")) return { kind: "phone book" };
  const number = dialled.replace(SUPPLEMENTARY, "").replace(IGNORED, "");
  return NUMBER.test(number) ? { kind: "number", number } : undefined;
}
