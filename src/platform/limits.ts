/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** What is buffered in each direction between the host and the module; a host or a server that sends more is held back. */
export const HOST_BUFFER = 64 * 1024;

/** What a connection reads ahead of its consumer: as much as one socket read delivers. */
export const CONNECTION_BUFFER = 64 * 1024;

/** A line of a POP3 reply. RFC 2449 §4 allows 512; some servers greet at greater length. */
export const POP3_REPLY_LINE = 1024;

/** One POP3 command from first to last byte, and the whole of a log-in. A server checks a large maildrop at PASS. */
export const POP3_TIMEOUT = 60_000;

/** What a server must send of a long POP3 reply within {@link POP3_TIMEOUT}: one that dribbles holds nobody for ever. */
export const POP3_PROGRESS = 1024;

/** A command to the embedded POP3 server, without its CR LF (RFC 2449 §4: 255 with it). */
export const POP3_COMMAND_LINE = 253;

/** How long the embedded POP3 server keeps a silent client (RFC 1939 §3: at least ten minutes). */
export const POP3_AUTOLOGOUT = 600_000;

/** Clients of the embedded POP3 server at one time. */
export const POP3_SERVER_CLIENTS = 64;

/** Commands in a row that the embedded POP3 server refuses before it closes: a client that talks noise. */
export const POP3_SERVER_ERRORS = 20;

/** Multiparts within multiparts. Mail programs make three or four. */
export const MAIL_DEPTH = 64;

/** Parts of one mail: each becomes a file, and a directory of more serves nobody. */
export const MAIL_PARTS = 1000;

/** What is kept of one header field; a longer one is cut. RFC 2047 and 2231 names of 300 characters fit several times. */
export const MAIL_FIELD = 8 * 1024;

/** A header field's name, and a boundary with its dashes and blanks (RFC 2046 §5.1.1: 70); longer ones are text. */
export const MAIL_TOKEN = 256;

/** An attachment's file name in UTF-8: with the mail's directory it fits into a path of 254. */
export const MAIL_FILE_NAME = 200;
