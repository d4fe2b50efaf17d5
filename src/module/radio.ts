/** Registration as `<stat>` of AT+CREG counts it (27.007 7.2). */
export const REGISTRATION = { none: 0, home: 1, searching: 2, denied: 3, unknown: 4, roaming: 5 } as const;
export type Registration = keyof typeof REGISTRATION;

/** The radio: what the module hears and where it is registered. */
export class Radio {
  /** As `<fun>` of AT+CFUN counts it: 1 is full functionality (27.007 8.2). */
  functionality = 1;
  registration: Registration = "home";
  /** Received signal strength as `<rssi>` of AT+CSQ counts it: 0 to 31, 99 unknown (27.007 8.5). */
  rssi = 22;
  /** Bit error rate as `<ber>` counts it: 0 to 7, 99 unknown. */
  ber = 0;
  /** Location area code and cell identity, 16 and 32 bits. */
  lac = 0xed2e;
  cell = 0x0001;
}
