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
