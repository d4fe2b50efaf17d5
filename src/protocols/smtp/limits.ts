/** Bounds of the SMTP client. Sizes are in bytes, times in milliseconds before `timeoutScale`. */
export const SMTP_LIMITS = {
  /** One line of a reply. RFC 5321 §4.5.3.1.5 guarantees 512; some servers send more. */
  replyLine: 2048,
  /** Lines of one reply: many more than any server has extensions. */
  replyLines: 128,
  /** Name resolution and TCP connection, as long as the operating system retries a SYN. */
  connectTime: 120_000,
  /** One step of the dialogue, and one block of the message. Hosts give up after 20 to 120 s (decisions 3). */
  stepTime: 60_000,
  /** From the final dot to its reply (decisions 3). */
  endTime: 120_000,
  /** RSET and QUIT. The outcome is known before them, and the host waits for it. */
  partingTime: 5_000,
} as const;
