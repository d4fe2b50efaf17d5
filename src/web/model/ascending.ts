/**
 * The place of the first number that is not smaller than `value`, in a list that ascends.
 *
 * @example
 * placeOf([2, 4, 8], 5); // 2
 */
export function placeOf(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
