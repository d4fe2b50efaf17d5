/** Bounds of the embedded servers, each with its reason. Sizes are in bytes, times in milliseconds. */
export const SANDBOX_LIMITS = {
  /** Clients of one server at a time: a thousand modems, and some test programs beside them. */
  connections: 1024,
  /** How long a server whose dialogue has ended waits for its client to close: an early close could destroy the last reply. */
  linger: 5_000,
  /** How long a server waits for a client to say anything, and for its TLS handshake. */
  firstByte: 300_000,
  /** Read from memory and sent at a time. */
  piece: 64 * 1024,
  /** All messages in the mailboxes together, and all that SMTP remembers: a few of the largest size that a module sends. */
  mailStore: 64 * 1024 * 1024,
  smtp: {
    /** One message: 10 MB of attachments in base64, their headers and some more. */
    message: 16 * 1024 * 1024,
    /** Recipients of one message: RFC 5321 §4.5.3.1.8 asks for 100 at least. */
    recipients: 100,
    /** A command line: RFC 4954 §4 asks for 12288 bytes in an AUTH dialogue, RFC 5321 for 512 otherwise. */
    command: 12_288,
    /** How long the server waits for a silent client (RFC 5321 §4.5.3.2.7). */
    idle: 300_000,
  },
  pop3: {
    /** A command without its CR LF (RFC 2449 §4: 255 with it). */
    command: 253,
    /** How long the server waits for a silent client (RFC 1939 §3: at least ten minutes). */
    idle: 600_000,
    /** Refused commands in a row after which the server closes: the client talks another protocol. */
    errors: 20,
    /** Accounts. Guests make them, and nothing but a reset removes them. */
    accounts: 1000,
  },
  ftp: {
    /** A command line: a path of 4096 bytes and its verb. */
    command: 4200,
    /** What the tree in memory holds: as much as a module's EFS several times over. */
    tree: 64 * 1024 * 1024,
    /** Files and directories in that tree. */
    entries: 10_000,
    /** Sessions that are remembered, and commands of each: 42 MB when all are as long as can be. */
    sessions: 50,
    commands: 200,
    /** How long the server waits for a silent client, and for a data connection that does not move. */
    idle: 300_000,
    dataIdle: 60_000,
  },
  http: {
    /** One line of a request, and the number of field lines: what common servers take. */
    line: 8 * 1024,
    fields: 100,
    /** Handled of a body at a time. */
    block: 16 * 1024,
    /** Requests that are remembered, and how much of the body of each: enough for a test to look at. */
    requests: 100,
    requestBody: 64 * 1024,
    /** Kept of a body that is echoed before the echo begins: more than a host sends over a serial line. */
    echo: 16 * 1024 * 1024,
    /** Canned pages, and their bodies together. */
    pages: 1000,
    pageBodies: 64 * 1024 * 1024,
  },
} as const;
