/** Whether the module echoes, as far as the host's own lines tell it: ATE0 and ATE1 alone on a line. */
export class EchoState {
  #on = true;

  /** Whether the next line is echoed. */
  get on(): boolean {
    return this.#on;
  }

  /** Takes what the host has sent. */
  sent(bytes: string): void {
    const switched = /^ATE([01])\r$/i.exec(bytes);
    if (switched !== null) this.#on = switched[1] === "1";
  }
}
