/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** What is buffered in each direction between the host and the module; a host or a server that sends more is held back. */
export const HOST_BUFFER = 64 * 1024;

/** What a connection reads ahead of its consumer: as much as one socket read delivers. */
export const CONNECTION_BUFFER = 64 * 1024;

/** How often a UART is asked for the host's DTR, while somebody listens; modems ignore shorter pulses (S25). */
export const DTR_POLL = 50;
