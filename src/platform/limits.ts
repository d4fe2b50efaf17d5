/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** How long a host may be silent in data entry before the operation fails (decisions 7); scaled by `--timeout-scale`. */
export const DATA_ENTRY_TIMEOUT = 120_000;

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
/** Before an XMODEM block: receivers (lrzsz) throw their input away right after they have answered. */
export const XMODEM_PAUSE = 10;
