/** Enough to keep the machine busy. The next ones get the memory that each takes for a while. */
const AT_ONCE = 8;

/**
 * Does the same work for each item, in their order, for at most so many of them at once. Resolves with what it gave for each.
 * When it fails for one, no other is begun; rejects when those that were have ended, with the reason of the first item.
 *
 * @example
 * const texts = await atOnce(paths, (path) => readFile(path, "utf8")); // at most eight files are open
 */
export async function atOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  most = AT_ONCE,
): Promise<readonly R[]> {
  const results: R[] = [];
  const failures: { readonly index: number; readonly reason: unknown }[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) {
      try {
        results[index] = await work(item);
      } catch (reason) {
        failures.push({ index, reason });
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
  const [first] = failures.toSorted((a, b) => a.index - b.index);
  if (first !== undefined) throw first.reason;
  return results;
}
