/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** What is buffered in each direction between the host and the module; a host or a server that sends more is held back. */
export const HOST_BUFFER = 64 * 1024;

/** What a connection reads ahead of its consumer: as much as one socket read delivers. */
export const CONNECTION_BUFFER = 64 * 1024;

/** How long a host may be silent in data entry before the operation fails (decisions 7); scaled by `--timeout-scale`. */
export const DATA_ENTRY_TIMEOUT = 120_000;

/** The header of an HTTP request or response, kept until its end is known; servers refuse more than 8 to 32 KiB. */
export const HTTP_HEADER = 64 * 1024;

/** How long an HTTP server may take to be resolved and to accept the connection: the socket timer of the real module. */
export const HTTP_CONNECT_TIME = 120_000;

/** How long an HTTP server may neither send a byte of its response nor take one of the request. */
export const HTTP_SILENCE_TIME = 60_000;

/** After how long a silence of the HTTP server a packet goes out unfilled, so that an endless stream is not held up. */
export const HTTP_PACKET_WAIT = 500;

/** How often a UART is asked for the host's DTR, while somebody listens; modems ignore shorter pulses (S25). */
export const DTR_POLL = 50;
/** One line of a request to the embedded HTTP server, and how many of them: what common servers take. */
export const ORIGIN_LINE = 8 * 1024;
export const ORIGIN_FIELDS = 100;

/** What the embedded HTTP server handles of a body at a time. */
export const ORIGIN_BLOCK = 16 * 1024;

/** How many requests the embedded HTTP server remembers, and how much of the body of each: enough for a test to look at. */
export const ORIGIN_REMEMBERED = 100;
export const ORIGIN_REMEMBERED_BODY = 64 * 1024;

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
