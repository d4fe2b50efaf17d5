/**
 * Finds the words that `word` may be a misspelling of, the closest first, at most `most`. The measure is the
 * Damerau-Levenshtein distance (insertions, deletions, substitutions and swaps of neighbours); a word whose distance is
 * greater than 2 and greater than a third of the length of `word` is left out.
 */
export function nearest(word: string, among: readonly string[], most = 3): readonly string[] {
  const limit = Math.max(2, word.length / 3);
  return among
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** A hint for a message about an unknown word, or nothing. */
export function didYouMean(word: string, among: readonly string[]): string {
  const [found] = nearest(word, among);
  return found === undefined ? "" : `; did you mean ${found}?`;
}

/** The optimal string alignment distance: no part of a word is edited twice. */
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
