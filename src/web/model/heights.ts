/**
 * Where each item of a long list stands, from heights that are estimated until they are measured. Positions behind a change
 * are summed up when they are asked for.
 */
export class Heights {
  readonly #estimate: (place: number) => number;
  /** Top of each item; one more than there are items. */
  #tops = new Float64Array(1024);
  #heights = new Float32Array(1024);
  #length = 0;
  /** Tops up to this place are right. */
  #summed = 0;

  constructor(estimate: (place: number) => number) {
    this.#estimate = estimate;
  }

  get length(): number {
    return this.#length;
  }

  /** The height of all items. */
  get total(): number {
    return this.top(this.#length);
  }

  /** There are `length` items now, of which those from `from` on are to be estimated anew. */
  resize(length: number, from: number): void {
    if (length > this.#heights.length) this.#grow(length);
    this.#length = length;
    for (let place = Math.min(from, length); place < length; place++) this.#heights[place] = this.#estimate(place);
    this.#summed = Math.min(this.#summed, from, length);
  }

  /** Notes what an item measures; gives whether that is news. */
  measure(place: number, height: number): boolean {
    const known = this.#heights[place] ?? 0;
    if (place >= this.#length || Math.abs(known - height) < 0.5) return false;
    this.#heights[place] = height;
    this.#summed = Math.min(this.#summed, place);
    return true;
  }

  /** Pixels above an item. */
  top(place: number): number {
    const last = Math.min(Math.max(place, 0), this.#length);
    for (let next = this.#summed; next < last; next++)
      this.#tops[next + 1] = (this.#tops[next] ?? 0) + (this.#heights[next] ?? 0);
    this.#summed = Math.max(this.#summed, last);
    return this.#tops[last] ?? 0;
  }

  /** The item at a distance from the top. */
  placeAt(y: number): number {
    this.top(this.#length);
    let low = 0;
    let high = Math.max(this.#length - 1, 0);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #grow(length: number): void {
    const size = Math.max(length, 2 * this.#heights.length);
    const heights = new Float32Array(size);
    heights.set(this.#heights);
    const tops = new Float64Array(size + 1);
    tops.set(this.#tops);
    this.#heights = heights;
    this.#tops = tops;
  }
}
