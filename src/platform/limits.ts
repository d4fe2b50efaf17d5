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
