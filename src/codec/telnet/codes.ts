/** Commands of Telnet, each behind an {@link IAC}. @rfc 854 */
export const IAC = 0xff;
export const DONT = 0xfe;
export const DO = 0xfd;
export const WONT = 0xfc;
export const WILL = 0xfb;
export const SB = 0xfa;
export const ARE_YOU_THERE = 0xf6;
export const ABORT_OUTPUT = 0xf5;
export const BREAK = 0xf3;
export const SE = 0xf0;

/** The four words of option negotiation. */
export type Verb = typeof DO | typeof DONT | typeof WILL | typeof WONT;

/** Options. @rfc 856, 857, 858 and 2217 */
export const BINARY = 0;
export const ECHO = 1;
export const SUPPRESS_GO_AHEAD = 3;
export const COM_PORT = 44;
