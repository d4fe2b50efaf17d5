/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** What is buffered in each direction between the host and the module; a host or a server that sends more is held back. */
export const HOST_BUFFER = 64 * 1024;

/** What a connection reads ahead of its consumer: as much as one socket read delivers. */
export const CONNECTION_BUFFER = 64 * 1024;

/** How long a host may be silent in data entry before the operation fails (decisions 7); scaled by `--timeout-scale`. */
export const DATA_ENTRY_TIMEOUT = 120_000;
