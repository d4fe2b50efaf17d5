/** What is known of a lint rule: where the evidence for it stands, and what the author of the host is told. */
interface LintRuleDefinition {
  /** Manual section, field note or standard that says why hardware punishes it. */
  readonly evidence: string;
  /** One sentence that names the remedy. */
  readonly remedy: string;
}

/** What the emulator forgives, or merely survives, and a real module would not (instrument 6). */
export const LINT_RULES = {
  "early-command": {
    evidence: "manual 2.2",
    remedy: "wait for the final result code of a command line before sending the next one",
  },
  "early-data": {
    evidence: "manual 2.2, decisions 1.12",
    remedy: "wait for the prompt before sending data: a module throws away what comes before it",
  },
  "line-feed-only": {
    evidence: "V.250 5.2.1 and 6.2.1",
    remedy: "end a command line with CR (S3): a line feed alone ends nothing",
  },
  "long-line": {
    evidence: "SIMCom 2G AT command manuals: 556 characters",
    remedy: "split the command line: older modules take no more than 556 characters",
  },
  "unknown-command": {
    evidence: "V.250 5.2.4",
    remedy: "use a command that this identity has",
  },
  unescaped: {
    evidence: "manual 5.8 and 6.1",
    remedy:
      "put ETX (0x03) before each ETX and Ctrl-Z (0x1A) in the data, and end the data with a Ctrl-Z that has no ETX before it",
  },
  unended: {
    evidence: "manual 5.8 and 6.1",
    remedy: "end data entry with Ctrl-Z (0x1A)",
  },
  "needs-network": {
    evidence: "manual 1.4, 27.007 7.2",
    remedy: "wait for AT+CPIN? READY and AT+CREG? registered before using a service",
  },
  "stale-session": {
    evidence: "manual 4.2",
    remedy: "log in once with AT+POP3IN before the POP3 commands, and out with AT+POP3OUT",
  },
  "repeated-recipient": {
    evidence: "manual 3.5, decisions 3",
    remedy: "clear the recipients after a failure: AT+SMTPRCPT=0, they stay",
  },
  "http-header": {
    evidence: "RFC 9112 2.2 and 3.2",
    remedy: "end each header line with CR LF, end the header with an empty line, and send a Host field",
  },
  baud: {
    evidence: "V.250 6.2.10",
    remedy: "open the port with the rate of AT+IPR",
  },
  "flow-control": {
    evidence: "V.250 6.2.12",
    remedy: "use hardware flow control (AT+IFC=2,2) or send less while a command runs: a UART without it loses bytes",
  },
  "echo-loop": {
    evidence: "termios(3): ECHO",
    remedy: "set the terminal raw: stty raw -echo",
  },
} as const satisfies Readonly<Record<string, LintRuleDefinition>>;

export type LintRule = keyof typeof LINT_RULES;

/** What becomes of findings: nothing, a line for the user, or the failure of the program. */
export const LINT_LEVELS = ["off", "warn", "error"] as const;

export type LintLevel = (typeof LINT_LEVELS)[number];
