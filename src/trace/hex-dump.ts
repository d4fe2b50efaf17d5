/** Bytes in a row. */
const ROW = 16;

/** Bytes, one character each, as rows of their place, their values and what is printable of them. */
export function hexDump(bytes: string): readonly string[] {
  const rows: string[] = [];
  for (let start = 0; start < bytes.length; start += ROW) {
    const row = Buffer.from(bytes.slice(start, start + ROW), "latin1");
    const values = [...row].map((byte) => byte.toString(16).padStart(2, "0"));
    const halves = [values.slice(0, ROW / 2), values.slice(ROW / 2)].map((half) => half.join(" "));
    const printable = row.toString("latin1").replace(/[^ -~]/g, ".");
    rows.push(`${start.toString(16).padStart(6, "0")}  ${halves.join("  ").padEnd(3 * ROW)}  |${printable}|`);
  }
  return rows;
}
