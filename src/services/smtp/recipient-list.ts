/** Who sends or gets a mail. Both are bytes, one character each; the name may be empty. */
export interface Correspondent {
  readonly address: string;
  readonly name: string;
}

/** How a recipient gets a mail. The numbers are those of AT+SMTPRCPT. */
export const RECIPIENT_KINDS = { to: 0, cc: 1, bcc: 2 } as const;

/** Recipients of each kind. */
const RECIPIENTS_OF_A_KIND = 5;

export interface Recipient extends Correspondent {
  readonly kind: number;
  readonly index: number;
}

/** The recipients of a mail, each at an index of its kind. @spec manual 3.4 */
export class RecipientList {
  readonly #recipients = new Map<number, Recipient>();

  /** Sets one, in the place of whoever was there. */
  set(recipient: Recipient): void {
    this.#recipients.set(place(recipient.kind, recipient.index), recipient);
  }

  /** Removes one, or a whole kind. */
  remove(kind: number, index?: number): void {
    for (let at = 0; at < RECIPIENTS_OF_A_KIND; at++) {
      if (index === undefined || index === at) this.#recipients.delete(place(kind, at));
    }
  }

  clear(): void {
    this.#recipients.clear();
  }

  /** All of them, by kind, then by index. */
  get all(): readonly Recipient[] {
    return [...this.#recipients].sort(([a], [b]) => a - b).map(([, recipient]) => recipient);
  }
}

function place(kind: number, index: number): number {
  return kind * RECIPIENTS_OF_A_KIND + index;
}
