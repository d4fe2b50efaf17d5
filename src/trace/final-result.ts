/** A final result code, as ATV1 and as ATV0 have it. */
const FINAL =
  /(?:^|\n)(?:OK|ERROR|\+CM[ES] ERROR: [^\r\n]*|NO CARRIER|NO DIALTONE|NO ANSWER|BUSY|CONNECT[^\r\n]*)\r\n|(?:^|[\r\n])[0-9]\r$/;
/** Bytes of what was said in which one is looked for: a line of +CME ERROR is shorter. */
const TAIL = 256;

/** Looks for a final result code in what a module says, whatever pieces it comes in. */
export class FinalResult {
  #tail = "";
  #isThere = false;

  get isThere(): boolean {
    return this.#isThere;
  }

  push(bytes: string): void {
    this.#tail = (this.#tail + bytes).slice(-TAIL);
    this.#isThere ||= FINAL.test(this.#tail);
  }
}
