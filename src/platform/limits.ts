/** Every bound of the program, each with its reason. Sizes in bytes, times in milliseconds. */

/** What is buffered in each direction between the host and the module; a host or a server that sends more is held back. */
export const HOST_BUFFER = 64 * 1024;

/** What a connection reads ahead of its consumer: as much as one socket read delivers. */
export const CONNECTION_BUFFER = 64 * 1024;

/** What one read of an EFS file delivers at most, and how a file in memory is kept: pieces that cost little each. */
export const EFS_CHUNK = 64 * 1024;

/** The full path of a file on the EFS, drive letter included, in bytes of UTF-8 (decisions 8). */
export const EFS_PATH = 254;

/** Files and directories of a volume in memory: empty ones take no space of the volume, but they do take ours. */
export const EFS_MEMORY_ENTRIES = 65_536;
