/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** How long a host may be silent in data entry before the operation fails (decisions 7); scaled by `--timeout-scale`. */
export const DATA_ENTRY_TIMEOUT = 120_000;

/** How much may wait for the host before echo is dropped: what a slow medium has in flight, far from holding anything up. */
export const ECHO_BACKLOG = 4096;
