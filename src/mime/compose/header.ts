import { encodeWords, WORD_LIMIT } from "./encoded-word-encoder.ts";
import { headerText, isBareText } from "./text.ts";

/** A sender or recipient. The name holds the bytes that the host gave, and may be empty. */
export interface Mailbox {
  readonly address: string;
  readonly name: Uint8Array;
}

/** RFC 5322 §2.1.1: a line should have at most 78 characters. */
const LINE_CHARACTERS = 78;

/** A phrase of atoms, which needs no quotes (RFC 5322 §3.2.3). */
const ATOMS = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;

/** Writes a header field, folded between its tokens (RFC 5322 §2.2.3). */
export function headerField(name: string, tokens: readonly string[]): string {
  let folded = "";
  let line = `${name}:`;
  for (const [index, token] of tokens.entries()) {
    if (index > 0 && line.length + 1 + token.length > LINE_CHARACTERS) {
      folded += `${line}\r\n`;
      line = "";
    }
    line += ` ${token}`;
  }
  return `${folded}${line}\r\n`;
}

/** The tokens of a free text: its words, or encoded-words where it cannot be sent bare. */
export function textTokens(bytes: Uint8Array): string[] {
  const text = headerText(bytes);
  const words = text.text === "" ? [] : text.text.split(" ");
  return isBareText(text.text) && words.every((word) => word.length <= WORD_LIMIT) ? words : encodeWords(text);
}

/** The tokens of an address list. */
export function mailboxTokens(mailboxes: readonly Mailbox[]): string[] {
  return mailboxes.flatMap((mailbox, index) => {
    const tokens = oneMailbox(mailbox);
    const last = tokens.pop() ?? "";
    return [...tokens, index < mailboxes.length - 1 ? `${last},` : last];
  });
}

function oneMailbox({ address, name }: Mailbox): string[] {
  const phrase = phraseTokens(name);
  // Drop everything but printable ASCII, and characters that would end the address early.
  const bare = address.replace(/[^ -~]|[<>]/g, "");
  return phrase.length === 0 ? [bare] : [...phrase, `<${bare}>`];
}

function phraseTokens(name: Uint8Array): string[] {
  const text = headerText(name);
  const words = textTokens(name);
  if (words.length === 0 || !isBareText(text.text) || ATOMS.test(text.text)) return words;
  const quoted = `"${text.text.replace(/["\\]/g, "\\$&")}"`;
  return quoted.length <= WORD_LIMIT ? [quoted] : encodeWords(text);
}
