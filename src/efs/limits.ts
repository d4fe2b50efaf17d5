/** The bounds of the EFS, each with its reason. Sizes in bytes. */
export const EFS_LIMITS = {
  /** What one read of a file delivers at most, and how a file in memory is kept: pieces that cost little each. */
  chunk: 64 * 1024,
  /** The full path of a file, drive letter included, in UTF-8 (decisions 8). */
  path: 254,
  /** Files and directories of a volume in memory: empty ones take no space of the volume, but some of this process. */
  memoryEntries: 65_536,
  /** Directories that are held open while a volume is measured; `ulimit -n` may be as low as 64. */
  openDirectories: 8,
  /** Files that are looked at concurrently while a volume is measured: enough for Node's four threads to be busy. */
  concurrentStats: 64,
  /**
   * Files and directories up to which a volume is measured again for each AT+FSMEM, which takes a millisecond or two. So
   * what the user puts into a small one shows at once, and a large one costs no more than a small one.
   */
  remeasuredEntries: 64,
  /** Names that D: remembers to find them in any case, over all directories: about 20 MB. */
  indexedNames: 200_000,
} as const;
