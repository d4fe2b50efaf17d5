/** Control bytes by their names (ITU-T T.50). */
export const SOH = 0x01;
export const STX = 0x02;
export const ETX = 0x03;
export const EOT = 0x04;
export const ACK = 0x06;
export const BS = 0x08;
export const LF = 0x0a;
export const CR = 0x0d;
export const NAK = 0x15;
export const CAN = 0x18;
/** Ctrl-Z. */
export const SUB = 0x1a;
export const ESC = 0x1b;
export const SP = 0x20;
export const DEL = 0x7f;
