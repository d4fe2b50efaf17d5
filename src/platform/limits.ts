/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

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
/** A command to the embedded POP3 server, without its CR LF (RFC 2449 §4: 255 with it). */
export const POP3_COMMAND_LINE = 253;

/** How long the embedded POP3 server keeps a silent client (RFC 1939 §3: at least ten minutes). */
export const POP3_AUTOLOGOUT = 600_000;

/** Clients of the embedded POP3 server at one time. */
export const POP3_SERVER_CLIENTS = 64;

/** Commands in a row that the embedded POP3 server refuses before it closes: a client that talks noise. */
export const POP3_SERVER_ERRORS = 20;

/** A command line that the embedded FTP server takes: a path of 4096 bytes and its verb. */
export const SANDBOX_FTP_LINE = 4200;

/** Sessions of the embedded FTP server at a time; the next one is told 421. */
export const SANDBOX_FTP_SESSIONS = 32;

/** What the embedded FTP server's tree in memory holds: as much as a module's EFS several times over. */
export const SANDBOX_FTP_CAPACITY = 64 * 1024 * 1024;

/** Files and directories in that tree. */
export const SANDBOX_FTP_ENTRIES = 10_000;

/** FTP sessions, and commands of each, that are remembered for who asks what clients did: 42 MB when all are as long as can be. */
export const SANDBOX_FTP_HISTORY = 50;
export const SANDBOX_FTP_COMMANDS = 200;

/** Until the embedded FTP server drops a client that says nothing, and a data connection that does not move. */
export const SANDBOX_FTP_IDLE = 300_000;
export const SANDBOX_FTP_DATA_IDLE = 60_000;

/** What the embedded FTP server reads from its tree at a time. */
export const SANDBOX_FTP_PIECE = 64 * 1024;

/** How long a host may be silent in data entry before the operation fails (decisions 7); scaled by `--timeout-scale`. */
export const DATA_ENTRY_TIMEOUT = 120_000;

/** One line of a request to the embedded HTTP server, and how many of them: what common servers take. */
export const ORIGIN_LINE = 8 * 1024;
export const ORIGIN_FIELDS = 100;

/** What the embedded HTTP server handles of a body at a time. */
export const ORIGIN_BLOCK = 16 * 1024;

/** How many requests the embedded HTTP server remembers, and how much of the body of each: enough for a test to look at. */
export const ORIGIN_REMEMBERED = 100;
export const ORIGIN_REMEMBERED_BODY = 64 * 1024;

/** What the embedded HTTP server keeps of a body that it echoes before it lets go: more than a host sends over a serial line. */
export const ORIGIN_ECHO = 16 * 1024 * 1024;

/** How long the embedded HTTP server takes leave of a client that still sends: a reset would destroy the answer under way. */
export const ORIGIN_LINGER = 5_000;
/** What one read of an EFS file delivers at most, and how a file in memory is kept: pieces that cost little each. */
export const EFS_CHUNK = 64 * 1024;

/** The full path of a file on the EFS, drive letter included, in bytes of UTF-8 (decisions 8). */
export const EFS_PATH = 254;

/** Files and directories of a volume in memory: empty ones take no space of the volume, but they do take ours. */
export const EFS_MEMORY_ENTRIES = 65_536;

/** How much may wait for the host before echo is dropped: what a slow medium has in flight, far from holding anything up. */
export const ECHO_BACKLOG = 4096;

/** What is read of the file that keeps NVRAM: a full one takes a tenth of it. */
export const NVRAM_SIZE = 1024 * 1024;

/** Sent short messages that are remembered for who asks: more than a test sends. */
export const SMS_SENT = 1000;
/** How long an XMODEM sender waits for the receiver's start: hosts start a terminal's transfer by hand. */
export const XMODEM_START = 60_000;

/** Between two starts of an XMODEM receiver, as its description has it for `C`. */
export const XMODEM_START_INTERVAL = 3_000;

/** For an answer to an XMODEM block, and for the next block: three times what the slowest host takes (decisions 10). */
export const XMODEM_REPLY = 10_000;

/** Silence inside an XMODEM block, and after a damaged one: hosts read the next bytes from a card meanwhile. */
export const XMODEM_SILENCE = 1_000;

/** How often an XMODEM block is sent or asked for again, as its description has it. */
export const XMODEM_RETRIES = 10;
/** Accounts of the embedded POP3 server: guests make them, and nobody removes them. */
export const SANDBOX_POP3_ACCOUNTS = 1000;
/** Before an XMODEM block: receivers (lrzsz) throw their input away right after they have answered. */
export const XMODEM_PAUSE = 10;
