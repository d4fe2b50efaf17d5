/** Bounds of the POP3 client. Sizes are in bytes, times in milliseconds before `timeoutScale`. */
export const POP3_LIMITS = {
  /** One line of a reply or of a listing. RFC 2449 §4 allows 512; some servers send longer greetings. */
  replyLine: 1024,
  /** One command up to the end of its first line, and the whole log-in. A server checks a large maildrop at PASS. */
  replyTime: 60_000,
  /** Without a byte of a multi-line reply. */
  silence: 60_000,
} as const;
