const ROUNDS = 25;
const BYTES_PER_SAMPLE = 1024 * 1024;

/**
 * Measures candidates against each other: every round runs each of them once, so that a busy machine is unfair to all alike, and the
 * best round of each counts. Returns MB/s by the candidates' names.
 *
 * A candidate is `{ input, run }`; each call of `run` gets a copy of `input` made outside the time taken, for it may work in place.
 */
export function compare(candidates) {
  const best = Object.fromEntries(Object.keys(candidates).map((name) => [name, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, candidate] of Object.entries(candidates)) {
      best[name] = Math.max(best[name], sample(candidate));
    }
  }
  return best;
}

function sample({ input, run, bytes = BYTES_PER_SAMPLE }) {
  const copies = Array.from({ length: Math.ceil(bytes / input.length) }, () => Buffer.from(input));
  const start = process.hrtime.bigint();
  for (const copy of copies) run(copy);
  const nanoseconds = Number(process.hrtime.bigint() - start);
  return (copies.length * input.length * 1000) / nanoseconds;
}

/** Prints rows of cells: the first column to the left, numbers to the right. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
    );
  }
}
