/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** What is buffered in each direction between the host and the module; a host or a server that sends more is held back. */
export const HOST_BUFFER = 64 * 1024;

/** What a connection reads ahead of its consumer: as much as one socket read delivers. */
export const CONNECTION_BUFFER = 64 * 1024;

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

/** Finished FTP sessions, and commands of each, that are remembered for who asks what clients did. */
export const SANDBOX_FTP_HISTORY = 100;
export const SANDBOX_FTP_COMMANDS = 1000;

/** Until the embedded FTP server drops a client that says nothing, and a data connection that does not move. */
export const SANDBOX_FTP_IDLE = 300_000;
export const SANDBOX_FTP_DATA_IDLE = 60_000;

/** What the embedded FTP server reads from its tree at a time. */
export const SANDBOX_FTP_PIECE = 64 * 1024;
