import type { Attachment, ComposedMail, Mail } from "../../src/mime/compose/message.ts";

/** A mail with everything plain, but for what a test changes. */
export function plainMail(changes: Partial<Mail> = {}): Mail {
  return {
    subject: Buffer.from("Hello"),
    from: { address: "sender@example.org", name: Buffer.from("Sender") },
    to: [{ address: "to@example.org", name: Buffer.alloc(0) }],
    cc: [],
    body: Buffer.from("Text"),
    attachments: [],
    now: Date.UTC(2010, 1, 5, 12),
    zone: 32,
    ...changes,
  };
}

/** A file in memory, given in pieces. */
export function memoryAttachment(name: string, bytes: Buffer, piece = 1000): Attachment {
  return {
    name,
    size: bytes.length,
    open: async () => {
      let at = 0;
      return {
        read: async () => {
          if (at >= bytes.length) return undefined;
          at += piece;
          return bytes.subarray(at - piece, at);
        },
        close: () => undefined,
      };
    },
  };
}

/** The whole message. */
export async function collect(composed: ComposedMail): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of composed.read(new AbortController().signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
