/** Data and its canonical code, both as space-separated hex. */
export const etxRows = [
  { name: "nothing", data: "", code: "" },
  { name: "plain bytes", data: "48 65 6c 6c 6f", code: "48 65 6c 6c 6f" },
  { name: "a lone ETX", data: "03", code: "03 03" },
  { name: "a lone SUB", data: "1a", code: "03 1a" },
  { name: "ETX before SUB", data: "03 1a", code: "03 03 03 1a" },
  { name: "SUB before ETX", data: "1a 03", code: "03 1a 03 03" },
  { name: "an odd run of ETX", data: "03 03 03", code: "03 03 03 03 03 03" },
  { name: "a run of SUB between plain bytes", data: "41 1a 1a 42", code: "41 03 1a 03 1a 42" },
  { name: "the line's own control bytes", data: "0d 0a 08 7f 1b 00 ff", code: "0d 0a 08 7f 1b 00 ff" },
  { name: "neighbours of ETX and SUB", data: "02 04 19 1b 83 9a", code: "02 04 19 1b 83 9a" },
  { name: "an escape past one SIMD block", data: `${"41 ".repeat(20)}1a`, code: `${"41 ".repeat(20)}03 1a` },
  {
    name: "a long span with one escape in it",
    data: `${"42 ".repeat(100)}03 ${"43 ".repeat(100)}`,
    code: `${"42 ".repeat(100)}03 03 ${"43 ".repeat(100)}`,
  },
  {
    name: "a long dense span",
    data: "1a 03 41 ".repeat(60),
    code: "03 1a 03 03 41 ".repeat(60),
  },
].map(({ name, data, code }) => ({ name, data: fromHex(data), code: fromHex(code) }));

export function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}
