/** Control bytes by their names (ITU-T T.50). */
export const ETX = 0x03;
export const BS = 0x08;
export const LF = 0x0a;
export const CR = 0x0d;
/** Ctrl-Z. */
export const SUB = 0x1a;
export const ESC = 0x1b;
export const SP = 0x20;
export const DEL = 0x7f;
