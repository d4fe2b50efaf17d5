/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** What is buffered in each direction between the host and the module; a host or a server that sends more is held back. */
export const HOST_BUFFER = 64 * 1024;

/** What a connection reads ahead of its consumer: as much as one socket read delivers. */
export const CONNECTION_BUFFER = 64 * 1024;

/** One line of an SMTP reply. RFC 5321 §4.5.3.1.5 promises 512; servers with long texts get some more. */
export const SMTP_REPLY_LINE = 2048;

/** Lines of one SMTP reply: many more than any server has extensions, and not without end. */
export const SMTP_REPLY_LINES = 128;

/** How long each step of SMTP may take: RFC 5321 §4.5.3.2 where it names the step. */
export const SMTP_TIMEOUTS = {
  /** Name and TCP connection: what a stack's own SYN retries take. */
  CONNECT: 120_000,
  GREETING: 300_000,
  EHLO: 300_000,
  HELO: 300_000,
  AUTH: 300_000,
  MAIL: 300_000,
  RCPT: 300_000,
  DATA: 120_000,
  /** One block of the message. */
  BLOCK: 180_000,
  /** From the final dot to its reply. */
  END: 600_000,
  /** The outcome is known by then, and the host should not wait for a courtesy. */
  RSET: 5_000,
  QUIT: 5_000,
} as const;

/** All mail in the sandbox's mailboxes together: a few mails of the largest size that a module sends. */
export const SANDBOX_MAIL_STORE = 64 * 1024 * 1024;

/** One mail that the sandbox takes: 10 MB of attachments in base64, their headers and some more. */
export const SANDBOX_MAIL_SIZE = 16 * 1024 * 1024;

/** Connections that an embedded server serves at a time. */
export const SANDBOX_CONNECTIONS = 32;

/** Recipients of one mail: RFC 5321 §4.5.3.1.8 asks for 100 at least. */
export const SANDBOX_SMTP_RECIPIENTS = 100;

/** A command line: RFC 4954 §4 asks for 12288 bytes in an AUTH dialogue, RFC 5321 for 512 otherwise. */
export const SANDBOX_SMTP_COMMAND = 12_288;

/** How long the embedded SMTP server waits for a client (RFC 5321 §4.5.3.2.7). */
export const SANDBOX_SMTP_IDLE = 300_000;

/** How long the embedded SMTP server, having said its last word, waits for the client to close. */
export const SANDBOX_SMTP_LINGER = 2_000;
