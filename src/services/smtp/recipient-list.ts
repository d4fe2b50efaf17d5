import { isSmtpAddress } from "../../protocols/smtp/session.ts";

/** The sender or a recipient of a mail. Both are bytes, one character each; the name may be empty. */
export interface Correspondent {
  readonly address: string;
  readonly name: string;
}

/** The kinds of recipients, by their numbers in AT+SMTPRCPT. */
export const RECIPIENT_KINDS = { to: 0, cc: 1, bcc: 2 } as const;

/** How many recipients each kind has. */
const RECIPIENTS_OF_A_KIND = 5;

export interface Recipient extends Correspondent {
  readonly kind: number;
  readonly index: number;
}

/** The recipients of a mail, each at an index of its kind. @spec manual 3.4 */
export class RecipientList {
  readonly #recipients = new Map<number, Recipient>();

  /** Sets the recipient at an index of a kind. Returns `false`, and changes nothing, for an address that SMTP cannot carry. */
  set(recipient: Recipient): boolean {
    if (!isSmtpAddress(recipient.address)) return false;
    this.#recipients.set(place(recipient.kind, recipient.index), recipient);
    return true;
  }

  /** Removes one recipient, or a whole kind. */
  remove(kind: number, index?: number): void {
    for (let at = 0; at < RECIPIENTS_OF_A_KIND; at++) {
      if (index === undefined || index === at) this.#recipients.delete(place(kind, at));
    }
  }

  clear(): void {
    this.#recipients.clear();
  }

  /** All recipients, by kind, then by index. */
  get all(): readonly Recipient[] {
    return [...this.#recipients].sort(([a], [b]) => a - b).map(([, recipient]) => recipient);
  }
}

function place(kind: number, index: number): number {
  return kind * RECIPIENTS_OF_A_KIND + index;
}
