/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

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
/** A line of an FTP server's reply: banners are long, but no longer than a screen. */
export const FTP_REPLY_LINE = 4096;

/** Lines of one FTP reply: a welcome text or a HELP has dozens. */
export const FTP_REPLY_LINES = 512;

/** All lines of one FTP reply together. */
export const FTP_REPLY_SIZE = 64 * 1024;

/** Until an FTP server's port answers: what the operating system would grant too. */
export const FTP_CONNECT_TIMEOUT = 120_000;

/** Until an FTP reply is complete. Hosts wait 60 to 120 s for `+CFTPPUT: BEGIN`. */
export const FTP_REPLY_TIMEOUT = 60_000;

/** Without a byte on an FTP data connection while the server keeps us waiting. */
export const FTP_DATA_TIMEOUT = 60_000;

/** For a last reply that can hardly change the outcome: to QUIT, or after a broken data connection. */
export const FTP_PARTING_TIMEOUT = 5_000;

/** What is given to an FTP data connection at a time, so that a slow server shows a sign of life within the time-out. */
export const FTP_DATA_PIECE = 16 * 1024;

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

/** The header of an HTTP request or response, kept until its end is known; servers refuse more than 8 to 32 KiB. */
export const HTTP_HEADER = 64 * 1024;

/** How long an HTTP server may take to be resolved and to accept the connection: the socket timer of the real module. */
export const HTTP_CONNECT_TIME = 120_000;

/** How long an HTTP server may neither send a byte of its response nor take one of the request. */
export const HTTP_SILENCE_TIME = 60_000;

/** After how long a silence of the server a DATA packet goes out unfilled, so that an endless stream is not held up. */
export const DATA_PACKET_WAIT = 500;

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
/** Mails that AT+POP3LIST lists: some 1 MB of lines, which are printed in one piece. */
export const POP3_LISTED = 65_536;

/** Accounts of the embedded POP3 server: guests make them, and nobody removes them. */
export const SANDBOX_POP3_ACCOUNTS = 1000;
/** The attachments of one mail together (manual 3.7: 10 MB). */
export const SMTP_ATTACHMENTS_SIZE = 10 * 1024 * 1024;

/** Before an XMODEM block: receivers (lrzsz) throw their input away right after they have answered. */
export const XMODEM_PAUSE = 10;
