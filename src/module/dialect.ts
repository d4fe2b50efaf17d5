/**
 * Where modules in the field print something else than the manual (decisions 9). The whole list of differences: what is
 * not here is the same in both dialects, and no other code knows a dialect by name.
 */
export interface Dialect {
  /** Between `DATA` and the length in the packet headers of CHTTPACT, CFTPGET and CFTRANTX. */
  readonly packetSeparator: ", " | ",";
  /** Most bytes of a packet's payload as printed. */
  readonly packetSize: number;
  /** Whether packets are filled up to that size, or follow what one TCP read delivered. */
  readonly packetsFilled: boolean;
  /** Whether the payload of an HTTP response is ETX-escaped. */
  readonly httpPayloadEscaped: boolean;
  /** Whether the header block of an HTTP response is printed in lower case. */
  readonly httpHeaderLowerCase: boolean;
  /** Whether a final result code follows `+CHTTPACT: <err>`. */
  readonly httpErrorFinal: boolean;
  /** How CFTPPUT fails after BEGIN: `+CME ERROR`, or `+CFTPPUT: <err>` and `ERROR`. */
  readonly putFailure: "cme" | "code";
  /** Head of the POP3LIST answer: `+POP3: <num> <size>`, or `+POP3:` alone and `+POP3: EMPTY`. */
  readonly pop3ListHead: "totals" | "bare";
  /** POP3IN's word for a refused password. */
  readonly pop3WrongPassword: "INVALID UNPWD" | "INVALID UN/PWD";
  /** The header in the .TXT of POP3GET: as received, or only Subject, Date, From and To. */
  readonly mailHeader: "whole" | "brief";
  /** The .TXT's name: `EMAIL000.TXT`, or `EMAIL<YYMMDDHHMMSS>000.TXT`. */
  readonly mailFileStamped: boolean;
  /** After the colons of the `+CFTPPORT` read command and of the FSLS counts. */
  readonly colonSpace: " " | "";
  /** Before the first packet, between packets and before the final code, in milliseconds: hosts flush their input there. */
  readonly packetGap: number;
  /** Least time from a command to its data prompt, in milliseconds: hosts' stray bytes come in it. */
  readonly promptDelay: number;
  /** From the end of a short message to its reference, in milliseconds: the network takes that long. */
  readonly sendingTime: number;
  /** From AT+NETCLOSE of the later command set to its outcome, in milliseconds: hosts read on for 500 ms in between. */
  readonly networkClosingTime: number;
  /** How long AT+COPS=? searches, in milliseconds; a real one takes up to a minute (module.md 10). */
  readonly searchTime: number;
  /** Whether text mode prints the prompt of a short message again behind each CR. */
  readonly textPromptRepeated: boolean;
  /** FTP's code for a connection that is not answered. */
  readonly ftpConnectTimeout: 204 | 219;
}

export const DIALECTS = {
  manual: {
    packetSeparator: ", ",
    packetSize: 1024,
    packetsFilled: true,
    httpPayloadEscaped: true,
    httpHeaderLowerCase: false,
    httpErrorFinal: false,
    putFailure: "cme",
    pop3ListHead: "totals",
    pop3WrongPassword: "INVALID UNPWD",
    mailHeader: "whole",
    mailFileStamped: false,
    colonSpace: " ",
    packetGap: 0,
    promptDelay: 0,
    sendingTime: 0,
    networkClosingTime: 0,
    searchTime: 0,
    textPromptRepeated: false,
    ftpConnectTimeout: 204,
  },
  field: {
    packetSeparator: ",",
    packetSize: 1460,
    packetsFilled: false,
    httpPayloadEscaped: false,
    httpHeaderLowerCase: true,
    httpErrorFinal: true,
    putFailure: "code",
    pop3ListHead: "bare",
    pop3WrongPassword: "INVALID UN/PWD",
    mailHeader: "brief",
    mailFileStamped: true,
    colonSpace: "",
    packetGap: 200,
    promptDelay: 50,
    sendingTime: 500,
    networkClosingTime: 1500,
    searchTime: 3000,
    textPromptRepeated: true,
    ftpConnectTimeout: 219,
  },
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
